import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import { SchoolNames } from '../roster/school-names'
import type { NamedSchool } from '../roster/school-names'
import { scopeWords, subjectWords, windowWords } from './question-words'
import { questionKey } from '../text/normalise'
import type { QuestionWords } from './question-words'

export type WindowWord = (typeof windowWords)[number]

/** What one word of a question says. */
export type Meaning =
  | { kind: 'ask' }
  | { kind: 'filler' }
  | { kind: 'scope'; scope: (typeof scopeWords)[number] }
  | { kind: 'town'; town: string }
  | { kind: 'school'; text: string; schools: readonly NamedSchool[] }
  | { kind: 'subject'; of: (typeof subjectWords)[number] }
  | { kind: 'stage'; stage: string }
  | { kind: 'indicators'; names: readonly string[]; students: boolean }
  | { kind: 'window'; word: WindowWord }
  | { kind: 'named-window'; name: string; window: Window }
  | { kind: 'dates'; from: Day; to: Day }
  | { kind: 'until' }
  | { kind: 'page'; page: number | 'next' | 'previous' }

export interface VocabularyEntry {
  /** As people may read it in a suggestion. */
  text: string
  meanings: readonly Meaning[]
  /** Part of a name, or a word that ends names: taken only where nothing better fits. */
  part: boolean
}

export interface VocabularySource {
  words: QuestionWords
  scheme: Scheme
  /** Stage by alias, as `Headers.stages` has them; the values are the standard words. */
  stages: ReadonlyMap<string, string>
  schools: readonly NamedSchool[]
}

/** Everything that a question may be made of. Built once per scheme and roster. */
export class Vocabulary {
  readonly entries = new Map<string, VocabularyEntry>()
  readonly schools: SchoolNames
  readonly longest: number

  constructor(readonly source: VocabularySource) {
    this.#addWords(source.words)
    this.#addStages(source)
    this.#addNames(source.scheme)
    this.#addTowns(source)
    const named = [...this.entries.keys()]
    this.schools = new SchoolNames(source.schools, (key) => this.entries.get(key)?.part === false)
    this.longest = Math.max(this.schools.longest, ...named.map((key) => key.length))
  }

  /** What a word means; a school's own name goes before a part of another name. `key` is a `wordKey`. */
  lookup(key: string): VocabularyEntry | undefined {
    const entry = this.entries.get(key)
    if (entry && !entry.part) return entry
    const schools = this.schools.exact(key)
    const [first] = schools
    if (!first) return entry
    return { text: first.name, meanings: [{ kind: 'school', text: key, schools }], part: false }
  }

  #add(text: string, ...meanings: Meaning[]): void {
    const key = questionKey(text)
    if (key && !this.entries.has(key)) this.entries.set(key, { text, meanings, part: false })
  }

  #addWords(words: QuestionWords): void {
    for (const text of words.ask) this.#add(text, { kind: 'ask' })
    for (const scope of scopeWords)
      for (const text of words.scopes[scope]) this.#add(text, { kind: 'scope', scope })
    for (const of of subjectWords)
      for (const text of words.subjects[of]) this.#add(text, { kind: 'subject', of })
    for (const word of windowWords)
      for (const text of words.windows[word]) this.#add(text, { kind: 'window', word })
    for (const page of ['next', 'previous'] as const) {
      for (const text of words.page[page]) this.#add(text, { kind: 'page', page })
    }
    for (const text of words.date.until) this.#add(text, { kind: 'until' })
    for (const text of words.filler.flat()) this.#add(text, { kind: 'filler' })
    for (const [phrase, parts] of Object.entries(words.phrases ?? {})) {
      this.#add(phrase, ...parts.flatMap((part) => this.entries.get(questionKey(part))?.meanings ?? []))
    }
  }

  /** Aliases that files use for a stage may be the end of a school's name too; there they give way to it. */
  #addStages({ stages, words }: VocabularySource): void {
    const plain = new Set([...stages.values(), ...words['school-endings']].map(questionKey))
    for (const [alias, stage] of stages) {
      this.#add(alias, { kind: 'stage', stage })
      const entry = this.entries.get(questionKey(alias))
      if (entry?.meanings[0]?.kind === 'stage') entry.part = !plain.has(questionKey(alias))
    }
  }

  #addNames({ indicators, windows }: Scheme): void {
    const named = new Map<string, Meaning>()
    for (const { name, role } of indicators) {
      named.set(name, { kind: 'indicators', names: [name], students: role === 'student' })
    }
    for (const group of new Set(indicators.map((indicator) => indicator.group))) {
      const members = indicators.filter((indicator) => indicator.group === group)
      const names = members.filter(({ role }) => role !== 'student').map(({ name }) => name)
      named.set(group, { kind: 'indicators', names, students: names.length === 0 })
    }
    for (const { name, window } of windows) named.set(name, { kind: 'named-window', name, window })
    for (const [name, meaning] of named) this.#add(name, meaning)
    this.#addParts(named)
  }

  /** Parts of at least two characters that occur in one name only stand for it. */
  #addParts(named: ReadonlyMap<string, Meaning>): void {
    const owners = new Map<string, string | undefined>()
    for (const name of named.keys()) {
      for (const part of partsOf(questionKey(name))) {
        owners.set(part, owners.has(part) && owners.get(part) !== name ? undefined : name)
      }
    }
    for (const [key, name] of owners) {
      const meaning = name === undefined ? undefined : named.get(name)
      if (name === undefined || !meaning || this.entries.has(key)) continue
      this.entries.set(key, { text: name, meanings: [meaning], part: true })
    }
  }

  #addTowns({ schools, words }: VocabularySource): void {
    for (const town of new Set(schools.flatMap((school) => school.town ?? []))) {
      this.#add(town, { kind: 'town', town })
      for (const ending of words['town-endings']) {
        const short = town.endsWith(ending) ? town.slice(0, -ending.length) : ''
        if (short.length >= 2) this.#add(short, { kind: 'town', town })
      }
    }
  }
}

function* partsOf(key: string): Generator<string> {
  const characters = [...key]
  for (let from = 0; from < characters.length; from++) {
    for (let to = from + 2; to <= characters.length; to++) yield characters.slice(from, to).join('')
  }
}
