import { createRequire } from 'node:module'
import type { ShownNumber } from './cells'

/** What a number format does to a number: nothing that matters, a date, or something that has to be looked at. */
export type NumberFormat = 'plain' | { pattern: string; isDate: boolean }

/** Formats that every spreadsheet knows by number (ECMA-376, 18.8.30) and in which a number keeps its digits. */
const plainIds = new Set([0, 1, 2, 3, 4, 11, 37, 38, 39, 40, 48, 49])
/** Dates and times among them, the Chinese ones (27 to 36, 50 to 58) too. */
const isDateId = (id: number) =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
const DATE = 'yyyy/m/d h:mm:ss'
const others = new Map([
  [9, '0%'],
  [10, '0.00%'],
  [12, '# ?/?'],
  [13, '# ??/??'],
])

/** The format with an id, with its pattern where the workbook defines one. */
export function numberFormatOf(id: number, pattern: string | undefined): NumberFormat {
  if (pattern) return patternFormat(pattern)
  if (plainIds.has(id)) return 'plain'
  if (isDateId(id)) return { pattern: DATE, isDate: true }
  const known = others.get(id)
  return known === undefined ? 'plain' : { pattern: known, isDate: false }
}

/** The format of a pattern such as `00000` or `yyyy/m/d`. */
export function patternFormat(pattern: string): NumberFormat {
  // Without texts, escapes, fill characters and colours; elapsed time such as [h] stays.
  const bare = pattern
    .replace(/"[^"]*"?|\\.|[_*]./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '')
  if (/[ymdhsbe]/i.test(bare.replace(/e[+-]/gi, ''))) return { pattern, isDate: true }
  return keepsDigits(pattern) ? 'plain' : { pattern, isDate: false }
}

/** Room for a bracket, a colour and negative numbers in brackets change no digit: `0_);[Red]\\(0\\)`. */
function keepsDigits(pattern: string): boolean {
  const [positive = ''] = pattern
    .replace(/_.|\[(?:black|blue|cyan|green|magenta|red|white|yellow)\]|\\?\s/gi, '')
    .split(';')
  return /^(?:[#,]*0|#|0)(?:\.[0#?]+)?$|^@$|^general$/i.test(positive)
}

/** What a person sees of a number with the format; undefined when the library cannot say. */
export function shownText({ value, pattern }: ShownNumber): string | undefined {
  try {
    return formatter().format(pattern, value)
  } catch {
    return undefined
  }
}

/** The number, or what has to be looked at because its format shows something else than its digits. */
export function formattedNumber(value: number, format: NumberFormat | undefined): number | ShownNumber {
  if (format === undefined || format === 'plain') return value
  return { kind: 'shown', value, pattern: format.pattern, isDate: format.isDate }
}

/** What is used here of the library's formats, to which it gives no types. */
const load = createRequire(__filename)

interface Formatter {
  format(pattern: string, value: number): string
}

/** Loaded when the first such format is met: most files have none. */
function formatter(): Formatter {
  return (load('@e965/xlsx') as { SSF: Formatter }).SSF
}
