import { mondayOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'

/** The weeks of a window up to a day, each cut at the window's ends; `monday` names the week. */
export function weeksOf({ from, to }: Window, until: Day): { monday: Day; window: Window }[] {
  const weeks: { monday: Day; window: Window }[] = []
  for (let monday = mondayOf(from); monday <= Math.min(to, until); monday += 7) {
    weeks.push({ monday, window: { from: Math.max(monday, from), to: Math.min(monday + 6, to) } })
  }
  return weeks
}

/**
 * The same window as it stood at the end of the week before the data ends; undefined when it had not begun by then,
 * is over, or is too short to be compared.
 */
export function windowAWeekEarlier(window: Window, dataUntil: Day): Window | undefined {
  const to = mondayOf(dataUntil) - 1
  if (window.to <= to || to < window.from || window.to - window.from < 7) return undefined
  return { from: window.from, to }
}
