import type { Day } from '../scheme/calendar'
import type { Window } from '../scheme/scheme'
import type { Board } from '../scoring/board'
import { Meter } from '../scoring/meter'
import type { Rule } from '../scoring/rules'
import { PackReader, emptyPack } from '../scoring/tallies'
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
  readonly #meter: Meter
  #pack: Pack = emptyPack

  constructor(private readonly board: Board) {
    this.#meter = new Meter(board.rules)
  }

  /** Turns to another member; the same object is answered, so use it before the next call. */
  of(account: string): this {
    this.#pack = this.board.pack(account)
    return this
  }

  actions(indicator: string, window: Window): number {
    const { period } = this.board.rules
    let actions = 0
    if (!this.#find(indicator)) return actions
    while (this.#reader.next()) {
      const { day, count } = this.#reader
      if (day > window.to || day > period.to) break
      if (day >= window.from && day >= period.from) actions += count
    }
    return actions
  }

  counted(indicator: string, window: Window): number {
    let counted = 0
    const rule = this.#find(indicator)
    if (!rule) return counted
    this.#meter.start(rule)
    while (this.#reader.next()) {
      const { day, count } = this.#reader
      if (day > window.to) break
      this.#meter.take(day, count)
      if (day >= window.from) counted += this.#meter.counted
    }
    return counted
  }

  run(indicator: string, day: Day): number {
    const rule = this.#find(indicator)
    if (!rule?.steps) return 0
    this.#meter.start(rule)
    let last: Day | undefined
    while (this.#reader.next() && this.#reader.day <= day) {
      last = this.#reader.day
      this.#meter.take(last, 1)
    }
    return last === day ? this.#meter.run : 0
  }

  /** Goes to the section of an indicator and answers its rule; undefined when the member has none. */
  #find(indicator: string): Rule | undefined {
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
