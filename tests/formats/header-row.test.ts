import { writeXlsx } from 'hucre'
import type { CellValue } from 'hucre'
import { describe, expect, it } from 'vitest'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { csv, parsed, refusal } from './fixture'

const header = ['账号', '指标', '时间', '次数']
const row = ['u1', '空间登录', '2022-03-09', 1]

describe('two kinds of tables in one file', () => {
  const book = (...sheets: [string, CellValue[][]][]) =>
    writeXlsx({ sheets: sheets.map(([name, rows]) => ({ name, rows })) })
  const roster = [
    ['学校代码', '学校名称', '姓名', '账号', '角色'],
    ['1', 'A', '甲', 'u1', '教师'],
  ]

  it('says that two kinds of tables are in one file, which nobody has named', async () => {
    const refused = await refusal(await book(['名册', roster], ['明细', [header, row]]))
    expect(describeRowProblem(refused)).toBe(
      '工作表“明细”是行为明细，前面的是名册。请分成两个文件，或写明种类（如“/导入 名册”，命令行用 --as）只导入其中一种。',
    )
  })

  it.each(['roster', 'records'] as const)(
    'reads of two kinds of tables the one that is named: %s',
    async (kind) => {
      const file = await parsed(kind, await book(['名册', roster], ['明细', [header, row]]), { kind })
      expect(file).toMatchObject({ kind, understood: 1, problems: [] })
    },
  )
})

describe('a header in two rows', () => {
  const kept = ['u1', '空间登录', '2022-03-09', '1', 'B']
  it.each<[string, string[][], string[]]>([
    [
      'a group of titles over one of them',
      [
        ['账号', '指标', '时间', '数据'],
        ['', '', '', '次数'],
      ],
      kept,
    ],
    [
      'unknown titles beside known ones',
      [
        [...header.slice(0, 3), '详情', ''],
        ['', '', '', '次数', '说明'],
      ],
      kept,
    ],
    ['a lower row with every title again', [['账号', '指标', '时间', '数据'], header], kept],
    [
      'a title that reaches down at the end',
      [
        ['记录', '', '', '次数'],
        ['账号', '指标', '时间'],
      ],
      kept,
    ],
    [
      'titles that are whole only with the group above them',
      [
        ['用户', '行为', '', '行为'],
        ['账号', '指标', '时间', '次数'],
      ],
      kept,
    ],
  ])('is read: %s', async (_, titles, cells) => {
    const file = await parsed('records', csv(...titles, cells))
    expect(file.problems).toEqual([])
    expect(file.rows).toMatchObject([{ row: 3, account: 'u1', indicator: '空间登录', count: 1 }])
  })

  it('is read where the school stands in two columns under its group', async () => {
    for (const below of [
      ['学校代码', '学校名称'],
      ['代码', '名称'],
    ]) {
      const bytes = csv(['学校', '', '姓名', '账号', '角色'], below, ['001', '一小', '张三', 'zs', '教师'])
      expect(await parsed('roster', bytes)).toMatchObject({
        rows: [{ row: 3, schoolCode: '001', schoolName: '一小', name: '张三', account: 'zs' }],
        problems: [],
      })
    }
  })

  it('is read where indicators stand under their group', async () => {
    const titles = [
      ['账号', '截止日期', '总分', '空间建设', ''],
      ['', '', '', '空间登录', '信息完善'],
    ]
    const file = await parsed('snapshot', csv(...titles, ['u1', '2022-05-31', 31, 11, 20]))
    expect(file.rows).toMatchObject([{ total: 31, indicators: { 空间登录: 11, 信息完善: 20 } }])
  })

  it('is refused where two known titles stand over each other', async () => {
    const refused = await refusal(csv(header.with(3, '学校'), ['姓名', '', '', '次数'], ['1', 'A', 'B', 'C']))
    expect(refused).toMatchObject({ code: 'two-header-rows', params: { row: 1, next: 2 } })
  })

  it('a second row that says the same in English is a repeated header', async () => {
    const english = ['account', 'indicator', 'time', 'count']
    expect(await parsed('records', csv(header, english, row))).toMatchObject({ understood: 1, problems: [] })
  })

  it('a title row above a header is not taken for a part of it', async () => {
    const title = ['填报单位：实验小学', '', '时间', '2022-3-9']
    expect((await parsed('records', csv(title, header, row))).rows).toHaveLength(1)
  })
})
