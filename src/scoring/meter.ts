import type { Day } from '../scheme/calendar'
import type { StreakStep } from '../scheme/scheme'
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
