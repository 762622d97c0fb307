import type { SchoolCalendar } from '../calendar/school-calendar'
import type { HowTo } from '../howto/entries'
import { HowToSearch } from '../howto/search'
import type { School } from '../roster/member'
import type { Scheme } from '../scheme/scheme'
import { questionKey } from '../text/normalise'
import { Lexicon } from './lexing/lexicon'
import type { LexerVocabulary } from './lexing/lexer'
import type { Cue, ScopeWord, Sense } from './lexing/sense'
import { soundOf } from './lexing/sounds'
import type { RankedSubject } from './intent'
import { PersonNameIndex } from './names/person-names'
import { SchoolNameIndex, townStem } from './names/school-names'
import { WindowReader } from './window/reader'
import cueWords from './words/cues.json'
import fillers from './words/fillers.json'
import nameWords from './words/names.json'
import topics from './words/topics.json'

/** What staff add to the words that are built in: `config/words.yml`. */
export interface ExtraWords {
  /** Colloquial names of indicators, by the name in the scheme. */
  indicators?: Readonly<Record<string, readonly string[]>>
  /** More words for a kind of word of words/cues.json. */
  cues?: Readonly<Record<string, readonly string[]>>
  /** More words that change nothing. */
  filler?: readonly string[]
  /** Other names of schools, by code. */
  schools?: Readonly<Record<string, readonly string[]>>
}

export interface VocabularySources {
  scheme: Scheme
  calendar: SchoolCalendar
  schools: readonly Pick<School, 'code' | 'name' | 'town' | 'stage'>[]
  members: Iterable<{ name: string; school: string }>
  howTo: HowTo
  words?: ExtraWords
}

/** Everything that sentences are read against; immutable, built once for a scheme, roster and configuration. */
export interface UnderstandingVocabulary extends LexerVocabulary {
  scheme: Scheme
  calendar: SchoolCalendar
  search: HowToSearch
  /** Entry ids of the how-to by indicator. */
  entryOf: ReadonlyMap<string, string>
  entries: ReadonlySet<string>
}

/** Makes the indexes; some milliseconds for a district, less than a second for a province. */
export function buildVocabulary(sources: VocabularySources): UnderstandingVocabulary {
  const { scheme, calendar, schools, members, howTo } = sources
  const towns = [...new Set(schools.flatMap(({ town }) => (town === undefined ? [] : [town])))]
  const entries = howTo.entries.filter((entry) => entry.scheme === undefined || entry.scheme === scheme.id)
  const townForms = formsOfTowns(towns)
  return {
    scheme,
    calendar,
    lexicon: buildLexicon(sources, townForms),
    schools: new SchoolNameIndex(schools, new Set(towns.map(townStem))),
    persons: new PersonNameIndex(members),
    windows: new WindowReader(scheme.windows),
    townSounds: new Map([...townForms].map(([form, named]) => [soundOf(form), named])),
    search: new HowToSearch(howTo, scheme.id),
    entryOf: new Map(
      entries.flatMap(({ indicator, id }) => (indicator === undefined ? [] : [[indicator, id] as const])),
    ),
    entries: new Set(entries.map(({ id }) => id)),
  }
}

/** A town by its whole name, without its ending, and with another of the endings that towns have. */
function formsOfTowns(towns: readonly string[]): Map<string, string[]> {
  const forms = new Map<string, string[]>()
  const add = (form: string, town: string) => {
    const known = forms.get(form) ?? []
    if (!known.includes(town)) forms.set(form, [...known, town])
  }
  for (const town of towns) {
    const stem = townStem(town)
    add(questionKey(town), town)
    if (stem.length < 2) continue
    add(stem, town)
    for (const ending of nameWords['town-endings']) {
      if (!towns.includes(stem + ending)) add(stem + ending, town)
    }
  }
  return forms
}

function buildLexicon(
  { scheme, schools, words = {} }: VocabularySources,
  towns: ReadonlyMap<string, readonly string[]>,
): Lexicon {
  const lexicon = new Lexicon()
  const each = (list: Iterable<string>, sense: Sense) => {
    for (const word of list) lexicon.add(questionKey(word), sense)
  }
  for (const [cue, list] of Object.entries(cueWords.cues)) each(list, { kind: 'cue', cue: cue as Cue })
  for (const [cue, list] of Object.entries(words.cues ?? {})) each(list, { kind: 'cue', cue: cue as Cue })
  for (const list of [...Object.values(fillers), words.filler ?? []]) each(list, { kind: 'filler' })
  for (const [scope, list] of Object.entries(topics.scopes))
    each(list, { kind: 'scope', scope: scope as ScopeWord })
  for (const [of, list] of Object.entries(topics.subjects)) {
    each(list, { kind: 'subject', of: of as RankedSubject })
    const asking = list.filter((word) => topics.asking.some((start) => word.startsWith(start)))
    each(asking, { kind: 'cue', cue: 'which' })
  }
  for (const [stage, list] of Object.entries(topics.stages)) each(list, { kind: 'stage', stage })
  // A district may have stages of its own; the words of the usual ones stand above.
  for (const stage of new Set(schools.map((school) => school.stage))) {
    if (stage !== undefined && !(stage in topics.stages)) each([stage], { kind: 'stage', stage })
  }
  for (const [form, named] of towns) lexicon.add(form, { kind: 'town', towns: named })
  addSchemeWords(lexicon, scheme, words)
  return lexicon
}

function addSchemeWords(lexicon: Lexicon, scheme: Scheme, words: ExtraWords): void {
  const groups = new Map<string, string[]>()
  for (const { name, group } of scheme.indicators) {
    groups.set(group, [...(groups.get(group) ?? []), name])
    lexicon.add(questionKey(name), { kind: 'indicators', names: [name], whole: true })
    for (const other of words.indicators?.[name] ?? []) {
      lexicon.add(questionKey(other), { kind: 'indicators', names: [name], whole: false })
    }
  }
  for (const [group, names] of groups)
    lexicon.add(questionKey(group), { kind: 'indicators', names, whole: true })
  const known: Readonly<Record<string, readonly string[]>> = topics.awards
  for (const { name } of scheme.awards) {
    for (const word of [name, ...(known[name] ?? [])])
      lexicon.add(questionKey(word), { kind: 'award', award: name })
  }
  const steps: Readonly<Record<string, readonly string[]>> = topics.phases
  for (const { name } of scheme.phases) {
    const called = steps[name] ?? steps[name.replace(':', '\uff1a')] ?? []
    for (const word of [name, ...called]) lexicon.add(questionKey(word), { kind: 'phase', phase: name })
  }
}
