import { wordKey } from '../text/normalise'

/** Whether a text is a word for a sum (of `Headers.totals`), alone or with something behind a colon. */
export function isTotal(text: string, totals: ReadonlySet<string>): boolean {
  const key = wordKey(text)
  if (totals.has(key)) return true
  return key.includes(':') && [...totals].some((word) => key.startsWith(`${word}:`))
}

/** Whether a text could be such a word at all: they are short and Chinese. */
export function mayBeTotal(text: string): boolean {
  return text.length <= 20 && !/^[\x20-\x7e]*$/.test(text)
}
