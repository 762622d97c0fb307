import type { Day } from '../calendar/day'
import type { StreakStep } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { PackReader } from './pack-reader'
import type { ScoringRule, Ruleset } from './rules'

/**
 * Counts one indicator of one member, day by day in rising order, from the period's first day on: how many of the day's
 * actions are counted and what they are worth. Only here and in the reader's sums anything is known of caps and runs.
 */
export class CapCounter {
  /** Of the last day taken: actions counted, and the length of the run that ends there. */
  counted = 0
  run = 0
  #rule!: ScoringRule
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
  start(rule: ScoringRule): void {
    this.#rule = rule
    this.#bucket = -1
    this.#used = 0
    this.#last = -2
    this.run = 0
  }

  /** Begins an indicator in the middle: as if all days before the one at `at` in the reader's list had been taken. */
  resume(rule: ScoringRule, reader: PackReader, at: number): void {
    this.start(rule)
    const { list } = reader
    const day = at < list.end ? list.days[at]! : -1
    if (day < this.#from || day > this.#to) return
    if (rule.steps) {
      this.run = this.#runBefore(reader, at)
      if (this.run) this.#last = day - 1
    } else if (rule.cap) {
      const index = day - this.#from
      this.#bucket = rule.cap.buckets[index]!
      const first = rule.cap.starts[index]!
      reader.since(first)
      let used = 0
      for (let i = at - 1; i >= list.start && list.days[i]! >= first; i--) used += list.counts[i]!
      this.#used = Math.min(used, rule.times)
    }
  }

  /**
   * Scaled points of the days of the reader's section that lie in a window. The same as taking one day
   * after the other, for millions of days.
   */
  sum(rule: ScoringRule, reader: PackReader, window: Window): number {
    const from = window.from > this.#from ? window.from : this.#from
    const to = window.to < this.#to ? window.to : this.#to
    if (reader.newest < from || from > to) return 0
    if (rule.runs) return reader.sumRuns(from, to, rule.runs)
    return (rule.cap ? reader.countCapped(from, to, rule.cap) : reader.count(from, to)) * rule.each
  }

  /** Scaled points of a day with `count` actions; 0 outside the period, where nothing counts at all. */
  take(day: Day, count: number): number {
    this.counted = 0
    if (day < this.#from || day > this.#to) return 0
    const rule = this.#rule
    if (rule.steps) return this.#login(day, rule.pointsByRun)
    if (!rule.cap) {
      this.counted = count
      return count * rule.each
    }
    const bucket = rule.cap.buckets[day - this.#from]!
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

  #login(day: Day, pointsByRun: Float64Array): number {
    const years = this.#years
    const index = day - this.#from
    const goesOn = day === this.#last + 1 && years[index] === years[index - 1]
    this.run = goesOn ? this.run + 1 : 1
    this.#last = day
    this.counted = 1
    return pointsByRun[Math.min(this.run, pointsByRun.length - 1)]!
  }
}

/** Points of a day on which a run of this length ends; 0 before the first step. */
export function pointsAt(steps: readonly StreakStep[], run: number): number {
  let points = 0
  for (let i = 0; i < steps.length && steps[i]!.from <= run; i++) points = steps[i]!.points
  return points
}
