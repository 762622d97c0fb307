import { civilOf, dayFromCivil, firstOfMonth, mondayOf } from './day'
import type { Day, Window } from './day'

export const buckets = ['day', 'week', 'month', 'year', 'period'] as const
/** day, ISO week, calendar month, scoring year (12 months from the period's first day on), or the whole period. */
export type Bucket = (typeof buckets)[number]

/** The days of the bucket in which a day lies, cut by the scoring period (as caps and tasks see it). */
export function bucketWindow(bucket: Bucket, day: Day, period: Window): Window {
  const { from, to } = wholeBucket(bucket, day, period)
  return { from: Math.max(from, period.from), to: Math.min(to, period.to) }
}

function wholeBucket(bucket: Bucket, day: Day, period: Window): Window {
  switch (bucket) {
    case 'day':
      return { from: day, to: day }
    case 'week':
      return { from: mondayOf(day), to: mondayOf(day) + 6 }
    case 'month': {
      const { year, month } = civilOf(day)
      return { from: firstOfMonth(year, month), to: firstOfMonth(year, month + 1) - 1 }
    }
    case 'year':
      return scoringYear(day, period)
    case 'period':
      return period
  }
}

/** The 12 months, counted from the period's first day on, in which a day lies. */
export function scoringYear(day: Day, period: Window): Window {
  const start = civilOf(period.from)
  const birthday = (year: number) =>
    // A period that starts on 29 February starts again on 1 March.
    dayFromCivil(year, start.month, start.day) ?? firstOfMonth(year, start.month + 1)
  const { year } = civilOf(day)
  const first = birthday(year) <= day ? year : year - 1
  return { from: birthday(first), to: birthday(first + 1) - 1 }
}
