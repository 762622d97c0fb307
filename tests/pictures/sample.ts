import type { RankedRow, RankingContent } from '@space-assistant/core/pictures/ranking'

export const footer = ['数据截至 2022-05-17', '时间段：本期（2022-01-01 至 2022-05-17）', '计分规则：第 1 版']

/** A ranking of so many schools, each 7.25 points behind the one before. */
export function rankingSample(
  count: number,
  change: (row: RankedRow) => RankedRow = (row) => row,
): RankingContent {
  const rows = Array.from({ length: count }, (_, i) =>
    change({ rank: i + 1, name: `第${i + 1}小学`, score: 560.25 - i * 7.25, change: (i % 5) - 2 }),
  )
  return {
    ...{ title: '全区学校排名', subtitle: '本期，共 30 所', footer, notes: [] },
    table: {
      columns: { rank: '名次', name: '学校', score: '得分', change: '比上周末' },
      ...{ rows, ownLabel: '本校', gapLabel: '……' },
    },
  }
}
