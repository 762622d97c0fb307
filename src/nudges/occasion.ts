import { formatDay, instantOf, mondayOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Phase, Scheme } from '../scheme/scheme'
import { momentsOn } from '../phases/phase'
import { vacationOn, workdayFrom } from '../calendar/workday'
import type { SchoolCalendar } from '../calendar/school-calendar'

/** When a district nudges; minutes are counted from local midnight. */
export interface NudgeTimes {
  /** ISO weekday of the weekly nudge, 1 (Monday) to 7. */
  weekday: number
  minute: number
  /** After this minute nothing that was missed during the day is said any more. */
  lastMinute: number
}

export const defaultTimes: NudgeTimes = { weekday: 1, minute: 8 * 60 + 30, lastMinute: 20 * 60 }

/**
 * One reason to speak to many on one day. `key` names it for ever, whatever the settings later become, so that
 * planning it twice changes nothing; `due` and `expires` bound when it may be said.
 */
export type Occasion = { key: string; day: Day; due: Date; expires: Date } & (
  | { kind: 'weekly' }
  | { kind: 'phase-start'; phase: Phase }
  | { kind: 'phase-deadline'; phase: Phase; daysLeft: number }
)

/** Why a week passes without its nudge. */
export type NoWeekly = 'vacation' | 'no-workday' | 'outside-period'

/** The day of the weekly nudge of the ISO week in which `day` lies, or why there is none. */
export function weeklyDay(
  scheme: Pick<Scheme, 'period'>,
  calendar: SchoolCalendar,
  day: Day,
  times: NudgeTimes = defaultTimes,
): { day: Day } | { none: NoWeekly } {
  const monday = mondayOf(day)
  const nominal = monday + times.weekday - 1
  const moved = workdayFrom(nominal, calendar)?.day
  // A week without a working day after the nominal one has none: the next week's nudge follows at once.
  if (moved === undefined || mondayOf(moved) !== monday) return { none: 'no-workday' }
  if (vacationOn(moved, calendar)) return { none: 'vacation' }
  if (moved < scheme.period.from || moved > scheme.period.to) return { none: 'outside-period' }
  return { day: moved }
}

/** Everything there is to say on a day, in the order in which it is due. */
export function occasionsOn(
  scheme: Pick<Scheme, 'id' | 'period' | 'phases'>,
  calendar: SchoolCalendar,
  day: Day,
  times: NudgeTimes = defaultTimes,
): Occasion[] {
  const span = { day, due: instantOf(day, times.minute), expires: instantOf(day, times.lastMinute) }
  const weekly = weeklyDay(scheme, calendar, day, times)
  const occasions: Occasion[] = momentsOn(scheme, day).map((moment) =>
    moment.kind === 'start'
      ? { ...span, key: `phase/${moment.key}`, kind: 'phase-start', phase: moment.phase }
      : {
          ...span,
          key: `phase/${moment.key}`,
          kind: 'phase-deadline',
          phase: moment.phase,
          daysLeft: moment.daysLeft,
        },
  )
  if ('day' in weekly && weekly.day === day) {
    const key = `week/${scheme.id}/${formatDay(mondayOf(day))}`
    occasions.unshift({ ...span, key, kind: 'weekly' })
  }
  return occasions
}

/** Whether an occasion may be said at a moment: not before it is due, and not days late after a downtime. */
export function isOccasionOpen(occasion: Occasion, now: Date): boolean {
  return occasion.due <= now && now < occasion.expires
}
