import { randomInt, scrypt } from 'node:crypto'

/** Letters and digits that nobody mistakes for one another when reading aloud or typing. */
const alphabet = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
const length = 8

/** A new one-time code: 8 characters of which at least one is a digit and one a letter, so that it is no word. */
export function makeCode(): string {
  for (;;) {
    const code = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
    if (/\d/.test(code) && /[A-Z]/.test(code)) return code
  }
}

/** The code in a text however it was typed (small letters, full width, hyphens, spaces); undefined when it is none. */
export function readBindingCode(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase()
  if (plain.length !== length || !/\d/.test(plain) || !/[A-Z]/.test(plain)) return
  return [...plain].every((character) => alphabet.includes(character)) ? plain : undefined
}

/** Whether somebody meant a code, with a letter or digit too many, too few or taken for another. */
export function looksLikeCode(text: string): boolean {
  return /^[a-z\d-]{5,12}$/i.test(text.normalize('NFKC').trim()) && /\d/.test(text.normalize('NFKC'))
}

const mostFound = 400
const separator = String.raw`[\s\p{Pd}_.]{0,2}`
const anywhere = new RegExp(
  String.raw`(?<![A-Za-z0-9])(?=((?:[${alphabet}]${separator}){${length - 1}}[${alphabet}])(?![A-Za-z0-9]))`,
  'giu',
)

/**
 * Everything in a text that may be a code: inside a sentence, in a list, however it was typed. Written in one piece or
 * with a hyphen comes first, so that a long text cannot hide it behind what only looks like one.
 */
export function findCodes(text: string): string[] {
  const plain = text.normalize('NFKC')
  const found = [...plain.matchAll(anywhere)].map((match) => match[1] ?? '')
  const spaced = (each: string) => Number(/[^\w\p{Pd}]/u.test(each))
  const codes = found
    .sort((a, b) => spaced(a) - spaced(b))
    .map((each) => readBindingCode(each.replace(/[^A-Za-z\d]/g, '')))
  return [...new Set(codes.filter((code) => code !== undefined))].slice(0, mostFound)
}

/**
 * What is stored of a code. Slow on purpose (some 10 ms): a code is short, and whoever gets the table should
 * not be able to try all of them within its lifetime. One salt for all, because codes are looked up by hash.
 */
export function hashCode(code: string): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(code, 'space-bind-code', 32, { N: 4096, r: 8, p: 1 }, (error, key) => {
      if (error) reject(error)
      else resolve(key.toString('hex'))
    })
  })
}

export const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000)
export const inDays = (days: number) => new Date(Date.now() + days * 86_400_000)
