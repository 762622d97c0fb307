import { readFigures } from './figures'
import type { Lexicon } from './lexicon'
import type { Sense, Token, Via } from './sense'
import { foldedOf } from './sounds'
import type { PersonNameIndex } from '../names/person-names'
import { LONGEST_PERSON } from '../names/person-names'
import type { SchoolNameIndex } from '../names/school-names'
import type { WindowReader } from '../window/reader'
import type { WindowContext } from '../window/span'

export interface LexerVocabulary {
  lexicon: Lexicon
  schools: SchoolNameIndex
  persons: PersonNameIndex
  windows: WindowReader
  townSounds: ReadonlyMap<string, readonly string[]>
}

interface Best {
  cost: number
  from: number
  senses: readonly Sense[] | undefined
  via: Via
}

const UNKNOWN = 5
const SHORT = 0.6
const costs = {
  word: 1,
  filler: 1.05,
  window: 0.9,
  figure: 1,
  number: 2,
  code: 1,
  sound: 3.3,
  wrong: 3.6,
  letters: 1.5,
}
const noSenses: readonly Sense[] = []
/** The longest stretch that is compared by sound. */
const LONGEST_SOUND = 10

/**
 * Cuts a normalised text into words with what they may mean, so that as little as possible stays unknown and words are
 * few. What is read by its sound or with a wrong sign costs more than what is read as written.
 */
export function tokenizeQuestion(text: string, vocabulary: LexerVocabulary, context: WindowContext): Token[] {
  return new Cutter(text, vocabulary, context).cut()
}

class Cutter {
  readonly #best: Best[]

  constructor(
    readonly text: string,
    readonly vocabulary: LexerVocabulary,
    readonly context: WindowContext,
  ) {
    this.#best = [{ cost: 0, from: 0, senses: undefined, via: 'exact' }]
    for (let to = 1; to <= text.length; to++) {
      this.#best.push({ cost: Infinity, from: to - 1, senses: undefined, via: 'exact' })
    }
  }

  cut(): Token[] {
    for (let at = 0; at < this.text.length; at++) {
      if (isBreak(this.text[at] ?? '')) this.#offer(at, at + 1, { senses: undefined, cost: 0, via: 'exact' })
      else {
        this.#offer(at, at + 1, { senses: undefined, cost: UNKNOWN, via: 'exact' })
        if (isLatin(this.text, at)) this.#latin(at)
        else this.#han(at)
        this.#dates(at)
      }
    }
    return this.#path()
  }

  #offer(
    from: number,
    to: number,
    { senses, cost, via }: { senses: readonly Sense[] | undefined; cost: number; via: Via },
  ) {
    const start = this.#best[from]
    const end = this.#best[to]
    if (!start || !end || start.cost + cost >= end.cost) return
    this.#best[to] = { cost: start.cost + cost, from, senses, via }
  }

  #han(at: number): void {
    const { lexicon, schools, persons } = this.vocabulary
    const longest = Math.max(lexicon.longest, schools.longest)
    for (let to = at + 1; to <= this.text.length && to - at <= longest; to++) {
      if (isBreak(this.text[to - 1] ?? '')) break
      if (isLatin(this.text, to) && isLatin(this.text, to - 1)) continue
      const word = this.text.slice(at, to)
      const senses = lexicon.exact(word)
      const school = word.length > 1 ? schools.exact.get(word) : undefined
      if (school)
        this.#offer(at, to, {
          senses: [
            { kind: 'school', schools: school },
            ...(senses ?? noSenses).filter(({ kind }) => kind === 'stage' || kind === 'subject'),
          ],
          cost: costs.word,
          via: 'exact',
        })
      else if (senses) this.#offer(at, to, { senses, cost: costOf(senses, word), via: 'exact' })
      if (word.length > 1 && word.length <= LONGEST_PERSON) this.#person(at, to, word)
    }
    this.#sounds(at)
    if (persons.size) this.#wrongNames(at)
  }

  #person(at: number, to: number, word: string): void {
    const person = this.vocabulary.persons.exact(word)
    if (!person) return
    const cost = word.length === 2 ? 1.3 : 1
    this.#offer(at, to, { senses: [{ kind: 'person', persons: [person] }], cost, via: 'exact' })
  }

  /** Words and names that sound like what is written. */
  #sounds(at: number): void {
    let sound = ''
    const { lexicon, schools, townSounds } = this.vocabulary
    for (let to = at + 1; to <= this.text.length && to - at <= LONGEST_SOUND; to++) {
      const folded = foldedOf(this.text[to - 1] ?? '')
      if (!folded) break
      sound += `${folded} `
      if (to - at < 2) continue
      const senses = lexicon.bySound(sound)
      if (senses) this.#offer(at, to, { senses, cost: costs.sound + (to - at < 3 ? SHORT : 0), via: 'sound' })
      const towns = townSounds.get(sound)
      if (towns) this.#offer(at, to, { senses: [{ kind: 'town', towns }], cost: costs.sound, via: 'sound' })
      if (to - at < 3) continue
      const named = schools.bySound(sound)
      if (named.length)
        this.#offer(at, to, { senses: [{ kind: 'school', schools: named }], cost: costs.sound, via: 'sound' })
    }
  }

  /** Schools and people with one sign wrong, where nothing else explains the text. */
  #wrongNames(at: number): void {
    const { schools, persons } = this.vocabulary
    for (let length = 3; length <= 9 && at + length <= this.text.length; length++) {
      const word = this.text.slice(at, at + length)
      if (isBreak(word.at(-1) ?? '') || isLatin(word, length - 1)) break
      if (length <= 3) {
        const alike = persons.bySound(word)
        if (alike.length)
          this.#offer(at, at + length, {
            senses: [{ kind: 'person', persons: alike }],
            cost: costs.sound + SHORT,
            via: 'sound',
          })
      }
      const named = schools.byOneWrong(word)
      if (named.length)
        this.#offer(at, at + length, {
          senses: [{ kind: 'school', schools: named }],
          cost: costs.wrong,
          via: 'wrong',
        })
    }
  }

  #latin(at: number): void {
    const { lexicon, schools } = this.vocabulary
    if (at > 0 && isLatin(this.text, at - 1) && !/[a-z]/.test(this.text[at] ?? '')) return
    let end = at
    while (isLatin(this.text, end)) end++
    const begins = at === 0 || !isLatin(this.text, at - 1)
    if (begins) this.#latinRun(at, end)
    for (let to = Math.min(end, at + 40); to > at + 1; to--) {
      const letters = this.text.slice(at, to)
      if (!/^[a-z]+$/.test(letters)) continue
      const senses = lexicon.byLetters(letters)
      if (senses) this.#offer(at, to, { senses, cost: costs.letters, via: 'letters' })
      if (letters.length < 3) continue
      const named = schools.byLetters(letters)
      if (named.length)
        this.#offer(at, to, {
          senses: [{ kind: 'school', schools: named }],
          cost: costs.letters,
          via: 'letters',
        })
    }
  }

  /** Words in letters and codes stand by themselves; words of digits and signs may begin here too. */
  #latinRun(at: number, end: number): void {
    const run = this.text.slice(at, end)
    const senses = this.vocabulary.lexicon.exact(run)
    if (senses) this.#offer(at, end, { senses, cost: costs.word, via: 'exact' })
    const school = this.vocabulary.schools.exact.get(run)
    if (school)
      this.#offer(at, end, { senses: [{ kind: 'school', schools: school }], cost: costs.word, via: 'exact' })
    if (/^(?=.*[a-z])(?=.*\d)[a-z\d]{8}$/.test(run)) {
      this.#offer(at, end, {
        senses: [{ kind: 'code', code: run.toUpperCase() }],
        cost: costs.code,
        via: 'exact',
      })
    }
    this.#han(at)
  }

  #dates(at: number): void {
    // Inside a number begins no date.
    if (isDigit(this.text, at) && isDigit(this.text, at - 1)) return
    const window = this.vocabulary.windows.read(this.text, at, this.context)
    if (window) {
      const sense: Sense =
        'problem' in window
          ? { kind: 'bad-date', why: window.problem }
          : 'whole' in window
            ? { kind: 'whole-period' }
            : { kind: 'window', window: window.window, last: window.last, since: window.relation !== 'plain' }
      this.#offer(at, window.end, { senses: [sense], cost: costs.window, via: 'exact' })
    }
    for (const { end, sense } of readFigures(this.text, at)) {
      const cost = sense.kind === 'number' || sense.kind === 'stars' ? costs.number : costs.figure
      this.#offer(at, end, { senses: [sense], cost, via: 'exact' })
    }
  }

  #path(): Token[] {
    const tokens: Token[] = []
    for (let to = this.text.length; to > 0;) {
      const step = this.#best[to]
      if (!step) break
      const text = this.text.slice(step.from, to)
      const next = tokens[0]
      const unknown = !step.senses && !isBreak(text)
      if (unknown && next && next.senses === noSenses && !isBreak(next.text)) {
        tokens[0] = { ...next, text: text + next.text, from: step.from }
      } else {
        tokens.unshift({ text, from: step.from, to, senses: step.senses ?? noSenses, via: step.via })
      }
      to = step.from
    }
    return tokens
  }
}

function costOf(senses: readonly Sense[], word: string): number {
  const base = senses[0]?.kind === 'filler' && senses.length === 1 ? costs.filler : costs.word
  return word.length === 1 ? base + SHORT : base
}

/** Signs that part words: spaces and punctuation. */
export function isBreak(sign: string): boolean {
  return !/[\p{L}\p{N}]/u.test(sign)
}

function isLatin(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code >= 48 && code <= 57
}
