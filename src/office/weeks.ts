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
