import type { Day } from '../calendar/day'
import type { MemberRole, StreakStep } from '../scheme/scheme'
import type { Bucket } from '../calendar/bucket'
import type { Window } from '../calendar/day'
import { ScoreColumn } from './column'
import type { PointsQuery, Tools } from './column'
import { CapCounter } from './meter'
import type { PackReader } from './pack-reader'
import type { ScoringRule, Ruleset } from './rules'
import type { Pack } from './tallies'
import { present } from '../text/present'

/** What one bucket of a cap held of the window asked for. */
export interface BucketUse {
  /** The whole bucket, cut only by the scoring period. */
  window: Window
  /** Recorded and counted actions on days that lie in the window asked for. */
  actions: number
  counted: number
  /** Recorded and counted actions of the whole bucket: what was used up before the window. */
  bucketActions: number
  bucketCounted: number
}

/** How the days of a streak indicator were paid: `days` days at this step's points. */
export interface StepUse extends StreakStep {
  days: number
}

interface Explained {
  indicator: string
  group: string
  role: MemberRole
  /** Recorded in the window. */
  actions: number
  /** Counted in the window; for a streak, the days. */
  counted: number
  points: number
}

/**
 * Where the points of one indicator in a window come from, as values; texts are the caller's. The sum of `points` over
 * a member's explanations of a role is the member's score of that role.
 */
export type Explanation = Explained &
  (
    | { kind: 'each'; each: number }
    | { kind: 'cap'; each: number; times: number; per: Bucket; buckets: BucketUse[] }
    | { kind: 'streak'; days: number; longest: number; steps: StepUse[] }
  )

/** Explains a pack under a query, in order of the scheme's indicators; those without an action in the window are left out. */
export function explainPack(pack: Pack, query: PointsQuery, { reader, rules }: Tools): Explanation[] {
  const column = new ScoreColumn(query, rules)
  const found = new Map<string, Explanation>()
  reader.open(pack)
  while (reader.section()) {
    const rule = rules.of(reader.indicator)
    if (!rule || !column.wants(reader.indicator)) continue
    const paid = payDays(reader, rule, rules)
    const explanation = explainRule(paid, rule, { rules, window: query.window })
    if (explanation.actions > 0) found.set(rule.indicator.name, explanation)
  }
  return rules.scheme.indicators.flatMap(({ name }) => found.get(name) ?? [])
}

interface PaidDay {
  day: Day
  actions: number
  counted: number
  points: number
  run: number
}

function payDays(reader: PackReader, rule: ScoringRule, rules: Ruleset): PaidDay[] {
  const meter = new CapCounter(rules)
  meter.start(rule)
  const days: PaidDay[] = []
  const list = reader.days()
  for (let at = list.find(rules.period.from); at < list.find(rules.period.to + 1); at++) {
    const [day = 0, count = 0] = [list.days[at], list.counts[at]]
    const points = meter.take(day, count)
    days.push({ day, actions: count, counted: meter.counted, points, run: meter.run })
  }
  return days
}

interface Frame {
  rules: Ruleset
  window: Window
}

function explainRule(all: PaidDay[], rule: ScoringRule, { rules, window }: Frame): Explanation {
  const days = all.filter(({ day }) => day >= window.from && day <= window.to)
  const explained = {
    indicator: rule.indicator.name,
    group: rule.indicator.group,
    role: rule.role,
    actions: sum(days, 'actions'),
    counted: sum(days, 'counted'),
    points: sum(days, 'points') / rules.scale,
  }
  const { rule: declared } = rule.indicator
  switch (declared.kind) {
    case 'streak':
      return {
        ...explained,
        kind: 'streak',
        days: days.length,
        longest: longestRun(days),
        steps: stepsOf(days, declared.steps),
      }
    case 'action':
      if (!declared.cap) return { ...explained, kind: 'each', each: declared.points }
      return {
        ...explained,
        kind: 'cap',
        each: declared.points,
        ...declared.cap,
        buckets: bucketsOf(all, days, {
          table: present(rule.cap, `the cap of ${rule.indicator.name}`).buckets,
          rules,
        }),
      }
  }
}

/** The longest run of days one after the other within the window: what lies before it is not asked about. */
function longestRun(days: readonly PaidDay[]): number {
  let [longest, run] = [0, 0]
  for (const [at, { day }] of days.entries()) {
    run = days[at - 1]?.day === day - 1 ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  return longest
}

function stepsOf(days: PaidDay[], steps: readonly StreakStep[]): StepUse[] {
  const sorted = [...steps].sort((a, b) => a.from - b.from)
  return sorted.map((step, index) => {
    const next = sorted[index + 1]?.from ?? Infinity
    return { ...step, days: days.filter(({ run }) => run >= step.from && run < next).length }
  })
}

function bucketsOf(
  all: PaidDay[],
  days: PaidDay[],
  { table, rules }: { table: Int32Array; rules: Ruleset },
): BucketUse[] {
  const { from } = rules.period
  const bucketed = new Set(days.map(({ day }) => table[day - from]))
  return [...bucketed].map((bucket) => {
    const inside = (paid: PaidDay) => table[paid.day - from] === bucket
    const whole = all.filter(inside)
    const seen = days.filter(inside)
    return {
      window: rules.bucketWindow(table, present(seen[0], 'a day of the bucket').day),
      actions: sum(seen, 'actions'),
      counted: sum(seen, 'counted'),
      bucketActions: sum(whole, 'actions'),
      bucketCounted: sum(whole, 'counted'),
    }
  })
}

function sum(days: PaidDay[], key: 'actions' | 'counted' | 'points'): number {
  return days.reduce((total, paid) => total + paid[key], 0)
}
