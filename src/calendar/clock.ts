import dayjs from 'dayjs'
import utc from 'dayjs/plugin/utc'

dayjs.extend(utc)

const CLOCK = /^([01]?\d|2[0-3]):([0-5]\d)$/
const OFFSET_HOURS = 8

/** `21:30` as minutes since midnight (0-1439); undefined when it is no time of day. */
export function parseMinute(text: string): number | undefined {
  const match = CLOCK.exec(text)
  return match ? Number(match[1]) * 60 + Number(match[2]) : undefined
}

/** Minutes since midnight as people write a time of day: `08:30`. */
export function formatMinute(minute: number): string {
  return dayjs.utc(0).add(minute, 'minute').format('HH:mm')
}

/** An instant as people in Asia/Shanghai write it: `2022-05-18 08:30`. */
export function formatMoment(at: Date): string {
  return localOf(at).format('YYYY-MM-DD HH:mm')
}

/** The same without the year, for what lies near: `05-18 08:30`. */
export function formatNearMoment(at: Date): string {
  return localOf(at).format('MM-DD HH:mm')
}

/** The date of an instant in Asia/Shanghai: `2022-05-18`. */
export function formatDate(at: Date): string {
  return localOf(at).format('YYYY-MM-DD')
}

// Counted in UTC: the zone plugin is slow, and Shanghai has kept one offset since 1991.
function localOf(at: Date): dayjs.Dayjs {
  return dayjs.utc(at).add(OFFSET_HOURS, 'hour')
}
