import { isUtf8 } from 'node:buffer'
import type { Day, Window } from '../calendar/day'
import { containerOf } from '../formats/container'
import { delimiterOf, readDelimited } from '../formats/delimited'
import { encodingOf } from '../formats/encoding'
import { findHeader, HEADER_WITHIN } from '../formats/header-row'
import type { HeaderRow } from '../formats/header-row'
import type { Headers } from '../formats/headers'
import { defaultLimits } from '../formats/limits'
import type { FileKind, UnreadColumn } from '../formats/rows'
import { isTotal, mayBeTotal } from '../formats/totals'
import { attributes } from '../scheme/scheme'
import type { Attribute, Scheme } from '../scheme/scheme'
import { makeGbkEncoder } from '../text/gbk'
import { clean } from '../text/normalise'
import { byteKeys } from './byte-table'
import type { ByteKeys } from './byte-table'

/** What a column of a records file holds, in the order of the numbers that the reader of lines knows them by. */
export const lineColumns = [
  'skipped',
  'account',
  'indicator',
  'time',
  'count',
  'recordId',
  ...attributes,
] as const
export type LineColumn = 'skipped' | 'account' | 'indicator' | 'time' | 'count' | 'recordId' | Attribute
export const FIRST_ATTRIBUTE = lineColumns.length - attributes.length

/** Encodings whose bytes are looked at. */
export type LineEncoding = 'utf-8' | 'gb18030'

/** How to read the plain lines of one records file; a plain value that can be sent to another thread. */
export interface LineSetup {
  encoding: LineEncoding
  /** Byte between fields. */
  delimiter: number
  columns: readonly LineColumn[]
  /** Columns that nothing is read of. */
  unread: readonly UnreadColumn[]
  /** The bytes up to the end of the header, and how many rows they are: what odd lines are read under. */
  head: Uint8Array
  headRows: number
  /** Whether rows are expected to have ids. */
  withIds: boolean
  /** Stop at every odd line, to keep the order among repeated ids. */
  careful: boolean
  scheme: Scheme
  /** Days that are understood: the scheme's period, as far as records can be of it by now. */
  window: Window
  /** No record is of a later day than the next; left out, that is not checked. */
  today?: Day
  /** The accounts and the names of the indicators as plain lines have them. */
  accounts: ByteKeys
  indicators: ByteKeys
}

/** What a records file is read by. */
export interface LineContext {
  /** What the user says the file is; recognised by its header when left out. */
  kind?: FileKind
  headers: Headers
  scheme: Scheme
  accounts: readonly string[]
  today?: Day
}

/** Bytes of a file's beginning in which its header must be. */
export const HEAD_BYTES = 256 * 1024

const HEAD_LINES = 2 * HEADER_WITHIN
const LINE_END = 10
const RETURN = 13
const QUOTE = 34

/**
 * Looks at the beginning of a file. Undefined when it is not a records table in the plain form (delimited text with a
 * header); such a file is left to the general reader, which also says what is wrong with it.
 */
export async function setUpLines(start: Uint8Array, context: LineContext): Promise<LineSetup | undefined> {
  const { headers, scheme, accounts, today } = context
  const whole = start.subarray(0, start.lastIndexOf(LINE_END) + 1)
  const encoding = lineEncoding(whole)
  if (!encoding) return
  try {
    if (!whole.length || containerOf(start) !== 'text') return
    const found = await findHead(whole, encoding, context)
    if (!found) return
    const { header, delimiter, end } = found
    const columns = columnsOf(header, delimiter, new TextDecoder(encoding).decode(whole.subarray(0, end)))
    // A title of the row above may stand further right than those of the last one.
    if (Math.max(...header.at.values()) >= columns.length) return
    const withIds = firstHasId(new TextDecoder(encoding).decode(whole.subarray(end, end + 4096)), {
      columns,
      delimiter,
    })
    const writer = cellWriter(encoding)
    const keys = (texts: readonly string[]) => byteKeys(keyLines(texts, writer, headers.totals))
    const { from, to } = scheme.period
    return {
      encoding,
      delimiter: delimiter.charCodeAt(0),
      columns,
      unread: header.unread,
      head: whole.slice(0, end),
      headRows: header.row,
      withIds,
      careful: false,
      scheme,
      window: { from, to: Math.min(to, (today ?? to) + 1) },
      ...(today !== undefined && { today }),
      accounts: keys(accounts),
      indicators: keys(scheme.indicators.map(({ name }) => name)),
    }
  } catch {
    // Whatever is wrong with it, the general reader says it in words.
    return
  }
}

/** UTF-8 or GBK where the beginning leaves no doubt. */
function lineEncoding(lines: Uint8Array): LineEncoding | undefined {
  if (lines.every((byte) => byte < 128)) return
  const encoding = encodingOf(lines)
  if (encoding === 'gb18030') return encoding
  // What is marked as UTF-8 may be broken.
  return encoding === 'utf-8' && isUtf8(lines) ? encoding : undefined
}

interface Head {
  header: HeaderRow
  delimiter: string
  /** Where the rows behind the header begin. */
  end: number
}

/** The header at the beginning of whole lines; undefined when it is not one line that ends in the plain way. */
async function findHead(
  lines: Uint8Array,
  encoding: LineEncoding,
  { headers, scheme, kind }: LineContext,
): Promise<Head | undefined> {
  const first = firstLines(lines)
  const delimiter = delimiterOf(new TextDecoder(encoding).decode(first))
  const sheet = await readDelimited(first, defaultLimits)
  for await (const batch of sheet.rows) {
    const rows = batch.filter(({ cells }) => cells.some((cell) => typeof cell !== 'string' || cell.trim()))
    const header = findHeader(rows.slice(0, HEADER_WITHIN), headers, scheme, kind)
    if (header?.kind !== 'records' || header.isWide) return
    const end = endOfRow(lines, header.row)
    return end < 0 ? undefined : { header, delimiter, end }
  }
  return
}

/** The lines that are enough to find the header; all of them when quotes may make fewer rows of them. */
function firstLines(lines: Uint8Array): Uint8Array {
  let end = 0
  for (let line = 0; line < HEAD_LINES && end < lines.length; line++) end = lines.indexOf(LINE_END, end) + 1
  const first = lines.subarray(0, end)
  return first.includes(QUOTE) ? lines : first
}

/** Where row `count` ends, when the rows up to there are one line each and end in the plain way. */
function endOfRow(bytes: Uint8Array, count: number): number {
  let end = 0
  for (let row = 0; row < count; row++) {
    const next = bytes.indexOf(LINE_END, end)
    if (next < 0) return -1
    const line = bytes.subarray(end, next)
    const carriage = line.indexOf(RETURN)
    if (line.includes(QUOTE) || (carriage >= 0 && carriage !== line.length - 1)) return -1
    end = next + 1
  }
  return end
}

function columnsOf(header: HeaderRow, delimiter: string, head: string): LineColumn[] {
  const line = head.trimEnd().split(/\r?\n/).at(-1) ?? ''
  const columns = line.split(delimiter).map((): LineColumn => 'skipped')
  for (const column of lineColumns) {
    const at = column === 'skipped' ? undefined : header.at.get(column)
    if (at !== undefined) columns[at] = column
  }
  return columns
}

function firstHasId(
  rest: string,
  { columns, delimiter }: { columns: readonly LineColumn[]; delimiter: string },
): boolean {
  const at = columns.indexOf('recordId')
  const first = rest.split('\n').find((line) => line.trim())
  return Boolean(first?.split(delimiter)[at]?.trim())
}

const encoder = new TextEncoder()

/** Texts as a file writes them, each ended by a line end; nothing for those that need a closer look. */
function keyLines(texts: readonly string[], write: CellWriter, totals: ReadonlySet<string>): Uint8Array {
  const lines = texts.map((text) => `${text}\n`).join('')
  if (/^[\w.@\n-]*$/.test(lines)) return encoder.encode(lines)
  const end = Uint8Array.of(LINE_END)
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = mayBeTotal(text) && isTotal(text, totals) ? undefined : cellBytes(text, write)
      return bytes ? [bytes, end] : [end]
    }),
  )
}

/** Bytes of a text as the file writes it; undefined for texts that a plain cell cannot hold unchanged. */
function cellBytes(text: string, write: CellWriter): Uint8Array | undefined {
  if (/^[\w.@-]+$/.test(text)) return encoder.encode(text)
  if (!text || clean(text) !== text || /[\s'`",;\t]/.test(text) || text.startsWith('=')) return
  return write(text)
}

type CellWriter = (text: string) => Uint8Array | undefined

function cellWriter(encoding: LineEncoding): CellWriter {
  if (encoding === 'utf-8') return (text) => encoder.encode(text)
  const encode = makeGbkEncoder()
  const decoder = new TextDecoder('gb18030')
  return (text) => {
    const bytes = encode(text)
    // What GBK cannot write has become something else.
    return decoder.decode(bytes) === text ? bytes : undefined
  }
}
