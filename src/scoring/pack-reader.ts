import type { Day } from '../calendar/day'
import { DayList } from './day-list'

/** The version of the packed form that is written, and the only one that is read. */
export const VERSION = 2
/** Steps and counts from here on do not fit the byte of their day; the excess follows it. */
export const LONG_STEP = 63
export const LONG_COUNT = 3

/** What runs of days are worth by their length, the scoring year of each day from `first` on; no run goes on into the next. */
export interface Runs {
  worth: Float64Array
  years: Int32Array
  first: Day
}

/** How many actions count: up to `times` in each bucket of days. Buckets, and their first days, by day from `first` on. */
export interface CapTable {
  times: number
  buckets: Int32Array
  starts: Int32Array
  first: Day
}

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
  /** Where the days of the current section start. */
  #days = 0
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
    this.#days = this.#at
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

  /**
   * Adds up the counts of the days in a window; what was read before and is read after is not touched by it. (`| 0`
   * tells the compiler that a number is a small whole one.)
   */
  count(from: Day, to: Day): number {
    const bytes = this.#bytes
    const [position, end] = [this.#at, this.#end]
    let at = this.#days
    let day = this.newest + 1
    let counted = 0
    while (at < end) {
      const byte = bytes[at++]!
      let step = byte >> 2
      let count = byte & 3
      if (step === LONG_STEP || count === LONG_COUNT) {
        this.#at = at
        if (step === LONG_STEP) step += this.#varint() | 0
        if (count === LONG_COUNT) count += this.#varint()
        at = this.#at
      }
      day -= step + 1
      if (day < from) break
      if (day <= to) counted += count + 1
    }
    this.#at = position
    return counted
  }

  /**
   * The same under a cap, for a window of days that the cap knows. Whether the next day lies in another bucket cannot be
   * foreseen, and a branch taken wrongly costs more than all the rest, so bits decide: whole numbers of 32 bits, as a
   * scheme's caps end far below.
   */
  countCapped(from: Day, to: Day, { times, buckets, starts, first }: CapTable): number {
    const bytes = this.#bytes
    const [position, end] = [this.#at, this.#end]
    const begun = starts[from - first]!
    let at = this.#days
    let day = this.newest + 1
    let bucket = -1
    // Of the bucket that is being read: actions in the window, and before it.
    let used = 0
    let before = 0
    let counted = 0
    while (at < end) {
      const byte = bytes[at++]!
      let step = byte >> 2
      let count = (byte & 3) + 1
      if (step === LONG_STEP || count > LONG_COUNT) {
        this.#at = at
        if (step === LONG_STEP) step += this.#varint() | 0
        if (count > LONG_COUNT) count = Math.min(count + this.#varint(), times) | 0
        at = this.#at
      }
      day -= step + 1
      if (day < begun) break
      if (day < from) before += count
      else if (day <= to) {
        const next = buckets[day - first]!
        const changed = next ^ bucket
        const known = used & ~((changed | -changed) >> 31)
        bucket = next
        used = known + count
        // min(used, times) - min(known, times)
        counted += lessThanZero(used - times) - lessThanZero(known - times)
      }
    }
    this.#at = position
    if (before === 0 || bucket !== buckets[from - first]) return counted
    // Older days are counted first.
    return counted + Math.min(before + used, times) - Math.min(before, times) - Math.min(used, times)
  }

  /** Adds up what the days in a window that the runs know are worth, with the days of their run before the window. */
  sumRuns(from: Day, to: Day, { worth, years, first }: Runs): number {
    const bytes = this.#bytes
    const [position, end] = [this.#at, this.#end]
    let at = this.#days
    let day = this.newest + 1
    // Of the run that is being read: its first day so far, its days in the window, and those before it.
    let start = -1
    let length = 0
    let before = 0
    let total = 0
    while (at < end) {
      const byte = bytes[at++]!
      let step = byte >> 2
      if (step === LONG_STEP || (byte & 3) === LONG_COUNT) {
        this.#at = at
        if (step === LONG_STEP) step += this.#varint() | 0
        if ((byte & 3) === LONG_COUNT) this.#varint()
        at = this.#at
      }
      day -= step + 1
      if (day < first) break
      if (day > to) continue
      if (day !== start - 1 || years[day - first] !== years[start - first]) {
        total += worth[length + before]! - worth[before]!
        length = 0
        before = 0
        if (day < from) break
      }
      start = day
      if (day < from) before++
      else length++
    }
    this.#at = position
    return total + worth[length + before]! - worth[before]!
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

/** The number where it is negative, else 0. */
function lessThanZero(value: number): number {
  return value & (value >> 31)
}
