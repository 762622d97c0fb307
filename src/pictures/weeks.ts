import { mondayOf } from '../calendar/day'
import type { Day, Window } from '../calendar/day'
import { TREND_WEEKS } from './trend'

/** A week of a trend: what was done in it, and everything until its end. */
export interface WeekWindows {
  week: Window
  /** From the first day of the whole window on. */
  whole: Window
}

/** The weeks of a window that data have come for, the last 26 at most; the first and the last may be parts of weeks. */
export function trendWindows(window: Window, dataUntil: Day): WeekWindows[] {
  const last = Math.min(window.to, dataUntil)
  const weeks: WeekWindows[] = []
  for (let monday = mondayOf(last); monday + 6 >= window.from && weeks.length < TREND_WEEKS; monday -= 7) {
    const to = Math.min(monday + 6, last)
    const from = Math.max(monday, window.from)
    weeks.unshift({ week: { from, to }, whole: { from: window.from, to } })
  }
  return last < window.from ? [] : weeks
}
