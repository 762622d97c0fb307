import { describe, expect, it } from 'vitest'
import { readNominations, readScoreSheets } from '@space-assistant/core/awards/files'
import { nomineeSheets } from '@space-assistant/core/awards/judging'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { PeopleIndex } from '@space-assistant/core/scoring/people'
import { csv, headers, scheme, xlsx } from '../formats/fixture'

const people = new PeopleIndex()
people.set(
  [
    ...['t1', 't2', '007'].map((account) => ({ account, name: account, school: 'S1' })),
    { account: 't3', name: 't3', school: 'S2' },
    { account: 'v1', name: 'v1', school: 'S3' },
  ].map((one) => ({ ...one, roles: ['teacher' as const], state: 'active' as const })),
  [
    { code: 'S1', name: '第一小学', stage: '小学' },
    { code: 'S2', name: '第二中学', stage: '初中' },
    { code: 'S3', name: '职业学校', stage: '职校' },
  ],
)
const retired = {
  account: 'r1',
  name: 'r1',
  school: 'S1',
  roles: ['teacher' as const],
  state: 'retired' as const,
}
people.set([...people.members.flatMap((one) => one ?? []), retired], people.schools)

const withStages = {
  ...scheme,
  awards: scheme.awards.map((award) =>
    award.name === '优秀教师空间'
      ? { ...award, conditions: [...award.conditions, { kind: 'not-stage' as const, stages: ['职校'] }] }
      : award,
  ),
}
const options = { headers, scheme: withStages, people }
const nominationHead = ['奖项', '对象', '推荐单位', '备注']
const sheetHead = ['奖项', '对象', '评委', '评委单位', '布局设计', '综合应用', '应用效果', '特色创新']

async function nominations(...rows: (string | number)[][]) {
  const table = await readNominations(csv(nominationHead, ...rows), options)
  return 'rows' in table ? table : describeRowProblem(table)
}

async function sheets(bytes: Uint8Array | Promise<Uint8Array>, nominees?: string[]) {
  const known = nominees && { nominees: new Map([['优秀教师空间', nominees]]) }
  const table = await readScoreSheets(await bytes, { ...options, ...known })
  return 'rows' in table ? table : describeRowProblem(table)
}

describe('a list of nominations', () => {
  it('says who is nominated for what by whom', async () => {
    expect(
      await nominations(
        ['优秀教师空间', 't1', '邾城街教育总支', '空间有特色'],
        ['优秀学校空间', 'S2', '第二中学'],
      ),
    ).toEqual({
      kind: 'nominations',
      problems: [],
      rows: [
        { row: 2, award: '优秀教师空间', nominee: 't1', nominator: '邾城街教育总支', remark: '空间有特色' },
        { row: 3, award: '优秀学校空间', nominee: 'S2', nominator: '第二中学' },
      ],
    })
  })

  it.each<[title: string, rows: (string | number)[][], sentence: string]>([
    [
      'an unknown award',
      [['优秀老师', 't1', '街']],
      '第 2 行 “奖项”：没有叫“优秀老师”的奖项，可以填：深度应用优秀学校、深度应用优秀个人、优秀教师空间、优秀学校空间。',
    ],
    [
      'an unknown person',
      [['优秀教师空间', 't9', '街']],
      '第 2 行 “对象”：名册里没有账号“t9”。个人奖项的对象填平台账号，请核对。',
    ],
    [
      'a school for an award of people',
      [['优秀教师空间', 'S1', '街']],
      '第 2 行 “对象”：名册里没有账号“S1”。个人奖项的对象填平台账号，请核对。',
    ],
    [
      'an unknown school',
      [['优秀学校空间', 'S9', '街']],
      '第 2 行 “对象”：名册里没有学校代码“S9”。学校奖项的对象填学校代码，请核对。',
    ],
    [
      'an account without its zeros',
      [['优秀教师空间', 7, '街']],
      '第 2 行 “对象”：“7”可能被 Excel 去掉了开头的 0。请把这一列设为文本格式后重新导出。是不是“007”？',
    ],
    [
      'somebody retired',
      [['优秀教师空间', 'r1', '街']],
      '第 2 行 “对象”：“r1”不在岗，或者不是这个奖项评选的对象，请核对。',
    ],
    [
      'a stage that is excluded',
      [['优秀教师空间', 'v1', '街']],
      '第 2 行 “对象”：“v1”所在的学段是职校，不参加这个奖项的评选。',
    ],
    ['no nominator', [['优秀教师空间', 't1', '']], '第 2 行 “推荐单位”：没有填写，请补上。'],
    [
      'somebody twice',
      [
        ['优秀教师空间', 't1', '街'],
        ['优秀教师空间', 't1', '镇'],
      ],
      '第 3 行 “对象”：“t1”在第 2 行已经推荐过这个奖项，请只留一行。',
    ],
  ])('has a sentence for %s', async (_, rows, sentence) => {
    const table = await nominations(...rows)
    expect(typeof table === 'string' ? table : table.problems.map((one) => describeRowProblem(one))).toEqual([
      sentence,
    ])
  })

  it('without the columns it needs is refused with their names', async () => {
    const table = await readNominations(csv(['对象', '备注'], ['t1', '好']), options)
    expect('rows' in table ? table : describeRowProblem(table)).toBe(
      '找不到表头。第 1 行看到的是：对象、备注；需要的列名例如：奖项、对象、推荐单位。',
    )
  })
})

describe('a file of score sheets', () => {
  const full = ['优秀教师空间', 't1', '王专家', '区电教馆', 8, 45, 18, 15]

  it('has one column for each criterion, in any order and with its maximum in brackets', async () => {
    const bytes = xlsx(
      ['2022 年评分表', null, null, null],
      ['特色创新（20）', '综合应用(50)', '布局设计', '应用效果', '评委单位', '评委', '对象', '奖项'],
      [15, 45, 8, 18, '区电教馆', '王专家', 't1', '优秀教师空间'],
      ['合计', null, null, null, null, null, null, null],
    )
    expect(await sheets(bytes)).toEqual({
      kind: 'sheets',
      problems: [],
      rows: [
        {
          row: 3,
          award: '优秀教师空间',
          nominee: 't1',
          judge: '王专家',
          affiliation: '区电教馆',
          points: [8, 45, 18, 15],
        },
      ],
    })
  })

  it('takes 0 for points and a repeated row once', async () => {
    const zeros = [...full.slice(0, 4), 0, 0, 0, 0]
    const table = await sheets(csv(sheetHead, zeros, zeros))
    expect(table).toMatchObject({ problems: [], rows: [{ points: [0, 0, 0, 0] }] })
  })

  it.each<[title: string, rows: (string | number)[][], sentence: string]>([
    [
      'a judge without affiliation',
      [[...full.slice(0, 3), '', 8, 45, 18, 15]],
      '第 2 行 “评委单位”：没有填写评委单位，看不出要不要回避。请填学校代码、学校名称或单位名称。',
    ],
    [
      'a criterion above its maximum',
      [[...full.slice(0, 4), 8, 51, 18, 15]],
      '第 2 行 “综合应用”：打了 51 分，这一项最多 50 分，请改正。',
    ],
    [
      'a blank criterion',
      [[...full.slice(0, 4), 8, '', 18, 15]],
      '第 2 行 “综合应用”：没有打分。请补上；要给 0 分就写 0。',
    ],
    [
      'half a point',
      [[...full.slice(0, 4), 7.5, 45, 18, 15]],
      '第 2 行 “布局设计”：“7.5”不是整数，请改成整数。',
    ],
    [
      'points below zero',
      [[...full.slice(0, 4), -1, 45, 18, 15]],
      '第 2 行 “布局设计”：“-1”是负数，请改成 0 或更大的数。',
    ],
    [
      'words for points',
      [[...full.slice(0, 4), '优', 45, 18, 15]],
      '第 2 行 “布局设计”：“优”不是数字，请改成数字。',
    ],
    [
      'two sheets of one judge',
      [full, [...full.slice(0, 4), 9, 45, 18, 15]],
      '第 3 行 “评委”：评委“王专家”在第 2 行已经给“t1”评过分，以先出现的为准。请只留正确的一行。',
    ],
    [
      'an award that judges do not score',
      [['深度应用优秀个人', ...full.slice(1)]],
      '第 2 行 “奖项”：“深度应用优秀个人”不由专家评分，请删去这一行。',
    ],
    [
      'a nominee who is not nominated',
      [['优秀教师空间', 't3', ...full.slice(2)]],
      '第 2 行 “对象”：“t3”没有被推荐参评这个奖项，请核对。',
    ],
  ])('has a sentence for %s', async (_, rows, sentence) => {
    const table = await sheets(csv(sheetHead, ...rows), ['t1'])
    expect(typeof table === 'string' ? table : table.problems.map((one) => describeRowProblem(one))).toEqual([
      sentence,
    ])
  })

  it('without a column for a criterion says so for each row', async () => {
    const table = await sheets(csv(sheetHead.slice(0, -1), full.slice(0, -1)))
    expect(typeof table === 'string' ? table : table.problems).toMatchObject([
      { column: '特色创新', code: 'blank-criterion' },
    ])
  })
})

describe('sheets in conflict', () => {
  const award = { subject: 'teacher' as const }
  const sheet = (judge: string, affiliation: string, nominee = 't1') => ({
    nominee,
    judge,
    affiliation,
    points: [80],
  })

  it('stay, and are not counted', () => {
    const given = [
      sheet('甲', 'S1'),
      sheet('乙', '第一小学'),
      sheet('丙', '区电教馆'),
      sheet('t1', '区电教馆'),
    ]
    const [result] = nomineeSheets(['t1'], given, { people, award })
    expect(result).toMatchObject({ sheets: 4, counted: [{ judge: '丙' }] })
  })

  it('are those too of a judge who names the school on another sheet', () => {
    const given = [sheet('甲', '区电教馆'), sheet('甲', '第一小学', 't3')]
    expect(
      nomineeSheets(['t1', 't3'], given, { people, award }).map(({ counted }) => counted.length),
    ).toEqual([0, 1])
  })

  it('are those of the own school where schools are judged', () => {
    const given = [sheet('甲', '第二中学', 'S2'), sheet('乙', '第一小学', 'S2')]
    const [result] = nomineeSheets(['S2'], given, { people, award: { subject: 'school' } })
    expect(result?.counted.map(({ judge }) => judge)).toEqual(['乙'])
  })
})
