import { formatDay } from '../calendar/day'
import { rounded } from '../text/figure'
import { factFigures } from './facts'
import type { BulletinFacts } from './facts'

/** Digits with their decimals, and groups of thousands. */
const numberPattern = /\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?/g

/**
 * Numbers of an edited text that are in no fact and were in no draft made of facts, each once: whoever approves it is
 * shown them. Numbers written in words are not looked at.
 */
export function strangeNumbers(text: string, facts: BulletinFacts, drafted: string): string[] {
  const known = new Set<number>(factFigures(facts))
  const { window, dataUntil } = facts.stamp
  const dates = [window.from, window.to, dataUntil, facts.since ?? dataUntil].map(formatDay)
  for (const number of numbersIn([drafted, ...dates].join(' '))) known.add(number.value)
  const found = new Map<number, string>()
  for (const { value, shown } of numbersIn(text)) if (!known.has(value)) found.set(value, shown)
  return [...found.values()]
}

/** The numbers of a text in their order, as values and as they stand there; full width counts too. */
export function numbersIn(text: string): { value: number; shown: string }[] {
  return [...text.normalize('NFKC').matchAll(numberPattern)].map(([shown]) => ({
    ...{ shown, value: rounded(Number(shown.replaceAll(',', ''))) },
  }))
}
