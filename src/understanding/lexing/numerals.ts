import dates from '../words/dates.json'

const digits: ReadonlyMap<string, number> = new Map(Object.entries(dates.digits))
const tens: ReadonlyMap<string, number> = new Map(Object.entries(dates.tens))

export interface ReadNumber {
  value: number
  end: number
  /** How many characters it was written with. */
  length: number
}

/** The number that begins at a place of a text, in digits or as spoken Chinese (up to thousands). */
export function readSpokenNumber(text: string, at: number): ReadNumber | undefined {
  const plain = readDigits(text, at)
  return plain ?? readSpoken(text, at)
}

function readDigits(text: string, at: number): ReadNumber | undefined {
  let end = at
  while (end < text.length && end - at < 12 && isDigit(text, end)) end++
  if (end === at) return undefined
  return { value: Number(text.slice(at, end)), end, length: end - at }
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}

/** "Two zero two two" is a row of digits; "twenty-one" and "a hundred and five" are sums. */
function readSpoken(text: string, at: number): ReadNumber | undefined {
  let end = at
  while (end < text.length && end - at < 7 && (digits.has(text[end] ?? '') || tens.has(text[end] ?? '')))
    end++
  if (end === at) return undefined
  const said = [...text.slice(at, end)]
  const value = said.some((sign) => tens.has(sign)) ? sumOf(said) : rowOf(said)
  return value === undefined ? undefined : { value, end, length: end - at }
}

function rowOf(said: readonly string[]): number | undefined {
  if (said.length > 1 && said.length !== 4) return undefined
  return said.reduce((value, sign) => value * 10 + (digits.get(sign) ?? 0), 0)
}

function sumOf(said: readonly string[]): number | undefined {
  let total = 0
  let digit: number | undefined
  for (const sign of said) {
    const unit = tens.get(sign)
    if (unit === undefined) {
      if (digit) return undefined
      digit = digits.get(sign)
    } else {
      total += (digit ?? 1) * unit
      digit = undefined
    }
  }
  return total + (digit ?? 0)
}
