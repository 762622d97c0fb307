import { bucketWindow, scoringYear } from '../calendar/bucket'
import type { Day } from '../calendar/day'
import type { Cap, Indicator, MemberRole, Scheme, StreakStep } from '../scheme/scheme'
import type { Bucket } from '../calendar/bucket'
import type { Window } from '../calendar/day'
import { pointsAt } from '../scoring/meter'
import type { Counts } from './counts'

/** What one indicator can still give: within this week, or within its longer bucket. */
export interface RoomTask {
  indicator: Indicator
  /** Actions that would still be counted, for a streak the days; absent where nothing limits them. */
  left?: number
  /** Points that these actions can give; without a limit, those of one action. */
  points: number
  /** The bucket of the cap; a streak is counted by the day. */
  per: Bucket
  /** From today on, the days in which it can be done. */
  window: Window
  daysLeft: number
}

export interface Room {
  /** Under caps of a day, a week or a month, most points first. */
  now: RoomTask[]
  /** Under caps of a year or the period: what is done once and not done yet. */
  once: RoomTask[]
  /** Sum of `now`, without what has no limit. */
  points: number
}

interface RoomContext {
  scheme: Scheme
  counts: Counts
  today: Day
}

/** The room left under the caps on a day of the period. Daily caps and runs are summed up over the rest of the week. */
export function roomOf(
  scheme: Scheme,
  role: MemberRole,
  { counts, today }: { counts: Counts; today: Day },
): Room {
  const tasks = scheme.indicators
    .filter((indicator) => indicator.role === role)
    .map((indicator) => roomOfIndicator(indicator, { scheme, counts, today }))
    .filter(({ left, points }) => left !== 0 && points > 0)
    // Sorting keeps the order of the scheme among equals; what has no limit comes last.
    .sort((a, b) => Number(a.left === undefined) - Number(b.left === undefined) || b.points - a.points)
  const isLong = ({ per }: RoomTask) => per === 'year' || per === 'period'
  const now = tasks.filter((task) => task.left === undefined || !isLong(task))
  const once = tasks.filter((task) => task.left !== undefined && isLong(task))
  const points = now.reduce((sum, task) => sum + (task.left === undefined ? 0 : task.points), 0)
  return { now, once, points }
}

function roomOfIndicator(indicator: Indicator, context: RoomContext): RoomTask {
  const { rule } = indicator
  const { scheme, today } = context
  const week = { from: today, to: bucketWindow('week', today, scheme.period).to }
  const task = { indicator, window: week, daysLeft: week.to - today }
  switch (rule.kind) {
    case 'streak':
      return { ...task, per: 'day', ...roomOfStreak(indicator, rule.steps, context) }
    case 'action':
      if (!rule.cap) return { ...task, per: 'period', points: rule.points }
      if (rule.cap.per === 'day') {
        const done = context.counts.actions(indicator.name, { from: today, to: today })
        const left = Math.max(0, rule.cap.times - done) + rule.cap.times * (week.to - today)
        return { ...task, per: 'day', left, points: left * rule.points }
      }
      return { indicator, ...roomOfCap(indicator, { cap: rule.cap, each: rule.points }, context) }
  }
}

function roomOfCap(
  { name }: Indicator,
  { cap, each }: { cap: Cap; each: number },
  { scheme, counts, today }: RoomContext,
): Omit<RoomTask, 'indicator'> {
  const bucket = bucketWindow(cap.per, today, scheme.period)
  const left = Math.max(0, cap.times - counts.actions(name, bucket))
  return {
    per: cap.per,
    left,
    points: left * each,
    window: { from: today, to: bucket.to },
    daysLeft: bucket.to - today,
  }
}

/** Days and points of a run that goes on every day from today to Sunday; today only if it is not done yet. */
function roomOfStreak(
  { name }: Indicator,
  steps: readonly StreakStep[],
  { scheme, counts, today }: RoomContext,
): { left: number; points: number } {
  const last = bucketWindow('week', today, scheme.period).to
  const year = scoringYear(today, scheme.period)
  const done = counts.run(name, today)
  const first = done ? today + 1 : today
  let run = done || (year.from === today ? 0 : counts.run(name, today - 1))
  let points = 0
  for (let day = first; day <= last; day++) {
    run = day === year.to + 1 ? 1 : run + 1
    points += pointsAt(steps, run)
  }
  return { left: Math.max(0, last - first + 1), points }
}
