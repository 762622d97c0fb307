import { mentioned } from './category'
import type { TicketRules } from './rules'
import { plainReportText, tokenize, without } from './words'

/** What is compared of a report. */
export interface ComparedReport {
  number: number
  reporter: string
  text: string
  at: Date
}

export type LikenessReason =
  | { code: 'same-function'; params: { names: string } }
  | { code: 'near-time'; params: { minutes: number } }
  | { code: 'similar-words'; params: { percent: number } }

export interface Likeness {
  /** 0 to 1. */
  score: number
  reasons: LikenessReason[]
}

/** What a comparison needs beside the texts: the rules and the names of the scheme's indicators. */
export interface LikenessWords {
  rules: TicketRules
  indicators: readonly string[]
}

/** How like two reports are: the same function of the platform, near time, similar words; with what speaks for it. */
export function likeness(a: ComparedReport, b: ComparedReport, words: LikenessWords): Likeness {
  const { weights, hours } = words.rules.likeness
  const [one, two] = [readingOf(a, words), readingOf(b, words)]
  const shared = [...one.functions].filter((name) => two.functions.has(name))
  const minutes = Math.abs(a.at.getTime() - b.at.getTime()) / 60_000
  const near = Math.max(0, 1 - minutes / (hours * 60))
  const similar = similarity(one.tokens, two.tokens)
  const reasons: LikenessReason[] = []
  if (shared.length) reasons.push({ code: 'same-function', params: { names: shared.join(', ') } })
  if (near > 0) reasons.push({ code: 'near-time', params: { minutes: Math.round(minutes) } })
  if (similar > 0) reasons.push({ code: 'similar-words', params: { percent: Math.round(similar * 100) } })
  // Two texts that share no word and no function are not alike however near in time they are.
  if (!shared.length && !similar) return { score: 0, reasons: [] }
  const total = weights.function + weights.time + weights.words || 1
  const score = weights.function * (shared.length ? 1 : 0) + weights.time * near + weights.words * similar
  return { score: score / total, reasons }
}

/** The functions and indicators that a text names. */
export function functionsOf(text: string, { rules, indicators }: LikenessWords): Set<string> {
  const read = plainReportText(text).replace(/\s+/g, '')
  const named = indicators.filter((indicator) => read.includes(plainReportText(indicator)))
  const meant = rules.functions.filter(({ words }) => mentioned(text, words).length).map(({ name }) => name)
  return new Set([...named, ...meant])
}

interface ReportReading {
  rules: TicketRules
  functions: ReadonlySet<string>
  tokens: ReadonlySet<string>
}

const readings = new WeakMap<ComparedReport, ReportReading>()

/** Cutting a text into words costs a hundred times more than comparing them, and every report is compared often. */
function readingOf(report: ComparedReport, words: LikenessWords): ReportReading {
  const known = readings.get(report)
  if (known?.rules === words.rules) return known
  const { rules } = words
  const tokens = new Set(tokenize(without(report.text, rules.stopwords)))
  const reading = { rules, functions: functionsOf(report.text, words), tokens }
  readings.set(report, reading)
  return reading
}

/** Overlap of two texts' tokens, measured by the shorter one's, with a floor so that two words prove little. */
function similarity(one: ReadonlySet<string>, two: ReadonlySet<string>): number {
  if (!one.size || !two.size) return 0
  let common = 0
  for (const token of one) if (two.has(token)) common++
  return common / Math.max(4, Math.min(one.size, two.size))
}

export interface Like extends Likeness {
  number: number
}

/** The open reports that are like a new one, most alike first. */
export function alike(report: ComparedReport, open: readonly ComparedReport[], words: LikenessWords): Like[] {
  return open
    .filter(({ number }) => number !== report.number)
    .map((other) => ({ number: other.number, ...likeness(report, other, words) }))
    .filter(({ score }) => score >= words.rules.likeness.threshold)
    .sort((a, b) => b.score - a.score || a.number - b.number)
}

export interface Incident {
  numbers: readonly number[]
  raisedAt: Date
}

export type IncidentDecision =
  { kind: 'none' } | { kind: 'raise'; numbers: number[] } | { kind: 'known'; incident: Incident }

/**
 * Whether a new report makes an incident: enough like ones by different people within the time (a person who repeats
 * the same report counts once). When one of the like ones belongs to a raised incident, it is known.
 */
export function incidentOf(
  report: ComparedReport,
  { open, incidents }: { open: readonly ComparedReport[]; incidents: readonly Incident[] },
  words: LikenessWords,
): IncidentDecision {
  const { reports, minutes, known } = words.rules.incident
  const like = new Set(alike(report, open, words).map(({ number }) => number))
  const now = report.at.getTime()
  const incident = incidents.find(
    ({ numbers, raisedAt }) =>
      now - raisedAt.getTime() <= known * 3_600_000 && numbers.some((number) => like.has(number)),
  )
  if (incident) return { kind: 'known', incident }
  const near = open.filter(
    ({ number, at }) => like.has(number) && Math.abs(now - at.getTime()) <= minutes * 60_000,
  )
  const people = new Set([report.reporter, ...near.map(({ reporter }) => reporter)])
  if (people.size < reports) return { kind: 'none' }
  return {
    kind: 'raise',
    numbers: [...near.map(({ number }) => number), report.number].sort((a, b) => a - b),
  }
}
