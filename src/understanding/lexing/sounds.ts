import { pinyin } from 'pinyin-pro'

const FIRST = 0x4e00
const LAST = 0x9fff
let syllables: readonly string[] | undefined

/** What sounds alike to a voice keyboard or in the accents of the Yangtze: zh/z, ch/c, sh/s and final ng/n. */
function fold(syllable: string): string {
  return syllable.replace(/^([zcs])h/, '$1').replace(/([ei])ng$/, '$1n')
}

function table(): readonly string[] {
  if (syllables) return syllables
  const all = Array.from({ length: LAST - FIRST + 1 }, (_, index) => String.fromCharCode(FIRST + index))
  syllables = pinyin(all.join(' '), { toneType: 'none', type: 'array', v: true, nonZh: 'removed' })
  if (syllables.length !== all.length) {
    syllables = all.map((sign) => pinyin(sign, { toneType: 'none', v: true }))
  }
  return syllables
}

/** The toneless syllable of a Han character as it is typed; empty for what is none. */
export function syllableOf(sign: string): string {
  const code = sign.charCodeAt(0)
  return code < FIRST || code > LAST ? '' : (table()[code - FIRST] ?? '')
}

/** How a text sounds, one folded syllable a character with breaks between; letters and digits sound as themselves. */
export function soundOf(text: string): string {
  let sound = ''
  for (const sign of text) sound += `${foldedOf(sign) || sign} `
  return sound
}

const foldedSyllables = new Map<string, string>()

/** The folded syllable of one character. */
export function foldedOf(sign: string): string {
  let known = foldedSyllables.get(sign)
  if (known === undefined) {
    known = fold(syllableOf(sign))
    foldedSyllables.set(sign, known)
  }
  return known
}

/** A word as it is typed with letters only: whole syllables, and initials. */
export function typedForms(text: string): { whole: string; initials: string } {
  const parts = [...text].map((sign) => syllableOf(sign) || sign)
  return { whole: parts.join(''), initials: parts.map((part) => part[0] ?? '').join('') }
}
