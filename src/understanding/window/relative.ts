import { civilOf, mondayOf } from '../../calendar/day'
import dates from '../words/dates.json'
import { readSpokenNumber } from '../lexing/numerals'
import { scanOf, scanOfNumbers, WordScan } from './scan'
import { daySpan, monthSpan, monthsSpan, recentSpan, weekSpan } from './span'
import type { ReadSpan, WindowContext } from './span'

const days = scanOfNumbers(dates.days)
const weekOf = scanOfNumbers(dates['week-of'])
const weekUnit = scanOf(dates.units.week.slice(0, 3))
const weekdays = scanOfNumbers(dates.weekdays)
const weekEnd = scanOf(dates['month-ends-of-week'])
const counters = scanOf(dates['week-times'])
const termOf = scanOfNumbers(dates['term-of'])
const termUnit = scanOf(dates.units.term)
const quarterOf = scanOfNumbers(dates['quarter-of'])
const quarterUnit = scanOf(dates.units.quarter)
const recent = scanOf(dates['recent-strict'])
const these = scanOf(dates.these)
const lengths = new WordScan(
  Object.entries(dates.spans).map(([word, value]) => [word, { word, value }] as const),
)
const halfMonth = scanOf(dates['half-month'])
const within = scanOf(dates.within)
const ordinal = scanOf(dates.ordinal)
const termStart = scanOf(dates['term-start'])
const schemeStart = scanOf(dates['scheme-start'])
const yearStart = scanOf(dates['year-start'])

type Reader = (text: string, at: number, context: WindowContext) => ReadSpan | undefined

/** Today, yesterday and the like. */
const readDayWord: Reader = (text, at, { today }) => {
  const found = days.at(text, at)
  return found && { end: found.end, span: daySpan(today + found.value) }
}

/** This week, the week before last, last Friday, Wednesday. */
const readWeek: Reader = (text, at, { today }) => {
  for (const of of weekOf.all(text, at)) {
    const unit = weekUnit.at(text, of.end)
    if (unit) return weekOrDay(text, unit.end, { today, offset: of.value, bare: false })
  }
  const unit = weekUnit.at(text, at)
  if (!unit) return undefined
  const read = weekOrDay(text, unit.end, { today, offset: 0, bare: true })
  return read.end === unit.end ? undefined : read
}

function weekOrDay(
  text: string,
  at: number,
  { today, offset, bare }: { today: number; offset: number; bare: boolean },
): ReadSpan {
  const week = weekSpan(today, offset)
  const end = weekEnd.at(text, at)
  if (end) return { end: end.end, span: { from: week.from + 5, to: week.to, unit: 'other' } }
  const day = weekdays.at(text, at)
  if (!day || counters.at(text, day.end)) return { end: at, span: week }
  const exact = week.from + day.value - 1
  // A weekday without a week is the last one that has been: what lies ahead has no figures.
  return { end: day.end, span: daySpan(bare && exact > today ? exact - 7 : exact) }
}

/** The Nth week of the term. */
const readSchoolWeek: Reader = (text, at, { today, calendar }) => {
  const first = ordinal.at(text, at)
  const number = first && readSpokenNumber(text, first.end)
  const unit = number && weekUnit.at(text, number.end)
  if (!number || !unit) return undefined
  const term = calendar.terms.find(({ window }) => mondayOf(window.from) <= today && today <= window.to)
  if (!term || number.value < 1 || number.value > 30) return { end: unit.end, problem: 'date' }
  const monday = mondayOf(term.window.from) + 7 * (number.value - 1)
  return { end: unit.end, span: { from: monday, to: monday + 6, unit: 'week' } }
}

/** This quarter, the last one. */
const readQuarter: Reader = (text, at, { today }) => {
  for (const of of quarterOf.all(text, at)) {
    const unit = quarterUnit.at(text, of.end)
    if (!unit) continue
    const { year, month } = civilOf(today)
    const first = Math.floor((month - 1) / 3) * 3 + 1 + 3 * of.value
    return { end: unit.end, span: monthsSpan(year, first, first + 2) }
  }
  return undefined
}

/** This term, the last one, the one that follows. */
const readTerm: Reader = (text, at, { today, calendar }) => {
  for (const of of termOf.all(text, at)) {
    const unit = termUnit.at(text, of.end)
    if (!unit) continue
    const terms = [...calendar.terms].sort((a, b) => a.window.from - b.window.from)
    const begun = terms.filter(({ window }) => mondayOf(window.from) <= today).length - 1
    const term = terms[begun + of.value]
    if (!term) return { end: unit.end, problem: 'date' }
    return { end: unit.end, span: { ...term.window, unit: 'other' } }
  }
  return undefined
}

/** The last N days, weeks or months; "these seven days"; "within three days". */
const readRecent: Reader = (text, at, { today }) => {
  const lead = recent.at(text, at)
  const close = lead ?? these.at(text, at)
  const start = close?.end ?? at
  const half = halfMonth.at(text, start)
  if (half && lead) return { end: half.end, span: recentSpan(today, 15, 'day') }
  const number = readSpokenNumber(text, start)
  const length = number && lengths.at(text, number.end)
  if (!number || !length) return undefined
  const inside = isBareUnit(length.value.word) ? undefined : within.at(text, length.end)
  if (!lead && !inside && (!close || number.value < 2)) return undefined
  const { value, word } = length.value
  if (!value || number.value < 1 || number.value > 400) return { end: length.end, problem: 'date' }
  const month = dates.units.month.some((unit) => word.endsWith(unit))
  const span = month
    ? recentSpan(today, number.value, 'month')
    : recentSpan(today, number.value * value, 'day')
  return { end: inside?.end ?? length.end, span }
}

/** "5 yue" without a measure word is a month of the year, and "5 ri" a day of the month. */
function isBareUnit(word: string): boolean {
  return [...dates.units.month, ...dates.units.day, ...dates.units.year].includes(word)
}

/** The beginnings of term, year and activity: only ends of a window. */
const readStart: Reader = (text, at, { today, calendar, period }) => {
  const term = termStart.at(text, at)
  if (term) {
    const last = calendar.terms.filter(({ window }) => window.from <= today).at(-1)
    return last
      ? { end: term.end, span: { ...daySpan(last.window.from), edge: true } }
      : { end: term.end, problem: 'date' }
  }
  const year = yearStart.at(text, at)
  if (year) return { end: year.end, span: { ...daySpan(monthSpan(civilOf(today).year, 1).from), edge: true } }
  const scheme = schemeStart.at(text, at)
  return scheme && { end: scheme.end, span: { ...daySpan(period.from), edge: true } }
}

/** Spans that are told by where today lies. */
export const relativeReaders: readonly Reader[] = [
  readDayWord,
  readWeek,
  readSchoolWeek,
  readQuarter,
  readTerm,
  readRecent,
  readStart,
]
