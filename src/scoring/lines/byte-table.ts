/**
 * Numbers of byte strings (accounts, indicator names), found without making a string of the bytes looked at. Keys are
 * compared whole, four bytes at a time, so a hit is exact. Laid out so that a look-up touches one place in memory.
 */
export class ByteTable {
  readonly #mask: number
  /** Each in a place of the same size: hash, key number + 1 (0 is free), length, then its bytes, filled up with zeros. */
  readonly #buckets: Int32Array
  readonly #stride: number
  readonly #longest: number
  readonly #lengths: Int32Array

  constructor(keys: readonly Uint8Array[]) {
    const size = 1 << Math.ceil(Math.log2(Math.max(keys.length, 1) * 2 + 2))
    const longest = keys.reduce((most, { length }) => Math.max(most, length), 0)
    this.#mask = size - 1
    this.#longest = longest
    this.#stride = FIRST_WORD + Math.ceil(longest / 4)
    this.#buckets = new Int32Array(this.#stride * size)
    this.#lengths = Int32Array.from(keys, ({ length }) => length)
    const padded = new Uint8Array(longest + 4)
    const view = new DataView(padded.buffer)
    const bytes = new Uint8Array(this.#buckets.buffer)
    for (const [number, key] of keys.entries()) {
      if (!key.length) continue
      padded.set(key)
      const place = this.#free(hashOf(view, 0, key.length))
      this.#buckets[place] = hashOf(view, 0, key.length)
      this.#buckets[place + 1] = number + 1
      this.#buckets[place + 2] = key.length
      bytes.set(key, (place + FIRST_WORD) * 4)
    }
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

  #free(hash: number): number {
    let bucket = hash & this.#mask
    while (this.#buckets[bucket * this.#stride + 1]) bucket = (bucket + 1) & this.#mask
    return bucket * this.#stride
  }
}

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
