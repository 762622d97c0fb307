import type { Day } from '../scheme/calendar'
import type { StreakStep, Window } from '../scheme/scheme'
import type { PackReader } from './pack-reader'
import type { Rule, Ruleset } from './rules'

/**
 * Counts one indicator of one member, day by day in rising order, from the period's first day on: how many of the day's
 * actions are counted and what they are worth. The one place that knows caps and runs.
 */
export class Meter {
  /** Of the last day taken: actions counted, and the length of the run that ends there. */
  counted = 0
  run = 0
  #rule!: Rule
  #bucket = 0
  #used = 0
  #last = 0
  readonly #from: Day
  readonly #to: Day
  readonly #years: Int32Array

  constructor(rules: Ruleset) {
    this.#from = rules.period.from
    this.#to = rules.period.to
    this.#years = rules.years
  }

  /** Begins an indicator. */
  start(rule: Rule): void {
    this.#rule = rule
    this.#bucket = -1
    this.#used = 0
    this.#last = -2
    this.run = 0
  }

  /** Begins an indicator in the middle: as if all days before the one at `at` in the reader's list had been taken. */
  resume(rule: Rule, reader: PackReader, at: number): void {
    this.start(rule)
    const { list } = reader
    const day = at < list.end ? list.days[at]! : -1
    if (day < this.#from || day > this.#to) return
    if (rule.steps) {
      this.run = this.#runBefore(reader, at)
      if (this.run) this.#last = day - 1
    } else if (rule.buckets) {
      const index = day - this.#from
      this.#bucket = rule.buckets[index]!
      const first = rule.starts![index]!
      reader.since(first)
      let used = 0
      for (let i = at - 1; i >= list.start && list.days[i]! >= first; i--) used += list.counts[i]!
      this.#used = Math.min(used, rule.times)
    }
  }

  /** Scaled points of the days of the reader's section that lie in a window. */
  sum(rule: Rule, reader: PackReader, { from, to }: Window): number {
    const first = Math.max(from, this.#from)
    const last = Math.min(to, this.#to)
    if (reader.newest < first || last < first) return 0
    const list = reader.since(first)
    let at = list.find(first)
    const end = reader.newest <= last ? list.end : list.find(last + 1)
    if (at >= end) return 0
    const { days, counts } = list
    let total = 0
    this.resume(rule, reader, at)
    for (; at < end; at++) total += this.take(days[at]!, counts[at]!)
    return total
  }

  /** Scaled points of a day with `count` actions; 0 outside the period, where nothing counts at all. */
  take(day: Day, count: number): number {
    this.counted = 0
    if (day < this.#from || day > this.#to) return 0
    const rule = this.#rule
    if (rule.steps) return this.#login(day, rule.steps)
    if (rule.buckets === undefined) {
      this.counted = count
      return count * rule.each
    }
    const bucket = rule.buckets[day - this.#from]!
    if (bucket !== this.#bucket) {
      this.#bucket = bucket
      this.#used = 0
    }
    const room = rule.times - this.#used
    const counted = count < room ? count : room
    this.#used += counted
    this.counted = counted
    return counted * rule.each
  }

  /** Length of the run that ends the day before the one at `at`. */
  #runBefore(reader: PackReader, at: number): number {
    const { list } = reader
    const years = this.#years
    let day = list.days[at]!
    let run = 0
    for (let i = at - 1; day > this.#from; day--, i--, run++) {
      if (i < list.start) reader.since(day - 1)
      if (i < list.start || list.days[i] !== day - 1) break
      if (years[day - this.#from] !== years[day - 1 - this.#from]) break
    }
    return run
  }

  #login(day: Day, steps: readonly StreakStep[]): number {
    const years = this.#years
    const index = day - this.#from
    const goesOn = day === this.#last + 1 && years[index] === years[index - 1]
    this.run = goesOn ? this.run + 1 : 1
    this.#last = day
    this.counted = 1
    return pointsAt(steps, this.run)
  }
}

/** Points of a day on which a run of this length ends; 0 before the first step. */
export function pointsAt(steps: readonly StreakStep[], run: number): number {
  let points = 0
  for (let i = 0; i < steps.length && steps[i]!.from <= run; i++) points = steps[i]!.points
  return points
}
