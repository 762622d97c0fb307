import { dayFromCivil, dayOf, minuteOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Headers } from './headers'
import { clean } from '../text/normalise'

/** A date with the minute of the day, when one is given. */
export interface Moment {
  day: Day
  minute?: number
}

/** Day of 1970-01-01 in a spreadsheet that counts from 1900, and from 1904. */
const EPOCH_1900 = 25_569
const EPOCH_1904 = 24_107
/** Serials of 1954 to 2119: other numbers of five digits are no dates of ours. */
const FIRST_SERIAL = 20_000
const LAST_SERIAL = 80_000
/** Milliseconds since 1970 of 2000 to 2100. */
const FIRST_INSTANT = 946_684_800_000
const LAST_INSTANT = 4_102_444_800_000
const MINUTES = 24 * 60

const plainForm =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:\s+|T)(?:(am|pm)\s*)?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?\s*(am|pm)?)?$/i
const zonedForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/
/** `Wed Mar 09 08:00:00 CST 2022`, as Java writes a date. */
const javaForm =
  /^[a-z]{3} ([a-z]{3}) (\d\d) (\d\d:\d\d:\d\d) (?:CST|GMT\+0?8(?::?00)?|Asia\/Shanghai) (\d{4})$/i
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** Year to second, or to minute, without anything between. */
const digitsForm = /^((?:19|20|21)\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/

/**
 * A date as people and exports write it: `2022/3/9`, `2022-03-09 08:00`, the form with words for year, month and day,
 * `20220309`, `20220309080000`, ISO 8601 with offset, milliseconds since 1970, Java's form, or the number of days that a
 * spreadsheet stores. 24:00 is the beginning of the next day. Undefined when it is none of these or no such day exists.
 */
export function parseMoment(
  value: string | number,
  from1904: boolean,
  words: Headers['dates'],
): Moment | undefined {
  if (typeof value === 'number') return fromNumber(value, from1904)
  const direct = fromText(value)
  if (direct) return direct
  const text = clean(value)
  if (/^\d{5}(\.\d+)?$|^\d{8}$|^\d{12,14}$/.test(text)) return fromNumber(Number(text), from1904)
  if (zonedForm.test(text)) return fromInstant(new Date(text))
  return fromJava(text) ?? fromText(withoutWords(text, words))
}

/** The days that a text names, such as the title of a table, in their order. */
export function daysIn(text: string, words: Headers['dates']): Day[] {
  const plain = withoutWords(clean(text).slice(0, 200), words, 200)
  const found = plain.matchAll(/(?<!\d)(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)/g)
  return Array.from(found, ([, year, , month, day]) =>
    dayFromCivil(Number(year), Number(month), Number(day)),
  ).flatMap((day) => day ?? [])
}

/** The minute of a time of day that stands alone, `08:00` or the fraction of a day that a spreadsheet stores. */
export function clockMinute(value: string | number): number | undefined {
  if (typeof value === 'number')
    return value >= 0 && value < 1 ? Math.floor(Math.round(value * 86_400) / 60) % MINUTES : undefined
  const match = /^(\d{1,2}):(\d{2})(?::\d{2})?$/.exec(value)
  const minute = match ? minuteFrom(Number(match[1]), Number(match[2]), undefined) : undefined
  return minute === MINUTES ? undefined : minute
}

function fromNumber(value: number, from1904: boolean): Moment | undefined {
  if (Number.isInteger(value) && value >= 19_000_101) return fromDigits(value)
  if (!(value >= FIRST_SERIAL && value < LAST_SERIAL)) return
  const epoch = from1904 ? EPOCH_1904 : EPOCH_1900
  if (Number.isInteger(value)) return { day: value - epoch }
  // Whole seconds first: 08:00 is stored as 0.33333333 and must not become 07:59.
  const seconds = Math.round(value * 86_400)
  return { day: Math.floor(seconds / 86_400) - epoch, minute: Math.floor((seconds % 86_400) / 60) }
}

function fromDigits(value: number): Moment | undefined {
  if (value <= 29_991_231) {
    const day = dayFromCivil(Math.floor(value / 10_000), Math.floor(value / 100) % 100, value % 100)
    return day === undefined ? undefined : { day }
  }
  if (value >= FIRST_INSTANT && value < LAST_INSTANT && value >= 1e12) return fromInstant(new Date(value))
  const [, year, month, day, hour, minute, second = '00'] = digitsForm.exec(String(value)) ?? []
  return year === undefined ? undefined : fromText(`${year}-${month}-${day} ${hour}:${minute}:${second}`)
}

function fromText(text: string): Moment | undefined {
  const match = plainForm.exec(text)
  if (!match) return
  const day = dayFromCivil(Number(match[1]), Number(match[3]), Number(match[4]))
  if (day === undefined) return
  if (match[6] === undefined) return { day }
  const minute = minuteFrom(Number(match[6]), Number(match[7]), (match[5] ?? match[9])?.toLowerCase())
  const second = Number(match[8] ?? 0)
  if (minute === undefined || second > 59) return undefined
  if (minute < MINUTES) return { day, minute }
  return second === 0 ? { day: day + 1, minute: 0 } : undefined
}

/** Minutes since midnight; 24:00 is `MINUTES`. */
function minuteFrom(hour: number, minute: number, half: string | undefined): number | undefined {
  if (half && hour > 12 && half === 'am') return
  const shift = half === 'pm' && hour < 12 ? 12 : half === 'am' && hour === 12 ? -12 : 0
  const hours = hour + shift
  if (hours === 24 && minute === 0 && !half) return MINUTES
  return hours > 23 || minute > 59 ? undefined : hours * 60 + minute
}

function fromInstant(instant: Date): Moment | undefined {
  return Number.isNaN(instant.getTime()) ? undefined : { day: dayOf(instant), minute: minuteOf(instant) }
}

function fromJava(text: string): Moment | undefined {
  const [, name, day, clock, year] = javaForm.exec(text) ?? []
  const month = name === undefined ? -1 : months.indexOf(name.toLowerCase())
  return month < 0 ? undefined : fromText(`${year}-${month + 1}-${day} ${clock}`)
}

function withoutWords(text: string, words: Headers['dates'], longest = 60): string {
  let plain = text.slice(0, longest)
  for (const [word, replacement] of words) plain = plain.replaceAll(word, replacement)
  return plain
    .replace(/\s+/g, ' ')
    .replace(/\(\s*\)/g, ' ')
    .replace(/\s*([-/.:])\s*/g, '$1')
    .replace(/:(?=\s|$)/g, '')
    .replace(/(?<=\d{1,2}[ ]|(?:am|pm)[ ])(\d{1,2})$/i, '$1:00')
    .replace(/\s+/g, ' ')
    .trim()
}
