import type { Day } from '../calendar/day'
import { CapCounter } from './meter'
import { PackReader } from './pack-reader'
import type { ScoringRule, Ruleset } from './rules'
import type { Pack } from './tallies'

/** Stands for a section that is not there. */
const none = new PackReader()

/** Told of every day of every indicator whose points differ; `points` are scaled, after minus before. */
export type Differ = (indicator: number, day: Day, points: number) => void

/** Compares what two packs of one member are worth, day by day, from the first day on that may differ. */
export class Comparison {
  /** Last day, over all runs, on which there was nothing before, or is nothing after. */
  gained: Day = -1
  lost: Day = -1
  readonly #before = new PackReader()
  readonly #after = new PackReader()
  readonly #meters: [CapCounter, CapCounter]

  constructor(readonly rules: Ruleset) {
    this.#meters = [new CapCounter(rules), new CapCounter(rules)]
  }

  /** `since`: no tally of an earlier day differs. */
  run(before: Pack, after: Pack, { since = -1, differ }: { since: Day | undefined; differ: Differ }): void {
    const a = this.#before.open(before)
    const b = this.#after.open(after)
    let hasA = a.section()
    let hasB = b.section()
    while (hasA || hasB) {
      const inA = hasA && (!hasB || a.indicator <= b.indicator)
      const inB = hasB && (!hasA || b.indicator <= a.indicator)
      const rule = this.rules.of(inA ? a.indicator : b.indicator)
      if (rule && ((inA && a.newest >= since) || (inB && b.newest >= since))) {
        this.#section(rule, [inA ? a : none, inB ? b : none], { since, differ })
      }
      if (inA) hasA = a.section()
      if (inB) hasB = b.section()
    }
  }

  #section(
    rule: ScoringRule,
    [before, after]: [PackReader, PackReader],
    { since, differ }: { since: Day; differ: Differ },
  ): void {
    const [a, b] = [before.since(since), after.since(since)]
    const [old, fresh] = this.#meters
    let i = a.find(since)
    let j = b.find(since)
    old.resume(rule, before, i)
    fresh.resume(rule, after, j)
    const indicator = after === none ? before.indicator : after.indicator
    while (i < a.end || j < b.end) {
      const dayA = i < a.end ? a.days[i]! : Infinity
      const dayB = j < b.end ? b.days[j]! : Infinity
      const day = Math.min(dayA, dayB)
      let points = 0
      if (dayA !== dayB) this.#note(day, dayB === day)
      if (dayA === day) points -= old.take(day, a.counts[i++]!)
      if (dayB === day) points += fresh.take(day, b.counts[j++]!)
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
