import { civilOf, dayFromCivil, firstOfMonth } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'
import type { Meaning } from './question-vocabulary'
import type { QuestionWords } from './question-words'

/** A piece of a question: plain text, or a date or page number that was understood. */
export type Piece = { text: string } | { text: string; meaning: Meaning } | { text: string; wrongDate: true }

interface DateContext {
  period: Window
  today: Day
}

/** Finds dates and page numbers in their many spellings; the rest stays text. */
export class DateFinder {
  readonly #pattern: RegExp
  readonly #numerals: RegExp
  readonly #values: ReadonlyMap<string, number>

  constructor({ date, page, numerals }: QuestionWords) {
    const any = (words: readonly string[]) =>
      [...words]
        .sort((a, b) => b.length - a.length)
        .map((word) => word.replace(/[^\p{L}\p{N}]/gu, '\\$&'))
        .join('|')
    const between = '[-/.]'
    const year = `(?:${any(date.year)}|${between})`
    const month = `(?:${any(date.month)}|${between})`
    const day = `(?:${any(date.day)})?`
    const alternatives = [
      `(?<y1>\\d{4})${year}(?<m1>\\d{1,2})${month}(?<d1>\\d{1,2})(?!\\d)${day}`,
      `(?<y2>20\\d{2})(?<m2>[01]\\d)(?<d2>[0-3]\\d)(?!\\d)`,
      `(?<y3>\\d{4})${year}(?<m3>\\d{1,2})(?!\\d)(?:${any(date.month)})?`,
      `(?<y7>20\\d{2})(?:${any(date.year)})(?!\\s*\\d)`,
      `(?<m4>\\d{1,2})${month}(?<d4>\\d{1,2})(?!\\d)${day}`,
      `(?<m5>\\d{1,2})(?:${any(date.month)})`,
      `(?<d6>\\d{1,2})(?:${any(date.day)})`,
    ]
    // The word before a page number may stand right behind a date.
    const number = `(?:${any(page.before)}|(?<!\\d))(?<page>\\d{1,9})(?:${any(page.after)})`
    this.#pattern = new RegExp(`(?<!\\d)(?:${alternatives.join('|')})|${number}`, 'gu')
    const digits = `(?:${any(Object.keys(numerals))}){1,3}`
    // Before the word for a page a numeral counts only after "number": "the next one page" is no page 1.
    const pages = `(?<=${any(page.before)})${digits}(?=${any(page.after)})`
    this.#numerals = new RegExp(`${pages}|${digits}(?=${any([...date.month, ...date.day])})`, 'gu')
    this.#values = new Map(Object.entries(numerals))
  }

  split(text: string, context: DateContext): Piece[] {
    const digits = text.replace(this.#numerals, (numeral) => String(this.#valueOf(numeral)))
    if (!/\d/.test(digits)) return [{ text: digits }]
    // Spaces within a date are dropped; a space on one side of a separator is left to divide two dates.
    const tight = digits.replace(/(?<=\d) {1,2}(?=[^\d\s-])|(?<=[^\d\s]) {1,2}(?=\d)/gu, '')
    const source =
      [...tight.matchAll(this.#pattern)].length >= [...digits.matchAll(this.#pattern)].length ? tight : digits
    const pieces: Piece[] = []
    let at = 0
    let previous: Day | undefined
    for (const match of source.matchAll(this.#pattern)) {
      const read = this.#read(match.groups ?? {}, context, previous)
      if (read === undefined) continue
      pieces.push({ text: source.slice(at, match.index) })
      pieces.push(read === 'wrong' ? { text: match[0], wrongDate: true } : { text: match[0], meaning: read })
      if (read !== 'wrong' && read.kind === 'dates') previous = read.from
      at = match.index + match[0].length
    }
    return [...pieces, { text: source.slice(at) }]
  }

  #read(
    groups: Record<string, string | undefined>,
    { period, today }: DateContext,
    previous: Day | undefined,
  ): Meaning | 'wrong' | undefined {
    if (groups['page'] !== undefined) return { kind: 'page', page: Math.max(1, Number(groups['page'])) }
    const whole = (value: string | undefined) => (value === undefined ? undefined : Number(value))
    const month = whole(groups['m1'] ?? groups['m2'] ?? groups['m3'] ?? groups['m4'] ?? groups['m5'])
    const date = whole(groups['d1'] ?? groups['d2'] ?? groups['d4'] ?? groups['d6'])
    const year = whole(groups['y1'] ?? groups['y2'] ?? groups['y3'] ?? groups['y7'])
    if (month === undefined) {
      if (year !== undefined) return wholeYear(year)
      // A day alone ("to the 15th") belongs to the month of the date before it.
      if (previous === undefined) return undefined
      const civil = civilOf(previous)
      return datesOf(civil.year, civil.month, date)
    }
    return datesOf(year ?? nearestYear(month, date ?? 1, { period, today }), month, date)
  }

  #valueOf(numeral: string): number {
    let value = 0
    for (const character of numeral) {
      const digit = this.#values.get(character) ?? 0
      value = digit === 10 ? Math.max(1, value) * 10 : value + digit
    }
    return value
  }
}

function datesOf(year: number, month: number, date: number | undefined): Meaning | 'wrong' {
  const from = dayFromCivil(year, month, date ?? 1)
  if (from === undefined) return 'wrong'
  if (date !== undefined) return { kind: 'dates', from, to: from }
  return { kind: 'dates', from, to: firstOfMonth(year, month + 1) - 1 }
}

function wholeYear(year: number): Meaning | 'wrong' {
  const [from, next] = [dayFromCivil(year, 1, 1), dayFromCivil(year + 1, 1, 1)]
  return from === undefined || next === undefined ? 'wrong' : { kind: 'dates', from, to: next - 1 }
}

/** The year in which a date without one lies: within the period, and there the nearest to today. */
function nearestYear(month: number, date: number, { period, today }: DateContext): number {
  const first = civilOf(period.from).year
  const count = civilOf(period.to).year - first + 1
  const years = Array.from({ length: count }, (_, index) => first + index)
  const inside = years.filter((year) => {
    const day = dayFromCivil(year, month, date)
    return day !== undefined && day >= period.from && day <= period.to
  })
  const distance = (year: number) => Math.abs((dayFromCivil(year, month, date) ?? today) - today)
  return inside.sort((a, b) => distance(a) - distance(b))[0] ?? civilOf(today).year
}
