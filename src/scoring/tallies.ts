import type { Day } from '../scheme/calendar'

/**
 * The tallies of one member in one scoring year as bytes, about 1.2 of them per tally:
 *
 *     version (1), then per indicator, in order of number:
 *       varint indicator number, varint length of the rest, varint first day, then per day that has a count
 *       one byte: (days since the previous one - 1) << 2 | (count - 1);
 *       63 in the upper or 3 in the lower part says that a varint with the excess follows (days first)
 *
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

const VERSION = 1
const LONG_STEP = 63
const LONG_COUNT = 3

/** Walks over a pack without objects: `section()` to the next indicator, `next()` to its next day. */
export class PackReader {
  #bytes: Pack = emptyPack
  #at = 0
  #end = 0
  /** Where the current section starts, its header included. */
  start = 0
  /** Where its first day is written. */
  body = 0
  indicator = -1
  day: Day = 0
  count = 0

  open(pack: Pack): this {
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
    this.body = this.#at
    this.day = this.#varint() - 1
    return true
  }

  /** One past the last byte of the current section. */
  get end(): number {
    return this.#end
  }

  /** Where the next day of the section is written. */
  get position(): number {
    return this.#at
  }

  /** Goes to the next day of the section; false at its end. */
  next(): boolean {
    if (this.#at >= this.#end) return false
    const byte = this.#bytes[this.#at++]!
    let step = byte >> 2
    let count = byte & 3
    if (step === LONG_STEP) step += this.#varint()
    if (count === LONG_COUNT) count += this.#varint()
    this.day += step + 1
    this.count = count + 1
    return true
  }

  #varint(): number {
    let value = 0
    let factor = 1
    for (;;) {
      const byte = this.#bytes[this.#at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }
}

/** Writes one pack after the other into a buffer of its own; indicators and days must come in rising order. */
export class PackWriter {
  #bytes = new Uint8Array(4096)
  #at = 1
  #section = 0
  #last = -1

  begin(): this {
    this.#bytes[0] = VERSION
    this.#at = 1
    this.#last = -1
    return this
  }

  /** Starts the section of an indicator. One without any day leaves no trace. */
  section(indicator: number): this {
    this.#reserve(32)
    this.#section = this.#at
    this.#varint(indicator)
    this.#last = -1
    return this
  }

  /** Adds a day with a count of at least 1. */
  add(day: Day, count: number): void {
    this.#reserve(32)
    if (this.#last < 0) {
      // Two bytes for the length are enough for nearly every section; `close` moves the rest when they are not.
      this.#at += 2
      this.#varint(day)
      this.#last = day - 1
    }
    const step = day - this.#last - 1
    const long = step >= LONG_STEP
    const many = count > LONG_COUNT
    this.#bytes[this.#at++] = ((long ? LONG_STEP : step) << 2) | (many ? LONG_COUNT : count - 1)
    if (long) this.#varint(step - LONG_STEP)
    if (many) this.#varint(count - 1 - LONG_COUNT)
    this.#last = day
  }

  /** Begins a section with days copied from another one, the last of which is `last`. */
  resume(body: Uint8Array, last: Day): void {
    this.#reserve(body.length + 2)
    this.#at += 2
    this.#bytes.set(body, this.#at)
    this.#at += body.length
    this.#last = last
  }

  /** Ends the section. */
  close(): void {
    if (this.#last < 0) {
      this.#at = this.#section
      return
    }
    const header = this.#section + varintLength(this.#bytes, this.#section)
    const length = this.#at - header - 2
    if (length >= 1 << 14) {
      this.#reserve(8)
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

  /** Copies a whole section of another pack. */
  copy(pack: Pack, start: number, end: number): void {
    this.#reserve(end - start)
    this.#bytes.set(pack.subarray(start, end), this.#at)
    this.#at += end - start
  }

  finish(): Pack {
    return this.#at === 1 ? emptyPack : this.#bytes.slice(0, this.#at)
  }

  #reserve(size: number): void {
    if (this.#at + size <= this.#bytes.length) return
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + size))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  #varint(value: number): void {
    while (value > 127) {
      this.#bytes[this.#at++] = (value % 128) | 128
      value = Math.floor(value / 128)
    }
    this.#bytes[this.#at++] = value
  }
}

function varintLength(bytes: Uint8Array, at: number): number {
  let length = 1
  while (bytes[at++]! > 127) length++
  return length
}

const packer = new PackWriter()

/** Packs tallies given in any order; those of the same indicator and day are added, those of 0 left out. */
export function encode(tallies: readonly Tally[]): Pack {
  const sorted = [...tallies].sort((a, b) => a.indicator - b.indicator || a.day - b.day)
  const writer = packer.begin()
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
  return writer.finish()
}

/** The tallies of a pack, by indicator number and day. */
export function decode(pack: Pack): Tally[] {
  const tallies: Tally[] = []
  const reader = new PackReader().open(pack)
  while (reader.section()) {
    while (reader.next()) tallies.push({ indicator: reader.indicator, day: reader.day, count: reader.count })
  }
  return tallies
}

/** The pack with the given tallies added to what it holds; negative counts take away, never below 0. */
export function merge(pack: Pack, added: readonly Tally[]): Pack {
  return added.length ? encode([...decode(pack), ...added]) : pack
}

/** Whether two packs hold the same tallies. */
export function samePack(a: Pack, b: Pack): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
