import { dayOf, instantOf, minuteOf } from '../calendar/day'
import { priorities } from './message'

/** Minutes of the local day between which nobody is disturbed; over midnight when `from` is later than `to`. */
export interface QuietHours {
  from: number
  to: number
}

/** When the quiet hours end in which an instant falls (milliseconds since 1970); undefined outside of them. */
export function quietUntil({ from, to }: QuietHours, now: number): number | undefined {
  const date = new Date(now)
  const [day, minute] = [dayOf(date), minuteOf(date)]
  const overMidnight = from > to
  const quiet = overMidnight ? minute >= from || minute < to : minute >= from && minute < to
  if (!quiet) return
  return instantOf(overMidnight && minute >= from ? day + 1 : day, to).getTime()
}

/**
 * Whether a message goes out in the quiet hours too: what somebody waits for does, what the bot says of its own accord
 * does not, unless its sender (`anytime`) or the configuration (`kinds`) says so.
 */
export function goesAnytime(
  { priority, kind, anytime }: { priority: number; kind: string; anytime?: boolean | undefined },
  kinds: readonly string[],
): boolean {
  return anytime ?? (priority >= priorities.answer || kinds.includes(kind))
}
