import { civilOf, firstOfMonth, mondayOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'
import type { Meaning, WindowWord } from './question-vocabulary'

/** The days a question is about, and how the question named them. */
export type QuestionWindow = Window &
  ({ kind: WindowWord } | { kind: 'named'; name: string } | { kind: 'dates' })

/**
 * The window of a question from what its words say: the period without any, else the one that was named. A date
 * range may be written backwards. Undefined when two different windows were named.
 */
export function windowOf(
  meanings: readonly Meaning[],
  { period, today }: { period: Window; today: Day },
): QuestionWindow | undefined {
  const dates = meanings.filter((meaning) => meaning.kind === 'dates')
  const named = new Map<string, QuestionWindow>()
  for (const meaning of meanings) {
    if (meaning.kind === 'named-window') {
      named.set(meaning.name, { kind: 'named', name: meaning.name, ...meaning.window })
    }
    if (meaning.kind === 'window' && meaning.word !== 'period') {
      named.set(meaning.word, { kind: meaning.word, ...windowOfWord(meaning.word, today) })
    }
  }
  const [first] = dates
  const last = dates.at(-1)
  if (first && last) {
    named.set('dates', {
      kind: 'dates',
      from: Math.min(first.from, last.from),
      to: Math.max(first.to, last.to),
    })
  }
  if (named.size > 1 || dates.length > 2) return undefined
  return [...named.values()][0] ?? { kind: 'period', ...period }
}

function windowOfWord(word: Exclude<WindowWord, 'period'>, today: Day): Window {
  const monday = mondayOf(today)
  const { year, month } = civilOf(today)
  const first = firstOfMonth(year, month)
  switch (word) {
    case 'today':
      return { from: today, to: today }
    case 'yesterday':
      return { from: today - 1, to: today - 1 }
    case 'this-week':
      return { from: monday, to: monday + 6 }
    case 'last-week':
      return { from: monday - 7, to: monday - 1 }
    case 'this-month':
      return { from: first, to: firstOfMonth(year, month + 1) - 1 }
    case 'last-month':
      return { from: firstOfMonth(year, month - 1), to: first - 1 }
  }
}

/**
 * The window between two days, by the name under which people know it where it has one. An absent beginning is that of the
 * period, an absent end its end; a week or month may have been cut off at today.
 */
export function nameQuestionWindow(
  { from, to }: { from?: Day | undefined; to?: Day | undefined },
  {
    period,
    today,
    windows,
  }: { period: Window; today: Day; windows: readonly { name: string; window: Window }[] },
): QuestionWindow {
  if (from === undefined && to === undefined) return { kind: 'period', ...period }
  const given = { from: from ?? period.from, to: to ?? Math.max(period.from, Math.min(period.to, today)) }
  const isGiven = (window: Window) =>
    window.from === given.from && (window.to === given.to || (given.to === today && window.to > today))
  if (isGiven(period)) return { kind: 'period', ...period }
  const word = spokenWindows.find((each) => isGiven(windowOfWord(each, today)))
  if (word) return { kind: word, ...windowOfWord(word, today) }
  // What reaches to today only is not called by the name of what goes on.
  const named = windows.find(({ window }) => window.from === given.from && window.to === given.to)
  return named ? { kind: 'named', name: named.name, ...named.window } : { kind: 'dates', ...given }
}

const spokenWindows = ['this-week', 'last-week', 'this-month', 'last-month', 'today', 'yesterday'] as const
