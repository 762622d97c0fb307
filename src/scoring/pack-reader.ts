import type { Day } from '../scheme/calendar'
import { DayList } from './day-list'

/** The version of the packed form that is written, and the only one that is read. */
export const VERSION = 2
/** Steps and counts from here on do not fit the byte of their day; the excess follows it. */
export const LONG_STEP = 63
export const LONG_COUNT = 3

const nothing = new Uint8Array(0)

/**
 * Walks over packed tallies without objects: `section()` to the next indicator, then `since(day)` reads its days, newest
 * first and only as far back as is asked, so that what happened lately costs the same however long the year is.
 */
export class PackReader {
  /** What was read of the current section. */
  readonly list = new DayList()
  #bytes: Uint8Array = nothing
  #at = 0
  #end = 0
  #last: Day = 0
  /** Where the current section starts, its header included. */
  start = 0
  indicator = -1
  /** The last day of the current section. */
  newest: Day = 0

  open(pack: Uint8Array): this {
    if (pack.length && pack[0] !== VERSION) {
      throw new Error(`tallies: version ${pack[0]} of the packed form, only ${VERSION} is known`)
    }
    this.#bytes = pack
    this.#end = 1
    this.#at = 1
    return this
  }

  /** Goes to the next indicator, wherever in the current one the reader is; false at the end. */
  section(): boolean {
    this.#at = this.#end
    if (this.#at >= this.#bytes.length) return false
    this.start = this.#at
    this.indicator = this.#varint()
    const length = this.#varint()
    this.#end = this.#at + length
    this.newest = this.#varint()
    this.#last = this.newest + 1
    this.list.begin(length)
    return true
  }

  /** One past the last byte of the current section. */
  get end(): number {
    return this.#end
  }

  /** Where the next older day of the section is written; `end` when all were read. */
  get position(): number {
    return this.#at
  }

  /** Reads back to a day: all from it on, and one before it when there is one, are in the list then. */
  since(day: Day): DayList {
    const { list } = this
    const { days, counts } = list
    const bytes = this.#bytes
    const end = this.#end
    let at = this.#at
    let last = this.#last
    let { start } = list
    while (at < end && (last >= day || start === list.end)) {
      const byte = bytes[at++]!
      let step = byte >> 2
      let count = byte & 3
      if (step === LONG_STEP || count === LONG_COUNT) {
        this.#at = at
        if (step === LONG_STEP) step += this.#varint()
        if (count === LONG_COUNT) count += this.#varint()
        at = this.#at
      }
      last -= step + 1
      days[--start] = last
      counts[start] = count + 1
    }
    this.#at = at
    this.#last = last
    list.start = start
    return list
  }

  /** Reads the whole section. */
  days(): DayList {
    return this.since(-1)
  }

  #varint(): number {
    const bytes = this.#bytes
    let at = this.#at
    let byte = bytes[at++]!
    let value = byte & 127
    // Shifts while they fit, because this is read for every section of everybody.
    for (let shift = 7; byte > 127 && shift < 28; shift += 7) {
      byte = bytes[at++]!
      value |= (byte & 127) << shift
    }
    for (let factor = 2 ** 28; byte > 127; factor *= 128) {
      byte = bytes[at++]!
      value += (byte & 127) * factor
    }
    this.#at = at
    return value
  }
}
