/**
 * Numbers of byte strings (accounts, indicator names), found without making a string of the bytes looked at. Keys are
 * compared whole, four bytes at a time, so a hit is exact.
 */
export class ByteTable {
  readonly #mask: number
  /** Key number + 1 by bucket; 0 is free. */
  readonly #buckets: Int32Array
  readonly #hashes: Int32Array
  readonly #starts: Int32Array
  readonly #keys: DataView

  constructor(keys: readonly Uint8Array[]) {
    const size = 1 << Math.ceil(Math.log2(Math.max(keys.length, 1) * 4))
    this.#mask = size - 1
    this.#buckets = new Int32Array(size)
    this.#hashes = new Int32Array(keys.length)
    this.#starts = new Int32Array(keys.length + 1)
    for (const [number, key] of keys.entries()) this.#starts[number + 1] = this.#starts[number]! + key.length
    const bytes = new Uint8Array(this.#starts[keys.length]! + 4)
    this.#keys = new DataView(bytes.buffer)
    for (const [number, key] of keys.entries()) {
      if (!key.length) continue
      bytes.set(key, this.#starts[number])
      const hash = hashOf(this.#keys, this.#starts[number]!, key.length)
      this.#hashes[number] = hash
      let bucket = hash & this.#mask
      while (this.#buckets[bucket]) bucket = (bucket + 1) & this.#mask
      this.#buckets[bucket] = number + 1
    }
  }

  /** Number of the key that stands at `start` with this length, or -1. */
  find(view: DataView, start: number, length: number): number {
    const hash = hashOf(view, start, length)
    for (let bucket = hash & this.#mask; ; bucket = (bucket + 1) & this.#mask) {
      const number = this.#buckets[bucket]! - 1
      if (number < 0) return -1
      if (this.#hashes[number] === hash && this.#same(number, view, start, length)) return number
    }
  }

  #same(number: number, view: DataView, start: number, length: number): boolean {
    const own = this.#starts[number]!
    if (this.#starts[number + 1]! - own !== length) return false
    let at = 0
    for (; at + 4 <= length; at += 4) {
      if (view.getUint32(start + at, true) !== this.#keys.getUint32(own + at, true)) return false
    }
    for (; at < length; at++) if (view.getUint8(start + at) !== this.#keys.getUint8(own + at)) return false
    return true
  }
}

function hashOf(view: DataView, start: number, length: number): number {
  let hash = length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(start + at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < length; at++) hash = Math.imul(hash ^ view.getUint8(start + at), 0x9e3779b1)
  hash = Math.imul(hash ^ (hash >>> 13), 0x85ebca6b)
  return hash ^ (hash >>> 16)
}
