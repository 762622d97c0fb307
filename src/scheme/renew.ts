import { civilOf, dayFromCivil, formatDay, parseDay } from '../calendar/day'

/**
 * The text of a scheme file for another year: every date moves by whole years, and so does every year that is
 * written before the character for year. 29 February becomes the 28th where the new year has none. Everything else,
 * comments included, stays as it was.
 */
export function renewScheme(text: string, years: number): string {
  return text
    .replace(/\b\d{4}-\d{2}-\d{2}\b/g, (date) => moveDate(date, years))
    .replace(/\b((?:19|20)\d{2})(?=\s*(?:\u5e74|\u2014|\u5b66\u5e74))/g, (year) =>
      String(Number(year) + years),
    )
}

function moveDate(text: string, years: number): string {
  const given = parseDay(text)
  if (given === undefined) return text
  const { year, month, day } = civilOf(given)
  const moved = dayFromCivil(year + years, month, day) ?? dayFromCivil(year + years, month, day - 1)
  return moved === undefined ? text : formatDay(moved)
}
