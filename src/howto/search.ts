import MiniSearch from 'minisearch'
import { mentioned } from '../tickets/category'
import { plainReportText, tokenize, splitReportWords } from '../tickets/words'
import type { HowToEntry, HowTo, SearchRules } from './entries'
import { present } from '../text/present'

export interface Match {
  entry: HowToEntry
  /** 0 to 1: the share of what the question says that the entry speaks of; rare words count more. */
  score: number
  /** The phrasing that is nearest to the question. */
  question: string
}

/** An answer, or a person: nothing near enough, two entries equally near, or the text tells of trouble. */
export type HowToAnswer =
  | { kind: 'answer'; match: Match; others: Match[] }
  | { kind: 'person'; because: 'unknown' | 'unclear' | 'trouble'; others: Match[] }

/** Chosen on the tuning half of the labelled questions. */
const toldWeight = 0.7
const nearWeight = 0.2
const unknownShare = 1.3

interface Asked {
  tokens: ReadonlySet<string>
  /** Those of them that are words, not bigrams across two words: only they can be said to be unknown. */
  words: ReadonlySet<string>
}

interface Phrasing {
  id: number
  entry: HowToEntry
  question: string
  name: string
  answer: string
}

/** Full-text search over the entries of one scheme and those of all schemes. Immutable; make a new one after a change. */
export class HowToSearch {
  private readonly phrasings: Phrasing[]
  private readonly index: MiniSearch<Phrasing>
  private readonly tokens: Map<HowToEntry, { asked: Set<string>; told: Set<string> }>
  private readonly weights: ReadonlyMap<string, number>
  private readonly unknownWeight: number

  constructor(
    howTo: HowTo,
    schemeId: string | undefined,
    private readonly options: { threshold?: number | undefined } = {},
  ) {
    this.rules = howTo.rules
    this.reader = new Reader(howTo.rules)
    const entries = howTo.entries.filter(({ scheme }) => scheme === undefined || scheme === schemeId)
    this.phrasings = entries
      .flatMap((entry) => entry.questions.map((question) => ({ entry, question })))
      .map(({ entry, question }, id) => ({
        id,
        entry,
        question,
        name: entry.indicator ?? '',
        answer: entry.answer,
      }))
    this.index = new MiniSearch<Phrasing>({
      fields: ['question', 'name', 'answer'],
      tokenize: (text) => this.reader.tokens(text),
      processTerm: (term) => term,
      searchOptions: { boost: { question: 3, name: 2 }, combineWith: 'OR' },
    })
    this.index.addAll(this.phrasings)
    this.tokens = new Map(entries.map((entry) => [entry, this.tokensOf(entry)]))
    this.weights = rarity([...this.tokens.values()])
    this.unknownWeight = unknownShare * Math.log(1 + entries.length)
  }

  private readonly rules: SearchRules
  private readonly reader: Reader

  /** The answer to a question when one is near enough. */
  ask(question: string): HowToAnswer {
    const [best, ...others] = this.matches(question)
    const rest = others.slice(0, 3)
    if (!best || best.score < (this.options.threshold ?? this.rules.threshold)) {
      return { kind: 'person', because: 'unknown', others: best ? [best, ...rest.slice(0, 2)] : [] }
    }
    if (this.tellsOfTrouble(question, best.entry)) {
      return { kind: 'person', because: 'trouble', others: [best, ...rest.slice(0, 2)] }
    }
    if (rest[0] && rest[0].score > best.score * this.rules.closest) {
      return { kind: 'person', because: 'unclear', others: [best, ...rest.slice(0, 2)] }
    }
    return { kind: 'answer', match: best, others: rest }
  }

  /** The entries that share words with a question, nearest first, at most ten. */
  matches(question: string): Match[] {
    const asked = this.reader.asked(question)
    if (!asked.tokens.size) return []
    const found = new Map<HowToEntry, Match & { rank: number }>()
    for (const { id, score: rank } of this.index.search(question)) {
      const { entry, question: phrasing } = present(this.phrasings[id as number], 'a phrasing that was found')
      if (found.has(entry)) continue
      if (found.size === 10) break
      found.set(entry, { entry, question: phrasing, score: this.score(asked, entry, phrasing), rank })
    }
    return [...found.values()]
      .sort((a, b) => b.score - a.score || b.rank - a.rank)
      .map(({ entry, question: phrasing, score }) => ({ entry, question: phrasing, score }))
  }

  private tellsOfTrouble(question: string, entry: HowToEntry): boolean {
    const asked = entry.questions.join('\n')
    return mentioned(question, this.rules.person).some((word) => !mentioned(asked, [word]).length)
  }

  /** Mostly how much of the question the entry covers, partly how near the phrasing itself is. */
  private score(question: Asked, entry: HowToEntry, phrasing: string): number {
    const { asked, told } = present(this.tokens.get(entry), `tokens of ${entry.id}`)
    const near = new Set(this.reader.tokens(phrasing))
    let all = 0
    let covered = 0
    let shared = 0
    for (const token of question.tokens) {
      const weight = this.weights.get(token) ?? (question.words.has(token) ? this.unknownWeight : 0)
      all += weight
      covered += weight * (asked.has(token) ? 1 : told.has(token) ? toldWeight : 0)
      if (near.has(token)) shared += weight
    }
    if (!all) return 0
    let whole = 0
    for (const token of near) whole += this.weights.get(token) ?? 0
    return (1 - nearWeight) * (covered / all) + nearWeight * ((2 * shared) / (all + whole))
  }

  private tokensOf(entry: HowToEntry) {
    const asked = [...entry.questions, entry.indicator ?? ''].flatMap((text) => this.reader.tokens(text))
    return { asked: new Set(asked), told: new Set(this.reader.tokens(entry.answer)) }
  }
}

/** Reads texts as the rules say: synonyms as their standard word, filler left out. */
class Reader {
  private readonly standard: ReadonlyMap<string, string>
  private readonly words: RegExp | undefined

  constructor({ synonyms, stopwords }: SearchRules) {
    const pairs = synonyms.flatMap(([first = '', ...others]) =>
      others.map((other) => [plainReportText(other), plainReportText(first)] as const),
    )
    this.standard = new Map([...pairs, ...stopwords.map((word) => [plainReportText(word), ' '] as const)])
    // A standard word stands in the pattern too, so that no shorter word is replaced inside it.
    const all = [...this.standard.keys(), ...synonyms.map(([first = '']) => plainReportText(first))]
    all.sort((a, b) => b.length - a.length)
    this.words = all.length ? new RegExp(all.map(escaped).join('|'), 'g') : undefined
  }

  tokens(text: string): string[] {
    return tokenize(this.read(text))
  }

  asked(text: string): Asked {
    const read = this.read(text)
    return { tokens: new Set(tokenize(read)), words: new Set(splitReportWords(read)) }
  }

  private read(text: string): string {
    // Spaces are typed between Chinese characters for looks only.
    const read = plainReportText(text).replace(/(?<=\p{Script=Han})\s+(?=\p{Script=Han})/gu, '')
    return this.words ? read.replace(this.words, (word) => this.standard.get(word) ?? word) : read
  }
}

function escaped(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** The weight of each token: the fewer entries speak of it, the more it says. */
function rarity(entries: readonly { asked: Set<string>; told: Set<string> }[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { asked, told } of entries) {
    for (const token of new Set([...asked, ...told])) counts.set(token, (counts.get(token) ?? 0) + 1)
  }
  return new Map([...counts].map(([token, count]) => [token, Math.log(1 + entries.length / count)]))
}
