import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'
import type { Board } from '../scoring/board'
import { CapCounter } from '../scoring/meter'
import { PackReader } from '../scoring/pack-reader'
import type { ScoringRule } from '../scoring/rules'
import { emptyPack } from '../scoring/tallies'
import type { Pack } from '../scoring/tallies'

/** How often a member did something; indicators by name, both ends of a window included. */
export interface Counts {
  /** Recorded actions. */
  actions(indicator: string, window: Window): number
  /** Actions that gave points: those under the cap; for a streak, the days. */
  counted(indicator: string, window: Window): number
  /** Length of the run of days of a streak that ends on a day; 0 when nothing was done on it. */
  run(indicator: string, day: Day): number
}

/** The counts of one member after the other on a board. Reads bytes in place: `of` many members makes no garbage. */
export class BoardCounts implements Counts {
  readonly #reader = new PackReader()
  readonly #meter: CapCounter
  #pack: Pack = emptyPack

  constructor(private readonly board: Board) {
    this.#meter = new CapCounter(board.rules)
  }

  /** Turns to another member; the same object is answered, so use it before the next call. */
  of(account: string): this {
    this.#pack = this.board.pack(account)
    return this
  }

  actions(indicator: string, window: Window): number {
    let actions = 0
    if (!this.#find(indicator)) return actions
    const { counts, at, end } = this.#days(window)
    for (let i = at; i < end; i++) actions += counts[i] ?? 0
    return actions
  }

  counted(indicator: string, window: Window): number {
    let counted = 0
    const rule = this.#find(indicator)
    if (!rule) return counted
    const { days, counts, at, end } = this.#days(window)
    this.#meter.resume(rule, this.#reader, at)
    for (let i = at; i < end; i++) {
      this.#meter.take(days[i] ?? 0, counts[i] ?? 0)
      counted += this.#meter.counted
    }
    return counted
  }

  run(indicator: string, day: Day): number {
    const rule = this.#find(indicator)
    if (!rule?.steps) return 0
    const { at, end } = this.#days({ from: day, to: day })
    if (at === end) return 0
    this.#meter.resume(rule, this.#reader, at)
    this.#meter.take(day, 1)
    return this.#meter.run
  }

  /** The days of the section that lie in a window and in the period. */
  #days({ from, to }: Window): { days: Int32Array; counts: Float64Array; at: number; end: number } {
    const { period } = this.board.rules
    const first = Math.max(from, period.from)
    const list = this.#reader.since(first)
    const at = list.find(first)
    const end = Math.max(at, list.find(Math.min(to, period.to) + 1))
    return { days: list.days, counts: list.counts, at, end }
  }

  /** Goes to the section of an indicator and answers its rule; undefined when the member has none. */
  #find(indicator: string): ScoringRule | undefined {
    const number = this.board.dictionary.find(indicator)
    if (number === undefined) return undefined
    this.#reader.open(this.#pack)
    // Sections come in order of number.
    while (this.#reader.section() && this.#reader.indicator <= number) {
      if (this.#reader.indicator === number) return this.board.rules.of(number)
    }
    return undefined
  }
}
