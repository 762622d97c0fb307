import { plainCalendar } from '../../src/calendar/school-calendar'
import { workClock } from '../../src/calendar/working-hours'
import { rules } from './rules'

/** The shipped hours over the public calendar: Qingming 2022 is off from Sunday 3 to Tuesday 5 April, Saturday 2 worked. */
export const clock = workClock(rules.hours, plainCalendar)
