import { createDeflateRaw } from 'node:zlib'
import { CFB, utils, write } from '@e965/xlsx'
import { writeXlsx } from 'hucre'
import { describe, expect, it } from 'vitest'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import zhCN from '../../src/formats/locales/zh-CN.json'
import enUS from '../../src/formats/locales/en-US.json'
import { bookParts, csv, parsed, refusal, sheetXml, xlsx, zip } from './fixture'

const header = ['账号', '指标', '时间', '次数']
const row = ['u1', '空间登录', '2022-03-09', 1]

/** Deflated bytes of `times` times the text, without ever holding them unpacked. */
async function deflated(start: string, text: string, times: number, end: string): Promise<Buffer> {
  const stream = createDeflateRaw({ level: 9 })
  const chunks: Buffer[] = []
  stream.on('data', (chunk: Buffer) => chunks.push(chunk))
  const done = new Promise((resolve) => stream.on('end', resolve))
  const block = Buffer.from(text.repeat(1000))
  stream.write(start)
  for (let i = 0; i < times / 1000; i++) {
    if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve))
  }
  stream.end(end)
  await done
  return Buffer.concat(chunks)
}

describe('a file that cannot be used is refused with a sentence', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string, object?]>([
    ['nothing in it', () => new Uint8Array(), 'empty-file'],
    ['only blank lines', () => Buffer.from('\r\n,,,\r\n'), 'empty-file'],
    ['only a header', () => csv(header), 'no-rows'],
    [
      'an xlsx without a sheet',
      () => zip(bookParts('', { 'xl/workbook.xml': '<workbook><sheets/></workbook>' })),
      'empty-file',
    ],
    ['an xlsx with an empty sheet', () => xlsx(), 'empty-file'],
    ['a picture', () => Buffer.from('89504e470d0a1a0a0000', 'hex'), 'not-a-table'],
    ['a PDF', () => Buffer.from('%PDF-1.7 ...'), 'not-a-table'],
    ['another zip', () => zip({ 'readme.txt': 'hello' }), 'not-a-table'],
    [
      'a Word file',
      () => zip({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' }),
      'not-a-table',
    ],
    ['bytes that are no text', () => Buffer.from('00ff00fe00', 'hex'), 'unknown-encoding'],
    ['broken UTF-8 behind its mark', () => Buffer.from('efbbbfe7', 'hex'), 'unknown-encoding'],
    ['text with zero bytes', () => Buffer.from('a\0b,c'), 'not-a-table'],
    [
      'a web page called .xls',
      () => Buffer.from('<html><frameset><frame src="sheet001.htm"></frameset></html>'),
      'web-page',
    ],
    [
      'a checksum that is another one',
      () => zip(bookParts(sheetXml([header, row])), { crc: 1 }),
      'broken-file',
    ],
    ['half a zip', async () => (await xlsx(header, row)).slice(0, 900), 'broken-file'],
    [
      'a quotation mark that never ends',
      () => Buffer.from(`账号,指标,时间\n"u1,空间登录,2022-03-09\n${'x,y,z\n'.repeat(30_000)}`),
      'broken-quotes',
    ],
    ['other columns', () => csv(['甲', '乙'], [1, 2]), 'no-header'],
    [
      'a column missing',
      () => csv(['行为明细'], ['账号', '时间', '次数'], ['u1', '2022-03-09', 1]),
      'missing-columns',
      { kind: 'records', row: 2, columns: '指标' },
    ],
    [
      'the same column twice',
      () => csv([...header, '次数'], [...row, 2]),
      'column-twice',
      { column: '次数' },
    ],
    [
      'two different tables',
      () => csv(header, row, ['指标', '账号', '日期'], ['空间登录', 'u1', '2022-03-09']),
      'second-table',
      { row: 3 },
    ],
    [
      'a header of two levels',
      () =>
        csv(
          ['学校代码', '学校名称', '姓名', '账号', '角色', '单位'],
          ['状态', '', '', '', '', '街镇'],
          ['1', 'A', '甲', 'a', '教师'],
        ),
      'two-header-rows',
      { row: 1, next: 2 },
    ],
    ['a report without a date', () => csv(['账号', '总分'], ['u1', 3]), 'no-day', { column: '截止日期' }],
    [
      '300 columns',
      () => xlsx([...header, ...Array.from({ length: 296 }, (_, i) => `列${i}`)], row),
      'too-many-columns',
      { columns: 201 },
    ],
    [
      '300 columns of text',
      () => csv([...header, ...Array.from({ length: 296 }, (_, i) => `列${i}`)], row),
      'too-many-columns',
      { columns: 300, limit: 200 },
    ],
    [
      'a cell at the far end',
      () =>
        zip(
          bookParts(
            `<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>`,
          ),
        ),
      'too-many-columns',
    ],
    [
      'too many sheets',
      () => writeXlsx({ sheets: Array.from({ length: 51 }, (_, i) => ({ name: `S${i}`, rows: [['a']] })) }),
      'too-many-sheets',
    ],
    ['an endless cell', () => csv(header, ['u1', 'x'.repeat(40_000), '2022-03-09', 1]), 'cell-too-long'],
    [
      'an entity bomb',
      () =>
        zip(
          bookParts(
            `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>${sheetXml([header, ['&b;', 'x', 'y', 1]])}`,
          ),
        ),
      'broken-file',
    ],
    [
      'an entity bomb in the workbook',
      () =>
        zip(
          bookParts(sheetXml([header]), { 'xl/workbook.xml': '<!DOCTYPE x [<!ENTITY a "a">]><workbook/>' }),
        ),
      'broken-file',
    ],
    [
      'an encrypted workbook',
      () =>
        writeXlsx({ sheets: [{ name: 'S', rows: [header] }], encryption: { password: 'x', spinCount: 10 } }),
      'password',
    ],
  ])('%s', async (_, bytes, code, params = {}) => {
    const refused = await refusal(await bytes())
    expect(refused).toMatchObject({ kind: 'refusal', code, params })
    for (const locale of ['zh-CN', 'en-US'] as const)
      expect(describeRowProblem(refused, locale)).not.toMatch(/[{}]|\bundefined\b/)
  })

  it('says in words what a missing column is called', async () => {
    const refused = await refusal(csv(['学校代码', '学校名称', '姓名'], [1, 'A', '甲']), { kind: 'roster' })
    expect(describeRowProblem(refused)).toBe(
      '看起来是名册（表头在第 1 行，认出了：学校代码、学校名称、姓名），但缺少必需的列：账号、角色。',
    )
    expect(describeRowProblem(refused, 'en-US')).toBe(
      'This looks like a roster file (header in row 1, with 学校代码, 学校名称, 姓名), but lacks columns that are needed: 账号, 角色.',
    )
  })

  it('says which kind it is when the user named another', async () => {
    const refused = await refusal(csv(header, row), { kind: 'roster' })
    expect(describeRowProblem(refused)).toBe('这个文件是行为明细，不是名册。请换一个文件，或按行为明细导入。')
  })

  it('a file over the limit of bytes is not even looked at', async () => {
    expect(await refusal(Buffer.alloc(3 * 2 ** 20), { limits: { bytes: 2 ** 20 } })).toMatchObject({
      code: 'too-big',
      params: { size: 3, limit: 1 },
    })
  })

  it('rows over the limit', async () => {
    const rows = Array.from({ length: 50 }, () => row)
    for (const bytes of [csv(header, ...rows), await xlsx(header, ...rows)]) {
      expect(await refusal(bytes, { limits: { rows: 50 } })).toMatchObject({
        code: 'too-many-rows',
        params: { limit: 50 },
      })
    }
  })
})

describe('zip bombs', () => {
  it('a sheet of more than 600 MB in a small file is refused, with little memory and whatever it says of its size', async () => {
    const one = `<row><c t="inlineStr"><is><t>${'0123456789'.repeat(70)}</t></is></c></row>`
    const times = 860_000
    expect(one.length * times).toBeGreaterThan(600 * 2 ** 20)
    const start = sheetXml([header, row]).replace('</sheetData></worksheet>', '')
    const sheet = await deflated(start, one, times, '</sheetData></worksheet>')
    const bytes = zip(bookParts('', { 'xl/worksheets/sheet1.xml': sheet }), { unpacked: 1000 })
    expect(bytes.length).toBeLessThan(4 * 2 ** 20)
    const before = process.memoryUsage.rss()
    expect(await refusal(bytes)).toMatchObject({ code: 'too-big-unpacked', params: { limit: 400 } })
    expect(process.memoryUsage.rss() - before).toBeLessThan(250 * 2 ** 20)
  }, 120_000)

  it('a sheet without a header is not read beyond its first rows', async () => {
    const sheet = await deflated(
      '<worksheet><sheetData>',
      '<row><c><v>1</v></c></row>',
      3_000_000,
      '</sheetData></worksheet>',
    )
    const started = process.cpuUsage()
    expect(await refusal(zip(bookParts('', { 'xl/worksheets/sheet1.xml': sheet })))).toMatchObject({
      code: 'no-titles',
    })
    expect(process.cpuUsage(started).user).toBeLessThan(1_000_000)
  })

  it('shared strings that unpack to more than a book has', async () => {
    const strings = await deflated('<sst>', `<si><t>${'字'.repeat(60)}</t></si>`, 900_000, '</sst>')
    const bytes = zip(bookParts(sheetXml([header]), { 'xl/sharedStrings.xml': strings }))
    expect(await refusal(bytes, { limits: { unpackedBytes: 100 * 2 ** 20 } })).toMatchObject({
      code: 'too-big-unpacked',
    })
  })

  it('one element that never ends', async () => {
    const sheet = await deflated('<worksheet><sheetData><row>', '<c r="A1"><v>1</v></c>', 1_000_000, '')
    expect(await refusal(zip(bookParts('', { 'xl/worksheets/sheet1.xml': sheet })))).toMatchObject({
      code: 'broken-file',
    })
  })

  it('hundreds of thousands of formatted blank rows are no rows', async () => {
    const sheet = await deflated(
      sheetXml([header, row]).replace('</sheetData></worksheet>', ''),
      '<row s="1"><c s="1"/></row><row/>',
      700_000,
      '</sheetData></worksheet>',
    )
    expect(
      (await parsed('records', zip(bookParts('', { 'xl/worksheets/sheet1.xml': sheet })))).rows,
    ).toHaveLength(1)
  })
})

/** What is used here of the library's container files, which it gives no types. */
const container = CFB as {
  read(bytes: Buffer, options: { type: 'buffer' }): object
  find(file: object, name: string): { content: Uint8Array; size: number }
  write(file: object, options: { type: 'buffer' }): Buffer
}

/** The first number of a sheet as the formula 1+2, which the library cannot write. */
function withFormula(bytes: Uint8Array): Uint8Array {
  const file = container.read(Buffer.from(bytes), { type: 'buffer' })
  const stream = container.find(file, 'Workbook')
  const old = Buffer.from(stream.content)
  const parts: Buffer[] = []
  let replaced = false
  for (let at = 0; at < old.length;) {
    const [type, end] = [old.readUInt16LE(at), at + 4 + old.readUInt16LE(at + 2)]
    if (replaced || ![0x0203, 0x027e].includes(type)) parts.push(old.subarray(at, end))
    else {
      const place = old.subarray(at + 4, at + 10)
      const tail = Buffer.from('000000000000084000000000000007001e01001e020003', 'hex')
      parts.push(Buffer.from([0x06, 0, place.length + tail.length, 0]), place, tail)
      replaced = true
    }
    at = end
  }
  stream.content = Buffer.concat(parts)
  stream.size = stream.content.length
  return container.write(file, { type: 'buffer' })
}

describe('xls', () => {
  const xls = (rows: unknown[][]) => {
    const book = utils.book_new()
    utils.book_append_sheet(book, utils.aoa_to_sheet(rows), 'S')
    return new Uint8Array(write(book, { type: 'array', bookType: 'biff8' }) as ArrayBuffer)
  }
  it('limits hold too', async () => {
    expect(await refusal(xls([Array.from({ length: 250 }, (_, i) => `c${i}`)]))).toMatchObject({
      code: 'too-many-columns',
    })
    expect(await refusal(xls([header, row]), { limits: { xlsBytes: 100 } })).toMatchObject({
      code: 'too-big',
    })
  })
  it('rubbish after the signature', async () => {
    const rubbish = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(5000, 7)])
    expect(await refusal(rubbish)).toMatchObject({ code: 'broken-file' })
  })
  it('formula cells', async () => {
    const file = await parsed('records', withFormula(xls([header, row, row])))
    expect(file.problems).toMatchObject([{ row: 2, column: '次数', code: 'formula-cell' }])
    expect(file.rows).toHaveLength(1)
  })
})

it('both languages have a sentence for every code, with the same parameters', () => {
  const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
  for (const group of ['place', 'kind', 'problem', 'refusal'] as const) {
    const [zh, en] = [zhCN[group], enUS[group]] as Record<string, string>[]
    expect(Object.keys(en!)).toEqual(Object.keys(zh!))
    for (const key of Object.keys(zh!)) expect([key, params(en![key]!)]).toEqual([key, params(zh![key]!)])
  }
})
