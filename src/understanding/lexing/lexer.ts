import { readFigures } from './figures'
import type { Lexicon } from './lexicon'
import type { Sense, Token, Via } from './sense'
import { foldedOf } from './sounds'
import talk from '../words/talk.json'
import type { CalledPerson, PersonNameIndex } from '../names/person-names'
import { LONGEST_PERSON } from '../names/person-names'
import type { CalledSchool, SchoolNameIndex } from '../names/school-names'
import type { ReadWindow, WindowReader } from '../window/reader'
import type { WindowContext } from '../window/span'

export interface LexerVocabulary {
  lexicon: Lexicon
  schools: SchoolNameIndex
  persons: PersonNameIndex
  windows: WindowReader
  townSounds: ReadonlyMap<string, readonly string[]>
}

type Offer = Pick<Best, 'senses' | 'cost' | 'via'>

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
const noSchools: readonly CalledSchool[] = []
const noPersons: readonly CalledPerson[] = []
/** More unknown stretches than this are no misspelt name. */
const MOST_UNKNOWN = 3
const LONGEST_WRONG = 9
const LONGEST_LETTERS = 40
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
  readonly #breaks: readonly boolean[]

  constructor(
    readonly text: string,
    readonly vocabulary: LexerVocabulary,
    readonly context: WindowContext,
  ) {
    this.#breaks = Array.from(text, isBreak)
    this.#best = [{ cost: 0, from: 0, senses: undefined, via: 'exact' }]
    for (let to = 1; to <= text.length; to++) {
      this.#best.push({ cost: Infinity, from: to - 1, senses: undefined, via: 'exact' })
    }
  }

  /** Names with a wrong sign are only looked for where something stayed unknown. */
  cut(): Token[] {
    this.#pass(undefined)
    const tokens = this.#path()
    const unknown = tokens.filter(({ senses, text }) => !senses.length && !isBreak(text))
    if (!unknown.length || unknown.length > MOST_UNKNOWN) return tokens
    this.#pass(unknown)
    return this.#path()
  }

  #pass(unknown: readonly Token[] | undefined): void {
    for (const [place, best] of this.#best.entries()) {
      if (place === 0) continue
      best.cost = Infinity
      best.from = place - 1
      best.senses = undefined
      best.via = 'exact'
    }
    for (let at = 0; at < this.text.length; at++) {
      if (this.#breaks[at]) {
        this.#offer(at, at + 1, unknownAt(0))
        continue
      }
      this.#offer(at, at + 1, unknownAt(UNKNOWN))
      if (isLatin(this.text, at)) this.#latin(at)
      else this.#han(at)
      this.#dates(at)
      if (unknown?.some(({ from, to }) => from <= at + LONGEST_WRONG && to > at))
        this.#wrongNames(at, unknown)
    }
  }

  #offer(from: number, to: number, { senses, cost, via }: Offer): void {
    const start = this.#best[from]
    const end = this.#best[to]
    if (!start || !end || start.cost + cost >= end.cost) return
    end.cost = start.cost + cost
    end.from = from
    end.senses = senses
    end.via = via
  }

  #han(at: number): void {
    const { lexicon, schools } = this.vocabulary
    for (let to = at + 1; to <= this.text.length && !this.#breaks[to - 1]; to++) {
      const word = this.text.slice(at, to)
      const isPerson = to - at > 1 && to - at <= LONGEST_PERSON
      const goesOn = lexicon.begins(word) || schools.begins(word)
      if (!goesOn && to - at >= LONGEST_PERSON) break
      if (isLatin(this.text, to) && isLatin(this.text, to - 1)) continue
      if (goesOn) this.#word(at, to, word)
      if (isPerson) this.#person(at, to, word)
    }
    this.#sounds(at)
  }

  #word(at: number, to: number, word: string): void {
    const senses = this.vocabulary.lexicon.exact(word)
    const school = word.length > 1 ? this.vocabulary.schools.exact.get(word) : undefined
    if (school) {
      const both = (senses ?? noSenses).filter(({ kind }) => kind === 'stage' || kind === 'subject')
      this.#offer(at, to, {
        senses: [{ kind: 'school', schools: school }, ...both],
        cost: costs.word,
        via: 'exact',
      })
    } else if (senses) this.#offer(at, to, { senses, cost: costOf(senses, word), via: 'exact' })
  }

  #person(at: number, to: number, word: string): void {
    const person = this.vocabulary.persons.exact(word)
    if (!person) return
    const cost = word.length === 2 ? 1.3 : 1
    this.#offer(at, to, { senses: [{ kind: 'person', persons: [person] }], cost, via: 'exact' })
  }

  /** Words and names that sound like what is written. */
  #sounds(at: number): void {
    if (talk.particles.includes(this.text[at] ?? '')) return
    let sound = ''
    const { lexicon, schools, townSounds } = this.vocabulary
    for (let to = at + 1; to <= this.text.length && to - at <= LONGEST_SOUND; to++) {
      const folded = foldedOf(this.text[to - 1] ?? '')
      if (!folded) break
      sound += `${folded} `
      if (!lexicon.soundBegins(sound) && !schools.soundBegins(sound)) break
      if (to - at < 2) continue
      const senses = to - at > 2 ? lexicon.bySound(sound) : lexicon.bySound(sound)?.filter(isNoTown)
      const cost = costs.sound + (to - at < 3 ? SHORT : 0)
      if (senses?.length) this.#offer(at, to, { senses, cost, via: 'sound' })
      const towns = townSounds.get(sound)
      if (towns) this.#offer(at, to, { senses: [{ kind: 'town', towns }], cost: costs.sound, via: 'sound' })
      const named = to - at < 3 ? noSchools : schools.bySound(sound)
      if (named.length)
        this.#offer(at, to, { senses: [{ kind: 'school', schools: named }], cost: costs.sound, via: 'sound' })
    }
  }

  /** Schools and people with one sign wrong, over what stayed unknown. */
  #wrongNames(at: number, unknown: readonly Token[]): void {
    const { schools, persons } = this.vocabulary
    for (let length = 3; length <= LONGEST_WRONG && at + length <= this.text.length; length++) {
      const end = at + length
      if (this.#breaks[end - 1] || isLatin(this.text, end - 1)) break
      if (!unknown.some(({ from, to }) => from < end && to > at)) continue
      const word = this.text.slice(at, end)
      const alike = length === 3 ? persons.bySound(word) : noPersons
      if (alike.length) {
        this.#offer(at, end, {
          senses: [{ kind: 'person', persons: alike }],
          cost: costs.sound + SHORT,
          via: 'sound',
        })
      }
      const named = schools.byOneWrong(word)
      if (named.length)
        this.#offer(at, end, {
          senses: [{ kind: 'school', schools: named }],
          cost: costs.wrong,
          via: 'wrong',
        })
    }
  }

  #latin(at: number): void {
    const { lexicon, schools } = this.vocabulary
    if (isDigit(this.text, at) && isLatin(this.text, at - 1)) return
    let end = at
    while (isLatin(this.text, end)) end++
    if (!isLatin(this.text, at - 1)) this.#latinRun(at, end)
    let letters = ''
    for (let to = at + 1; to <= end && to - at <= LONGEST_LETTERS && !isDigit(this.text, to - 1); to++) {
      letters += this.text[to - 1] ?? ''
      const senses = lexicon.byLetters(letters)
      if (senses) this.#offer(at, to, { senses, cost: costs.letters, via: 'letters' })
      const named = letters.length < 3 ? noSchools : schools.byLetters(letters)
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
    if (run.length === 8 && /[a-z]/.test(run) && /\d/.test(run)) {
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
    const window = beginsWindow(this.text, at, this.vocabulary)
      ? this.vocabulary.windows.read(this.text, at, this.context)
      : undefined
    if (window)
      this.#offer(at, window.end, { senses: [senseOfWindow(window)], cost: costs.window, via: 'exact' })
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

/** Two signs that sound like the own town are mostly something else. */
function isNoTown(sense: Sense): boolean {
  return sense.kind !== 'scope' || sense.scope !== 'own-town'
}

function unknownAt(cost: number): Offer {
  return { senses: undefined, cost, via: 'exact' }
}

function beginsWindow(text: string, at: number, { windows }: LexerVocabulary): boolean {
  return windows.mayBegin(text[at] ?? '')
}

function senseOfWindow(window: ReadWindow): Sense {
  if ('problem' in window) return { kind: 'bad-date', why: window.problem }
  if ('whole' in window) return { kind: 'whole-period' }
  return { kind: 'window', window: window.window, last: window.last, since: window.relation !== 'plain' }
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
