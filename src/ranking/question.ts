import type { Day } from '../calendar/day'
import { DateFinder } from './question-dates'
import type { Piece } from './question-dates'
import { segment } from './question-segments'
import type { Segment } from './question-segments'
import { suggest } from './question-suggest'
import { scopeOf, stagesOf, subjectOf } from './question-subject'
import type { QuestionScope, QuestionSubject } from './question-subject'
import type { Meaning, Vocabulary } from './question-vocabulary'
import { windowOf } from './question-window'
import type { QuestionWindow } from './question-window'
import { questionKey } from '../text/normalise'
import { present } from '../text/present'

/** A question about rankings, understood. Defaults are filled in; `given` says what the text really named. */
export interface RankingQuestion {
  scope: QuestionScope
  of: QuestionSubject
  stage?: string
  /** Names; absent for the whole score. */
  indicators?: string[]
  window: QuestionWindow
  /** From 1, or relative to the page that was shown last. */
  page: number | 'next' | 'previous'
  given: readonly GivenPart[]
}

export type GivenPart = 'scope' | 'of' | 'stage' | 'indicators' | 'window' | 'page'

/** Why a text was not understood. Texts in `params` hold letters and digits only, at most 20. */
export type QuestionFailure =
  | { code: 'not-a-question'; params: Record<string, never> }
  | { code: 'too-long'; params: { length: number; limit: number } }
  | { code: 'unknown-school' | 'unknown-word'; params: { given: string; suggestions: string[] } }
  | { code: 'ambiguous-school'; params: { given: string; suggestions: string[] } }
  | { code: 'no-such-date'; params: { given: string } }
  | { code: 'two-scopes' | 'two-subjects' | 'two-stages' | 'two-windows'; params: Record<string, never> }
  | { code: 'indicator-of-students'; params: { given: string } }

export type QuestionResult = { ok: true; question: RankingQuestion } | ({ ok: false } & QuestionFailure)

export interface QuestionOptions {
  today: Day
  /** True when the command was named already, so that the text need not sound like a question about rankings. */
  named: boolean
}

/** Longer texts are no questions. */
export const QUESTION_LIMIT = 200
/** After so many characters that nobody knows, no school is looked for in the rest. */
const PATIENCE = 12
/** How many words on either side of an unknown run may belong to one name with it, and how long a name is. */
const REACH = 4
const LONGEST_NAME = 24
/** So many extents of an unknown run are compared with what is known. */
const TRIES = 5

/** Reads questions of one scheme and roster; make it once, ask it often. */
export class QuestionReader {
  readonly #dates: DateFinder
  readonly #asks: readonly string[]

  constructor(readonly vocabulary: Vocabulary) {
    const { words } = vocabulary.source
    this.#dates = new DateFinder(words)
    this.#asks = words.ask.map(questionKey)
  }

  /** Understands a text as people type it, with or without the command, spaces, slash and full-width characters. */
  read(text: string, options: QuestionOptions): QuestionResult {
    if (text.length > 20 * QUESTION_LIMIT) return this.#tooLong(text.length, options)
    const plain = plainText(text)
    if (plain.length > QUESTION_LIMIT) return this.#tooLong(plain.length, options)
    // Most of what is said in a group asks nothing; it is passed over before anything costly.
    if (!options.named && !this.#asksIn(plain)) return fail({ code: 'not-a-question', params: {} })
    const pieces = this.#dates.split(plain, {
      period: this.vocabulary.source.scheme.period,
      today: options.today,
    })
    const wrong = pieces.find((piece) => 'wrongDate' in piece)
    if (wrong && options.named) return fail({ code: 'no-such-date', params: { given: wrong.text } })
    const spaced = this.#understand(pieces, /[^\p{L}\p{N}]+/u)
    if (!options.named && spaced.strange > LONGEST_NAME) return fail({ code: 'not-a-question', params: {} })
    // Where words are not known as they stand, spaces may have been typed within them.
    const parts = spaced.unknown ? [spaced, this.#understand(pieces, undefined)] : [spaced]
    const understood = parts.find(({ unknown }) => !unknown) ?? spaced
    if (!options.named && !soundsLikeQuestion(understood)) return fail({ code: 'not-a-question', params: {} })
    if (wrong) return fail({ code: 'no-such-date', params: { given: wrong.text } })
    if (understood.unknown) return this.#unknown(understood.unknown)
    return this.#decide(understood.meanings, options.today)
  }

  #asksIn(plain: string): boolean {
    const key = questionKey(plain)
    return this.#asks.some((ask) => key.includes(ask))
  }

  #tooLong(length: number, { named }: QuestionOptions): QuestionResult {
    if (!named) return fail({ code: 'not-a-question', params: {} })
    return fail({ code: 'too-long', params: { length, limit: QUESTION_LIMIT } })
  }

  #understand(pieces: readonly Piece[], separator: RegExp | undefined): Understood {
    const result: Understood = { meanings: [], known: 0, strange: 0, unknown: undefined }
    for (const piece of pieces) {
      if ('meaning' in piece) result.meanings.push(piece.meaning)
      else if (!('wrongDate' in piece)) {
        const texts = separator ? piece.text.split(separator) : [piece.text]
        for (const text of texts) if (questionKey(text)) this.#understandWord(questionKey(text), result)
      }
    }
    return result
  }

  #understandWord(key: string, result: Understood): void {
    const { longest } = this.vocabulary
    const segments = segment(key, { longest, lookup: (part) => this.vocabulary.lookup(part) })
    for (let at = 0, one = segments[0]; one; one = segments[++at]) {
      if (one.entry) continue
      const school = result.strange <= PATIENCE ? this.#absorb(segments, at) : undefined
      if (school) {
        segments.splice(school.from, school.to - school.from, school.segment)
        at = school.from
      } else {
        result.unknown ??= unknownAt(segments, at, key)
        result.strange += one.text.length
      }
    }
    for (const { text, entry } of segments) {
      if (!entry) continue
      result.meanings.push(...entry.meanings)
      if (entry.meanings[0]?.kind !== 'filler') result.known += text.length
    }
  }

  /** Takes an unknown run, with the words beside it that may belong to a name, for a school. */
  #absorb(segments: readonly Segment[], at: number) {
    for (const { from, to, text } of extents(segments, at)) {
      const schools = this.vocabulary.schools.find(text)
      if (!schools.length) continue
      const meanings: Meaning[] = [{ kind: 'school', text, schools }]
      return { from, to, segment: { text, entry: { text, meanings, part: false } } }
    }
    return undefined
  }

  #unknown({ texts, bare, shown }: Unknown): QuestionResult {
    const endings = this.vocabulary.source.words['school-endings']
    const isSchool = (text: string) => text !== bare && endings.some((ending) => text.endsWith(ending))
    // Looking for likenesses is the costliest thing here; hostile texts have many extents.
    const near = [...new Set([...texts.slice(0, TRIES), bare])]
      .map((given) => ({ given, ...suggest(given, this.vocabulary, isSchool(given)) }))
      .sort((a, b) => a.distance - b.distance)[0]
    const given = near?.texts.length ? near.given : (texts.find(isSchool) ?? shown)
    const code = isSchool(given) || near?.school ? 'unknown-school' : 'unknown-word'
    return fail({ code, params: { given: cut(given), suggestions: near?.texts ?? [] } })
  }

  #decide(meanings: readonly Meaning[], today: Day): QuestionResult {
    const stages = stagesOf(meanings)
    const [stage] = stages
    const of = subjectOf(meanings)
    const scope = scopeOf(meanings)
    if (stages.length > 1) return fail({ code: 'two-stages', params: {} })
    if (of === 'two') return fail({ code: 'two-subjects', params: {} })
    if (scope === 'two') return fail({ code: 'two-scopes', params: {} })
    if (scope && 'schools' in scope) {
      const suggestions = scope.schools.slice(0, 5).map(({ name }) => name)
      return fail({ code: 'ambiguous-school', params: { given: cut(scope.text), suggestions } })
    }
    const { period } = this.vocabulary.source.scheme
    const window = windowOf(meanings, { period, today })
    if (!window) return fail({ code: 'two-windows', params: {} })
    const asked = meanings.filter((meaning) => meaning.kind === 'indicators')
    const indicators = [...new Set(asked.flatMap(({ names }) => names))]
    const students = asked.find((meaning) => meaning.students)
    if (students) {
      return fail({ code: 'indicator-of-students', params: { given: students.names[0] ?? '' } })
    }
    const page = meanings.findLast((meaning) => meaning.kind === 'page')?.page
    const bare = !of && !stage && !indicators.length
    const question: RankingQuestion = {
      scope: scope?.scope ?? { kind: bare ? 'own-school' : 'district' },
      of: of ?? scope?.of ?? 'school',
      ...(stage && scope?.scope.kind !== 'school' && { stage }),
      ...(indicators.length && { indicators }),
      window,
      page: page ?? 1,
      given: givenParts({ scope, of, stage, indicators: asked[0], window: named(meanings), page }),
    }
    return { ok: true, question }
  }
}

interface Understood {
  meanings: Meaning[]
  /** Characters of words that say something, and of runs that nobody knows. */
  known: number
  strange: number
  unknown: Unknown | undefined
}

interface Unknown {
  /** The run alone, and with what it may have been torn from, longest first. */
  bare: string
  texts: string[]
  /** As it is quoted when nothing like it is known: the whole word when the rest of it says nothing. */
  shown: string
}

/** Text as typed, without elements, invisible characters and differences of width. */
function plainText(text: string): string {
  return text
    .replace(/<[^<>]{0,200}>/g, ' ')
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
}

/** The texts around an unknown run that may be one name, longest first. */
function extents(segments: readonly Segment[], at: number): { from: number; to: number; text: string }[] {
  const joins = ({ text, entry }: Segment) => {
    const kind = entry?.meanings[0]?.kind
    return !entry || entry.part || kind === 'stage' || (kind === 'filler' && text.length === 1)
  }
  // A school's name begins with that of its town.
  const begins = (one: Segment) => joins(one) || one.entry?.meanings[0]?.kind === 'town'
  // Behind it also a short name that several schools share.
  const ends = (one: Segment) =>
    joins(one) || ['subject', 'school'].includes(one.entry?.meanings[0]?.kind ?? '')
  let first = at
  let last = at + 1
  while (first > 0 && first > at - REACH && begins(segmentAt(segments, first - 1))) first--
  while (last < segments.length && last <= at + REACH && ends(segmentAt(segments, last))) last++
  const found: { from: number; to: number; text: string }[] = []
  for (let from = first; from <= at; from++) {
    for (let to = last; to > at; to--) {
      const text = segments
        .slice(from, to)
        .map((segment) => segment.text)
        .join('')
      if (text.length <= LONGEST_NAME) found.push({ from, to, text })
    }
  }
  return found.sort((a, b) => b.text.length - a.text.length)
}

function segmentAt(segments: readonly Segment[], at: number): Segment {
  return present(segments[at], 'a segment of the question')
}

function unknownAt(segments: readonly Segment[], at: number, word: string): Unknown {
  const bare = segmentAt(segments, at).text
  const saysNothing = segments.every(({ entry }) => !entry || entry.meanings[0]?.kind === 'filler')
  return { bare, texts: extents(segments, at).map(({ text }) => text), shown: saysNothing ? word : bare }
}

function soundsLikeQuestion({ meanings, known, strange }: Understood): boolean {
  return meanings.some(({ kind }) => kind === 'ask') && strange <= known
}

function cut(text: string): string {
  return [...text].slice(0, 20).join('')
}

function named(meanings: readonly Meaning[]): Meaning | undefined {
  return meanings.find(({ kind }) => kind === 'window' || kind === 'named-window' || kind === 'dates')
}

function givenParts(parts: Record<GivenPart, unknown>): GivenPart[] {
  return (Object.keys(parts) as GivenPart[]).filter((part) => parts[part] !== undefined)
}

function fail(failure: QuestionFailure): QuestionResult {
  return { ok: false, ...failure }
}
