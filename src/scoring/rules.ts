import { civilOf, dayFromCivil, firstOfMonth, mondayOf, monthOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Indicator, MemberRole, Scheme, StreakStep } from '../scheme/scheme'
import type { Bucket } from '../calendar/bucket'
import type { Window } from '../calendar/day'
import type { Dictionary } from './dictionary'
import type { CapTable, Runs } from './pack-reader'

/** An indicator made ready for counting. Points are whole numbers: the scheme's points times the ruleset's scale. */
export interface ScoringRule {
  indicator: Indicator
  role: MemberRole
  /** Scaled points per counted action; 0 for a streak. */
  each: number
  /** Actions counted per bucket; Infinity without a cap. */
  times: number
  /** Buckets and the first day of each within the period, by day of the period. */
  cap: CapTable | undefined
  /** Scaled points by the length of a run, ascending; undefined for actions. */
  steps: StreakStep[] | undefined
  /** What whole runs are worth; undefined for actions. */
  runs: Runs | undefined
  /** What a day is worth by the length of the run that ends on it; the last value holds for all longer runs. */
  pointsByRun: Float64Array
}

const NO_RUNS = new Float64Array(0)

const MAX_DECIMALS = 9

/** A scheme compiled against a dictionary. Indicators of students give no points and have no rule. */
export class Ruleset {
  /** Points are kept as integers in units of 1/scale, so sums are exact. */
  readonly scale: number
  readonly period: Window
  /** Where each day's scoring year begins (runs start afresh there), by day of the period. */
  readonly years: Int32Array
  #rules: (ScoringRule | undefined)[] = []
  readonly #tables = new Map<Bucket, Int32Array>()
  readonly #starts = new Map<Bucket, Int32Array>()

  constructor(
    readonly scheme: Scheme,
    dictionary: Dictionary,
  ) {
    this.period = scheme.period
    this.scale = 10 ** Math.max(0, ...pointsOf(scheme).map(decimalsOf))
    this.years = this.#table('year')
    for (const indicator of scheme.indicators) {
      if (indicator.role !== 'student') {
        this.#rules[dictionary.add(indicator.name)] = this.#compile(indicator, indicator.role)
      }
    }
  }

  /** The rule of an indicator number; undefined for indicators that the scheme does not have. */
  of(number: number): ScoringRule | undefined {
    return this.#rules[number]
  }

  /** Rules in order of indicator number. */
  *all(): Generator<[number: number, rule: ScoringRule]> {
    for (const [number, rule] of this.#rules.entries()) if (rule) yield [number, rule]
  }

  /** The days of the bucket that holds `day`, as far as they lie in the period. */
  bucketWindow(table: Int32Array, day: Day): Window {
    const { from, to } = this.period
    const bucket = table[day - from]!
    let first = day
    let last = day
    while (first > from && table[first - 1 - from] === bucket) first--
    while (last < to && table[last + 1 - from] === bucket) last++
    return { from: first, to: last }
  }

  #compile(indicator: Indicator, role: MemberRole): ScoringRule {
    const { rule } = indicator
    switch (rule.kind) {
      case 'action':
        return {
          indicator,
          role,
          each: this.#scaled(rule.points),
          times: rule.cap?.times ?? Infinity,
          cap: rule.cap && this.#capOf(rule.cap),
          steps: undefined,
          runs: undefined,
          pointsByRun: NO_RUNS,
        }
      case 'streak': {
        const steps = rule.steps.map((step) => ({ from: step.from, points: this.#scaled(step.points) }))
        steps.sort((a, b) => a.from - b.from)
        const pointsByRun = this.#byRun(steps)
        return {
          indicator,
          role,
          each: 0,
          times: Infinity,
          cap: undefined,
          steps,
          runs: this.#runsOf(pointsByRun),
          pointsByRun,
        }
      }
    }
  }

  #byRun(steps: readonly StreakStep[]): Float64Array {
    const longest = Math.min(Math.max(0, ...steps.map(({ from }) => from)), this.years.length)
    const points = new Float64Array(longest + 1)
    for (const step of steps) points.fill(step.points, step.from)
    return points
  }

  #runsOf(pointsByRun: Float64Array): Runs {
    const { years } = this
    const longest = pointsByRun.length - 1
    const worth = new Float64Array(years.length + 1)
    for (let run = 1; run < worth.length; run++)
      worth[run] = worth[run - 1]! + pointsByRun[Math.min(run, longest)]!
    return { worth, years, first: this.period.from }
  }

  #scaled(points: number): number {
    return Math.round(points * this.scale)
  }

  #table(bucket: Bucket): Int32Array {
    const known = this.#tables.get(bucket)
    if (known) return known
    const { from, to } = this.period
    const table = new Int32Array(to - from + 1)
    for (let day = from; day <= to; day++) table[day - from] = bucketOf(bucket, day, from)
    this.#tables.set(bucket, table)
    return table
  }

  #capOf({ times, per }: { times: number; per: Bucket }): CapTable {
    return { times, buckets: this.#table(per), starts: this.#startsOf(per), first: this.period.from }
  }

  #startsOf(bucket: Bucket): Int32Array {
    const known = this.#starts.get(bucket)
    if (known) return known
    const table = this.#table(bucket)
    const { from } = this.period
    let first = from
    const starts = table.map((each, index) =>
      index && each === table[index - 1] ? first : (first = from + index),
    )
    this.#starts.set(bucket, starts)
    return starts
  }
}

function bucketOf(bucket: Bucket, day: Day, start: Day): number {
  switch (bucket) {
    case 'day':
      return day
    case 'week':
      return mondayOf(day)
    case 'month':
      return monthOf(day)
    case 'year':
      return yearOf(day, start)
    case 'period':
      return 0
  }
}

/** Which year of 12 months from `start` on a day lies in, counted from 0. */
function yearOf(day: Day, start: Day): number {
  const first = civilOf(start)
  for (let year = 1; ; year++) {
    const next =
      dayFromCivil(first.year + year, first.month, first.day) ??
      firstOfMonth(first.year + year, first.month + 1)
    if (day < next) return year - 1
  }
}

function pointsOf(scheme: Scheme): number[] {
  return scheme.indicators.flatMap(({ rule }) =>
    rule.kind === 'action' ? [rule.points] : rule.steps.map((step) => step.points),
  )
}

function decimalsOf(points: number): number {
  const [digits = '', exponent = '0'] = String(points).split('e')
  const decimals = (digits.split('.')[1]?.length ?? 0) - Number(exponent)
  return Math.min(Math.max(decimals, 0), MAX_DECIMALS)
}
