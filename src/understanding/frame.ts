import type { UnderstandingContext } from './context'
import type { IntentPlace, IntentWhom, RankedSubject } from './intent'
import type { Cue, ScopeWord, Sense, Token } from './lexing/sense'
import type { CalledPerson } from './names/person-names'
import type { CalledSchool } from './names/school-names'
import nameWords from './words/names.json'
import { isBreak } from './lexing/lexer'
import { formatDay } from '../calendar/day'
import type { Window } from '../calendar/day'

type SenseOf<Kind extends Sense['kind']> = Extract<Sense, { kind: Kind }>

const titles = new Set(nameWords.titles)
const surnames = new Set(nameWords.surnames)

/** What one question says, gathered from its words whatever their order; the order itself stays in `tokens`. */
export class QuestionFrame {
  readonly cues = new Set<Cue>()
  readonly scopes = new Set<ScopeWord>()
  readonly subjects = new Set<RankedSubject>()
  readonly stages: string[] = []
  readonly indicators: string[] = []
  readonly schools: { text: string; schools: readonly CalledSchool[]; at: number }[] = []
  readonly towns: { text: string; towns: readonly string[]; at: number }[] = []
  readonly persons: { text: string; persons: readonly CalledPerson[]; at: number }[] = []
  readonly windows: SenseOf<'window'>[] = []
  readonly unknown: string[] = []
  readonly tokens: readonly Token[]
  readonly text: string
  /** The words that mean something, without breaks and filler. */
  readonly content: readonly Token[]
  readonly context: UnderstandingContext

  constructor(tokens: readonly Token[], context: UnderstandingContext) {
    this.tokens = tokens
    this.context = context
    this.text = tokens.map(({ text }) => text).join('')
    for (const token of tokens) this.#take(token)
    this.#chooseByTown()
    this.#dropPartsOfNames()
    this.content = tokens.filter(isContent)
  }

  has(...cues: Cue[]): boolean {
    return cues.some((cue) => this.cues.has(cue))
  }

  /** The first sense of a kind, in order of saying. */
  first<Kind extends Sense['kind']>(kind: Kind): SenseOf<Kind> | undefined {
    for (const { senses } of this.tokens) for (const sense of senses) if (isOf(sense, kind)) return sense
    return undefined
  }

  /** Place in `tokens` of the first word of a kind of cue; -1 when there is none. */
  indexOf(...cues: Cue[]): number {
    return this.tokens.findIndex(({ senses }) =>
      senses.some((sense) => sense.kind === 'cue' && cues.includes(sense.cue)),
    )
  }

  lastIndexOf(...cues: Cue[]): number {
    return this.tokens.findLastIndex(({ senses }) =>
      senses.some((sense) => sense.kind === 'cue' && cues.includes(sense.cue)),
    )
  }

  get unknownLength(): number {
    return this.unknown.reduce((sum, text) => sum + text.length, 0)
  }

  /** The window as dates, when one was said. */
  get dates(): { from?: string; to?: string } {
    const window = this.windows[0]?.window
    return window ? datesOf(window) : {}
  }

  /** A surname with a title: nobody in particular. */
  get vaguePerson(): string | undefined {
    const place = this.tokens.findIndex((token, index) => {
      const next = this.tokens[index + 1]
      if (!next || !titles.has(next.text) || token.text.length > 2) return false
      if (token.senses.some(({ kind }) => kind === 'person')) return false
      const sign = token.text.at(-1) ?? ''
      return surnames.has(sign) && (token.text.length === 1 || token.senses.length === 0)
    })
    return place < 0 ? undefined : `${this.tokens[place]?.text ?? ''}${this.tokens[place + 1]?.text ?? ''}`
  }

  /** A name before a word for a school that no school has. */
  get strangeSchool(): string | undefined {
    const place = this.tokens.findIndex(({ senses }, index) => {
      const [next, second] = [this.tokens[index + 1], this.tokens[index + 2]]
      if (!next || isBreak(this.tokens[index]?.text ?? ' ')) return false
      // "The third primary" is a name; who means a place says the stage first.
      if (senses.some(({ kind }) => kind === 'nth'))
        return next.text.length > 1 && nameWords['numbered-schools'].includes(next.text)
      if (senses.some(({ kind }) => kind === 'number'))
        return nameWords['numbered-schools'].includes(next.text)
      if (senses.length) return false
      return (
        isSchoolWord(next.text) ||
        (next.text.length === 1 && second !== undefined && isSchoolWord(second.text))
      )
    })
    return place < 0
      ? undefined
      : this.tokens
          .slice(place, place + 2)
          .map(({ text }) => text)
          .join('')
  }

  /** "I in such an organisation": one's own place in its list. */
  get isOneselfIn(): boolean {
    return this.tokens.some(({ senses }, index) => {
      const isSelf = senses.some((sense) => sense.kind === 'scope' && sense.scope === 'self')
      const next = this.tokens[index + 1]
      if (!isSelf || !next) return false
      const stands = next.senses.some((sense) => sense.kind === 'cue' && sense.cue === 'rank-verb')
      return (stands && this.has('place')) || nameWords.at.some((word) => next.text.startsWith(word))
    })
  }

  /** "Our" with something behind it that is no organisation of the roster: a class, a home town. */
  get strangeOurs(): string | undefined {
    return this.tokens.find(({ senses, text }, index) => {
      const before = this.tokens[index - 1]?.text ?? ''
      const isUnit = nameWords.units.includes(text)
      return (isUnit || (!senses.length && !isBreak(text))) && nameWords.we.includes(before)
    })?.text
  }

  /** A number right behind a window that no unit belongs to: a date half understood. */
  get hasStrayNumber(): boolean {
    return this.tokens.some(({ senses }, index) => {
      const next = this.tokens[index + 1]
      return (
        senses.some(({ kind }) => kind === 'window') &&
        next?.senses.some(({ kind }) => kind === 'number') === true
      )
    })
  }

  /** A window that something is only compared with: "more than last week". */
  get comparedWindow(): string | undefined {
    const place = this.tokens.findIndex(({ senses }) => senses.some(({ kind }) => kind === 'window'))
    const before = this.tokens[place - 1]
    const isCompared = before?.senses.some((sense) => sense.kind === 'cue' && sense.cue === 'than')
    return isCompared ? this.tokens[place]?.text : undefined
  }

  /** Whether two places of a list were named: from the sixth to the tenth. */
  get hasSeveralEnds(): boolean {
    const ends: readonly Sense['kind'][] = ['nth', 'top', 'bottom']
    const named = this.tokens.filter(({ senses }) => senses.some(({ kind }) => ends.includes(kind)))
    return named.length > 1
  }

  /** A town and a kind of school that it has none of. */
  get lacksStage(): boolean {
    const town = this.towns[0]?.towns[0]
    const stage = this.stages[0]
    if (town === undefined || stage === undefined || this.schools.length) return false
    return !this.context.vocabulary.schools.schools.some(
      (school) => school.town === town && school.stage === stage,
    )
  }

  /** The own organisation that "we" is, by who speaks. */
  get we(): 'own-school' | 'own-town' | 'district' {
    const { role } = this.context.actor
    return role === 'town' ? 'own-town' : role === 'staff' || role === 'support' ? 'district' : 'own-school'
  }

  /** The organisation that was named, the narrowest first. */
  get place(): IntentPlace | undefined {
    const school = this.schools[0]?.schools[0]
    if (school) return `school:${school.code}`
    if (this.scopes.has('own-school')) return this.saysWe() ? this.we : 'own-school'
    const town = this.towns[0]?.towns[0]
    if (town !== undefined) return `town:${town}`
    if (this.scopes.has('own-town')) return 'own-town'
    if (this.scopes.has('city')) return 'city'
    return this.scopes.has('district') ? 'district' : undefined
  }

  /** The one of several schools of a name that the town beside it chooses; the first otherwise. */
  schoolIn(text: string, schools: readonly CalledSchool[]): `school:${string}` | undefined {
    const chosen = this.schools.find((mention) => mention.text === text)?.schools ?? schools
    return chosen[0] && `school:${chosen[0].code}`
  }

  /** Whether "we" is all that was said of the own school. */
  saysWe(): boolean {
    return this.tokens
      .filter(({ senses }) => senses.some((sense) => sense.kind === 'scope' && sense.scope === 'own-school'))
      .every(({ text }) => nameWords.we.includes(text))
  }

  /** Whose figures: a person before an organisation, oneself last. */
  get whom(): IntentWhom | undefined {
    const person = this.persons[0]?.persons[0]
    if (person) return `person:${person.name}`
    return this.place ?? (this.scopes.has('self') ? 'self' : undefined)
  }

  /** A town said beside a name of several schools is part of the name. */
  #chooseByTown(): void {
    for (const mention of this.schools) {
      if (mention.schools.length < 2) continue
      const place = this.towns.findIndex(({ towns }) =>
        mention.schools.some(({ town }) => town !== undefined && towns.includes(town)),
      )
      const named = this.towns[place]
      if (!named) continue
      mention.schools = mention.schools.filter(({ town }) => town !== undefined && named.towns.includes(town))
      this.towns.splice(place, 1)
    }
  }

  /** What an everyday word names is not meant beside an indicator whose own name has that word in it. */
  #dropPartsOfNames(): void {
    for (const { senses, text } of this.tokens) {
      const loose = senses.find((sense) => isOf(sense, 'indicators') && !sense.whole)
      if (!loose || !isOf(loose, 'indicators')) continue
      const others = this.indicators.filter((name) => !loose.names.includes(name))
      if (!others.some((name) => name.includes(text))) continue
      for (const name of loose.names) {
        const place = this.indicators.indexOf(name)
        if (place >= 0 && !this.#isNamedElsewhere(name, text)) this.indicators.splice(place, 1)
      }
    }
  }

  #isNamedElsewhere(name: string, text: string): boolean {
    return this.tokens.some(
      (token) =>
        token.text !== text &&
        token.senses.some((sense) => isOf(sense, 'indicators') && sense.names.includes(name)),
    )
  }

  #take(token: Token): void {
    if (!token.senses.length && !isBreak(token.text)) this.unknown.push(token.text)
    const isPlace = this.tokens.some(({ senses }) =>
      senses.some((sense) => sense.kind === 'cue' && sense.cue === 'place'),
    )
    for (const sense of token.senses) if (!isOther(sense, token, isPlace)) this.#takeSense(sense, token)
  }

  #takeSense(sense: Sense, { text, from }: Token): void {
    switch (sense.kind) {
      case 'cue':
        this.cues.add(sense.cue)
        break
      case 'scope':
        this.scopes.add(sense.scope)
        break
      case 'subject':
        this.subjects.add(sense.of)
        break
      case 'stage':
        if (!this.stages.includes(sense.stage)) this.stages.push(sense.stage)
        break
      case 'indicators':
        for (const name of sense.names) if (!this.indicators.includes(name)) this.indicators.push(name)
        break
      case 'school':
        this.schools.push({ text, schools: sense.schools, at: from })
        break
      case 'town':
        this.towns.push({ text, towns: sense.towns, at: from })
        break
      case 'person':
        this.persons.push({ text, persons: sense.persons, at: from })
        break
      case 'window':
        this.windows.push(sense)
        break
      default:
    }
  }
}

/** A word that is both a stage and the one school of it is the school only where a place is asked. */
function isOther(sense: Sense, { senses }: Token, isPlace: boolean): boolean {
  const isBoth = senses.some(({ kind }) => kind === 'school') && senses.some(({ kind }) => kind === 'stage')
  return isBoth && sense.kind === (isPlace ? 'stage' : 'school')
}

function isSchoolWord(text: string): boolean {
  return nameWords['school-words'].includes(text)
}

function isContent({ senses, text }: Token): boolean {
  return senses.length ? senses.some(({ kind }) => kind !== 'filler') : !isBreak(text)
}

function isOf<Kind extends Sense['kind']>(sense: Sense, kind: Kind): sense is SenseOf<Kind> {
  return sense.kind === kind
}

/** A window as the dates of an intent. */
export function datesOf({ from, to }: Window): { from: string; to: string } {
  return { from: formatDay(from), to: formatDay(to) }
}
