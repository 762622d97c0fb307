import { dayFromCivil } from '../../scheme/calendar'
import type { Day } from '../../scheme/calendar'
import type { Window } from '../../scheme/scheme'
import type { ByteTable } from './byte-table'

const LINE_END = 10
const RETURN = 13
const QUOTE = 34
const DASH = 45
const DOT = 46
const SLASH = 47
const COLON = 58
const SPACE = 32

/** Digits of a count or attribute that are read here; longer ones are looked at more carefully elsewhere. */
const MOST_DIGITS = 7

/** Bytes that must be readable behind the last line. */
export const SLACK = 64

/**
 * Reads fields of plain lines straight from bytes. Every method begins at `at`, ends at the delimiter or line end
 * behind the field, and answers -1 for whatever is not written in the plainest way; such a line is read elsewhere.
 */
export class Cursor {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  at = 0
  #date0 = 0
  #date1 = 0
  #date2 = 0
  #dateDay: Day = -1
  #minute0 = 0
  #minute1 = 0
  #minute2 = 0
  #minute3 = 0
  #minuteDay: Day = -2
  #keyLength = 0

  /** The delimiter in each of four bytes. */
  readonly four: number

  constructor(
    readonly delimiter: number,
    readonly period: Window,
  ) {
    this.four = Math.imul(delimiter, 0x01010101)
  }

  /** Looks at other bytes; they must be followed by `SLACK` more. */
  open(bytes: Uint8Array): void {
    if (bytes.buffer !== this.view.buffer || bytes.byteOffset !== this.view.byteOffset) {
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.bytes = bytes
  }

  /** Whether `at` is behind a field. */
  get atEnd(): boolean {
    const byte = this.bytes[this.at]!
    return (
      byte === this.delimiter ||
      byte === LINE_END ||
      (byte === RETURN && this.bytes[this.at + 1] === LINE_END)
    )
  }

  /** Goes over one delimiter; false when the line ends here. */
  nextField(): boolean {
    if (this.bytes[this.at] !== this.delimiter) return false
    this.at++
    return true
  }

  /** Goes over the line end; false when the line goes on. */
  nextLine(): boolean {
    if (this.bytes[this.at] === RETURN) this.at++
    if (this.bytes[this.at] !== LINE_END) return false
    this.at++
    return true
  }

  /** The number of a known text. */
  key(table: ByteTable): number {
    const { bytes, at, delimiter } = this
    // Most keys of a file are as long as the one before.
    let end = at + this.#keyLength
    if (bytes[end] === delimiter) {
      const number = table.find(this.view, at, end - at)
      if (number >= 0) {
        this.at = end
        return number
      }
    }
    end = this.#fieldEnd()
    this.#keyLength = end - at
    this.at = end
    return table.find(this.view, at, end - at)
  }

  /** Like `sameDay`, at once for the minute of the line before, as files are in order of time. */
  sameMinute(at: number): number {
    const { view } = this
    if (
      view.getInt32(at + 12, true) === this.#minute3 &&
      view.getInt32(at + 8, true) === this.#minute2 &&
      view.getInt32(at + 4, true) === this.#minute1 &&
      view.getInt32(at, true) === this.#minute0 &&
      this.#minuteDay === this.#dateDay &&
      this.bytes[at + 16] === this.delimiter
    ) {
      return at + 16
    }
    const end = this.sameDay(at)
    if (end === at + 16) {
      this.#minute0 = view.getInt32(at, true)
      this.#minute1 = view.getInt32(at + 4, true)
      this.#minute2 = view.getInt32(at + 8, true)
      this.#minute3 = view.getInt32(at + 12, true)
      this.#minuteDay = this.#dateDay
    }
    return end
  }

  /** Where a date and time ends that begins like the last one understood; -1 when it does not. `lastDay` is its day. */
  sameDay(at: number): number {
    const { bytes, view } = this
    if (view.getInt32(at, true) !== this.#date0 || view.getInt32(at + 4, true) !== this.#date1) return -1
    if (view.getUint16(at + 8, true) !== this.#date2) return -1
    at += 10
    if (bytes[at] !== SPACE) return at
    const hour = (bytes[at + 1]! - 48) * 10 + bytes[at + 2]! - 48
    const minute = (bytes[at + 4]! - 48) * 10 + bytes[at + 5]! - 48
    if (!isDigit(bytes[at + 2]!) || !isDigit(bytes[at + 5]!) || bytes[at + 3] !== COLON) return -1
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return -1
    if (bytes[at + 6] !== COLON) return at + 6
    const second = (bytes[at + 7]! - 48) * 10 + bytes[at + 8]! - 48
    return isDigit(bytes[at + 8]!) && second >= 0 && second <= 59 ? at + 9 : -1
  }

  get lastDay(): Day {
    return this.#dateDay
  }

  /** A date in digits, with a time of day or without, inside the period. */
  day(): Day {
    const { bytes, view, at } = this
    let day: Day
    const second = view.getInt32(at + 4, true)
    const third = view.getUint16(at + 8, true)
    if (view.getInt32(at, true) === this.#date0 && second === this.#date1 && third === this.#date2) {
      day = this.#dateDay
      this.at = at + 10
    } else {
      day = this.#civilDay()
      if (day >= 0 && this.at === at + 10) {
        this.#date0 = view.getInt32(at, true)
        this.#date1 = second
        this.#date2 = third
        this.#dateDay = day
      }
    }
    if (day < 0) return -1
    if (bytes[this.at] === SPACE && !this.#time()) return -1
    return this.atEnd ? day : -1
  }

  /** A whole number; `empty` when there is nothing. */
  number(empty: number): number {
    const { bytes } = this
    let at = this.at
    let value = 0
    for (;;) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    const digits = at - this.at
    this.at = at
    if (digits > MOST_DIGITS || !this.atEnd) return -1
    return digits === 0 ? empty : value
  }

  /** A number of at most 7 digits before and behind the point. */
  decimal(): number {
    const { bytes } = this
    const whole = this.#digits(MOST_DIGITS)
    if (whole < 0) return -1
    let value = whole
    if (bytes[this.at] === DOT) {
      const start = ++this.at
      const part = this.#digits(MOST_DIGITS)
      if (part < 0) return -1
      const unit = 10 ** (this.at - start)
      value = (whole * unit + part) / unit
    }
    return this.atEnd ? value : -1
  }

  /** Goes over a field that nobody reads: 1 when it is plain, 0 when it holds other than ASCII, -1 for quotes. */
  skip(): number {
    const { bytes, delimiter } = this
    let at = this.at
    let plain = 1
    for (;;) {
      const byte = bytes[at]!
      if (byte === delimiter || byte === LINE_END) break
      if (byte === QUOTE) return -1
      if (byte === RETURN) {
        if (bytes[at + 1] === LINE_END) break
        return -1
      }
      if (byte > 127) plain = 0
      at++
    }
    this.at = at
    return plain
  }

  #fieldEnd(): number {
    const { bytes, delimiter } = this
    let at = this.at
    for (;;) {
      const byte = bytes[at]!
      if (byte === delimiter || byte === LINE_END || byte === RETURN) return at
      at++
    }
  }

  /** Reads 2022-03-09, 2022/3/9 or 2022.3.9. */
  #civilDay(): Day {
    const start = this.at
    const year = this.#digits(4)
    if (this.at !== start + 4) return -1
    const mark = this.bytes[this.at++]!
    if (mark !== DASH && mark !== SLASH && mark !== DOT) return -1
    const month = this.#digits(2)
    if (month < 0 || this.bytes[this.at++] !== mark) return -1
    const date = this.#digits(2)
    if (date < 0) return -1
    const day = dayFromCivil(year, month, date) ?? -1
    return day >= this.period.from && day <= this.period.to ? day : -1
  }

  /** Goes over ` 8:00` or ` 08:00:00`. */
  #time(): boolean {
    this.at++
    const hour = this.#digits(2)
    if (hour < 0 || hour > 23 || this.bytes[this.at++] !== COLON) return false
    const minute = this.#digits(2)
    if (minute < 0 || minute > 59) return false
    if (this.bytes[this.at] !== COLON) return true
    this.at++
    const second = this.#digits(2)
    return second >= 0 && second <= 59
  }

  #digits(most: number): number {
    const { bytes } = this
    const start = this.at
    let at = start
    let value = 0
    while (at < start + most) {
      const digit = bytes[at]! - 48
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      at++
    }
    this.at = at
    return at === start ? -1 : value
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57
}
