import { figure } from '@space-assistant/core/text/figure'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { Indicator } from '@space-assistant/core/scheme/scheme'
import { rankingKey } from './frame'
import type { RankingContext } from './frame'

/** What a school's score is made of: the mean of each role, and how it is spread over groups of indicators. */
export function schoolReasons(
  { ctx, say }: RankingContext,
  code: string,
  question: RankingQuestion,
): string[] {
  const { board } = ctx.scoreboard
  const { from, to } = question.window
  const scored = (names?: readonly string[]) => board.schoolScore(code, { from, to }, names)
  const terms = scored(question.indicators)?.terms ?? []
  const means = terms.map(({ role, members, points, mean }) => {
    const params = {
      role: say(rankingKey(`subject.${role}`)),
      members,
      points: figure(points),
      mean: figure(mean),
    }
    return say(rankingKey('school.term'), params)
  })
  const parts = partsOf(ctx.schemes.active.indicators, question).map(([name, names]) => {
    return say(rankingKey('school.part'), { name, score: figure(scored(names)?.score ?? 0) })
  })
  return [
    means.join(say(rankingKey('then'))) + (means.length > 1 ? say(rankingKey('school.sum')) : ''),
    parts.length > 1 ? say(rankingKey('school.parts'), { parts: parts.join(say(rankingKey('and'))) }) : '',
  ]
}

/** Groups by name with their indicators; of a question about some indicators, each of them. */
function partsOf(
  all: readonly Indicator[],
  { indicators }: RankingQuestion,
): [name: string, names: string[]][] {
  if (indicators) return indicators.map((name) => [name, [name]])
  const ranked = all.filter(({ role }) => role !== 'student')
  return [...new Set(ranked.map(({ group }) => group))].map((group) => {
    return [group, ranked.filter((one) => one.group === group).map(({ name }) => name)]
  })
}
