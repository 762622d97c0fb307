// Paints one picture of each kind for the README, of made-up schools: node -r tsx/cjs -C development tests/pictures/readme.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { BulletinFacts } from '../../src/bulletins/facts'
import { parseDay } from '../../src/calendar/day'
import { bulletinValues } from '../../src/documents/bulletin'
import { fillTemplate } from '../../src/documents/template'
import type { TemplateValues } from '../../src/documents/template'
import { bulletinPicture } from '../../src/pictures/bulletin'
import { placePicture } from '../../src/pictures/place'
import { rankingPicture } from '../../src/pictures/ranking'
import { reportCardPicture } from '../../src/pictures/report-card'
import type { Picture } from '../../src/pictures/shape'
import { trendPicture } from '../../src/pictures/trend'
import documentWords from '../../plugins/documents/words.json'
import bulletinTexts from '../../plugins/bulletins/locales/zh-CN.json'
import { Painter } from '../../plugins/pictures/painter'

const root = resolve(__dirname, '../..')
const footer = [
  '数据截至 2022-05-17',
  '时间段：本期（2022-01-01 至 2022-05-17）',
  '计分规则：武汉市新洲区 2022 第 1 版',
]
const names = [
  '青铺初级中学',
  '白滩中学',
  '青铺高级中学',
  '白滩中心小学',
  '清港实验学校',
  '清港特殊教育学校',
  '白滩学校',
]
const more = ['青铺中心小学', '清港职业技术学校', '白滩实验小学', '清港小学', '清港初级中学']
const changes = [2, -1, 0, 3, -2, 0, 1, -1, 0, 2, -3, 0]
const rows = [...names, ...more].map((name, i) => ({
  ...{ name, rank: i === 2 ? 2 : i + 1, score: i === 2 ? 538.4 : 545.25 - i * 6.85 },
  ...{ change: changes[i] ?? 0, own: name === '白滩中心小学' },
}))
const table = {
  columns: { rank: '名次', name: '学校', score: '得分', change: '比 05-15' },
  ...{ rows, ownLabel: '本校', gapLabel: '……' },
}
const tiles = [
  { label: '得分', value: '524.7', unit: '分' },
  { label: '全区名次', value: '4', unit: '/ 12 所', more: '小学第 1、白滩街第 2' },
  { label: '比 05-15', value: '▲ 3', unit: '名' },
]
const bars = ['空间登录', '信息完善', '资源建设', '空间记录', '教学成果', '互动授课', '练习批阅', '班级活动']

const places = [null, null, null, null, null, 9, 8, 8, 7, 5, 5, 4, 3, 3, 4, 5, 7, 7, 7, 4]

const facts: BulletinFacts = {
  stamp: {
    window: { from: parseDay('2022-01-01') ?? 0, to: parseDay('2022-05-17') ?? 0 },
    ...{
      dataUntil: parseDay('2022-05-17') ?? 0,
      scheme: 'xinzhou-2022',
      schemeName: '武汉市新洲区 2022',
      version: 1,
    },
    imports: '3/0',
  },
  numbers: {
    ...{ schools: 13, ranked: 12, teachers: 312, active: 268, activity: 85.8, mean: 507.57, best: 545.25 },
    ...{ opened: 2890, spaces: 3120, activation: 92.6, award: 90, 'below-award': 2, silent: 1 },
  },
  rows: rows.map(({ name, rank, score, change }, i) => ({
    ...{
      code: `S${i}`,
      name,
      town: name.slice(0, 2) + '街',
      rank,
      score: Math.round(score * 100) / 100,
      change,
    },
    ...{ activation: 98.4 - i, silent: i === 11 },
  })),
  since: parseDay('2022-05-03') ?? 0,
}

const pictures: Record<string, Picture> = {
  ranking: rankingPicture({
    ...{ title: '全区学校排名', subtitle: '本期（2022-01-01 至 2022-05-17），共 12 所', footer, table },
    notes: ['名次相同表示得分相同。'],
  }),
  place: placePicture({
    ...{ title: '白滩中心小学', subtitle: '全区学校排名，本期（2022-01-01 至 2022-05-17）', footer, tiles },
    ...{ caption: '前后各两名', table: { ...table, rows: rows.slice(1, 6) } },
    notes: ['离前一名青铺高级中学还差 13.7 分'],
  }),
  trend: trendPicture({
    ...{ title: '白滩中心小学走势', subtitle: '本期（2022-01-01 至 2022-05-17），每周一个点', footer },
    tiles: [
      { label: '现在', value: '第 4', unit: '/ 12 所' },
      { label: '最好', value: '第 3', more: '2022-03-27' },
      { label: '最后一周得分', value: '25.3', unit: '分' },
    ],
    captions: {
      ...{ rank: '全区名次', rankMore: '每周末的累计名次，越靠上越好' },
      ...{ points: '每周得分', pointsMore: '学校得分在这一周里增加的部分' },
    },
    weeks: Array.from({ length: 20 }, (_, i) => ({
      label: `${String(1 + Math.floor((i * 7 + 2) / 30)).padStart(2, '0')}-${String(((i * 7 + 2) % 30) + 1).padStart(2, '0')}`,
      rank: places[i] ?? null,
      points: places[i] ? Math.round((24 + 9 * Math.sin(i)) * 10) / 10 : 0,
    })),
    notes: ['最后一点只有到 2022-05-17 的数据，这一周还没有完。'],
  }),
  'report-card': reportCardPicture({
    ...{ title: '白滩中心小学成绩单', subtitle: '本期（2022-01-01 至 2022-05-17）', footer },
    tiles: [...tiles, { label: '空间开通率', value: '93.4%', more: '评优要求 90%' }],
    indicators: {
      ...{ caption: '各项平均分', own: '本校', mean: '全区平均' },
      bars: bars.map((name, i) => ({ name, own: Math.max(148 - i * 19.5, 8), mean: 120 - i * 12 })),
    },
    todo: {
      caption: '接下来做什么',
      lines: [
        '2022-05-16 这一周，26 位教师里还有 4 位没有计分的行为。',
        '“班级活动”比全区平均每人少 24.5 分，差得最多。',
      ],
    },
    notes: [],
  }),
  bulletin: bulletinPicture(facts, {
    ...{
      title: '武汉市新洲区工作进展情况通报',
      subtitle: '2022-01-01 至 2022-05-17',
      first: '排在前面的学校',
    },
    footer: ['数据截至 2022-05-17', '计分规则：武汉市新洲区 2022 第 1 版', '第 3 号通报'],
    tiles: {
      schools: '参加排名的学校',
      mean: '学校平均分',
      points: '分',
      activity: '教师活跃率',
      activation: '空间开通率',
    },
    columns: { rank: '名次', name: '学校', score: '得分', change: '比 05-03' },
    notes: ['2 所学校开通率低于评优要求（90%）。', '1 所学校没有教师有计分的行为。'],
  }),
}

/** The texts of the bulletin's locale, for the document. */
function say(key: string, params: object = {}): string {
  let found: unknown = bulletinTexts['space-bulletins']
  for (const part of key.split('.')) found = (found as Record<string, unknown>)[part]
  const values = params as Record<string, unknown>
  return String(found).replace(/\{(\w+)\}/g, (_, name: string) => String(values[name]))
}

function tagged(values: TemplateValues): TemplateValues {
  const tags: Record<string, string> = documentWords.tags
  const entries = Object.entries(values).map(([key, value]) => {
    return [tags[key] ?? key, typeof value === 'object' ? value.map(tagged) : value] as const
  })
  return Object.fromEntries(entries)
}

async function main(folder: string): Promise<void> {
  const font = (weight: string) => join(root, `config/fonts/NotoSansSC-${weight}.ttf`)
  const painter = new Painter({
    ...{ fonts: { regular: font('Regular'), bold: font('Bold') }, limit: 1.5 * 2 ** 20, idleMs: 1000 },
  })
  for (const [name, picture] of Object.entries(pictures)) {
    writeFileSync(join(folder, `picture-${name}.png`), await painter.paint(picture))
  }
  painter.stop()
  const [document] = process.argv.slice(2)
  if (!document) return
  const filled = fillTemplate(
    readFileSync(join(root, 'config/templates/通报.docx')),
    tagged(
      bulletinValues(facts, {
        ...{
          title: '关于空间深度应用工作进展情况的通报',
          number: '新教通〔2022〕3号',
          issuer: '武汉市新洲区教育局',
          say,
        },
        ...{ recipients: '各街镇教育总支，各中小学', date: parseDay('2022-05-18') ?? 0 },
        sections: [
          {
            key: 'overall',
            text: '2022-01-01 至 2022-05-17，全区共有 13 所学校、312 位教师，其中 12 所学校参加排名。\n活跃率 85.8%。',
          },
          { key: 'demands', text: '请各校对照附件找差距，组织教师用好空间。' },
        ],
      }),
    ),
  )
  if (!filled.ok) throw new Error(JSON.stringify(filled.problems))
  writeFileSync(document, filled.bytes)
}

void main(join(root, 'docs/pictures'))
