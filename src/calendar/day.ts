/** A local calendar day in Asia/Shanghai, as whole days since 1970-01-01 (an integer; 1970-01-01 is 0). */
export type Day = number

/** A span of days, both ends included. */
export interface Window {
  from: Day
  to: Day
}

const MS_PER_DAY = 86_400_000
/** Shanghai has kept UTC+8 without summer time since 1991-09-15; activities are all later. */
const OFFSET_MS = 8 * 3_600_000

/** The local day on which an instant falls in Asia/Shanghai, whatever the process's own time zone. */
export function dayOf(now: Date): Day {
  return Math.floor((now.getTime() + OFFSET_MS) / MS_PER_DAY)
}

/** Minutes since local midnight (0-1439) of an instant in Asia/Shanghai. */
export function minuteOf(now: Date): number {
  return Math.floor((now.getTime() + OFFSET_MS) / 60_000) - dayOf(now) * 1440
}

/** The instant of a local day and minute (0-1439, default midnight) in Asia/Shanghai. */
export function instantOf(day: Day, minute = 0): Date {
  return new Date(day * MS_PER_DAY + minute * 60_000 - OFFSET_MS)
}

/** The day of a civil date, or undefined when there is no such date (2022-02-30); month is 1-12. */
export function dayFromCivil(year: number, month: number, day: number): Day | undefined {
  const date = new Date(Date.UTC(year, month - 1, day))
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return
  return date.getTime() / MS_PER_DAY
}

/** Year, month (1-12) and day of the month of a day. */
export function civilOf(day: Day): { year: number; month: number; day: number } {
  const date = new Date(day * MS_PER_DAY)
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() }
}

/** Parses `YYYY-MM-DD`; undefined when the text has another form or names no date. */
export function parseDay(text: string): Day | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  return match ? dayFromCivil(Number(match[1]), Number(match[2]), Number(match[3])) : undefined
}

/** The day that a text names which was checked before; an error when it names none. */
export function requireDay(text: string): Day {
  const day = parseDay(text)
  if (day === undefined) throw new Error(`${JSON.stringify(text)} is no day written as YYYY-MM-DD`)
  return day
}

/** The first day of a month; months run on over the ends of a year (0 is December of the year before). */
export function firstOfMonth(year: number, month: number): Day {
  return Date.UTC(year, month - 1, 1) / MS_PER_DAY
}

/** Writes a day as `YYYY-MM-DD`, the inverse of `parseDay`. */
export function formatDay(day: Day): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10)
}

/** ISO weekday of a day, 1 (Monday) to 7 (Sunday). */
export function weekdayOf(day: Day): number {
  // 1970-01-01 was a Thursday.
  return ((((day + 3) % 7) + 7) % 7) + 1
}

/** The Monday of the ISO week in which a day lies; the same for all seven days, so it names the week. */
export function mondayOf(day: Day): Day {
  return day - weekdayOf(day) + 1
}

/** Calendar month as an integer that grows by 1 a month (year * 12 + month - 1). */
export function monthOf(day: Day): number {
  const { year, month } = civilOf(day)
  return year * 12 + month - 1
}
