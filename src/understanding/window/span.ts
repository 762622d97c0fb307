import { civilOf, dayFromCivil, mondayOf } from '../../calendar/day'
import type { Day } from '../../calendar/day'
import type { Window } from '../../calendar/day'
import type { SchoolCalendar } from '../../calendar/school-calendar'

/** What a stretch of days was said as; a month may be narrowed and followed by a day, a week by a weekday. */
export type SpanUnit = 'day' | 'week' | 'month' | 'other'

export interface Span extends Window {
  unit: SpanUnit
  /** Only an end of a longer window: "since school began" is one, "school began" alone is none. */
  edge?: true
}

/** What windows are read against. */
export interface WindowContext {
  today: Day
  period: Window
  calendar: SchoolCalendar
}

/** A half-understood date is never answered as something smaller. */
export type SpanProblem = 'date' | 'lunar-date'

export type ReadSpan = { end: number } & ({ span: Span } | { problem: SpanProblem })

/** The days of a month; months beyond 1-12 run over into other years. */
export function monthSpan(year: number, month: number): Span {
  const from = firstOf(year, month)
  return { from, to: firstOf(year, month + 1) - 1, unit: 'month' }
}

function firstOf(year: number, month: number): Day {
  const index = year * 12 + month - 1
  return dayFromCivil(Math.floor(index / 12), (index % 12) + 1, 1) ?? 0
}

export function daySpan(day: Day): Span {
  return { from: day, to: day, unit: 'day' }
}

export function weekSpan(today: Day, offset: number): Span {
  const from = mondayOf(today) + 7 * offset
  return { from, to: from + 6, unit: 'week' }
}

/** The months from one to another of a year. */
export function monthsSpan(year: number, first: number, last: number): Span {
  return { from: monthSpan(year, first).from, to: monthSpan(year, last).to, unit: 'other' }
}

/** Days that end today: so many, or so many calendar months. */
export function recentSpan(today: Day, count: number, unit: 'day' | 'month'): Span {
  if (unit === 'day') return { from: today - count + 1, to: today, unit: 'other' }
  const { year, month, day } = civilOf(today)
  const before = monthSpan(year, month - count)
  return { from: Math.min(before.from + day - 1, before.to) + 1, to: today, unit: 'other' }
}

/** The year in which a date without one lies: within the period, and there the nearest to today. */
export function yearOf(month: number, day: number, { period, today }: WindowContext): number {
  const first = civilOf(period.from).year
  const last = civilOf(period.to).year
  let best: number | undefined
  let distance = Infinity
  for (let year = first; year <= last; year++) {
    const at = dayFromCivil(year, month, day)
    if (at === undefined || at < period.from || at > period.to) continue
    if (Math.abs(at - today) >= distance) continue
    best = year
    distance = Math.abs(at - today)
  }
  return best ?? civilOf(today).year
}

/** Parts of a month: its three decades, halves, first and last day. */
export function partOfMonth({ from, to }: Span, part: number): Span | undefined {
  switch (part) {
    case 1:
      return { from, to: from + 9, unit: 'other' }
    case 2:
      return { from: from + 10, to: from + 19, unit: 'other' }
    case 3:
      return { from: from + 20, to, unit: 'other' }
    case 4:
      return { from, to: from, unit: 'day', edge: true }
    case 5:
      return { from: to, to, unit: 'day', edge: true }
    case 6:
      return { from, to: from + 14, unit: 'other' }
    case 7:
      return { from: from + 15, to, unit: 'other' }
    case 8:
      return { from, to, unit: 'month' }
    default:
      return undefined
  }
}
