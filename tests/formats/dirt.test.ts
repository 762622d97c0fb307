import { utils, write } from '@e965/xlsx'
import { describe, expect, it } from 'vitest'
import { encodeGbk } from '@space-assistant/core/text/gbk'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { bookParts, csv, parsed, sheetXml, xlsx, zip } from './fixture'

const rosterHeader = ['学校代码', '学校名称', '姓名', '账号', '角色']
const zhang = ['001', '实验小学', '张三', '0012', '教师']
const recordsHeader = ['账号', '指标', '时间', '次数']
const day = (text: string) => parseDay(text)!

async function rosterOf(bytes: Uint8Array) {
  const { rows, problems } = await parsed('roster', bytes)
  return { rows: rows.map((row) => ({ ...row, row: undefined })), problems }
}
const expected = {
  schoolCode: '001',
  schoolName: '实验小学',
  name: '张三',
  account: '0012',
  roles: ['teacher'],
}

function xls(rows: unknown[][], bookType: 'biff8' | 'biff5' = 'biff8'): Uint8Array {
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(rows), '名册')
  return new Uint8Array(write(book, { type: 'array', bookType }) as ArrayBuffer)
}

describe('the same roster in every container and encoding', () => {
  const text = [rosterHeader, zhang].map((row) => row.join(',')).join('\r\n')
  const utf16 = (le: boolean) => {
    const bytes = Buffer.from(`\ufeff${text.replaceAll(',', '\t')}`, 'utf16le')
    return le ? bytes : bytes.swap16()
  }
  it.each<[string, () => Uint8Array | Promise<Uint8Array>]>([
    ['UTF-8', () => Buffer.from(text)],
    ['UTF-8 with byte order mark', () => Buffer.from(`\ufeff${text}`)],
    ['GBK', () => encodeGbk(text)],
    ['UTF-16, little end first, tabs', () => utf16(true)],
    ['UTF-16, big end first, tabs', () => utf16(false)],
    ['semicolons', () => Buffer.from(text.replaceAll(',', ';'))],
    ['old Mac line ends', () => Buffer.from(text.replaceAll('\r\n', '\r'))],
    ['quoted cells', () => Buffer.from(text.replace(/[^,\r\n]+/g, '"$&"'))],
    ['zeros kept by ="..."', () => Buffer.from(text.replace(/\b(0\d+)/g, '="$1"'))],
    ['xlsx', () => xlsx(rosterHeader, zhang)],
    ['xlsx with inline strings', () => zip(bookParts(sheetXml([rosterHeader, zhang])))],
    ['xls of Excel 97', () => xls([rosterHeader, zhang])],
  ])('%s', async (_, bytes) => {
    expect(await rosterOf(await bytes())).toEqual({ rows: [expected], problems: [] })
  })
})

describe('dirt around and in a roster', () => {
  it('a title, a remark, blank rows, a totals row and a repeated header are no data', async () => {
    const { rows, problems } = await parsed(
      'roster',
      await xlsx(
        ['2022年春季教师名册'],
        ['制表：电教馆', null],
        [],
        rosterHeader,
        zhang,
        [],
        ['', ' ', '　'],
        rosterHeader,
        ['合 计：', null, null, 1],
      ),
    )
    expect(rows).toMatchObject([{ row: 5, account: '0012' }])
    expect(problems).toEqual([])
  })

  it.each([
    ['full-width digits', '００１', '００１２', '张三'],
    ['spaces inside the name', '001', '0012', '张 三'],
    ['ideographic space', '001', '0012', '张　三'],
    ['spaces around everything', ' 001 ', '\t0012', ' 张三 '],
    ['invisible characters', '001\u200b', '\ufeff0012', '张\u200b三'],
    ['an apostrophe that forces text', "'001", "'0012", '张三'],
    ['a phone number after the name', '001', '0012', '张三13800001234'],
    ['an identity number after the name', '001', '0012', '张三 110101199003077213'],
  ])('%s', async (_, school, account, name) => {
    const { rows } = await rosterOf(csv(rosterHeader, [school, '实验小学', name, account, '教师']))
    expect(rows).toEqual([expected])
  })

  it('a quoted remark with line ends and semicolons says nothing about what parts the cells', async () => {
    const text =
      ['"备注\n;;;;;;;;;;"', ...rosterHeader].join(',') + '\n"x\n;;;;;;;;;;",001,实验小学,张三,0012,教师\n'
    const { rows, problems } = await rosterOf(new TextEncoder().encode(text))
    expect(rows).toEqual([expected])
    expect(problems).toEqual([])
  })

  it('a name in Latin letters keeps its space', async () => {
    const { rows } = await rosterOf(
      csv(rosterHeader, ['001', 'No. 2  School', 'John  Smith', '0012', '教师']),
    )
    expect(rows).toMatchObject([{ name: 'John Smith', schoolName: 'No. 2 School' }])
  })

  it('columns come in any order, by alias, with stars and remarks; unknown ones are not kept', async () => {
    const bytes = csv(
      [
        '序号',
        '身份证号',
        '用户名',
        '教师姓名*',
        '学校',
        '单位编码',
        '身份（必填）',
        '手机号',
        '是否开通',
        '任教状态',
        '状态',
      ],
      [
        1,
        '110101199003077213',
        'u1',
        '李四',
        '二中',
        '002',
        '管理员、教师',
        '13800001234',
        '未开通',
        '在岗',
        '退休',
      ],
    )
    const { rows } = await rosterOf(bytes)
    expect(rows).toEqual([
      {
        schoolCode: '002',
        schoolName: '二中',
        name: '李四',
        account: 'u1',
        roles: ['administrator', 'teacher'],
        state: 'retired',
        opened: false,
      },
    ])
    expect(JSON.stringify(rows)).not.toContain('13800001234')
  })

  it('of two columns with names for the same thing, the standard name is meant', async () => {
    const { rows } = await rosterOf(csv([...rosterHeader, '登录名'], [...zhang, 'other']))
    expect(rows).toEqual([expected])
  })

  it('cells merged over rows stand for each of them', async () => {
    const rows = [
      ['名册'],
      rosterHeader,
      zhang,
      [null, null, '李四', '0013', '教师'],
      ['002', '二中', '王五', '0014', '教师'],
    ]
    const sheet = sheetXml(
      rows,
      '<mergeCells count="3"><mergeCell ref="A1:E1"/><mergeCell ref="A3:A4"/><mergeCell ref="B3:B4"/></mergeCells>',
    )
    const parsedRows = (await rosterOf(zip(bookParts(sheet)))).rows
    expect(parsedRows.map(({ schoolCode, schoolName, name }) => [schoolCode, schoolName, name])).toEqual([
      ['001', '实验小学', '张三'],
      ['001', '实验小学', '李四'],
      ['002', '二中', '王五'],
    ])
    const book = utils.book_new()
    const old = utils.aoa_to_sheet(rows)
    old['!merges'] = [utils.decode_range('A3:A4'), utils.decode_range('B3:B4')]
    utils.book_append_sheet(book, old, 'S')
    expect(
      (await rosterOf(new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer))).rows,
    ).toEqual(parsedRows)
  })

  it('sheets of other content are skipped, those of the kind are joined, and problems name theirs', async () => {
    const { writeXlsx } = await import('hucre')
    const bytes = await writeXlsx({
      sheets: [
        { name: '说明', rows: [['填表说明'], ['请勿改动']] },
        { name: '一小', rows: [rosterHeader, zhang] },
        {
          name: '二小',
          rows: [
            rosterHeader,
            ['002', '二小', '李四', '0013', '校长'],
            ['002', '二小', '王五', '0014', '老师'],
          ],
        },
      ],
    })
    const { rows, problems } = await parsed('roster', bytes)
    expect(rows.map(({ account }) => account)).toEqual(['0012', '0014'])
    expect(problems).toMatchObject([{ sheet: '二小', row: 2, column: '角色', code: 'unknown-role' }])
  })
})

describe('dates', () => {
  const cases: [string, string | number | Date, string, number?][] = [
    ['slashes', '2022/3/9', '2022-03-09'],
    ['dashes and time', '2022-03-09 08:00', '2022-03-09', 480],
    ['seconds', '2022-03-09 08:00:59', '2022-03-09', 480],
    ['dots', '2022.03.09', '2022-03-09'],
    ['words', '2022年3月9日', '2022-03-09'],
    ['words and time', '2022年3月9日 8:05', '2022-03-09', 485],
    ['words all through', '2022年3月9日8时5分', '2022-03-09', 485],
    ['only the hour', '2022年3月9日 8时', '2022-03-09', 480],
    ['afternoon', '2022年3月9日 下午2:30', '2022-03-09', 870],
    ['weekday', '2022年3月9日 星期三', '2022-03-09'],
    ['weekday and time', '2022年03月09日 星期三 08:05:00', '2022-03-09', 485],
    ['full width', '２０２２／３／９　０８：００', '2022-03-09', 480],
    ['no mark', '20220309', '2022-03-09'],
    ['ISO 8601', '2022-03-09T23:30:00+08:00', '2022-03-09', 1410],
    ['ISO 8601 at Greenwich falls on the next local day', '2022-03-09T16:30:00Z', '2022-03-10', 30],
    ['12 hours with letters', '2022/3/9 2:30 PM', '2022-03-09', 870],
    ['a serial as text', '44629', '2022-03-09'],
    ['a serial', 44629, '2022-03-09'],
    ['a serial with time', 44629 + 8 / 24, '2022-03-09', 480],
    ['a serial just before midnight', 44629.999999, '2022-03-10', 0],
    ['digits as a number', 20220309, '2022-03-09'],
  ]
  it.each(cases)('%s', async (_, written, date, minute) => {
    const { rows, problems } = await parsed(
      'records',
      await xlsx(recordsHeader, ['u1', '空间登录', written as string, 1]),
    )
    expect(problems).toEqual([])
    expect(rows.map((row) => [formatDay(row.day), row.minute])).toEqual([[date, minute]])
  })

  it('cells that are dates to Excel, in both date systems', async () => {
    const { writeXlsx } = await import('hucre')
    const rows = [recordsHeader, ['u1', '空间登录', new Date(Date.UTC(2022, 2, 9, 8, 0)), 1]]
    for (const dateSystem of ['1900', '1904'] as const) {
      const bytes = await writeXlsx({ sheets: [{ name: 'S', rows }], dateSystem })
      expect((await parsed('records', bytes)).rows).toMatchObject([{ day: day('2022-03-09'), minute: 480 }])
    }
  })

  it.each([
    '2022-02-30',
    '2022-13-01',
    '9/3/2022',
    '昨天',
    '2022-03',
    '2022-03-09 25:00',
    '2022-03-09 08:60',
    '0',
    '-1',
  ])('%s is a problem, not a guess', async (written) => {
    const { rows, problems } = await parsed('records', csv(recordsHeader, ['u1', '空间登录', written, 1]))
    expect(rows).toEqual([])
    expect(problems).toEqual([{ row: 2, column: '时间', code: 'bad-date', params: { value: written } }])
  })
})

describe('what Excel did to long numbers is a problem with its row', () => {
  const known = { accounts: new Set(['00123', 'u1']) }
  const records = (account: string | number) =>
    xlsx(recordsHeader, [account, '空间登录', '2022-03-09', 1], ['u1', '空间登录', '2022-03-09', 1])
  it.each<[string, string | number, string, object]>([
    ['scientific text', '1.23457E+17', 'code-scientific', { value: '1.23457E+17' }],
    ['a number of 18 digits', 123456789012345680, 'code-rounded', { value: '123456789012345680' }],
    ['leading zeros lost', 123, 'code-lost-zeros', { value: '123', nearest: '00123' }],
    ['leading zeros lost in text', '123', 'code-lost-zeros', { value: '123', nearest: '00123' }],
    ['more zeros than known', '000123', 'code-lost-zeros', { value: '000123', nearest: '00123' }],
    ['a fraction', 1.5, 'code-not-whole', { value: 1.5 }],
    ['nobody', 'u2', 'unknown-account', { value: 'u2' }],
    ['an identity number', '11010119900307721X', 'unknown-account', { value: '11010119900307721X' }],
    ['an identity number', '110101199003077213', 'identity-number', {}],
  ])('%s', async (_, account, code, params) => {
    const { problems, understood, refused } = await parsed('records', await records(account), known)
    expect(problems).toEqual([{ row: 2, column: '账号', code, params }])
    expect([understood, refused]).toEqual([1, 1])
  })

  it('a number without lost zeros is an account', async () => {
    const file = await parsed('records', await xlsx(recordsHeader, [42, '空间登录', '2022-03-09', 1]), {
      accounts: new Set(['42', '042']),
    })
    expect(file.rows).toMatchObject([{ account: '42' }])
  })
})
