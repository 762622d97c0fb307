/** Chance that comes again with its seed. */
export class Dice {
  #state: number

  constructor(readonly seed: number) {
    this.#state = seed >>> 0
  }

  /** From 0 to below 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number, both ends included. */
  from(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1))
  }

  oneIn(times: number): boolean {
    return this.next() * times < 1
  }

  pick<const T>(choices: readonly T[]): T {
    const chosen = choices[this.from(0, choices.length - 1)]
    if (chosen === undefined) throw new Error('nothing to choose from')
    return chosen
  }

  /** Each of the list, or not. */
  some<T>(list: readonly T[], times = 2): T[] {
    return list.filter(() => this.oneIn(times))
  }

  shuffled<T>(list: readonly T[]): T[] {
    return list
      .map((one) => ({ one, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ one }) => one)
  }

  text(letters: readonly string[], longest: number): string {
    return Array.from({ length: this.from(0, longest) }, () => this.pick(letters)).join('')
  }

  /** A number as programs write it. */
  number(): string {
    const whole = this.from(-99_999, 99_999)
    return this.pick([
      String(whole),
      String(Math.abs(whole)),
      `${whole}.0`,
      String(whole / 7),
      `${whole}E+3`,
      `${Math.abs(whole)}e-2`,
      String(this.from(44_000, 45_000)),
      String(44_629 + this.next()),
      `1234567890${Math.abs(whole)}`,
      ` ${whole} `,
    ])
  }
}
