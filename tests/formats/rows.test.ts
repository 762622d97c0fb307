import { writeXlsx } from 'hucre'
import { describe, expect, it } from 'vitest'
import { describeRowProblem, describeReason } from '@space-assistant/core/formats/problems'
import { parseDay } from '@space-assistant/core/calendar/day'
import { bookParts, csv, parsed, refusal, sheetXml, zip } from './fixture'

const day = (text: string) => parseDay(text)!
const header = ['账号', '指标', '时间', '次数', '时长', '人数', '作品数']
const known = { accounts: new Set(['u1', 'u2']), schools: new Set(['001']) }

describe('records', () => {
  const records = (...rows: (string | number)[][]) => parsed('records', csv(header, ...rows), known)

  it('count is 1 when it is left out, 0 is kept, digits may be full width or have commas', async () => {
    const counts = ['', 0, '３', '"1,234"', '2.0']
    const { rows } = await records(...counts.map((count) => ['u1', '空间登录', '2022-03-09', count]))
    expect(rows.map(({ count }) => count)).toEqual([1, 0, 3, 1234, 2])
  })

  it('the apostrophe with which Excel marks text is no part of it', async () => {
    const { rows, problems } = await records(["'u1", "'空间登录", "'2022-03-09", "'2"])
    expect(problems).toEqual([])
    expect(rows).toMatchObject([{ account: 'u1', indicator: '空间登录', day: day('2022-03-09'), count: 2 }])
  })

  it('attributes are kept, and a record that fails the requirement is kept as not valid', async () => {
    const { rows } = await records(
      ['u1', '互动授课', '2022-03-09', 1, 15],
      ['u1', '互动授课', '2022-03-09', 1, '14.9'],
      ['u1', '互动授课', '2022-03-09', 1, ''],
      ['u1', '班级活动', '2022-03-09', 1, '', 14, 5],
      ['u1', '班级活动', '2022-03-09', 1, '', 14],
      ['u1', '班级活动', '2022-03-09', 1],
    )
    expect(rows.map(({ valid }) => valid)).toEqual([true, false, true, true, false, true])
    expect(rows[3]!.attributes).toEqual({ participants: 14, works: 5 })
  })

  it.each<[string, (string | number)[], string, string, object?]>([
    [
      'unknown indicator, with the nearest',
      ['u1', '空间登陆', '2022-03-09'],
      '指标',
      'unknown-indicator',
      { value: '空间登陆', nearest: '空间登录' },
    ],
    [
      'unknown indicator, nothing near',
      ['u1', 'xyz', '2022-03-09'],
      '指标',
      'unknown-indicator',
      { value: 'xyz' },
    ],
    ['unknown account', ['u3', '空间登录', '2022-03-09'], '账号', 'unknown-account'],
    ['no account', ['', '空间登录', '2022-03-09'], '账号', 'missing'],
    ['no time', ['u1', '空间登录', ''], '时间', 'missing'],
    [
      'before the period',
      ['u1', '空间登录', '2021-12-31'],
      '时间',
      'outside-period',
      { value: '2021-12-31', from: '2022-01-01', to: '2022-12-31' },
    ],
    ['after the period', ['u1', '空间登录', '2023-01-01'], '时间', 'outside-period'],
    ['a negative count', ['u1', '空间登录', '2022-03-09', -1], '次数', 'negative'],
    ['half an action', ['u1', '空间登录', '2022-03-09', 1.5], '次数', 'not-whole'],
    ['a count in words', ['u1', '空间登录', '2022-03-09', '三次'], '次数', 'not-a-number'],
    ['an absurd count', ['u1', '空间登录', '2022-03-09', 99999999], '次数', 'too-large'],
    ['a negative attribute', ['u1', '互动授课', '2022-03-09', 1, -15], '时长', 'negative'],
    ['an attribute in words', ['u1', '互动授课', '2022-03-09', 1, '一刻钟'], '时长', 'not-a-number'],
    ['a formula in text', ['u1', '空间登录', '2022-03-09', '=1+1'], '次数', 'formula-cell'],
  ])('%s is refused, the other rows are used', async (_, row, column, code, params) => {
    const { rows, problems } = await records(['u2', '空间登录', '2022-03-09', 1], row)
    expect(rows).toHaveLength(1)
    expect(problems).toMatchObject([{ row: 3, column, code, ...(params && { params }) }])
    expect(describeRowProblem(problems[0]!)).not.toMatch(/[{}]/)
    expect(describeReason(problems[0]!, 'en-US')).not.toMatch(/[{}]/)
  })

  it('a formula cell is refused whatever result is stored; one in a column nobody reads is not', async () => {
    const sheet = sheetXml([
      ['序号', '账号', '指标', '时间', '次数'],
      ['<c><f>ROW()-1</f><v>1</v></c>', 'u1', '空间登录', '2022-03-09', '<c><f>1+1</f><v>2</v></c>'],
      ['<c><f>ROW()-1</f><v>2</v></c>', 'u1', '空间登录', '2022-03-09', 2],
      ['<c><f>ROW()-1</f><v>3</v></c>', 'u1', '空间登录', '2022-03-09', '<c t="e"><v>#N/A</v></c>'],
      [
        '<c><f t="shared" si="0"/><v>4</v></c>',
        '<c t="str"><f>"u"&amp;1</f><v>u1</v></c>',
        '空间登录',
        '2022-03-09',
        1,
      ],
    ])
    const { rows, problems } = await parsed('records', zip(bookParts(sheet)), known)
    expect(rows).toMatchObject([{ row: 3, count: 2 }])
    expect(problems.map(({ row, column, code }) => [row, column, code])).toEqual([
      [2, '次数', 'formula-cell'],
      [4, '次数', 'error-cell'],
      [5, '账号', 'formula-cell'],
    ])
  })

  it('a date and a time of day may be in two columns', async () => {
    const two = ['账号', '指标', '日期', '时间']
    const { rows, problems } = await parsed(
      'records',
      csv(
        two,
        ['u1', '空间登录', '2022-03-09', '08:05'],
        ['u1', '空间登录', '2022/3/9', '0.5'],
        ['u1', '空间登录', '2022-03-09', '上午'],
        ['u1', '空间登录', '2022-03-10', ''],
        ['u1', '空间登录', '', ''],
      ),
      known,
    )
    expect(rows).toMatchObject([{ day: day('2022-03-09'), minute: 485 }, { day: day('2022-03-10') }])
    expect(rows[1]!.minute).toBeUndefined()
    expect(problems.map(({ row, code }) => [row, code])).toEqual([
      [3, 'bad-date'],
      [4, 'bad-date'],
      [6, 'missing'],
    ])
  })

  it('marks around a cell are not part of it, also with a space behind them', async () => {
    const { rows } = await parsed(
      'records',
      Buffer.from('账号,指标,时间\n"u1" ,空间登录,2022-03-09\n'),
      known,
    )
    expect(rows).toMatchObject([{ account: 'u1' }])
  })

  it('with ids every row needs one; without any the file is a statement', async () => {
    const ids = ['账号', '指标', '时间', '记录编号']
    const some = await parsed(
      'records',
      csv(ids, ['u1', '空间登录', '2022-03-09', ''], ['u1', '空间登录', '2022-03-09', 7]),
      known,
    )
    expect(some).toMatchObject({ withIds: true, rows: [{ recordId: '7' }], understood: 1, refused: 1 })
    expect(some.problems).toEqual([{ row: 2, column: '记录编号', code: 'missing-record-id', params: {} }])
    const none = await parsed('records', csv(ids, ['u1', '空间登录', '2022-03-09', '']), known)
    expect(none).toMatchObject({ withIds: false, problems: [], rows: [{ count: 1 }] })
  })

  it('a row without id is told with its sheet where there are several, and in their order', async () => {
    const titles = ['账号', '指标', '时间', '记录编号']
    const [named, unnamed, unknown] = [
      ['u1', '空间登录', '2022-03-09', '7'],
      ['u1', '空间登录', '2022-03-09', ''],
      ['u9', '空间登录', '2022-03-09', '8'],
    ]
    const book = (...sheets: string[][][]) =>
      writeXlsx({ sheets: sheets.map((rows, at) => ({ name: `第${at + 1}页`, rows: [titles, ...rows] })) })
    const told = async (bytes: Uint8Array) =>
      (await parsed('records', bytes, known)).problems.map(({ sheet, row, code }) => [sheet, row, code])
    expect(await told(await book([named, unnamed, unknown], [unnamed]))).toEqual([
      ['第1页', 3, 'missing-record-id'],
      ['第1页', 4, 'unknown-account'],
      ['第2页', 2, 'missing-record-id'],
    ])
    expect(await told(await book([named, unnamed, unknown]))).toEqual([
      [undefined, 3, 'missing-record-id'],
      [undefined, 4, 'unknown-account'],
    ])
  })
})

describe('roster', () => {
  const roster = (...rows: string[][]) =>
    parsed(
      'roster',
      csv(['学校代码', '学校名称', '学段', '姓名', '账号', '角色', '状态', '空间开通'], ...rows),
    )

  it('roles may be joined in any way, states and stages have aliases', async () => {
    const { rows, problems } = await roster(
      ['1', 'A', '完全小学', '甲', 'a1', '教师、管理员', '在职', '是'],
      ['1', 'A', '九年制', '乙', 'a2', '教师/学校管理员', '调离', '否'],
      ['1', 'A', '', '丙', 'a3', '老师', '', ''],
      ['1', 'A', '', '丁', 'a4', '教师 管 理 员', '', ''],
      ['1', 'A', '', '戊', 'a5', '教师 管理员', '', ''],
      ['1', 'A', '', '己', 'a6', '教师\\管理员', '', ''],
    )
    expect(rows.map(({ stage, roles, state, opened }) => [stage, roles.join(), state, opened])).toEqual([
      ['小学', 'administrator,teacher', 'active', true],
      ['九年一贯制', 'administrator,teacher', 'departed', false],
      [undefined, 'teacher', 'active', undefined],
      [undefined, 'administrator,teacher', 'active', undefined],
      [undefined, 'administrator,teacher', 'active', undefined],
    ])
    expect(problems).toMatchObject([{ row: 5, code: 'unknown-role' }])
  })

  it.each([
    [['1', 'A', '大学', '甲', 'a1', '教师', '', ''], '学段', 'unknown-stage'],
    [['1', 'A', '', '甲', 'a1', '教师、校长', '', ''], '角色', 'unknown-role'],
    [['1', 'A', '', '甲', 'a1', '', '', ''], '角色', 'missing'],
    [['1', 'A', '', '甲', 'a1', '教师', '放假', ''], '状态', 'unknown-state'],
    [['1', 'A', '', '甲', 'a1', '教师', '', '也许'], '空间开通', 'not-yes-or-no'],
    [['', 'A', '', '甲', 'a1', '教师', '', ''], '学校代码', 'missing'],
    [['1', 'A', '', '13800001234', 'a1', '教师', '', ''], '姓名', 'missing'],
    [['1', 'A', '', '甲', 'x'.repeat(65), '教师', '', ''], '账号', 'too-long'],
  ])('%j is refused', async (row, column, code) => {
    expect((await roster(row)).problems).toMatchObject([{ row: 2, column, code }])
  })

  it('an account that comes again is fine when nothing differs, else the first stays', async () => {
    const first = ['1', 'A', '小学', '甲', 'a1', '教师', '', '']
    const { rows, problems } = await roster(first, first, ['2', 'B', '小学', '甲', 'a1', '教师', '', ''])
    expect(rows).toHaveLength(1)
    expect(problems).toEqual([
      { row: 4, column: '账号', code: 'duplicate-account', params: { value: 'a1', first: 2 } },
    ])
  })
})

describe('schools', () => {
  it('headcounts are whole numbers from 0', async () => {
    const { rows, problems } = await parsed(
      'schools',
      csv(
        ['学校代码', '学校名称', '街镇', '学段', '学生数', '学生开通数'],
        ['001', 'A', '城关', '小学', '１２０', ''],
        ['002', 'B', '', '', -1, 0],
      ),
    )
    expect(rows).toMatchObject([{ code: '001', name: 'A', town: '城关', stage: '小学', students: 120 }])
    expect(problems).toMatchObject([{ row: 3, column: '学生数', code: 'negative' }])
  })
})

describe('snapshot', () => {
  it('members or schools, with any indicator columns, the date from the row', async () => {
    const { rows } = await parsed(
      'snapshot',
      csv(
        ['账号', '姓名', '截止日期', '总分', '空间登录', '等级'],
        ['u1', '甲', '2022-05-31', '88.5', 31, 'A'],
      ),
      known,
    )
    expect(rows).toEqual([
      {
        row: 2,
        subject: { kind: 'member', account: 'u1' },
        day: day('2022-05-31'),
        total: 88.5,
        indicators: { 空间登录: 31 },
      },
    ])
  })

  it('the date given at import fills in for rows without one', async () => {
    const { rows } = await parsed('snapshot', csv(['学校代码', '学校名称', '总分'], ['001', 'A', 3]), {
      ...known,
      day: day('2022-06-01'),
    })
    expect(rows).toMatchObject([
      { subject: { kind: 'school', code: '001' }, day: day('2022-06-01'), total: 3 },
    ])
  })

  it('the day is neither before the year nor one that has not come; a report made after the year is one', async () => {
    const report = csv(
      ['账号', '截止日期', '总分'],
      ['u1', '2021-12-31', 1],
      ['u1', '2023-01-05', 1],
      ['u1', '2023-01-06', 1],
    )
    const { rows, problems } = await parsed('snapshot', report, { ...known, today: day('2023-01-05') })
    expect(rows.map((row) => row.day)).toEqual([day('2023-01-05')])
    expect(problems.map((problem) => describeRowProblem(problem))).toEqual([
      '第 2 行 “截止日期”：“2021-12-31”不会是报表的截止日期：最早是 2022-01-01，最晚是今天。请核对日期。',
      '第 4 行 “截止日期”：“2023-01-06”不会是报表的截止日期：最早是 2022-01-01，最晚是今天。请核对日期。',
    ])
    const given = { ...known, day: day('2023-01-06'), today: day('2023-01-05') }
    expect(await refusal(csv(['账号', '总分'], ['u1', 1]), given)).toMatchObject({ code: 'report-day' })
  })

  it('unknown subjects, missing totals and a second figure for a day are refused', async () => {
    const { problems } = await parsed(
      'snapshot',
      csv(
        ['账号', '截止日期', '总分'],
        ['u1', '2022-05-31', 1],
        ['u9', '2022-05-31', 1],
        ['u2', '2022-05-31', ''],
        ['u1', '2022-05-31', 2],
      ),
      known,
    )
    expect(problems.map(({ row, code }) => [row, code])).toEqual([
      [3, 'unknown-account'],
      [4, 'missing'],
      [5, 'duplicate-subject'],
    ])
  })
})
