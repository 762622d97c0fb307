/** A small seeded generator (mulberry32): the same seed gives the same numbers on every machine. */
export class Random {
  private state: number

  constructor(...seeds: number[]) {
    this.state = hash(...seeds)
  }

  /** Starts a new sequence that depends on all the given numbers, so that any day of any member stands alone. */
  reseed(a: number, b: number, c: number): this {
    this.state = mix(mix(mix(0x9e3779b9, a), b), c)
    return this
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }

  /** A whole number from `from` to `to`, both included. */
  whole(from: number, to: number): number {
    return from + Math.floor(this.next() * (to - from + 1))
  }

  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)] as T
  }
}

/** One 32-bit number out of several. */
export function hash(...values: number[]): number {
  return values.reduce(mix, 0x9e3779b9)
}

function mix(state: number, value: number): number {
  let h = state ^ Math.imul(value | 0, 0xcc9e2d51)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
