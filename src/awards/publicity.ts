import { dayKind } from '../calendar/workday'
import type { SchoolCalendar } from '../calendar/school-calendar'
import type { Day, Window } from '../calendar/day'
import type { PublicityRule } from '../scheme/scheme'

export interface PublicityPeriod extends Window {
  /** False when a day on the way lies in a year whose public holidays nobody has given. */
  known: boolean
}

/** Days after which a search for working days is given up: no calendar has so many off. */
const FARTHEST = 400

/**
 * First and last day of a publicity period announced on a day. It begins on the day after, with working days on the
 * first of them: an announcement of Friday 2022-06-10 with five working days is public from 06-13 to 06-17.
 */
export function publicityPeriod(
  announced: Day,
  { days, count }: PublicityRule,
  calendar: SchoolCalendar,
): PublicityPeriod {
  if (count === 'calendar') return { from: announced + 1, to: announced + days, known: true }
  let from: Day | undefined
  let known = true
  let counted = 0
  for (let day = announced + 1; day <= announced + FARTHEST; day++) {
    const kind = dayKind(day, calendar)
    known &&= kind.known
    if (!kind.work) continue
    from ??= day
    if (++counted === days) return { from, to: day, known }
  }
  return { from: from ?? announced + 1, to: announced + FARTHEST, known: false }
}

/** How many days a publicity period reaches beyond the last day of a phase; 0 where it fits. */
export function daysBeyond({ to }: Window, end: Day): number {
  return Math.max(to - end, 0)
}
