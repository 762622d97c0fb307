import type { Day } from '../calendar/day'
import { LONG_COUNT, LONG_STEP, PackReader, VERSION } from './pack-reader'

/**
 * The tallies of one member in one scoring year as bytes, about 1.2 of them per tally:
 *
 *     version (2), then per indicator, in order of number:
 *       varint indicator number, varint length of the rest, varint last day, then per day that has a count, the last
 *       first, one byte: (days until the next one - 1, for the last 0) << 2 | (count - 1);
 *       63 in the upper or 3 in the lower part says that a varint with the excess follows (days first)
 *
 * The newest days come first, because a new file adds to them and most questions are about them.
 * Days are absolute and indicator numbers come from a {@link Dictionary}, so bytes never depend on a scheme.
 * A pack is a value: never written to again. No tallies at all is a pack of length 0.
 */
export type Pack = Uint8Array

/** So many actions of one member on one indicator (number in the dictionary) on one local day. */
export interface Tally {
  indicator: number
  day: Day
  count: number
}

export const emptyPack: Pack = new Uint8Array(0)

/** Small, so that a pack that is kept for long does not keep much else. */
const SLAB = 8192

/** Writes one pack after the other into a buffer of its own; indicators and days must come in rising order. */
export class PackWriter {
  #bytes = new Uint8Array(4096)
  #at = 1
  #indicator = 0
  /** The days of the open section. */
  #days = new Int32Array(512)
  #counts = new Float64Array(512)
  #size = 0
  #older: Older | undefined
  /** Made when it is first needed. */
  #slab = new ArrayBuffer(0)
  #taken = SLAB

  begin(): this {
    this.#bytes[0] = VERSION
    this.#at = 1
    return this
  }

  /** Starts the section of an indicator. One without any day leaves no trace. */
  section(indicator: number): this {
    this.#indicator = indicator
    this.#size = 0
    this.#older = undefined
    return this
  }

  /** Adds a day with a count of at least 1. */
  add(day: Day, count: number): void {
    if (this.#size === this.#days.length) {
      this.#days = enlarged(this.#days, new Int32Array(this.#size * 2))
      this.#counts = enlarged(this.#counts, new Float64Array(this.#size * 2))
    }
    this.#days[this.#size] = day
    this.#counts[this.#size++] = count
  }

  /** What comes before the days that were added, as another pack has it. */
  before(older: Older): void {
    this.#older = older
  }

  /** Ends the section. */
  close(): void {
    const older = this.#older
    if (!this.#size && !older) return
    this.#reserve(64 + this.#size * 16 + (older ? older.to - older.from : 0))
    this.#varint(this.#indicator)
    const header = this.#at
    // Two bytes for the length are enough for nearly every section; `#measure` moves the rest when they are not.
    this.#at += 2
    const newest = this.#size ? this.#days[this.#size - 1]! : older!.day
    this.#varint(newest)
    let last = newest + 1
    for (let i = this.#size - 1; i >= 0; i--) {
      const day = this.#days[i]!
      this.#entry(last - day - 1, this.#counts[i]! - 1)
      last = day
    }
    if (older) {
      this.#entry(last - older.day - 1, older.count - 1)
      this.#copy(older.pack, older.from, older.to)
    }
    this.#measure(header)
  }

  /** Copies whole sections of another pack. */
  copy(pack: Pack, start: number, end: number): void {
    this.#reserve(end - start)
    this.#copy(pack, start, end)
  }

  /** Packs lie beside each other in slabs: memory of its own for each costs more than packing it. */
  finish(): Pack {
    const size = this.#at
    if (size === 1) return emptyPack
    if (size > SLAB / 4) return this.#bytes.slice(0, size)
    if (this.#taken + size > SLAB) {
      this.#slab = new ArrayBuffer(SLAB)
      this.#taken = 0
    }
    const pack = new Uint8Array(this.#slab, this.#taken, size)
    pack.set(this.#bytes.subarray(0, size))
    this.#taken += size
    return pack
  }

  /** In memory of its own, for a writer that packs nothing else. */
  finishAlone(): Pack {
    return this.#at === 1 ? emptyPack : this.#bytes.slice(0, this.#at)
  }

  #entry(step: number, more: number): void {
    const long = step >= LONG_STEP
    const many = more >= LONG_COUNT
    this.#bytes[this.#at++] = ((long ? LONG_STEP : step) << 2) | (many ? LONG_COUNT : more)
    if (long) this.#varint(step - LONG_STEP)
    if (many) this.#varint(more - LONG_COUNT)
  }

  #measure(header: number): void {
    const length = this.#at - header - 2
    if (length >= 1 << 14) {
      const extra = length >= 1 << 21 ? 2 : 1
      this.#bytes.copyWithin(header + 2 + extra, header + 2, this.#at)
      this.#at += extra
      this.#bytes[header + 1 + extra] = length >> (7 * (1 + extra))
      for (let i = 0; i <= extra; i++) this.#bytes[header + i] = ((length >> (7 * i)) & 127) | 128
    } else {
      this.#bytes[header] = (length & 127) | 128
      this.#bytes[header + 1] = length >> 7
    }
  }

  /** A view of a few bytes costs more than copying them one by one. */
  #copy(pack: Pack, from: number, to: number): void {
    const bytes = this.#bytes
    let at = this.#at
    if (to - from > 96) bytes.set(pack.subarray(from, to), at)
    else for (let i = from; i < to; i++) bytes[at++] = pack[i]!
    this.#at += to - from
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    this.#bytes = enlarged(this.#bytes, new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + size)))
  }

  #varint(value: number): void {
    while (value > 127) {
      this.#bytes[this.#at++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.#at++] = value
  }
}

/** A day of another pack's section, and where the days before it are written there. */
export interface Older {
  day: Day
  count: number
  pack: Pack
  from: number
  to: number
}

function enlarged<T extends Uint8Array | Int32Array | Float64Array>(values: T, larger: T): T {
  larger.set(values)
  return larger
}

/** Packs tallies given in any order; those of the same indicator and day are added, those of 0 left out. */
export function encode(tallies: readonly Tally[]): Pack {
  const sorted = [...tallies].sort((a, b) => a.indicator - b.indicator || a.day - b.day)
  const writer = new PackWriter().begin()
  for (let i = 0; i < sorted.length;) {
    const { indicator } = sorted[i]!
    writer.section(indicator)
    while (i < sorted.length && sorted[i]!.indicator === indicator) {
      const { day } = sorted[i]!
      let count = 0
      for (; sorted[i]?.indicator === indicator && sorted[i]?.day === day; i++) count += sorted[i]!.count
      if (count > 0) writer.add(day, count)
    }
    writer.close()
  }
  return writer.finishAlone()
}

/** The tallies of a pack, by indicator number and day. */
export function decodeTallies(pack: Pack): Tally[] {
  const tallies: Tally[] = []
  const reader = new PackReader().open(pack)
  while (reader.section()) {
    const { days, counts, start, end } = reader.days()
    for (let at = start; at < end; at++) {
      tallies.push({ indicator: reader.indicator, day: days[at]!, count: counts[at]! })
    }
  }
  return tallies
}

/** The first day with a tally; Infinity without any. */
export function firstDayOf(pack: Pack, walker = new PackReader()): Day {
  let first = Infinity
  walker.open(pack)
  while (walker.section()) {
    const { days, start } = walker.days()
    first = Math.min(first, days[start]!)
  }
  return first
}

/** The pack with the given tallies added to what it holds; negative counts take away, never below 0. */
export function mergeTallies(pack: Pack, added: readonly Tally[]): Pack {
  return added.length ? encode([...decodeTallies(pack), ...added]) : pack
}

/** Whether two packs hold the same tallies. */
export function samePack(a: Pack, b: Pack): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
