import type { Day } from '../scheme/calendar'
import { Meter } from './meter'
import type { Rule, Ruleset } from './rules'
import { PackReader } from './tallies'
import type { Pack } from './tallies'

/** Told of every day of every indicator whose points differ; `points` are scaled, after minus before. */
export type Differ = (indicator: number, day: Day, points: number) => void

/** Compares what two packs of one member are worth, day by day, looking only into sections whose bytes differ. */
export class Comparison {
  /** Last day, over all runs, on which there was nothing before, or is nothing after. */
  gained: Day = -1
  lost: Day = -1
  readonly #before = new PackReader()
  readonly #after = new PackReader()
  readonly #meters: [Meter, Meter]

  constructor(readonly rules: Ruleset) {
    this.#meters = [new Meter(rules), new Meter(rules)]
  }

  run(before: Pack, after: Pack, differ: Differ): void {
    const a = this.#before.open(before)
    const b = this.#after.open(after)
    let hasA = a.section()
    let hasB = b.section()
    while (hasA || hasB) {
      const order = !hasA ? 1 : !hasB ? -1 : a.indicator - b.indicator
      const indicator = order > 0 ? b.indicator : a.indicator
      const rule = this.rules.of(indicator)
      if (rule && !(order === 0 && sameSection(before, a, after, b))) {
        this.#section(rule, order <= 0, order >= 0, differ)
      }
      if (order <= 0) hasA = a.section()
      if (order >= 0) hasB = b.section()
    }
  }

  #section(rule: Rule, inA: boolean, inB: boolean, differ: Differ): void {
    const a = this.#before
    const b = this.#after
    const [old, fresh] = this.#meters
    old.start(rule)
    fresh.start(rule)
    const indicator = inB ? b.indicator : a.indicator
    let hasA = inA && a.next()
    let hasB = inB && b.next()
    while (hasA || hasB) {
      const day = !hasA ? b.day : !hasB ? a.day : Math.min(a.day, b.day)
      let points = 0
      const inBoth = hasA && hasB && a.day === b.day
      if (!inBoth) this.#note(day, hasB && b.day === day)
      if (hasA && a.day === day) {
        points -= old.take(day, a.count)
        hasA = a.next()
      }
      if (hasB && b.day === day) {
        points += fresh.take(day, b.count)
        hasB = b.next()
      }
      if (points !== 0) differ(indicator, day, points)
    }
  }

  #note(day: Day, gained: boolean): void {
    const { from, to } = this.rules.period
    if (day < from || day > to) return
    if (gained) this.gained = Math.max(this.gained, day)
    else this.lost = Math.max(this.lost, day)
  }
}

function sameSection(before: Pack, a: PackReader, after: Pack, b: PackReader): boolean {
  const length = a.end - a.start
  if (length !== b.end - b.start) return false
  for (let i = 0; i < length; i++) if (before[a.start + i] !== after[b.start + i]) return false
  return true
}
