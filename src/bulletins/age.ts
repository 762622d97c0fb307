import type { Day } from '../calendar/day'
import type { SchoolCalendar } from '../calendar/school-calendar'
import { dayKind } from '../calendar/workday'

/** Data of more working days ago make no bulletin. */
export const BULLETIN_MAX_AGE = 3

/** Working days after a day, up to and including today. */
export function workdaysSince(day: Day, today: Day, calendar: SchoolCalendar): number {
  let count = 0
  // Older than a month is old enough, and the days before today need not be gone through one by one for years.
  for (let next = Math.max(day + 1, today - 60); next <= today; next++)
    if (dayKind(next, calendar).work) count++
  return count
}
