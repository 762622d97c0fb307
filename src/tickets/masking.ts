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

/** What people put between the digits of a number: spaces of any width, dashes, dots, invisible characters. */
const gap = '[\\s\\u00a0\\u3000\\u200b-\\u200d\\u2060\\ufeff.\\u00b7_~\\-\\u2010-\\u2015\\u2212\\uff0d]{0,3}'
const digits = (count: string) => `(?:${gap}\\d)${count}`

/** 17 digits and a check character; 15 digits of the old kind; mobile numbers with or without +86; fixed lines. */
const identity18 = `[1-8]${digits('{16}')}${gap}[\\dx]`
const identity15 = `[1-8]${digits('{14}')}`
const mobile = `(?:(?:\\+|00)?86${gap})?1${gap}[3-9]${digits('{9}')}`
const fixed = '\\(?0\\d{2,3}(?:\\)\\s?|[-\\u2010-\\u2015\\u2212 ])\\d{3,4}[- ]?\\d{4}'
const pattern = new RegExp(
  `(?<![\\da-z])(?:(?<identity>${identity18}|${identity15})|(?<phone>${mobile}|${fixed}))(?![\\da-z])`,
  'giu',
)

/**
 * Takes phone and identity numbers out of a text that is to leave for a group, also when they are typed with spaces,
 * dashes or full-width digits. What is left looks like 138****5678[*1]; `from` is the first token that is free.
 */
export function mask(text: string, from = 1): Masked {
  const read = narrow(text)
  const secrets: Secret[] = []
  let left = ''
  let end = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(read); match; match = pattern.exec(read)) {
    const found = match[0]
    const kind: SecretKind = match.groups?.identity ? 'identity' : 'phone'
    const bare = found.replace(/[^\dx]/gi, '')
    if (kind === 'identity' && !isIdentity(bare)) {
      // No date of birth in it: perhaps a phone number begins inside.
      pattern.lastIndex = match.index + Math.max(1, found.search(/\D/))
      continue
    }
    const token = from + secrets.length
    const original = text.slice(match.index, match.index + found.length)
    secrets.push({ token, kind, original })
    left += text.slice(end, match.index) + maskOf(bare, kind) + `[*${token}]`
    end = match.index + found.length
  }
  return { text: left + text.slice(end), secrets }
}

/** Puts the numbers back in for somebody who is entitled to read them. */
export function reveal(text: string, secrets: readonly Secret[]): string {
  return text.replace(/[\d*]+\[\*(\d+)\]/g, (whole, token: string) => {
    const secret = secrets.find((one) => one.token === Number(token))
    return secret?.original ?? whole
  })
}

/** Full-width digits, letters and signs to half width, one character for one, so that places stay the same. */
function narrow(text: string): string {
  return text.replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
}

function isIdentity(bare: string): boolean {
  const birth = bare.length === 18 ? bare.slice(6, 14) : `19${bare.slice(6, 12)}`
  const [year, month, day] = [birth.slice(0, 4), birth.slice(4, 6), birth.slice(6, 8)].map(Number)
  return year! >= 1900 && year! <= 2099 && month! >= 1 && month! <= 12 && day! >= 1 && day! <= 31
}

function maskOf(bare: string, kind: SecretKind): string {
  if (kind === 'identity') return `${bare.slice(0, 4)}${'*'.repeat(bare.length - 8)}${bare.slice(-4)}`
  const local = bare.length > 11 ? bare.slice(-11) : bare
  return `${local.slice(0, 3)}****${local.slice(-4)}`
}
