import { utils, write } from '@e965/xlsx'
import type { BookType } from '@e965/xlsx'
import { writeXlsx } from 'hucre'
import { encodeGbk } from '@space-assistant/core/text/gbk'

type Row = (string | number)[]

const indicators = ['空间登录', '资源建设', '互动授课', '课件制作']
const records: Row[] = [
  ['行为明细'],
  ['账号', '指标', '时间', '次数'],
  ...Array.from({ length: 60 }, (_, i): Row => [
    `t${100 + i}`,
    indicators[i % 4] ?? '',
    `2022-03-${10 + (i % 20)} 08:0${i % 10}`,
    i % 5,
  ]),
  ['合计', '', '', 120],
]
const roster: Row[] = [
  ['学校代码', '学校名称', '姓名', '账号', '角色', '状态'],
  ...Array.from({ length: 40 }, (_, i): Row => [
    `S00${i % 5}`,
    `第${i % 5}小学`,
    `张三${i}`,
    `t${100 + i}`,
    '教师',
    '在岗',
  ]),
]
const wide: Row[] = [
  ['2022年3月9日各指标次数'],
  ['账号', ...indicators],
  ...Array.from({ length: 40 }, (_, i): Row => [`t${100 + i}`, i % 3, i % 4, 0, 1]),
]
const tables = { records, roster, wide }

function byLibrary(rows: Row[], bookType: BookType): Uint8Array {
  const book = utils.book_new()
  const sheet = utils.aoa_to_sheet(rows)
  sheet['!merges'] = [utils.decode_range('A4:A6')]
  utils.book_append_sheet(book, sheet, '表一')
  utils.book_append_sheet(book, utils.aoa_to_sheet([['说明'], ['请勿改动']]), '说明')
  return new Uint8Array(write(book, { type: 'array', bookType, compression: true }) as ArrayBuffer)
}

/** As programs of before Unicode wrote it: in GBK, which the library does not write; marks of the same length are replaced. */
function inGbk(rows: Row[], bookType: BookType): Uint8Array {
  const texts = [...new Set(rows.flat().filter((cell) => /[^\0-\x7f]/.test(String(cell))))]
  const coded = texts.map((text) => Buffer.from(encodeGbk(String(text)) ?? []).toString('latin1'))
  const marks = coded.map((text, at) => `~${at.toString(36)}`.padEnd(text.length, '~'))
  const marked = rows.map((row) => row.map((cell) => marks[texts.indexOf(cell)] ?? cell))
  const book = utils.book_new()
  utils.book_append_sheet(book, utils.aoa_to_sheet(marked), 'S')
  const written = Buffer.from(write(book, { type: 'array', bookType }) as ArrayBuffer).toString('latin1')
  const bytes = Buffer.from(
    marks.reduce((text, mark, at) => text.replaceAll(mark, coded[at] ?? ''), written),
    'latin1',
  )
  // The record that names the encoding.
  const stated = bytes.indexOf(Buffer.from('42000200', 'hex'))
  if (stated >= 0) bytes.writeUInt16LE(936, stated + 4)
  return bytes
}

const joined = (rows: Row[], mark: string) => rows.map((row) => row.join(mark)).join('\r\n')

function page(rows: Row[]): string {
  const cells = (row: Row) => row.map((cell) => `<td rowspan="1" colspan="1">${cell}</td>`).join('')
  return `<html><head><meta charset="utf-8"><style>td{mso-number-format:'\\@'}</style></head><body><table border=1>${rows
    .map((row) => `<tr>${cells(row)}</tr>`)
    .join('\n')}</table></body></html>`
}

/** How a file may be packed; each is mutated as often as the others. */
const writers: Record<string, (rows: Row[]) => Promise<Uint8Array> | Uint8Array> = {
  'xlsx, shared strings': (rows) => writeXlsx({ sheets: [{ name: '表', rows }] }),
  'xlsx, inline strings': (rows) => writeXlsx({ sheets: [{ name: '表', rows }], stringMode: 'inline' }),
  'xlsx, SheetJS': (rows) => byLibrary(rows, 'xlsx'),
  xls: (rows) => byLibrary(rows, 'biff8'),
  'xls, Excel 95': (rows) => inGbk(rows, 'biff5'),
  'xls, no container': (rows) => inGbk(rows, 'biff2'),
  xlsb: (rows) => byLibrary(rows, 'xlsb'),
  ods: (rows) => byLibrary(rows, 'ods'),
  'XML Spreadsheet 2003': (rows) => byLibrary(rows, 'xlml'),
  html: (rows) => Buffer.from(page(rows)),
  'csv, UTF-8': (rows) => Buffer.from(`\ufeff${joined(rows, ',')}`),
  'csv, GBK': (rows) => encodeGbk(joined(rows, ',')) ?? Buffer.alloc(0),
  'text, UTF-16': (rows) => Buffer.from(`\ufeff${joined(rows, '\t')}`, 'utf16le'),
}

export interface Original {
  kind: string
  bytes: Uint8Array
}

/** One file of every way of packing for each table. */
export async function makeOriginals(): Promise<Original[]> {
  const files: Original[] = []
  for (const rows of Object.values(tables))
    for (const [kind, make] of Object.entries(writers)) files.push({ kind, bytes: await make(rows) })
  return files
}
