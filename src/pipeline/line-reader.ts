import { readCodeField } from '../formats/code-fields'
import { meets } from '../formats/requirement'
import { isTotal } from '../formats/totals'
import type { Headers } from '../formats/headers'
import { attributes } from '../scheme/scheme'
import type { Attribute, RecordRequirement } from '../scheme/scheme'
import type { BatchSink } from './batch'
import { ByteTable } from './byte-table'
import { BatchWriter } from './batch-writer'
import type { IdSet } from './id-set'
import { FIRST_ATTRIBUTE, lineColumns } from './line-setup'
import type { LineSetup } from './line-setup'
import { LineMoments } from './moments'

const LINE_END = 10
const RETURN = 13
const QUOTE = 34
const DOT = 46
const MOST_ACTIONS = 1_000_000
/** Digits of a count or attribute that are read here; longer ones are looked at more carefully elsewhere. */
const MOST_DIGITS = 7
/** Texts that are remembered; names of people come again, remarks do not. */
const MOST_HARMLESS = 100_000

/** Bytes that must be readable behind the last line. */
export const SLACK = 64

/** A line that is not plain: its bytes, its place in the chunk, and its row. */
export interface OddLine {
  row: number
  start: number
  bytes: Uint8Array
}

/** What a line is read with beside its setup. */
export interface LineTools {
  headers: Headers
  /** Ids that count as repeated. */
  before: IdSet | undefined
  sink: BatchSink
}

/**
 * Reads the plain lines of a records file into batches without making a string or an object of any. Lines that are not
 * plain in any way (quotes, other forms of date, unknown account, no id) are set aside unread.
 */
export class LineReader {
  /** Rows seen, counted as a spreadsheet shows them. */
  rows = 0
  odd: OddLine[] = []
  readonly writer: BatchWriter
  readonly #kinds: readonly number[]
  readonly #accounts: ByteTable
  readonly #indicators: ByteTable
  readonly #requirements: readonly (RecordRequirement | undefined)[]
  readonly #moments: LineMoments
  readonly #values = new Float64Array(attributes.length)
  readonly #valueOf = (attribute: Attribute): number | undefined => {
    const value = this.#values[attributes.indexOf(attribute)]
    return value === undefined || value < 0 ? undefined : value
  }
  readonly #harmless = new Set<string>()
  readonly #decode: (bytes: Uint8Array) => string
  readonly #delimiter: number
  readonly #four: number
  /** Skipped columns before the second needed one have words that could make their row a sum. */
  readonly #judged: number
  /** From this column on there are only attributes, which are mostly all empty. */
  readonly #tail: number
  #bytes: Uint8Array = new Uint8Array(0)
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** What the field read last says. */
  #number = 0
  #carries = false

  constructor(
    readonly setup: LineSetup,
    readonly tools: LineTools,
  ) {
    const { scheme, columns, delimiter, window } = setup
    this.writer = new BatchWriter(scheme.period.from, tools)
    this.#kinds = columns.map((column) => lineColumns.indexOf(column))
    this.#accounts = new ByteTable(setup.accounts)
    this.#indicators = new ByteTable(setup.indicators)
    this.#requirements = scheme.indicators.map(({ requirement }) => requirement)
    this.#moments = new LineMoments(delimiter, window, tools.headers.dates)
    const decoder = new TextDecoder(setup.encoding)
    this.#decode = (bytes) => decoder.decode(bytes)
    this.#delimiter = delimiter
    this.#four = Math.imul(delimiter, 0x01010101)
    this.#tail = this.#kinds.findLastIndex((kind) => kind < FIRST_ATTRIBUTE) + 1
    const needed = columns.flatMap((column, at) =>
      ['account', 'indicator', 'time'].includes(column) ? [at] : [],
    )
    this.#judged = needed[1] ?? 0
    this.#values.fill(-1)
  }

  /**
   * Reads the whole lines in `bytes` from `start` to `end`, behind which `SLACK` bytes are readable. Answers where it
   * stopped: at the end, or behind an odd line when the setup says to be careful.
   */
  take(bytes: Uint8Array, start: number, end: number): number {
    if (bytes.buffer !== this.#view.buffer || bytes.byteOffset !== this.#view.byteOffset) {
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.#bytes = bytes
    this.writer.batch.bytes = bytes
    let at = start
    while (at < end) {
      this.rows++
      const behind = this.#line(at)
      if (behind >= 0) {
        at = behind
        continue
      }
      const next = bytes.indexOf(LINE_END, at) + 1
      const isEmpty = next - at === 1 || (next - at === 2 && bytes[at] === RETURN)
      if (!isEmpty) this.odd.push({ row: this.rows, start: at, bytes: bytes.slice(at, next) })
      at = next
      if (this.setup.careful && !isEmpty) break
    }
    this.writer.flush()
    return at
  }

  /** Reads a line, answering where the next one begins; -1 when it is not plain. All in one place, because calls would cost more than the work. */
  #line(start: number): number {
    const bytes = this.#bytes
    const view = this.#view
    const kinds = this.#kinds
    const delimiter = this.#delimiter
    const tail = this.#tail
    const last = kinds.length - 1
    const { withIds } = this.setup
    const { writer } = this
    let at = start
    let member = 0
    let indicator = 0
    let count = 1
    let idAt = -1
    let idEnd = -1
    let alike = -1
    if (this.#carries) this.#values.fill(-1)
    this.#carries = false
    for (let column = 0; column <= last; column++) {
      if (column > 0 && bytes[at++] !== delimiter) return -1
      if (column === tail) {
        const end = this.#emptyTo(at, at + last - column)
        if (end >= 0) {
          at = end
          break
        }
      }
      switch (kinds[column]) {
        case 1:
          if ((member = this.#key(this.#accounts, at, column === last)) < 0) return -1
          at += this.#accounts.length(member)
          break
        case 2:
          if ((indicator = this.#key(this.#indicators, at, column === last)) < 0) return -1
          at += this.#indicators.length(indicator)
          break
        case 3:
          if ((at = this.#moments.read(bytes, view, at)) < 0) return -1
          break
        case 4:
          if ((at = this.#whole(at)) < 0) return -1
          count = this.#number
          break
        case 5:
          idAt = at
          alike = withIds ? writer.ids.alike(bytes, view, at) : -1
          if (alike >= 0 && this.#isEnd(at + writer.ids.length)) at += writer.ids.length
          else {
            alike = -1
            if (this.#skip(at) !== 1) return -1
            at = this.#number
          }
          idEnd = at
          break
        case 0: {
          const plain = this.#skip(at)
          if (plain < 0 || (plain === 0 && column < this.#judged && !this.#isHarmless(at))) return -1
          at = this.#number
          break
        }
        default:
          if ((at = this.#attribute(at, kinds[column]! - FIRST_ATTRIBUTE)) < 0) return -1
      }
    }
    if (bytes[at] === RETURN) at++
    if (bytes[at] !== LINE_END || withIds !== idEnd > idAt) return -1
    if (withIds) {
      const state =
        alike >= 0 && !this.tools.before ? Number(writer.ids.addAlike(alike)) : this.#addId(idAt, idEnd)
      if (state < 0) return -1
      if (state === 0) {
        writer.understood++
        writer.repeated++
        return at + 1
      }
    }
    writer.understood++
    const { batch } = writer
    const row = batch.size++
    const requirement = this.#carries ? this.#requirements[indicator] : undefined
    batch.member[row] = member
    batch.indicator[row] = indicator
    batch.day[row] = this.#moments.day - writer.first
    batch.minute[row] = this.#moments.minute
    batch.count[row] = count
    batch.valid[row] = requirement && !meets(requirement, this.#valueOf) ? 0 : 1
    batch.idAt[row] = withIds ? idAt : 0
    batch.idLength[row] = withIds ? idEnd - idAt : 0
    batch.idForm[row] = writer.ids.form
    batch.idNumber[row] = writer.ids.number
    batch.carried[row] = this.#carries ? batch.carry(this.#values) : -1
    if (batch.isFull) writer.flush()
    return at + 1
  }

  /** The end of the line where nothing but `to - at` separators comes before it; else -1. */
  #emptyTo(at: number, to: number): number {
    const view = this.#view
    const bytes = this.#bytes
    while (at + 4 <= to && view.getInt32(at, true) === this.#four) at += 4
    while (at < to && bytes[at] === this.#delimiter) at++
    return at === to && bytes[at] === LINE_END ? at : -1
  }

  #key(table: ByteTable, at: number, isLast: boolean): number {
    if (!isLast) return table.findUpTo(this.#view, at, this.#four)
    let end = at
    while (!this.#isEnd(end)) {
      if (this.#bytes[end++] === LINE_END) return -1
    }
    return table.find(this.#view, at, end - at)
  }

  #isEnd(at: number): boolean {
    const byte = this.#bytes[at]
    return (
      byte === this.#delimiter || byte === LINE_END || (byte === RETURN && this.#bytes[at + 1] === LINE_END)
    )
  }

  /** Reads a whole number, 1 where there is nothing. */
  #whole(at: number): number {
    const end = this.#digits(at)
    if (end === at) this.#number = 1
    return end >= 0 && this.#number <= MOST_ACTIONS && this.#isEnd(end) ? end : -1
  }

  #digits(start: number): number {
    const bytes = this.#bytes
    let at = start
    let value = 0
    for (let digit; (digit = bytes[at]! - 48) >= 0 && digit <= 9; at++) value = value * 10 + digit
    this.#number = value
    return at - start > MOST_DIGITS ? -1 : at
  }

  /** A number of at most 7 digits before and behind the point, or nothing. */
  #attribute(start: number, place: number): number {
    if (this.#isEnd(start)) return start
    let at = this.#digits(start)
    if (at <= start) return -1
    let value = this.#number
    if (this.#bytes[at] === DOT) {
      const from = at + 1
      at = this.#digits(from)
      if (at <= from) return -1
      const unit = 10 ** (at - from)
      value = (value * unit + this.#number) / unit
    }
    this.#values[place] = value
    this.#carries = true
    return this.#isEnd(at) ? at : -1
  }

  /** Goes over a field that nobody reads: 1 when it is plain, 0 when it holds other than ASCII, -1 for quotes and NUL. */
  #skip(start: number): number {
    const bytes = this.#bytes
    let plain = 1
    let at = start
    for (; ; at++) {
      const byte = bytes[at]!
      if (byte === this.#delimiter || byte === LINE_END) break
      if (byte === QUOTE || byte === 0) return -1
      if (byte === RETURN) {
        if (bytes[at + 1] === LINE_END) break
        return -1
      }
      if (byte > 127) plain = 0
    }
    this.#number = at
    return plain
  }

  /** Whether the field that was just gone over is no word for a sum. */
  #isHarmless(at: number): boolean {
    const text = this.#decode(this.#bytes.subarray(at, this.#number))
    if (this.#harmless.has(text)) return true
    if (isTotal(text, this.tools.headers.totals)) return false
    if (this.#harmless.size < MOST_HARMLESS) this.#harmless.add(text)
    return true
  }

  /** 1 for a new id, 0 for a known one, -1 for none that can be told from its bytes. */
  #addId(start: number, end: number): number {
    const bytes = this.#bytes
    const { before } = this.tools
    if (!before) {
      const state = this.writer.ids.addBytes(bytes, start, end)
      if (state >= 0) return state
    }
    const text = String.fromCharCode(...bytes.subarray(start, end))
    if (text.startsWith('=') || readCodeField({ column: 'recordId', cell: text }) !== text) return -1
    return this.writer.isNew(text) ? 1 : 0
  }
}
