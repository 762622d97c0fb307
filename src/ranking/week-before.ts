import { mondayOf } from '../calendar/day'
import type { Day, Window } from '../calendar/day'

/**
 * The same window as it stood at the end of the week before the last one with data; undefined where that was before it
 * began, or where the window is too short to compare.
 */
export function windowWeekBefore(window: Window, dataUntil: Day): Window | undefined {
  const to = mondayOf(dataUntil) - 1
  if (window.to <= to || to < window.from || window.to - window.from < 7) return undefined
  return { from: window.from, to }
}
