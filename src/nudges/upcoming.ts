import type { Headers } from '../formats/headers'
import { parseMoment } from '../formats/moments'
import type { Moment } from '../formats/moments'
import { civilOf } from '../calendar/day'
import type { Day } from '../calendar/day'

export interface UpcomingWords {
  /** Words within dates and what a machine would have written, as in `config/headers.yml`. */
  dates: Headers['dates']
  /** Days by name, counted from today (today 0, tomorrow 1). */
  days: Record<string, number>
  /** What follows a number of days or weeks, in days. */
  spans: Record<string, number>
}

/**
 * A day to come, perhaps with a time, as people write it: `3/20 8:30`, a full date, a day by its name with or without a
 * time, so many days from now. A date without a year is the next such date. Undefined when it is none of these; a full
 * date may lie in the past.
 */
export function parseUpcoming(text: string, today: Day, words: UpcomingWords): Moment | undefined {
  const plain = text.normalize('NFKC').replace(/\s+/g, ' ').trim()
  if (!plain) return
  return named(plain, today, words) ?? after(plain, today, words.spans) ?? dated(plain, today, words.dates)
}

function named(text: string, today: Day, { days, dates }: UpcomingWords): Moment | undefined {
  const found = Object.entries(days).find(([word]) => text.startsWith(word))
  if (!found) return
  const [word, later] = found
  const day = today + later
  const rest = text.slice(word.length).trim()
  if (!rest) return { day }
  // The time is read together with some date, since that is what the reader of dates reads.
  const moment = timed(`2000-1-1 ${rest}`, dates)
  return moment?.minute === undefined ? undefined : { day, minute: moment.minute }
}

function after(text: string, today: Day, spans: UpcomingWords['spans']): Moment | undefined {
  const match = /^(\d{1,3}) ?(\D{1,3})$/.exec(text)
  const span = match && spans[match[2] ?? '']
  return match && span ? { day: today + Number(match[1]) * span } : undefined
}

function dated(text: string, today: Day, dates: UpcomingWords['dates']): Moment | undefined {
  const whole = timed(text, dates)
  if (whole) return whole
  if (!/^\d{1,2}\D/.test(text)) return
  const { year } = civilOf(today)
  const separated = text.replace(/^(\d{1,2})[.-](?=\d)/, '$1/')
  const inYear = (which: number) => timed(`${which}${separated.includes('/') ? '/' : '-'}${separated}`, dates)
  const moment = inYear(year)
  return moment && moment.day < today ? (inYear(year + 1) ?? moment) : moment
}

/** A whole hour may stand without minutes. */
function timed(text: string, dates: UpcomingWords['dates']): Moment | undefined {
  return parseMoment(text, false, dates) ?? parseMoment(`${text}00`, false, dates)
}
