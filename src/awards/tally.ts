import { compareCodes } from '../scoring/people'
import type { Rubric, SheetRule } from '../scheme/scheme'

/** One judge's points for one nominee, in the order of the rubric's criteria. */
export interface CountedSheet {
  judge: string
  points: readonly number[]
}

export interface NomineeSheets {
  /** Account or school code. */
  nominee: string
  /** Submitted, not voided and without conflict. */
  counted: readonly CountedSheet[]
  /** All that were submitted, those in conflict too. */
  sheets: number
}

export const rubricFlags = ['too-few', 'spread', 'both-sides'] as const
/**
 * too-few: fewer sheets than a result needs. spread: highest and lowest total lie more than a fifth of the maximum
 * apart, to be reviewed. both-sides: some nominees of the award are trimmed and some are not.
 */
export type RubricFlag = (typeof rubricFlags)[number]

export interface RubricResult {
  nominee: string
  sheets: number
  counted: number
  /** Whether one highest and one lowest total were left out. */
  trimmed: boolean
  /** Mean of the totals, rounded to 6 decimals; null without any counted sheet. */
  score: number | null
  /** Null with too few sheets. */
  rank: number | null
  /** Highest less lowest total of the counted sheets; null without any. */
  spread: number | null
  flags: RubricFlag[]
  /** Mean points by criterion over all counted sheets, by which equal scores are told apart. */
  criteria: readonly number[]
}

const MICRO = 1_000_000
/** Of the rubric's total: judges who lie farther apart have seen different things. */
const WIDE_SPREAD = 0.2

/**
 * Results of all nominees of one award, best first, those without rank at the end in order of code. Equal scores are
 * ranked by the rubric's criteria in turn; what is still equal shares its rank, for staff to decide.
 */
export function tallySheets(
  nominees: readonly NomineeSheets[],
  rubric: Pick<Rubric, 'criteria'>,
  rule: SheetRule,
): RubricResult[] {
  const total = rubric.criteria.reduce((sum, { max }) => sum + max, 0)
  const results = nominees.map((one) => resultOf(one, { rubric, rule, total }))
  rankResults(results)
  const ranked = results.filter(({ rank }) => rank !== null)
  const isMixed = ranked.some(({ trimmed }) => trimmed) && ranked.some(({ trimmed }) => !trimmed)
  if (isMixed) for (const { flags } of ranked) flags.push('both-sides')
  return results
}

function resultOf(
  { nominee, sheets, counted }: NomineeSheets,
  { rubric, rule, total }: { rubric: Pick<Rubric, 'criteria'>; rule: SheetRule; total: number },
): RubricResult {
  const totals = counted.map(({ points }) => totalOf(points)).sort((a, b) => a - b)
  const trimmed = totals.length >= rule.trimFrom
  const spread = totals.length ? roundMicro((totals.at(-1) ?? 0) - (totals[0] ?? 0)) : null
  const flags: RubricFlag[] = []
  if (totals.length < rule.least) flags.push('too-few')
  if (spread !== null && spread > total * WIDE_SPREAD) flags.push('spread')
  return {
    nominee,
    sheets,
    counted: totals.length,
    trimmed,
    score: meanOf(trimmed ? totals.slice(1, -1) : totals),
    // Set by `rankResults`; 0 stands for one that is to be ranked.
    rank: totals.length < rule.least ? null : 0,
    spread,
    flags,
    criteria: rubric.criteria.map((_, at) => meanOf(counted.map(({ points }) => points[at] ?? 0)) ?? 0),
  }
}

/** Points of a sheet; sums of decimals are kept free of their binary dust. */
export function totalOf(points: readonly number[]): number {
  return roundMicro(points.reduce((sum, one) => sum + one, 0))
}

function meanOf(values: readonly number[]): number | null {
  return values.length ? roundMicro(values.reduce((sum, one) => sum + one, 0) / values.length) : null
}

function roundMicro(value: number): number {
  return Math.round(value * MICRO) / MICRO
}

/** Sorts in place and sets the ranks (1, 2, 2, 4). */
function rankResults(results: RubricResult[]): void {
  results.sort((a, b) => {
    if (a.rank === null || b.rank === null) {
      return Number(a.rank === null) - Number(b.rank === null) || compareCodes(a.nominee, b.nominee)
    }
    return compareResults(a, b) || compareCodes(a.nominee, b.nominee)
  })
  results.forEach((result, index) => {
    if (result.rank === null) return
    const before = results[index - 1]
    result.rank = before?.rank && compareResults(before, result) === 0 ? before.rank : index + 1
  })
}

/** By score, then by the criteria in the scheme's order; negative when `a` is better. */
function compareResults(a: RubricResult, b: RubricResult): number {
  const scores = (b.score ?? 0) - (a.score ?? 0)
  if (scores) return scores
  for (const [at, mean] of a.criteria.entries()) {
    const difference = (b.criteria[at] ?? 0) - mean
    if (difference) return difference
  }
  return 0
}

export interface JudgeSeverity {
  judge: string
  /** Nominees that others have scored too. */
  common: number
  /** Mean distance of the judge's totals to the mean of the others', negative for a severe judge. */
  distance: number
}

/** From so many nominees in common with others on, a judge's severity says something. */
const COMMON_NOMINEES = 5

/** How much each judge gives above or below the others. It is shown to staff and never applied to a result. */
export function judgeSeverity(nominees: readonly NomineeSheets[]): JudgeSeverity[] {
  const distances = new Map<string, number[]>()
  for (const { counted } of nominees) {
    if (counted.length < 2) continue
    const totals = counted.map(({ points }) => totalOf(points))
    const sum = totals.reduce((all, one) => all + one, 0)
    counted.forEach(({ judge }, index) => {
      const own = totals[index] ?? 0
      const list = distances.get(judge) ?? []
      list.push(own - (sum - own) / (totals.length - 1))
      distances.set(judge, list)
    })
  }
  return [...distances]
    .filter(([, list]) => list.length >= COMMON_NOMINEES)
    .map(([judge, list]) => ({ judge, common: list.length, distance: meanOf(list) ?? 0 }))
    .sort((a, b) => compareCodes(a.judge, b.judge))
}
