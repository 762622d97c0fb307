import type { Window } from '../scheme/scheme'
import type { Board } from '../scoring/board'
import { Meter } from '../scoring/meter'
import { PackReader, emptyPack } from '../scoring/tallies'
import type { Pack } from '../scoring/tallies'

/** How often a member did something; indicators by name, both ends of a window included. */
export interface Counts {
  /** Recorded actions. */
  actions(indicator: string, window: Window): number
  /** Actions that gave points: those under the cap; for a streak, the days. */
  counted(indicator: string, window: Window): number
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
    const number = this.#find(indicator)
    const rule = number && this.board.rules.of(number - 1)
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

  /** Goes to the section of an indicator: its number plus 1, or 0 when the member has none. */
  #find(indicator: string): number {
    this.#reader.open(this.#pack)
    while (this.#reader.section()) {
      if (this.board.dictionary.names[this.#reader.indicator] === indicator) return this.#reader.indicator + 1
    }
    return 0
  }
}
