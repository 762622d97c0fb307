import table from 'chinese-days/dist/chinese-days.json'
import { civilOf, formatDay, mondayOf, weekdayOf } from './day'
import type { Day } from './day'
import type { Window } from './day'
import type { NamedWindow, SchoolCalendar } from './school-calendar'

/** Why a day is one of work or off; `override` comes from `config/calendar.yml`. */
export type DayReason = 'weekday' | 'weekend' | 'holiday' | 'make-up' | 'override'

export interface DayKind {
  work: boolean
  reason: DayReason
  /**
   * False for days of a year whose public holidays nobody has given: `work` is then only what the weekday says, and
   * whoever relies on it has to tell staff.
   */
  known: boolean
}

/** Whether people work on a day: overrides first, then public holidays and make-up days, then the weekday. */
export function dayKind(day: Day, calendar: SchoolCalendar): DayKind {
  if (calendar.holidays.has(day)) return { work: false, reason: 'override', known: true }
  if (calendar.workdays.has(day)) return { work: true, reason: 'override', known: true }
  const listed = listedDay(day)
  if (listed) return { work: listed.work, reason: listed.work ? 'make-up' : 'holiday', known: true }
  const work = weekdayOf(day) <= 5
  return { work, reason: work ? 'weekday' : 'weekend', known: isYearKnown(civilOf(day).year, calendar) }
}

/** Years in a window whose public holidays are not known; to be shown to staff, not passed over. */
export function unknownYears(window: Window, calendar: SchoolCalendar): number[] {
  const first = civilOf(window.from).year
  const last = civilOf(window.to).year
  const years = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index)
  return years.filter((year) => !isYearKnown(year, calendar))
}

export interface Workday {
  day: Day
  /** False when a day on the way lies in a year whose holidays are not known. */
  known: boolean
}

/** The day itself when people work on it, else the next on which they do; undefined when none follows within 60 days. */
export function workdayFrom(day: Day, calendar: SchoolCalendar): Workday | undefined {
  let known = true
  for (let next = day; next <= day + 60; next++) {
    const kind = dayKind(next, calendar)
    known &&= kind.known
    if (kind.work) return { day: next, known }
  }
  return undefined
}

/** The school vacation in which a day lies. */
export function vacationOn(day: Day, calendar: SchoolCalendar): NamedWindow | undefined {
  return calendar.vacations.find(({ window }) => window.from <= day && day <= window.to)
}

/** Term and number of the school week (1 is the week, from Monday, that holds the first day of term). */
export function schoolWeek(day: Day, calendar: SchoolCalendar): { term: string; week: number } | undefined {
  const term = calendar.terms.find(({ window }) => mondayOf(window.from) <= day && day <= window.to)
  return term && { term: term.name, week: (mondayOf(day) - mondayOf(term.window.from)) / 7 + 1 }
}

function isYearKnown(year: number, calendar: SchoolCalendar): boolean {
  return calendar.years.has(year) || `${year}-10-01` in table.holidays
}

/**
 * What the table of chinese-days says of a day; undefined when it is not in it. The library's functions are left
 * alone: west of Greenwich they answer for the day before.
 */
function listedDay(day: Day): { work: boolean } | undefined {
  const date = formatDay(day)
  if (date in table.holidays) return { work: false }
  return date in table.workdays ? { work: true } : undefined
}
