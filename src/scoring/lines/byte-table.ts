/**
 * Numbers of byte strings (accounts, indicator names), found without making a string of the bytes looked at. Keys are
 * compared whole, four bytes at a time, so a hit is exact. Laid out so that a look-up touches two places in memory.
 */
export class ByteTable {
  readonly #mask: number
  /** Pairs of hash and key number + 1; 0 is free. */
  readonly #buckets: Int32Array
  /** Each key in a place of the same size: its length, then its bytes, filled up with zeros. */
  readonly #keys: Int32Array
  readonly #stride: number

  constructor(keys: readonly Uint8Array[]) {
    const size = 1 << Math.ceil(Math.log2(Math.max(keys.length, 1) * 2 + 2))
    const longest = keys.reduce((most, { length }) => Math.max(most, length), 0)
    this.#mask = size - 1
    this.#buckets = new Int32Array(size * 2)
    this.#stride = 1 + Math.ceil(longest / 4)
    this.#keys = new Int32Array(this.#stride * keys.length)
    const bytes = new Uint8Array(this.#keys.buffer)
    const view = new DataView(this.#keys.buffer)
    for (const [number, key] of keys.entries()) {
      if (!key.length) continue
      const place = number * this.#stride
      this.#keys[place] = key.length
      bytes.set(key, (place + 1) * 4)
      this.#insert(hashOf(view, (place + 1) * 4, key.length), number)
    }
  }

  /** Number of the key that stands at `start` with this length, or -1. Looks at up to 3 bytes behind it. */
  find(view: DataView, start: number, length: number): number {
    const hash = hashOf(view, start, length)
    const buckets = this.#buckets
    const mask = this.#mask
    for (let bucket = hash & mask; ; bucket = (bucket + 1) & mask) {
      const number = buckets[bucket * 2 + 1]! - 1
      if (number < 0) return -1
      if (buckets[bucket * 2] === hash && this.#same(number, view, start, length)) return number
    }
  }

  #insert(hash: number, number: number): void {
    let bucket = hash & this.#mask
    while (this.#buckets[bucket * 2 + 1]) bucket = (bucket + 1) & this.#mask
    this.#buckets[bucket * 2] = hash
    this.#buckets[bucket * 2 + 1] = number + 1
  }

  #same(number: number, view: DataView, start: number, length: number): boolean {
    const keys = this.#keys
    let place = number * this.#stride
    if (keys[place++] !== length) return false
    let at = start
    let left = length
    for (; left >= 4; left -= 4, at += 4) if (view.getInt32(at, true) !== keys[place++]) return false
    return left === 0 || (view.getInt32(at, true) & (0xffffff >> (24 - left * 8))) === keys[place]
  }
}

function hashOf(view: DataView, start: number, length: number): number {
  let hash = length
  let at = start
  let left = length
  for (; left >= 4; left -= 4, at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  if (left) hash = Math.imul(hash ^ (view.getInt32(at, true) & (0xffffff >> (24 - left * 8))), 0x9e3779b1)
  return hash ^ (hash >>> 15)
}
