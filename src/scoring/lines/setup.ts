import { isUtf8 } from 'node:buffer'
import { encodingOf } from '../../formats/encoding'
import type { HeaderRow } from '../../formats/header-row'
import type { Headers } from '../../formats/headers'
import { clean } from '../../text/normalise'
import { isTotal, mayBeTotal } from '../../formats/totals'
import { containerOf } from '../../formats/container'
import { attributes } from '../../scheme/scheme'
import type { Attribute, RecordRequirement, Scheme } from '../../scheme/scheme'
import { takeLines } from './texts'
import type { Accounts } from './texts'
import type { Engine } from './engine'
import { encodeGbk } from './gbk'
import { readHead, wordLines } from './head'
import type { LineEncoding } from './head'

/** In the order of the numbers that the engine knows them by. */
const kinds = ['skipped', 'account', 'indicator', 'time', 'count', 'recordId', ...attributes] as const
export type LineColumn = 'skipped' | 'account' | 'indicator' | 'time' | 'count' | 'recordId' | Attribute

const FIRST_ATTRIBUTE = kinds.indexOf(attributes[0])

/** How to read the plain lines of one records file; a plain value that can be sent to another thread. */
export interface LineSetup {
  encoding: LineEncoding
  columns: readonly LineColumn[]
  /** The bytes up to the end of the header, and how many rows they are: what odd lines are read under. */
  head: Uint8Array
  headRows: number
  /** Whether rows are expected to have ids. */
  withIds: boolean
  /** Stop at every odd line, to keep the order among repeated ids. */
  careful: boolean
  scheme: Scheme
  accounts: Accounts
  /** Where the engine has all this, and members in a group as a power of two. */
  address: number
  shift: number
}

/** Bytes of a file's beginning in which its header must be. */
export const HEAD_BYTES = 256 * 1024

/** Cells (member x indicator) of a group: as many as are sorted quickly, and as many as there can be. */
const USUAL_CELLS = 1 << 14
const MOST_CELLS = 1 << 16
const MOST_DAYS = 1 << 12

/** Whether a scheme's days and indicators have room in an entry of the engine's counts. */
export function fitsCounts({ period, indicators }: Scheme): boolean {
  return period.to - period.from < MOST_DAYS && indicators.length <= MOST_CELLS
}

export interface LineContext {
  engine: Engine
  headers: Headers
  scheme: Scheme
  accounts: Accounts
}

/**
 * Looks at the beginning of a file. Undefined when it is not a records table in the plain form (delimited text with a
 * header); such a file is left to the general reader, which also says what is wrong with it.
 */
export async function setUpLines(start: Uint8Array, context: LineContext): Promise<LineSetup | undefined> {
  const { headers, scheme } = context
  const whole = start.subarray(0, start.lastIndexOf(10) + 1)
  const encoding = lineEncoding(whole)
  if (!encoding || !fitsCounts(scheme)) return
  try {
    if (!whole.length || containerOf(start) !== 'text') return
    const head = await readHead(whole, { headers, scheme, kind: 'records', encoding })
    if (!head) return
    const { header, delimiter, end } = head
    const columns = columnsOf(header, delimiter, new TextDecoder(encoding).decode(whole.subarray(0, end)))
    const withIds = firstHasId(whole.subarray(end), { columns, encoding, delimiter })
    const setup = { encoding, columns, head: whole.slice(0, end), headRows: header.row, withIds }
    const shift = Math.max(31 - Math.clz32(USUAL_CELLS / Math.max(scheme.indicators.length, 1)), 0)
    const address = putSetup({ ...setup, delimiter, shift }, context)
    return { ...setup, careful: false, scheme, accounts: context.accounts, address, shift }
  } catch {
    return
  }
}

/** Tells the engine how the file is to be read from now on. */
export function announce(engine: Engine, { address, withIds, careful }: LineSetup): void {
  engine.words.set([Number(withIds), Number(careful)], address / 4 + FLAGS)
}
/** Words of a `Setup` before its flags. */
const FLAGS = 5

function putSetup(
  {
    columns,
    delimiter,
    encoding,
    shift,
  }: Pick<LineSetup, 'columns' | 'encoding' | 'shift'> & { delimiter: string },
  { engine, headers, scheme, accounts }: LineContext,
): number {
  const { period, indicators } = scheme
  const texts = (list: readonly string[]) =>
    putKeys(engine, keyLines(list, encoding, headers.totals), list.length)
  const needed = columns.flatMap((column, at) =>
    ['account', 'indicator', 'time'].includes(column) ? [at] : [],
  )
  return engine.putWords([
    engine.put(Uint8Array.from(columns, (column) => kinds.indexOf(column))),
    columns.length,
    delimiter.charCodeAt(0),
    columns.findLastIndex((column) => kinds.indexOf(column) < FIRST_ATTRIBUTE) + 1,
    // A row's first two words can say that it is a sum.
    needed[1] ?? 0,
    0,
    0,
    Number(encoding !== 'utf-8'),
    accounts.texts || texts(takeLines(engine, accounts)),
    texts(indicators.map(({ name }) => name)),
    putKeys(engine, wordLines(headers.totals, encoding), headers.totals.size),
    accounts.count,
    period.from,
    period.to - period.from + 1,
    Math.max(indicators.length, 1),
    shift,
    engine.putWords(
      indicators.map(({ requirement }) => (requirement ? putRequirement(engine, requirement) : 0)),
    ),
  ])
}

function putKeys(engine: Engine, lines: Uint8Array, count: number): number {
  return engine.calls.textsOf(engine.put(lines), lines.length, count)
}

function putRequirement(engine: Engine, { kind, conditions }: RecordRequirement): number {
  const address = engine.calls.take(8 + conditions.length * 24)
  engine.words.set([Number(kind === 'any'), conditions.length], address / 4)
  for (const [index, { attribute, min = -Infinity, max = Infinity }] of conditions.entries()) {
    const at = address + 8 + index * 24
    engine.words[at / 4] = attributes.indexOf(attribute)
    engine.doubles.set([min, max], at / 8 + 1)
  }
  return address
}

/** UTF-8 or GBK where the beginning leaves no doubt. */
function lineEncoding(lines: Uint8Array): LineEncoding | undefined {
  if (lines.every((byte) => byte < 128)) return
  const encoding = encodingOf(lines)
  if (encoding === 'gb18030') return encoding
  // What is marked as UTF-8 may be broken.
  return encoding === 'utf-8' && isUtf8(lines) ? encoding : undefined
}

function columnsOf(header: HeaderRow, delimiter: string, head: string): LineColumn[] {
  const line = head.trimEnd().split(/\r?\n/).at(-1)!
  const columns = line.split(delimiter).map((): LineColumn => 'skipped')
  const read: readonly string[] = ['account', 'indicator', 'time', 'count', 'recordId', ...attributes]
  for (const [column, at] of header.at) if (read.includes(column)) columns[at] = column as LineColumn
  return columns
}

function firstHasId(
  rest: Uint8Array,
  { columns, encoding, delimiter }: Pick<LineSetup, 'columns' | 'encoding'> & { delimiter: string },
): boolean {
  const at = columns.indexOf('recordId')
  if (at < 0) return false
  const lines = new TextDecoder(encoding).decode(rest.subarray(0, 4096)).split('\n')
  const first = lines.find((line) => line.trim())
  return Boolean(first?.split(delimiter)[at]?.trim())
}

const encoder = new TextEncoder()

/** Bytes of a text as the file writes it; undefined for texts that a plain cell cannot hold unchanged. */
function cellBytes(text: string, encoding: LineEncoding): Uint8Array | undefined {
  if (/^[\w.@-]+$/.test(text)) return encoder.encode(text)
  if (!text || clean(text) !== text || /[\s'`",;\t]/.test(text) || text.startsWith('=')) return
  return encoding === 'utf-8' ? encoder.encode(text) : encodeGbk(text)
}

/** Texts as a file writes them, each ended by a line end; nothing for those that need a closer look. */
function keyLines(texts: readonly string[], encoding: LineEncoding, totals: ReadonlySet<string>): Uint8Array {
  const end = Uint8Array.of(10)
  return Buffer.concat(
    texts.flatMap((text) => {
      const bytes = mayBeTotal(text) && isTotal(text, totals) ? undefined : cellBytes(text, encoding)
      return bytes ? [bytes, end] : [end]
    }),
  )
}
