/** What a {@link ByteTable} looks keys up in; a plain value whose memory all threads share. */
export interface ByteKeys {
  /** Places less 1, a power of two less 1. */
  mask: number
  /** Each in a place of the same size: hash, key number + 1 (0 is free), length, then its bytes, filled up with zeros. */
  buckets: Int32Array
  stride: number
  longest: number
  lengths: Int32Array
}

/** Makes a table of keys of which each is ended by a line end; an empty one is never found, but has a number. */
export function byteKeys(lines: Uint8Array): ByteKeys {
  const lengths = lengthsOf(lines)
  const size = 1 << Math.ceil(Math.log2(Math.max(lengths.length, 1) * 2 + 2))
  let longest = 0
  for (let number = 0; number < lengths.length; number++) longest = Math.max(longest, lengths[number]!)
  const stride = FIRST_WORD + Math.ceil(longest / 4)
  const buckets = new Int32Array(new SharedArrayBuffer(stride * size * 4))
  const bytes = new Uint8Array(lines.length + 4)
  bytes.set(lines)
  const view = new DataView(bytes.buffer)
  for (let number = 0, start = 0; number < lengths.length; number++) {
    const length = lengths[number]!
    if (length) {
      const hash = hashOf(view, start, length)
      let bucket = hash & (size - 1)
      while (buckets[bucket * stride + 1]) bucket = (bucket + 1) & (size - 1)
      let place = bucket * stride
      buckets[place++] = hash
      buckets[place++] = number + 1
      buckets[place++] = length
      for (let at = 0; at < length; at += 4) {
        const word = view.getInt32(start + at, true)
        buckets[place++] = length - at >= 4 ? word : word & (0xffffff >> (24 - (length - at) * 8))
      }
    }
    start += length + 1
  }
  return { mask: size - 1, buckets, stride, longest, lengths }
}

/**
 * Numbers of byte strings (accounts, indicator names), found without making a string of the bytes looked at. Keys are
 * compared whole, four bytes at a time, so a hit is exact. Laid out so that a look-up touches one place in memory.
 */
export class ByteTable {
  readonly #mask: number
  readonly #buckets: Int32Array
  readonly #stride: number
  readonly #longest: number
  readonly #lengths: Int32Array

  constructor({ mask, buckets, stride, longest, lengths }: ByteKeys) {
    this.#mask = mask
    this.#buckets = buckets
    this.#stride = stride
    this.#longest = longest
    this.#lengths = lengths
  }

  /** Bytes of a key. */
  length(number: number): number {
    return this.#lengths[number]!
  }

  /** Number of the key that stands at `start` with this length, or -1. Looks at up to 3 bytes behind it. */
  find(view: DataView, start: number, length: number): number {
    return this.#search(view, start, length, hashOf(view, start, length))
  }

  /**
   * Number of the key from `start` up to the next delimiter, or -1; `four` is the delimiter in each of four bytes.
   * Finds the end and the hash in one go.
   */
  findUpTo(view: DataView, start: number, four: number): number {
    const last = Math.min(start + this.#longest, view.byteLength - 4)
    let hash = 0
    for (let at = start; at <= last; at += 4) {
      const word = view.getInt32(at, true)
      const other = word ^ four
      const ends = (other - 0x01010101) & ~other & 0x80808080
      if (ends === 0) {
        hash = Math.imul(hash ^ word, FACTOR)
        hash ^= hash >>> 15
        continue
      }
      const left = (31 - Math.clz32(ends & -ends)) >> 3
      if (left) hash = Math.imul(hash ^ (word & (0xffffff >> (24 - left * 8))), FACTOR)
      const length = at + left - start
      return this.#search(view, start, length, seal(hash, length))
    }
    return -1
  }

  #search(view: DataView, start: number, length: number, hash: number): number {
    const buckets = this.#buckets
    const mask = this.#mask
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      let place = bucket * this.#stride
      const number = buckets[place + 1]! - 1
      if (number < 0) return -1
      if (buckets[place] !== hash || buckets[place + 2] !== length) continue
      place += FIRST_WORD
      let at = start
      let left = length
      for (; left >= 4 && view.getInt32(at, true) === buckets[place]; left -= 4, at += 4) place++
      if (left === 0) return number
      if (left < 4 && (view.getInt32(at, true) & (0xffffff >> (24 - left * 8))) === buckets[place])
        return number
    }
  }
}

function lengthsOf(lines: Uint8Array): Int32Array {
  let count = 0
  for (let at = 0; at < lines.length; at++) if (lines[at] === LINE_END) count++
  const lengths = new Int32Array(count)
  for (let at = 0, number = 0; at < lines.length; at++) {
    if (lines[at] === LINE_END) number++
    else lengths[number]!++
  }
  return lengths
}

const LINE_END = 10
const FIRST_WORD = 3
const FACTOR = 0x9e3779b1

function hashOf(view: DataView, start: number, length: number): number {
  let hash = 0
  let at = start
  let left = length
  for (; left >= 4; left -= 4, at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), FACTOR)
    hash ^= hash >>> 15
  }
  if (left) hash = Math.imul(hash ^ (view.getInt32(at, true) & (0xffffff >> (24 - left * 8))), FACTOR)
  return seal(hash, length)
}

function seal(hash: number, length: number): number {
  return hash ^ (hash >>> 15) ^ length
}
