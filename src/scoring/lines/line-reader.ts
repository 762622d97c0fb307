import { readCode } from '../../formats/fields'
import { attributes } from '../../scheme/scheme'
import { ByteTable } from './byte-table'
import { addTo, makeCounts } from './counts'
import type { Counts } from './counts'
import { Cursor } from './cursor'
import { HarmlessTexts } from './harmless-texts'
import { IdSet } from './id-set'
import { Test } from './requirement'
import type { LineColumn, LineSetup } from './setup'

const LINE_END = 10
const RETURN = 13
const MOST_ACTIONS = 1_000_000

const kinds: readonly LineColumn[] = [
  'skipped',
  'account',
  'indicator',
  'time',
  'count',
  'recordId',
  ...attributes,
]
const FIRST_ATTRIBUTE = 6

/** A line that is not plain: its bytes, its place in the chunk, and its row. */
export interface OddLine {
  row: number
  start: number
  bytes: Uint8Array
}

/**
 * Counts the plain lines of a slice of a records file without making a string or an object of any. Lines that are not
 * plain in any way (quotes, other forms of date, unknown account, no id) are set aside unread.
 */
export class LineReader {
  readonly counts: Counts
  readonly ids: IdSet
  /** Rows seen in this slice, counted as a spreadsheet shows them. */
  rows = 0
  understood = 0
  repeated = 0
  actions = 0
  odd: OddLine[] = []
  /** Members and days of the period that occur in understood rows. */
  readonly members: Uint8Array
  readonly days: Uint8Array
  readonly #setup: LineSetup
  readonly #cursor: Cursor
  readonly #columns: number[]
  readonly #accounts: ByteTable
  readonly #indicators: ByteTable
  readonly #tests: (Test | undefined)[]
  readonly #values = new Float64Array(attributes.length)
  /** Skipped columns whose words could make a row a sum: those before the second needed column. */
  readonly #judged: number
  readonly #harmless: HarmlessTexts
  readonly #before: IdSet | undefined
  #member = 0
  #indicator = 0
  #day = 0
  #count = 1
  #carries = false
  #idAt = -1
  #idEnd = -1
  /** From this column on there are only attributes, which are mostly all empty. */
  readonly #tail: number

  constructor(setup: LineSetup, totals: ReadonlySet<string>, before?: IdSet) {
    const { members, scheme, encoding, columns } = setup
    const { period } = scheme
    this.#setup = setup
    this.#before = before
    this.ids = new IdSet()
    this.counts = makeCounts(scheme, members)
    this.members = new Uint8Array(members)
    this.days = new Uint8Array(period.to - period.from + 1)
    this.#cursor = new Cursor(setup.delimiter, period)
    this.#tail = columns.findLastIndex((column) => kinds.indexOf(column) < FIRST_ATTRIBUTE) + 1
    this.#columns = columns.map((column) => kinds.indexOf(column))
    this.#accounts = new ByteTable(setup.keys.accounts)
    this.#indicators = new ByteTable(setup.keys.indicators)
    this.#tests = scheme.indicators.map(({ requirement }) => requirement && new Test(requirement))
    this.#values.fill(-1)
    this.#harmless = new HarmlessTexts(encoding, totals)
    const needed = columns.flatMap((column, at) =>
      ['account', 'indicator', 'time'].includes(column) ? [at] : [],
    )
    this.#judged = needed[1] ?? 0
  }

  /**
   * Counts the whole lines in `bytes`, which end with a line end and have `SLACK` readable bytes behind them, from
   * `start` on. Answers where it stopped: at the end, or behind an odd line when the setup says to be careful.
   */
  take(bytes: Uint8Array, start: number, end: number): number {
    const cursor = this.#cursor
    cursor.open(bytes)
    let at = start
    while (at < end) {
      this.rows++
      const behind = this.#usual(bytes, at)
      if (behind >= 0) {
        at = behind
        continue
      }
      const first = bytes[at]!
      if (first === LINE_END || (first === RETURN && bytes[at + 1] === LINE_END)) {
        at += first === RETURN ? 2 : 1
        continue
      }
      cursor.at = at
      if (this.#fields() && cursor.nextLine() && this.#settle()) {
        at = cursor.at
        continue
      }
      const next = bytes.indexOf(LINE_END, at) + 1
      this.odd.push({ row: this.rows, start: at, bytes: bytes.slice(at, next) })
      at = next
      if (this.#setup.careful) break
    }
    return at
  }

  /** Counts a row that was read in the general way. */
  count(row: { member: number; indicator: number; day: number; count: number; valid: boolean }): void {
    this.#member = row.member
    this.#indicator = row.indicator
    this.#day = row.day - this.counts.first
    this.#add(row.valid ? row.count : 0)
  }

  /** Notes a row whose id was counted before. */
  repeat(): void {
    this.understood++
    this.repeated++
  }

  /** Whether an id is new, which makes it known; earlier files count too. */
  isNew(id: string): boolean {
    return !this.#before?.has(id) && this.ids.add(id)
  }

  /**
   * Counts a line written like most lines of its file (same lengths, same date as the one before), answering where the
   * next one begins; -1, with nothing counted, when it is not. All in one place, because calls would cost more than the work.
   */
  #usual(bytes: Uint8Array, start: number): number {
    const cursor = this.#cursor
    const { view, delimiter, four } = cursor
    const columns = this.#columns
    const { withIds } = this.#setup
    const last = columns.length - 1
    const tail = this.#tail
    let at = start
    let member = 0
    let indicator = 0
    let count = 1
    let id = -1
    let carries = false
    for (let column = 0; column <= last; column++) {
      if (column > 0 && bytes[at++] !== delimiter) return -1
      if (column === tail) {
        let end = at
        const behind = at + last - column
        while (end + 4 <= behind && view.getInt32(end, true) === four) end += 4
        while (end < behind && bytes[end] === delimiter) end++
        if (end === behind && bytes[end] === LINE_END) {
          at = end
          break
        }
      }
      switch (columns[column]) {
        case 1:
          if ((member = this.#accounts.findUpTo(view, at, four)) < 0) return -1
          at += this.#accounts.length(member)
          break
        case 2:
          if ((indicator = this.#indicators.findUpTo(view, at, four)) < 0) return -1
          at += this.#indicators.length(indicator)
          break
        case 3:
          if ((at = cursor.sameMinute(at)) < 0) return -1
          break
        case 4: {
          count = bytes[at]! - 48
          if (count < 0 || count > 9) return -1
          at++
          break
        }
        case 5:
          if (!withIds || (id = this.ids.alike(bytes, view, at)) < 0) return -1
          at += this.ids.length
          break
        default: {
          const byte = bytes[at]!
          if (byte === delimiter || byte === LINE_END) break
          const place = columns[column]! - FIRST_ATTRIBUTE
          if (place < 0) return -1
          let value = 0
          const from = at
          for (let digit; (digit = bytes[at]! - 48) >= 0 && digit <= 9 && at < from + 4; at++)
            value = value * 10 + digit
          if (at === from) return -1
          if (!carries) this.#values.fill(-1)
          carries = this.#carries = true
          this.#values[place] = value
        }
      }
    }
    if (bytes[at] === RETURN) at++
    if (bytes[at] !== LINE_END || withIds !== id >= 0) return -1
    if (withIds && (this.#before || !this.ids.addAlike(id))) {
      if (this.#before) return -1
      this.repeat()
      return at + 1
    }
    this.#member = member
    this.#indicator = indicator
    this.#day = cursor.lastDay - this.counts.first
    const test = carries ? this.#tests[indicator] : undefined
    this.#add(!test || test.passes(this.#values) ? count : 0)
    return at + 1
  }

  #fields(): boolean {
    const columns = this.#columns
    const cursor = this.#cursor
    this.#count = 1
    this.#idAt = -1
    if (this.#carries) {
      this.#values.fill(-1)
      this.#carries = false
    }
    for (let column = 0; column < columns.length; column++) {
      if (column > 0 && !cursor.nextField()) return false
      if (!this.#field(columns[column]!, column)) return false
    }
    return true
  }

  #field(kind: number, column: number): boolean {
    const cursor = this.#cursor
    switch (kind) {
      case 0:
        return this.#skip(column)
      case 1:
        return (this.#member = cursor.key(this.#accounts)) >= 0
      case 2:
        return (this.#indicator = cursor.key(this.#indicators)) >= 0
      case 3:
        return (this.#day = cursor.day() - this.counts.first) >= 0
      case 4:
        this.#count = cursor.number(1)
        return this.#count >= 0 && this.#count <= MOST_ACTIONS
      case 5:
        this.#idAt = cursor.at
        if (cursor.skip() !== 1) return false
        this.#idEnd = cursor.at
        return this.#idEnd > this.#idAt === this.#setup.withIds
      default:
        return this.#attribute(kind - FIRST_ATTRIBUTE)
    }
  }

  #attribute(place: number): boolean {
    const cursor = this.#cursor
    if (cursor.atEnd) return true
    const value = cursor.decimal()
    this.#values[place] = value
    this.#carries = true
    return value >= 0
  }

  #skip(column: number): boolean {
    const start = this.#cursor.at
    const plain = this.#cursor.skip()
    if (plain === 1) return true
    if (plain < 0) return false
    return column >= this.#judged || this.#harmless.has(this.#cursor.bytes.subarray(start, this.#cursor.at))
  }

  /** Counts the line whose fields were just read; false when its id is not plain. */
  #settle(): boolean {
    if (this.#setup.withIds) {
      const state = this.#takeId()
      if (state < 0) return false
      if (state === 0) {
        this.repeat()
        return true
      }
    }
    const test = this.#carries ? this.#tests[this.#indicator] : undefined
    this.#add(!test || test.passes(this.#values) ? this.#count : 0)
    return true
  }

  /** 1 for a new id, 0 for a known one, -1 for none. */
  #takeId(): number {
    const { bytes } = this.#cursor
    const known = this.#before?.hasBytes(bytes, this.#idAt, this.#idEnd) ?? 0
    if (known === 1) return 0
    const state = known < 0 ? -1 : this.ids.addBytes(bytes, this.#idAt, this.#idEnd)
    if (state >= 0) return state
    const text = String.fromCharCode(...bytes.subarray(this.#idAt, this.#idEnd))
    const id = text.startsWith('=') ? '' : readCode({ column: 'recordId', cell: text })
    if (typeof id !== 'string' || !id) return -1
    return this.isNew(id) ? 1 : 0
  }

  #add(count: number): void {
    this.understood++
    this.actions += count
    this.members[this.#member] = 1
    this.days[this.#day] = 1
    if (count > 0) addTo(this.counts, this.#member, this.#indicator, this.#day, count)
  }
}
