import { foldedOf, syllableOf } from './sounds'
import type { Sense } from './sense'

/** Words with what they may mean, found as written, by their sound and by their letters. Built once. */
export class Lexicon {
  readonly #words = new Map<string, Sense[]>()
  readonly #sounds = new Map<string, Sense[]>()
  readonly #letters = new Map<string, Sense[]>()
  longest = 1

  add(word: string, sense: Sense): void {
    addTo(this.#words, word, sense)
    this.longest = Math.max(this.longest, word.length)
    if (word.length < 2 || !isHan(word)) return
    let letters = ''
    let sound = ''
    for (const sign of word) {
      letters += syllableOf(sign)
      sound += `${foldedOf(sign)} `
    }
    if (sense.kind !== 'filler') addTo(this.#sounds, sound, sense)
    addTo(this.#letters, letters, sense)
  }

  exact(word: string): readonly Sense[] | undefined {
    return this.#words.get(word)
  }

  /** By folded syllables with a blank behind each. */
  bySound(sound: string): readonly Sense[] | undefined {
    return this.#sounds.get(sound)
  }

  byLetters(letters: string): readonly Sense[] | undefined {
    return this.#letters.get(letters)
  }
}

function addTo(index: Map<string, Sense[]>, key: string, sense: Sense): void {
  const known = index.get(key)
  if (!known) index.set(key, [sense])
  else if (!known.some((one) => isSame(one, sense))) known.push(sense)
}

function isSame(a: Sense, b: Sense): boolean {
  if (a.kind !== b.kind) return false
  if (a.kind === 'cue' && b.kind === 'cue') return a.cue === b.cue
  return JSON.stringify(a) === JSON.stringify(b)
}

function isHan(word: string): boolean {
  for (const sign of word) if (!syllableOf(sign)) return false
  return true
}
