import type { SchoolCalendar } from './school-calendar'
import { dayKind } from './workday'
import { dayOf, instantOf } from './day'
import type { Day } from './day'

/** Minutes since local midnight, `to` not included. */
export interface WorkSpan {
  from: number
  to: number
}

/** Which days are worked on; holidays and make-up days are its business. */
export interface WorkCalendar {
  isWorkday(day: Day): boolean
}

/** Working days and the spans of such a day, in order and without overlap. */
export interface WorkClock {
  calendar: WorkCalendar
  hours: readonly WorkSpan[]
}

/** The clock of config/tickets.yml's hours over public holidays, make-up days and what config/calendar.yml adds. */
export function workClock(hours: readonly WorkSpan[], calendar: SchoolCalendar): WorkClock {
  return { hours, calendar: { isWorkday: (day) => dayKind(day, calendar).work } }
}

const msPerMinute = 60_000
/** How far ahead a due time is looked for: ten years without so much working time is a broken calendar. */
const farthest = 3660

/** Minutes of work between two instants, part minutes included; 0 when `to` is not later. */
export function workMinutes(clock: WorkClock, from: Date, to: Date): number {
  let sum = 0
  const last = dayOf(to)
  for (let day = dayOf(from); day <= last; day++) {
    if (!clock.calendar.isWorkday(day)) continue
    for (const span of clock.hours) {
      const begin = Math.max(from.getTime(), instantOf(day, span.from).getTime())
      const end = Math.min(to.getTime(), instantOf(day, span.to).getTime())
      if (end > begin) sum += end - begin
    }
  }
  return sum / msPerMinute
}

/**
 * The first instant by which so many minutes of work have passed since `from`. Asked for 0 it is the next instant of
 * work. Throws when the calendar has no such working time within ten years.
 */
export function afterWork(clock: WorkClock, from: Date, minutes: number): Date {
  let left = minutes * msPerMinute
  const first = dayOf(from)
  for (let day = first; day <= first + farthest; day++) {
    if (!clock.calendar.isWorkday(day)) continue
    for (const span of clock.hours) {
      const begin = Math.max(from.getTime(), instantOf(day, span.from).getTime())
      const end = instantOf(day, span.to).getTime()
      if (end <= begin) continue
      if (left <= end - begin) return new Date(begin + left)
      left -= end - begin
    }
  }
  throw new RangeError(`no ${minutes} minutes of work within ${farthest} days: check calendar and hours`)
}

/** Minutes of work of one full working day. */
export function minutesPerDay(clock: WorkClock): number {
  return clock.hours.reduce((sum, { from, to }) => sum + to - from, 0)
}
