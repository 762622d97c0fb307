import { civilOf, dayFromCivil } from '../../calendar/day'
import dates from '../words/dates.json'
import { readSpokenNumber } from '../lexing/numerals'
import type { ReadNumber } from '../lexing/numerals'
import { scanOf, scanOfNumbers, WordScan } from './scan'
import { daySpan, monthSpan, monthsSpan, partOfMonth, yearOf } from './span'
import type { ReadSpan, Span, WindowContext } from './span'

const yearUnit = scanOf(dates.units.year)
const monthUnit = scanOf(dates.units.month)
const dayUnit = scanOf(dates.units.day)
const weekUnit = scanOf(dates.units['counted-week'])
const quarterUnit = scanOf(dates.units.quarter)
const monthOf = scanOfNumbers(dates['month-of'])
const yearWord = scanOfNumbers(dates['year-of'])
const parts = scanOfNumbers(dates.thirds)
const halves = scanOfNumbers(dates.halves)
const ordinal = scanOf(dates.ordinal)
const possessive = scanOf(dates.possessive)
const counters = scanOf(dates.counters)
const rangeTo = scanOf(dates.to)
const separators = scanOf(['-', '/', '.'])
const holidays = new WordScan(Object.entries(dates.holidays))

/** What a day without a month, or a month without a year, belongs to: the date said before it. */
export type DateBefore = Pick<Span, 'from' | 'unit'> | undefined

const wrong = (end: number): ReadSpan => ({ end, problem: 'date' })
const skip = (scan: typeof possessive, text: string, at: number) => scan.at(text, at)?.end ?? at

/** A date, month, quarter, half-year or year as the calendar names them, with or without its year. */
export function readCivil(
  text: string,
  at: number,
  context: WindowContext,
  before: DateBefore,
): ReadSpan | undefined {
  return (
    readNumeric(text, at, context) ??
    readYear(text, at, context) ??
    readMonth(text, at, { context, before, year: undefined }) ??
    readMonthWord(text, at, context) ??
    readPartOfYear(text, at, { context, year: civilOf(context.today).year }) ??
    readHoliday(text, at, context) ??
    readDay(text, at, context, before)
  )
}

/** 2022-03-10, 2022/3/9, 20220310, 3.10, 3/10, 3-10. */
function readNumeric(text: string, at: number, context: WindowContext): ReadSpan | undefined {
  const first = digitsAt(text, at)
  if (!first) return undefined
  if (first.length === 8) {
    const [year, month] = [Math.floor(first.value / 10_000), Math.floor(first.value / 100) % 100]
    return year >= 2000 && year < 2100
      ? dateOf(year, month, { day: first.value % 100, end: first.end })
      : undefined
  }
  const second = afterSeparator(text, first.end)
  if (!second) return undefined
  const third = afterSeparator(text, second.end)
  if (first.length === 4 && third)
    return dateOf(first.value, second.value, { day: third.value, end: third.end })
  if (first.length > 2 || second.length > 2) return undefined
  // "1.2.3" is a version or a chapter; "5.9-5.15" are two dates.
  if (third && text[first.end] === text[second.end]) return undefined
  // Behind a hyphen a number with a unit ends a range of days: "9-15th" is no month 9.
  if (text[first.end] === '-' && (dayUnit.at(text, second.end) ?? monthUnit.at(text, second.end)))
    return undefined
  if (first.value < 1 || first.value > 12 || second.value < 1 || second.value > 31) return undefined
  const end = skip(dayUnit, text, second.end)
  return dateOf(yearOf(first.value, second.value, context), first.value, { day: second.value, end })
}

function digitsAt(text: string, at: number): ReadNumber | undefined {
  return /\d/.test(text[at] ?? '') && !/\d/.test(text[at - 1] ?? '') ? readSpokenNumber(text, at) : undefined
}

function afterSeparator(text: string, at: number): ReadNumber | undefined {
  const separator = separators.at(text, at)
  return separator && digitsAt(text, separator.end)
}

function dateOf(year: number, month: number, { day, end }: { day: number; end: number }): ReadSpan {
  const exact = dayFromCivil(year, month, day)
  return exact === undefined ? wrong(end) : { end, span: daySpan(exact) }
}

/** 2022, last year: whole, or with a month, quarter or half behind. */
function readYear(text: string, at: number, context: WindowContext): ReadSpan | undefined {
  const said = yearAt(text, at, context)
  if (!said) return undefined
  const { year } = said
  const end = skip(possessive, text, said.end)
  const within =
    readMonth(text, end, { context, before: undefined, year }) ?? readPartOfYear(text, end, { context, year })
  return within ?? { end: said.end, span: monthsSpan(year, 1, 12) }
}

function yearAt(
  text: string,
  at: number,
  { today }: WindowContext,
): { year: number; end: number } | undefined {
  const word = yearWord.at(text, at)
  const unit = word && yearUnit.at(text, word.end)
  if (word && unit) return { year: civilOf(today).year + word.value, end: unit.end }
  const number = readSpokenNumber(text, at)
  const end = number && yearUnit.at(text, number.end)
  if (!number || !end || (number.length !== 4 && number.length !== 2)) return undefined
  const year = number.value < 100 ? 2000 + number.value : number.value
  return year >= 2010 && year < 2100 ? { year, end: end.end } : undefined
}

interface MonthPlace {
  context: WindowContext
  before: DateBefore
  year: number | undefined
}

/** A month by number: whole, a part of it, or a day in it. */
function readMonth(text: string, at: number, place: MonthPlace): ReadSpan | undefined {
  const number = readSpokenNumber(text, at)
  const unit = number && monthUnit.at(text, number.end)
  if (!number || !unit || number.length > 2) return undefined
  if (number.value < 1 || number.value > 12) return wrong(unit.end)
  const day = dayAt(text, unit.end)
  const year = place.year ?? yearOf(number.value, day?.value ?? 1, place.context)
  return day
    ? dateOf(year, number.value, { day: day.value, end: day.end })
    : partAt(text, unit.end, monthSpan(year, number.value))
}

/** This month, last month, and days and parts of them. */
function readMonthWord(text: string, at: number, { today }: WindowContext): ReadSpan | undefined {
  for (const of of monthOf.all(text, at)) {
    const unit = monthUnit.at(text, of.end)
    if (!unit) continue
    const { year, month } = civilOf(today)
    const span = monthSpan(year, month + of.value)
    const day = dayAt(text, skip(possessive, text, unit.end))
    if (!day) return partAt(text, unit.end, span)
    const exact = civilOf(span.from)
    return dateOf(exact.year, exact.month, { day: day.value, end: day.end })
  }
  const end = parts.at(text, at)
  if (!end || !monthUnit.at(text, at)) return undefined
  const { year, month } = civilOf(today)
  const span = partOfMonth(monthSpan(year, month), end.value)
  return span && { end: end.end, span }
}

/** A day behind its month: with its unit, or as a bare number that no other unit follows. */
function dayAt(text: string, at: number): { value: number; end: number } | undefined {
  const number = readSpokenNumber(text, at)
  if (!number || number.length > 3) return undefined
  const unit = dayUnit.at(text, number.end)
  if (unit) return { value: number.value, end: unit.end }
  if (number.value < 1 || number.value > 31) return undefined
  const isBare = rangeTo.at(text, number.end) !== undefined || !counters.at(text, number.end)
  return isBare ? { value: number.value, end: number.end } : undefined
}

function partAt(text: string, at: number, month: Span): ReadSpan {
  const place = skip(possessive, text, at)
  const week = ordinal.at(text, place)
  const number = week && readSpokenNumber(text, week.end)
  const unit = number && weekUnit.at(text, number.end)
  // Nobody agrees which days the second week of a month has.
  if (unit) return wrong(unit.end)
  const found = parts.at(text, place)
  const span = found && partOfMonth(month, found.value)
  return found && span ? { end: found.end, span } : { end: at, span: month }
}

/** The first quarter, the first half of the year. */
function readPartOfYear(
  text: string,
  at: number,
  { year }: { context: WindowContext; year: number },
): ReadSpan | undefined {
  const half = halves.at(text, at)
  if (half) return { end: half.end, span: monthsSpan(year, half.value * 6 - 5, half.value * 6) }
  const number = readSpokenNumber(text, skip(ordinal, text, at))
  const unit = number && quarterUnit.at(text, skip(possessive, text, number.end))
  if (!number || !unit) return undefined
  if (number.value < 1 || number.value > 4) return wrong(unit.end)
  return { end: unit.end, span: monthsSpan(year, number.value * 3 - 2, number.value * 3) }
}

function readHoliday(text: string, at: number, context: WindowContext): ReadSpan | undefined {
  const found = holidays.at(text, at)
  if (!found) return undefined
  const [month, day] = found.value
  if (month === undefined || day === undefined) return undefined
  const read = dateOf(yearOf(month, day, context), month, { day, end: found.end })
  return 'span' in read ? { ...read, span: { ...read.span, edge: true } } : read
}

/** "The 15th" belongs to the month of the date before it, else to this one. */
function readDay(
  text: string,
  at: number,
  { today }: WindowContext,
  before: DateBefore,
): ReadSpan | undefined {
  const number = readSpokenNumber(text, at)
  if (!number || number.length > 3) return undefined
  const unit = dayUnit.at(text, number.end)
  const bare = before?.unit === 'day' && number.value <= 31
  if (!unit && !bare && !(isRange(text, number.end) && number.value <= 31)) return undefined
  const { year, month } = civilOf(before?.from ?? today)
  return dateOf(year, month, { day: number.value, end: unit?.end ?? number.end })
}

/** Whether "to the Nth" follows a bare number. */
function isRange(text: string, at: number): boolean {
  const to = rangeTo.at(text, at)
  const number = to && readSpokenNumber(text, to.end)
  return number !== undefined && dayUnit.at(text, number.end) !== undefined
}
