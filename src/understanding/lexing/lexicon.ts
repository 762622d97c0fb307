import { foldedOf, syllableOf } from './sounds'
import type { Sense } from './sense'
import heardCues from '../words/heard.json'

const heard: readonly string[] = heardCues.cues

/** Words with what they may mean, found as written, by their sound and by their letters. Built once. */
export class Lexicon {
  readonly #words = new Map<string, Sense[]>()
  readonly #sounds = new Map<string, Sense[]>()
  readonly #letters = new Map<string, Sense[]>()
  readonly #prefixes = new Set<string>()
  readonly #soundPrefixes = new Set<string>()
  longest = 1

  add(word: string, sense: Sense): void {
    addTo(this.#words, word, sense)
    this.longest = Math.max(this.longest, word.length)
    for (let end = 1; end <= word.length; end++) this.#prefixes.add(word.slice(0, end))
    if (!isHan(word) || (word.length < 2 && sense.kind !== 'scope')) return
    let letters = ''
    let sound = ''
    for (const sign of word) {
      letters += syllableOf(sign)
      sound += `${foldedOf(sign)} `
      this.#soundPrefixes.add(sound)
    }
    if (word.length > 1 && isHeard(sense)) addTo(this.#sounds, sound, sense)
    addTo(this.#letters, letters, sense)
  }

  /** Whether any word begins so; without one a longer look is in vain. */
  begins(part: string): boolean {
    return this.#prefixes.has(part)
  }

  soundBegins(sound: string): boolean {
    return this.#soundPrefixes.has(sound)
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

/** Only what people ask by is known by its sound too: words of topics would be heard in anything. */
function isHeard(sense: Sense): boolean {
  return sense.kind === 'cue' ? heard.includes(sense.cue) : sense.kind !== 'filler'
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
