// The exports of a county of its own: other headers, other words for people, schools and stages, and names for all.
const towns = ['东岭', '南湖']
const places = '松岗 柳坪 石桥 茶园 沙湾 梅林 竹溪 云峰 红旗 双河 古塔 长乐 青石'.split(' ')
const kinds = [
  ['初级中学', '初级中学'],
  ['小学', '小学'],
  ['小学', '小学'],
  ['村小', '村级小学'],
] as const

const schools = places.map((place, at) => {
  const [ending, stage] = kinds[at % 4] ?? kinds[0]
  return { code: `YL${100 + at}`, name: place + ending, town: towns[at % 2] ?? '', stage }
})

const people = schools.flatMap((school, at) =>
  Array.from({ length: 5 }, (_, place) => ({
    ...school,
    account: `yl${1000 + at * 5 + place}`,
    person: `${'赵钱孙李周'[place] ?? ''}${'文海晓雪建志丽敏静强国华龙'[at] ?? ''}`,
    job: place ? '任课' : '信息专干、任课',
    state: place === 4 && at === 0 ? '借调' : '在编在岗',
  })),
)

function write(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => `${row.join(',')}\n`).join('')
}

export const countyRoster = write([
  ['单位标识', '单位全称', '片区', '办学层次', '教工', '通行证', '岗位', '人事情况', '建空间否'],
  ...people.map((one) => [
    ...[one.code, one.name, one.town, one.stage, one.person, one.account, one.job, one.state, '建了'],
  ]),
])

export const countySchools = write([
  ['单位标识', '单位全称', '片区', '办学层次', '三至九年级人数', '学生建空间数'],
  ...schools.map(({ code, name, town, stage }) => [code, name, town, stage, 100, 95]),
])

/** Of the first teacher: six days signed in, three lessons in a week of which one is too short, one small interaction. */
export const countyRecords = write([
  ['单号', '通行证', '活动', '发生于', '回数', '片长', '互动学生'],
  ...[1, 2, 3, 4, 5, 6].map((day) => [`S${day}`, 'yl1001', '每日签到', `2026-09-0${day} 08:00`, 1, '', '']),
  ...[7, 8, 4].map((length, at) => [`W${at}`, 'yl1001', '微课发布', '2026-09-02 15:00', 1, length, '']),
  ['H1', 'yl1001', '课堂互动', '2026-09-02 10:00', 1, '', 9],
])
