import type { Day, Window } from '../calendar/day'
import type { Headers } from '../formats/headers'
import { parseMoment } from '../formats/moments'

const LINE_END = 10
const RETURN = 13
const SPACE = 32
const COLON = 58
const LONGEST = 40

/**
 * Dates with a time of day, straight from bytes. Files are in order of time, so a date like the one before is known at
 * once; every other one is read as any reader of this project reads it.
 */
export class LineMoments {
  /** Of the field read last. */
  day: Day = 0
  /** -1 where only the date is given. */
  minute = -1
  /** The ten bytes of a date, and the sixteen of a date with its minute, that were understood last. */
  #date0 = 0
  #date1 = 0
  #date2 = 0
  #dateDay: Day = -1
  #minute0 = 0
  #minute1 = 0
  #minute2 = 0
  #minute3 = 0
  #minuteDay: Day = -1
  #minuteOfDay = -1

  constructor(
    readonly delimiter: number,
    /** Other days are not read here. */
    readonly window: Window,
    readonly words: Headers['dates'],
  ) {}

  /** Where the field that begins here ends; -1 when it is none that can be read here. */
  read(bytes: Uint8Array, view: DataView, at: number): number {
    if (
      view.getInt32(at + 12, true) === this.#minute3 &&
      view.getInt32(at + 8, true) === this.#minute2 &&
      view.getInt32(at + 4, true) === this.#minute1 &&
      view.getInt32(at, true) === this.#minute0 &&
      bytes[at + 16] === this.delimiter &&
      this.#minuteDay >= 0
    ) {
      this.day = this.#minuteDay
      this.minute = this.#minuteOfDay
      return at + 16
    }
    const end = this.#sameDate(bytes, view, at)
    if (end === at + 16) {
      this.#minute0 = view.getInt32(at, true)
      this.#minute1 = view.getInt32(at + 4, true)
      this.#minute2 = view.getInt32(at + 8, true)
      this.#minute3 = view.getInt32(at + 12, true)
      this.#minuteDay = this.day
      this.#minuteOfDay = this.minute
    }
    return end < 0 ? this.#anyMoment(bytes, view, at) : end
  }

  #sameDate(bytes: Uint8Array, view: DataView, at: number): number {
    if (view.getInt32(at, true) !== this.#date0 || view.getInt32(at + 4, true) !== this.#date1) return -1
    if (view.getUint16(at + 8, true) !== this.#date2 || this.#dateDay < 0) return -1
    this.day = this.#dateDay
    this.minute = -1
    at += 10
    if (bytes[at] !== SPACE) return this.#isEnd(bytes, at) ? at : -1
    const hour = twoDigits(bytes, at + 1)
    const minute = twoDigits(bytes, at + 4)
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || bytes[at + 3] !== COLON) return -1
    this.minute = hour * 60 + minute
    if (this.#isEnd(bytes, at + 6)) return at + 6
    const second = twoDigits(bytes, at + 7)
    if (bytes[at + 6] !== COLON || second < 0 || second > 59) return -1
    return this.#isEnd(bytes, at + 9) ? at + 9 : -1
  }

  #anyMoment(bytes: Uint8Array, view: DataView, at: number): number {
    let text = ''
    let end = at
    for (; !this.#isEnd(bytes, end); end++) {
      const byte = bytes[end]!
      if (byte < SPACE || byte > 126 || end - at === LONGEST) return -1
      text += String.fromCharCode(byte)
    }
    const moment = parseMoment(text, false, this.words)
    if (!moment || moment.day < this.window.from || moment.day > this.window.to) return -1
    this.day = moment.day
    this.minute = moment.minute ?? -1
    if (/^\d{4}[-/.]\d\d[-/.]\d\d( |$)/.test(text)) {
      this.#date0 = view.getInt32(at, true)
      this.#date1 = view.getInt32(at + 4, true)
      this.#date2 = view.getUint16(at + 8, true)
      this.#dateDay = moment.day
    }
    return end
  }

  #isEnd(bytes: Uint8Array, at: number): boolean {
    const byte = bytes[at]
    return byte === this.delimiter || byte === LINE_END || (byte === RETURN && bytes[at + 1] === LINE_END)
  }
}

/** The number of two digits, below 0 or above 99 for anything else. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48
  const ones = bytes[at + 1]! - 48
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones
}
