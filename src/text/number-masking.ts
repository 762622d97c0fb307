import words from './words.json'

export type SecretKind = 'phone' | 'identity'

/** A number that was taken out of a text. `token` stands behind its mask in the text and reveals it later. */
export interface Secret {
  token: number
  kind: SecretKind
  /** As it was typed, with its spaces and dashes. */
  original: string
}

export interface Masked {
  text: string
  secrets: Secret[]
}

const maskedNumber = /[\d*]+x?\[\*\d+\]/gi

/** The first characters of a text; a masked number at the end is left out rather than cut, as half of it says too much or nothing. */
export function cutMasked(text: string, most: number): string {
  const cut = Array.from(text).slice(0, most).join('')
  for (const { index, 0: found } of text.matchAll(maskedNumber)) {
    if (index < cut.length && index + found.length > cut.length) return text.slice(0, index).trimEnd()
  }
  return cut
}

/** What people put between the digits of a number: spaces of any width, dashes, dots, slashes, brackets, invisible characters. */
const gap =
  '[\\s\\u00a0\\u3000\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff\\ufe0f\\u20e3.\\u00b7_~/()\\[\\]\\u3010\\u3011\\-\\u2010-\\u2015\\u2212\\uff0d]{0,3}'
const spaced = (...parts: string[]) => parts.join(gap)
const digits = (count: number) => spaced(...Array.from({ length: count }, () => '\\d'))
const year = spaced(`(?:${spaced('1', '9')}|${spaced('2', '0')})`, '\\d', '\\d')
const month = `(?:${spaced('0', '[1-9]')}|${spaced('1', '[0-2]')})`
const day = `(?:${spaced('0', '[1-9]')}|${spaced('[12]', '\\d')}|${spaced('3', '[01]')})`

/** Region, date of birth, 3 digits and a check character; the old kind of 15 digits has a short year and no check. */
const identity18 = spaced('[1-8]', digits(5), year, month, day, digits(3), '[\\dx]')
const identity15 = spaced('[1-8]', digits(5), digits(2), month, day, digits(3))
const mobile = `(?:(?:\\+|00)?86${gap})?${spaced('1', '[3-9]', digits(9))}`
const fixed = '\\(?0\\d{2,3}(?:\\)\\s?|[-\\u2010-\\u2015\\u2212 ])\\d{3,4}[- ]?\\d{4}'
const pattern = new RegExp(
  `(?<!\\d)(?:(?<identity>${identity18}|${identity15})|(?<phone>${mobile}|${fixed}))(?!\\d)`,
  'giu',
)

/**
 * Takes phone and identity numbers out of a text that is to leave for a group, also when they are typed with spaces,
 * dashes or full-width digits. What is left looks like 138****5678[*1]; `from` is the first token that is free.
 */
export function mask(text: string, from = 1): Masked {
  const secrets: Secret[] = []
  let left = ''
  let end = 0
  for (const { index, found, kind } of numbersIn(text)) {
    const token = from + secrets.length
    secrets.push({ token, kind, original: text.slice(index, index + found.length) })
    left += text.slice(end, index) + maskOf(found.replace(/[^\dx]/gi, ''), kind) + `[*${token}]`
    end = index + found.length
  }
  return { text: left + text.slice(end), secrets }
}

interface FoundNumber {
  index: number
  found: string
  kind: SecretKind
}

/** Numbers in digits, and those of which some are spelled out: a word for a number before one in digits is none of it. */
function numbersIn(text: string): FoundNumber[] {
  const numbers: FoundNumber[] = []
  const narrowed = narrow(text)
  for (const read of [narrowed, spelled(narrowed)]) {
    for (const match of read.matchAll(pattern)) {
      const { index } = match
      const found = match[0]
      const isKnown = numbers.some(
        (one) => index < one.index + one.found.length && one.index < index + found.length,
      )
      if (!isKnown) numbers.push({ index, found, kind: match.groups?.['identity'] ? 'identity' : 'phone' })
    }
  }
  return numbers.sort((a, b) => a.index - b.index)
}

/** Puts the numbers back in for somebody who is entitled to read them. */
export function reveal(text: string, secrets: readonly Secret[]): string {
  return text.replace(/[\d*]+x?\[\*(\d+)\]/gi, (whole, token: string) => {
    const secret = secrets.find((one) => one.token === Number(token))
    return secret?.original ?? whole
  })
}

/** Full-width and circled digits, letters and signs to plain ones, one character for one, so that places stay the same. */
function narrow(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
    .replace(
      /[\u2460-\u2468\u2474-\u247c\u2776-\u277e\u24f5-\u24fd\u2780-\u2788\u278a-\u2792\u24ea\u24ff]/g,
      circled,
    )
}

/** The first character of each row of circled digits from 1 to 9. */
const circledRows = [0x2460, 0x2474, 0x2776, 0x24f5, 0x2780, 0x278a]

function circled(digit: string): string {
  const code = digit.charCodeAt(0)
  const row = circledRows.find((first) => code >= first && code < first + 9)
  return row === undefined ? '0' : String(code - row + 1)
}

const digitWords: Partial<Record<string, string>> = words.digits

/** Digits that are written as words, one character for one. */
function spelled(text: string): string {
  return Array.from(text, (character) => digitWords[character] ?? character).join('')
}

function maskOf(bare: string, kind: SecretKind): string {
  if (kind === 'identity') return `${bare.slice(0, 4)}${'*'.repeat(bare.length - 8)}${bare.slice(-4)}`
  const local = bare.length > 11 ? bare.slice(-11) : bare
  return `${local.slice(0, 3)}****${local.slice(-4)}`
}
