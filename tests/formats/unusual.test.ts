import { CFB, utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { csv, parse, parsed, refusal, xlsx } from './fixture'

const day = (text: string) => parseDay(text)!
const title = ['账号', '指标', '时间', '次数']

/** Account, indicator, day and count of each row. */
async function recordsOf(bytes: Uint8Array, options: { day?: number } = {}) {
  const { rows, problems } = await parsed('records', bytes, options)
  expect(problems).toEqual([])
  return rows.map((row) => `${row.account} ${row.indicator} ${formatDay(row.day)} ${row.count}`)
}

describe('a wide table, one column for each indicator', () => {
  const rows = [
    ['账号', '姓名', '空间登录', '资源建设', '教学成果'],
    ['t1', '张三', 1, 0, 2],
    ['t2', '李四', '', 3, ''],
  ]
  const expected = ['t1 空间登录 2022-03-09 1', 't1 教学成果 2022-03-09 2', 't2 资源建设 2022-03-09 3']

  it('with the day in its title', async () => {
    expect(await recordsOf(await xlsx(['2022年3月9日各指标次数'], ...rows))).toEqual(expected)
  })

  it('with the day in a column', async () => {
    const dated = rows.map((row, at) => [...row, at ? '2022-03-09' : '日期'])
    expect(await recordsOf(await xlsx(...dated))).toEqual(expected)
  })

  it('with the day that is given at import', async () => {
    expect(await recordsOf(await xlsx(...rows), { day: day('2022-03-09') })).toEqual(expected)
  })

  it('without a day, or of more than one, is refused with what to do', async () => {
    expect(describeRowProblem(await refusal(await xlsx(...rows)))).toMatch(/日期|哪一天/)
    const two = await refusal(await xlsx(['2022年3月7日至2022年3月13日'], ...rows))
    expect(two.code).toBe('wide-window')
  })

  it('with a count that is none refuses the row and names the column', async () => {
    const { problems } = await parsed(
      'records',
      await xlsx(['2022-03-09'], ...rows, ['t3', '王五', 1.5, '', '']),
    )
    expect(problems).toMatchObject([{ row: 5, column: '空间登录' }])
  })

  it('under groups in a row of their own', async () => {
    const groups = ['', '', '空间建设', '', '教研']
    expect(await recordsOf(await xlsx(['2022年3月9日'], groups, ...rows))).toEqual(expected)
  })
})

describe('a header in two rows', () => {
  it('of which the upper titles reach down', async () => {
    const bytes = await xlsx(
      ['学校', '', '教师', '', ''],
      ['学校代码', '学校名称', '姓名', '账号', '角色'],
      ['S1', '一小', '张三', 't1', '教师'],
    )
    expect((await parsed('roster', bytes)).rows).toMatchObject([{ schoolName: '一小', account: 't1' }])
  })

  it('of which some stand above and some below', async () => {
    const bytes = await xlsx(
      ['账号', '指标', '发生情况', ''],
      ['', '', '时间', '次数'],
      ['t1', '空间登录', '2022-03-09', 2],
    )
    expect(await recordsOf(bytes)).toEqual(['t1 空间登录 2022-03-09 2'])
  })
})

describe('dates as programs write them', () => {
  it.each([
    ['24:00 is the next day', '2022-03-09 24:00', '2022-03-10', 0],
    ['24:00:00, too', '2022/3/9 24:00:00', '2022-03-10', 0],
    ['milliseconds since 1970', '1646784000000', '2022-03-09', 480],
    ['milliseconds as a number', 1646784000000, '2022-03-09', 480],
    ['14 digits', '20220309080506', '2022-03-09', 485],
    ['14 digits as a number', 20220309080506, '2022-03-09', 485],
    ['12 digits', '202203090805', '2022-03-09', 485],
    ['Java in China', 'Wed Mar 09 08:05:00 CST 2022', '2022-03-09', 485],
    ['Java with the offset', 'Wed Mar 09 08:05:00 GMT+08:00 2022', '2022-03-09', 485],
  ])('%s', async (_, written, date, minute) => {
    const { rows, problems } = await parsed('records', await xlsx(title, ['u1', '空间登录', written, 1]))
    expect(problems).toEqual([])
    expect(rows.map((row) => [formatDay(row.day), row.minute])).toEqual([[date, minute]])
  })

  it.each(['2022-03-09 24:01', 'Wed Xxx 09 08:05:00 CST 2022', '20221309080506'])(
    '%s is none',
    async (written) => {
      const { problems } = await parsed('records', csv(title, ['u1', '空间登录', written, 1]))
      expect(problems).toMatchObject([{ row: 2, code: 'bad-date' }])
    },
  )
})

it.each<[string | number | boolean, string]>([
  ['1001.0', 'code-not-whole'],
  [true, 'code-not-whole'],
  ['-5', 'code-not-whole'],
  [-5, 'code-not-whole'],
  ['1.2E+17', 'code-scientific'],
])('%s is no account', async (account, code) => {
  const { problems } = await parsed('records', await xlsx(title, [account, '空间登录', '2022-03-09', 1]))
  expect(problems).toMatchObject([{ row: 2, column: '账号', code }])
})

it('2022E01 is one', async () => {
  expect(await recordsOf(await xlsx(title, ['2022E01', '空间登录', '2022-03-09', 1]))).toEqual([
    '2022E01 空间登录 2022-03-09 1',
  ])
})

it('a total of 1e300 is no figure of points', async () => {
  const bytes = await xlsx(
    ['账号', '截止日期', '总分'],
    ['t1', '2022-03-09', 1e300],
    ['t2', '2022-03-09', 12],
  )
  const { rows, problems } = await parsed('snapshot', bytes)
  expect(rows).toMatchObject([{ total: 12 }])
  expect(problems).toMatchObject([{ row: 2, column: '总分', code: 'too-large' }])
})

it('columns of a records file that nothing is read of are told', async () => {
  const bytes = csv([...title, '操作次数合计', '备注'], ['u1', '空间登录', '2022-03-09', 1, 2, 'x'])
  expect(await parse(bytes)).toMatchObject({
    kind: 'records',
    unread: [{ title: '操作次数合计' }, { title: '备注' }],
  })
})

it('records are read from .xlsb, .ods and .xls alike', async () => {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet([title, ['u1', '空间登录', '2022-03-09', 1]]), 'S')
  for (const bookType of ['xlsb', 'ods', 'biff8'] as const) {
    const bytes = new Uint8Array(write(book, { type: 'array', bookType }) as ArrayBuffer)
    expect(await recordsOf(bytes), bookType).toEqual(['u1 空间登录 2022-03-09 1'])
  }
})

/** What is used here of the library's container files, which it gives no types. */
const container = CFB as {
  utils: { cfb_new(): object; cfb_add(file: object, name: string, content: Buffer): void }
  write(file: object, options: { type: 'buffer' }): Buffer
}

it('a file that its writer has locked says how to save it without a password', async () => {
  const file = container.utils.cfb_new()
  container.utils.cfb_add(file, '/EncryptionInfo', Buffer.alloc(300, 4))
  container.utils.cfb_add(file, '/EncryptedPackage', Buffer.alloc(5000, 9))
  const found = await refusal(container.write(file, { type: 'buffer' }))
  expect(found.code).toBe('password')
  expect(describeRowProblem(found)).toBe(
    '文件有密码。请用 Excel 打开，在“文件”→“信息”→“保护工作簿”→“用密码进行加密”里清空密码，保存后再导入。',
  )
})
