import { isUtf8 } from 'node:buffer'
import { readDelimited, delimiterOf } from '../../formats/delimited'
import { findHeader } from '../../formats/header-row'
import type { HeaderRow } from '../../formats/header-row'
import type { Headers } from '../../formats/headers'
import { defaultLimits } from '../../formats/limits'
import { clean } from '../../formats/text'
import { isTotal, mayBeTotal } from '../../formats/totals'
import { containerOf } from '../../formats/container'
import { attributes } from '../../scheme/scheme'
import type { Attribute, Scheme } from '../../scheme/scheme'
import { byteKeys } from './byte-table'
import type { ByteKeys } from './byte-table'
import { fitsCounts } from './counts'
import { encodeGbk } from './gbk'

export type LineColumn = 'skipped' | 'account' | 'indicator' | 'time' | 'count' | 'recordId' | Attribute

/** How to read the plain lines of one records file; a plain value that can be sent to another thread. */
export interface LineSetup {
  encoding: 'utf-8' | 'gb18030'
  /** Byte between fields. */
  delimiter: number
  columns: readonly LineColumn[]
  /** The bytes up to the end of the header, and how many rows they are: what odd lines are read under. */
  head: Uint8Array
  headRows: number
  /** Whether rows are expected to have ids. */
  withIds: boolean
  /** Stop at every odd line, to keep the order among repeated ids. */
  careful: boolean
  members: number
  /** The members' accounts, each ended by a line end: bytes are sent to another thread faster than texts. */
  accountLines: Uint8Array
  scheme: Scheme
  /** The accounts and the names of the indicators as plain lines have them. */
  keys: { accounts: ByteKeys; indicators: ByteKeys }
}

/** Bytes of a file's beginning in which its header must be. */
export const HEAD_BYTES = 256 * 1024

/**
 * Looks at the beginning of a file. Undefined when it is not a records table in the plain form (delimited text with a
 * header); such a file is left to the general reader, which also says what is wrong with it.
 */
export async function setUpLines(
  start: Uint8Array,
  { headers, scheme, accounts }: { headers: Headers; scheme: Scheme; accounts: readonly string[] },
): Promise<LineSetup | undefined> {
  const encoding = encodingOf(start)
  if (!encoding || !fitsCounts(scheme)) return
  const whole = start.subarray(0, start.lastIndexOf(10) + 1)
  try {
    if (!whole.length || containerOf(start) !== 'text') return
    const header = await headerOf(whole, headers, scheme)
    if (header?.kind !== 'records') return
    const text = new TextDecoder(encoding).decode(whole)
    const delimiter = delimiterOf(text)
    const end = endOfRow(whole, header.row)
    if (end < 0) return
    const columns = columnsOf(header, delimiter, new TextDecoder(encoding).decode(whole.subarray(0, end)))
    const setup = { encoding, delimiter: delimiter.charCodeAt(0), columns, head: whole.slice(0, end) }
    const withIds = firstHasId(whole.subarray(end), setup)
    const keys = {
      accounts: byteKeys(keyLines(accounts, encoding, headers.totals)),
      indicators: byteKeys(
        keyLines(
          scheme.indicators.map(({ name }) => name),
          encoding,
          headers.totals,
        ),
      ),
    }
    const accountLines = encoder.encode(linesOf(accounts))
    const members = accounts.length
    return { ...setup, headRows: header.row, withIds, careful: false, members, accountLines, scheme, keys }
  } catch {
    return
  }
}

/** UTF-8 or GBK where the beginning leaves no doubt. */
function encodingOf(start: Uint8Array): LineSetup['encoding'] | undefined {
  if (start[0] === 0xff || start[0] === 0xfe) return
  if (start.every((byte) => byte < 128)) return
  const end = start.lastIndexOf(10) + 1
  return isUtf8(start.subarray(0, end)) ? 'utf-8' : 'gb18030'
}

async function headerOf(start: Uint8Array, headers: Headers, scheme: Scheme): Promise<HeaderRow | undefined> {
  const sheet = await readDelimited(start, defaultLimits)
  for await (const batch of sheet.rows) {
    const rows = batch.filter(({ cells }) => cells.some((cell) => typeof cell !== 'string' || cell.trim()))
    return findHeader(rows.slice(0, 30), headers, scheme, 'records')
  }
  return
}

/** Where row `count` ends, when the rows up to there are one line each and end in the plain way. */
function endOfRow(bytes: Uint8Array, count: number): number {
  let end = 0
  for (let row = 0; row < count; row++) {
    const next = bytes.indexOf(10, end)
    if (next < 0) return -1
    const line = bytes.subarray(end, next)
    const carriage = line.indexOf(13)
    if (line.includes(34) || (carriage >= 0 && carriage !== line.length - 1)) return -1
    end = next + 1
  }
  return end
}

function columnsOf(header: HeaderRow, delimiter: string, head: string): LineColumn[] {
  const line = head.trimEnd().split(/\r?\n/).at(-1)!
  const columns = line.split(delimiter).map((): LineColumn => 'skipped')
  const read: readonly string[] = ['account', 'indicator', 'time', 'count', 'recordId', ...attributes]
  for (const [column, at] of header.at) if (read.includes(column)) columns[at] = column as LineColumn
  return columns
}

function firstHasId(rest: Uint8Array, setup: Pick<LineSetup, 'columns' | 'delimiter' | 'encoding'>): boolean {
  const at = setup.columns.indexOf('recordId')
  if (at < 0) return false
  const lines = new TextDecoder(setup.encoding).decode(rest.subarray(0, 4096)).split('\n')
  const first = lines.find((line) => line.trim())
  return Boolean(first?.split(String.fromCharCode(setup.delimiter))[at]?.trim())
}

const encoder = new TextEncoder()

/** Bytes of a text as the file writes it; undefined for texts that a plain cell cannot hold unchanged. */
function cellBytes(text: string, encoding: LineSetup['encoding']): Uint8Array | undefined {
  if (/^[\w.@-]+$/.test(text)) return encoder.encode(text)
  if (!text || clean(text) !== text || /[\s'`",;\t]/.test(text) || text.startsWith('=')) return
  return encoding === 'utf-8' ? encoder.encode(text) : encodeGbk(text)
}

/** The accounts of a setup, in order of member. */
export function accountsOf({ accountLines }: LineSetup): string[] {
  return new TextDecoder().decode(accountLines).split('\n').slice(0, -1)
}

function linesOf(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}

/** Texts as a file writes them, each ended by a line end; nothing for those that need a closer look. */
function keyLines(
  texts: readonly string[],
  encoding: LineSetup['encoding'],
  totals: ReadonlySet<string>,
): Uint8Array {
  const lines = linesOf(texts)
  if (/^[\w.@\n-]*$/.test(lines)) return encoder.encode(lines)
  const end = Uint8Array.of(10)
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = mayBeTotal(text) && isTotal(text, totals) ? undefined : cellBytes(text, encoding)
      return bytes ? [bytes, end] : [end]
    }),
  )
}
