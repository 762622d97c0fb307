import { parseDay, weekdayOf } from '../../src/scheme/calendar'
import type { WorkClock } from '../../src/tickets/hours'
import { rules } from './rules'

// Qingming 2022: Sunday 3 to Tuesday 5 April off, Saturday 2 April worked.
const off = new Set([parseDay('2022-04-04'), parseDay('2022-04-05')])
const made = new Set([parseDay('2022-04-02')])
export const clock: WorkClock = {
  hours: rules.hours,
  calendar: { isWorkday: (day) => made.has(day) || (weekdayOf(day) < 6 && !off.has(day)) },
}
