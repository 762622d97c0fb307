import type { Window } from '../../calendar/day'
import { monthsSpan, monthSpan } from './span'
import type { ReadSpan, Span, SpanProblem, WindowContext } from './span'
import dates from '../words/dates.json'
import { readSpokenNumber } from '../lexing/numerals'
import { civilOf } from '../../calendar/day'
import { readCivil } from './civil'
import type { DateBefore } from './civil'
import { relativeReaders } from './relative'
import { scanOf, WordScan } from './scan'
import { yearOf } from './span'

const from = scanOf(dates.from)
const to = scanOf(dates.to)
const now = scanOf(dates.now)
const onward = scanOf(dates.onward)
const after = scanOf(dates.after)
const before = scanOf(dates.before)
const upTo = scanOf(dates.upto)
const ending = scanOf(dates.ending)
const during = scanOf(dates.during)
const whole = scanOf(dates.whole)
const lunar = scanOf(dates.lunar)
const vague = scanOf(dates.vague)
const joins = scanOf(dates.joins)
const monthUnit = scanOf(dates.units.month)
const units = scanOf([...dates.units.month, ...dates.units.day, ...dates.units.year])

/** A window as it was said. `whole` is the whole period, which needs no dates. */
export type ReadWindow = { end: number } & (
  | { window: Window; relation: 'plain' | 'range' | 'since' | 'after' | 'before' | 'until'; last: Window }
  | { whole: true }
  | { problem: SpanProblem }
)

/** Reads windows: points and spans, and what relates them to each other, to today and to the period. */
export class WindowReader {
  readonly #named: WordScan<Window>
  readonly #first: ReadonlySet<string>
  #memo: { text: string; context: WindowContext | undefined; spans: Map<number, ReadSpan | undefined> } = {
    text: '',
    context: undefined,
    spans: new Map(),
  }

  constructor(named: readonly { name: string; window: Window }[]) {
    this.#named = new WordScan(
      named.flatMap(({ name, window }) => namesOf(name).map((word) => [word, window] as const)),
    )
    this.#first = new Set([...firstSigns(dates), ...'0123456789', ...named.map(({ name }) => name[0] ?? '')])
  }

  /** Whether a window can begin with a sign at all. */
  mayBegin(sign: string): boolean {
    return this.#first.has(sign)
  }

  /** The longest window that begins at a place of the text. */
  read(text: string, at: number, context: WindowContext): ReadWindow | undefined {
    const candidates = [
      this.#fixed(text, at),
      this.#sinceOrRange(text, at, context),
      this.#until(text, at, context),
    ]
    let best: ReadWindow | undefined
    for (const candidate of candidates) if (candidate && (!best || candidate.end > best.end)) best = candidate
    return best
  }

  #fixed(text: string, at: number): ReadWindow | undefined {
    const all = whole.at(text, at)
    if (all) return { end: all.end, whole: true }
    const moon = readLunar(text, at)
    if (moon) return { end: this.#pastRelation(text, moon), problem: 'lunar-date' }
    const loose = vague.at(text, at)
    return loose && { end: loose.end, problem: 'date' }
  }

  #pastRelation(text: string, at: number): number {
    return (onward.at(text, at) ?? after.at(text, at) ?? before.at(text, at))?.end ?? at
  }

  /** One point or span by itself, behind "from", or with a relation behind it. */
  #sinceOrRange(text: string, at: number, context: WindowContext): ReadWindow | undefined {
    const lead = from.at(text, at)
    const first = this.#span(text, lead?.end ?? at, context, undefined)
    if (!first) return undefined
    if ('problem' in first) return this.#afterProblem(text, first, context)
    const related = this.#related(text, first, context)
    if (related) return related
    const { span, end } = first
    if (lead) return { end, window: { from: span.from, to: context.today }, relation: 'since', last: span }
    if (span.edge) return undefined
    const closed = during.at(text, end)?.end ?? end
    return { end: closed, window: days(span), relation: 'plain', last: days(span) }
  }

  /** What stands behind a point or span. */
  #related(
    text: string,
    { span, end }: { span: Span; end: number },
    context: WindowContext,
  ): ReadWindow | undefined {
    const { today, period } = context
    const range = this.#range(text, { span, end }, context)
    if (range) return range
    const since = onward.at(text, end)
    if (since)
      return { end: since.end, window: { from: span.from, to: today }, relation: 'since', last: days(span) }
    const later = after.at(text, end)
    if (later && !isCount(text, later.end))
      return { end: later.end, window: { from: span.to + 1, to: today }, relation: 'after', last: days(span) }
    const earlier = before.at(text, end)
    if (earlier && !isCount(text, earlier.end)) {
      const window = { from: period.from, to: span.from - 1 }
      return { end: earlier.end, window, relation: 'before', last: days(span) }
    }
    return undefined
  }

  #range(
    text: string,
    { span, end }: { span: Span; end: number },
    context: WindowContext,
  ): ReadWindow | undefined {
    const link = to.at(text, end)
    if (link) {
      const today = now.at(text, link.end)
      if (today) {
        const closed = ending.at(text, today.end)?.end ?? today.end
        const window = { from: span.from, to: context.today }
        return { end: closed, window, relation: 'since', last: days(span) }
      }
      const second = this.#span(text, link.end, context, span)
      if (second && 'problem' in second) return second
      if (second) {
        const closed = (ending.at(text, second.end) ?? during.at(text, second.end))?.end ?? second.end
        return ordered(span, second.span, closed)
      }
    }
    const join = joins.at(text, end)
    const next = join && this.#span(text, join.end, context, span)
    if (next && 'span' in next && next.span.unit === span.unit && next.span.from === span.to + 1) {
      return {
        end: next.end,
        window: { from: span.from, to: next.span.to },
        relation: 'range',
        last: days(next.span),
      }
    }
    return undefined
  }

  /** Until a point; "to the 5th" without a beginning is from the period's first day. */
  #until(text: string, at: number, context: WindowContext): ReadWindow | undefined {
    const lead = upTo.at(text, at)
    const last = this.#span(text, lead?.end ?? at, context, undefined)
    if (!last) return undefined
    if ('problem' in last) return lead && this.#afterProblem(text, last, context)
    const closed = ending.at(text, last.end)
    if (!lead && !closed) return undefined
    const window = { from: context.period.from, to: last.span.to }
    return { end: closed?.end ?? last.end, window, relation: 'until', last: days(last.span) }
  }

  /** A wrong date spoils the whole window, however right its other end is. */
  #afterProblem(
    text: string,
    { end, problem }: { end: number; problem: SpanProblem },
    context: WindowContext,
  ): ReadWindow {
    const link = to.at(text, end)
    const second = link && this.#span(text, link.end, context, undefined)
    return { end: second?.end ?? this.#pastRelation(text, end), problem }
  }

  /** The longest point or span at a place; one without a date before it is remembered, since relations ask again. */
  #span(text: string, at: number, context: WindowContext, previous: DateBefore): ReadSpan | undefined {
    if (previous !== undefined) return this.#findSpan(text, at, context, previous)
    if (this.#memo.text !== text || this.#memo.context !== context)
      this.#memo = { text, context, spans: new Map() }
    const { spans } = this.#memo
    if (!spans.has(at)) spans.set(at, this.#findSpan(text, at, context, previous))
    return spans.get(at)
  }

  #findSpan(text: string, at: number, context: WindowContext, previous: DateBefore): ReadSpan | undefined {
    let best: ReadSpan | undefined
    const take = (read: ReadSpan | undefined) => {
      if (read && (!best || read.end > best.end)) best = read
    }
    take(readCivil(text, at, context, previous))
    for (const reader of relativeReaders) take(reader(text, at, context))
    take(readMonths(text, at, context))
    const named = this.#named.at(text, at)
    if (named) take({ end: named.end, span: { ...named.value, unit: 'other' } })
    const moon = readLunar(text, at)
    if (moon !== undefined) take({ end: moon, problem: 'lunar-date' })
    return best
  }
}

/** The signs that words of dates begin with, wherever they stand in the lists. */
function firstSigns(words: unknown): string[] {
  if (typeof words === 'string') return [words[0] ?? '']
  if (Array.isArray(words)) return words.flatMap(firstSigns)
  if (typeof words !== 'object' || words === null) return []
  return Object.entries(words).flatMap(([key, value]) => [key[0] ?? '', ...firstSigns(value)])
}

/** Where a date of the old calendar ends; its days are not known here. */
function readLunar(text: string, at: number): number | undefined {
  let end = lunar.at(text, at)?.end
  for (let next = end; next !== undefined; next = lunar.at(text, next)?.end) end = next
  return end
}

/** "March to May" and "March, April" with the unit said once. */
function readMonths(text: string, at: number, context: WindowContext): ReadSpan | undefined {
  const first = readSpokenNumber(text, at)
  const link = first && (to.at(text, first.end) ?? joins.at(text, first.end))
  const second = link && readSpokenNumber(text, link.end)
  const unit = second && monthUnit.at(text, second.end)
  if (!first || !second || !unit) return undefined
  if (first.value < 1 || second.value > 12 || first.value >= second.value)
    return { end: unit.end, problem: 'date' }
  return { end: unit.end, span: monthsSpan(yearOf(first.value, 1, context), first.value, second.value) }
}

/** "Last month top ten" is no time before last month. */
function isCount(text: string, at: number): boolean {
  const number = readSpokenNumber(text, at)
  return number !== undefined && units.at(text, number.end) === undefined
}

/** Two ends in order; the turn of a year between them is bridged, other disorder is a mistake. */
function ordered(first: Span, second: Span, end: number): ReadWindow {
  if (second.to >= first.from) {
    return { end, window: { from: first.from, to: second.to }, relation: 'range', last: days(second) }
  }
  if (second.unit !== 'month') return { end, problem: 'date' }
  const { year, month } = civilOf(second.from)
  const next = monthSpan(year + 1, month)
  return { end, window: { from: first.from, to: next.to }, relation: 'range', last: days(next) }
}

function days({ from: first, to: last }: Window): Window {
  return { from: first, to: last }
}

/** A named window is also known without the word for a window at its end, and with others there. */
function namesOf(name: string): string[] {
  const ending = dates['window-endings'].find((word) => name.endsWith(word))
  if (!ending) return [name]
  const stem = name.slice(0, -ending.length)
  return [name, ...dates['window-endings'].map((word) => stem + word)]
}
