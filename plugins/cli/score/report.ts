import { formatDay } from '@space-assistant/core/calendar/day'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import { orderBy, rankAt } from '@space-assistant/core/ranking/order'
import type { EngineRankings, MemberPlace } from '@space-assistant/core/scoring/lines/ranking'
import { sumOfMeans } from '@space-assistant/core/scoring/school'
import type { MemberRole } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { locale } from '../text'
import type { FileProblem } from './inputs'

export interface SchoolEntry {
  code: string
  name: string
  town: string | null
  stage: string | null
  score: number | null
  rank: number | null
  members: number
}

export interface ProblemEntry {
  file: string
  row: number
  column: string | null
  code: string
  message: string
}

/** A list of members, one by one or as JSON, each entry behind a comma and a line end. */
export interface MemberList {
  entries(): Iterable<MemberPlace>
  json(): Iterable<Uint8Array>
}

/** The answer of `space score`; the lists are made while they are written. */
export interface ScoreReport {
  scheme: string
  window: { from: string; to: string }
  indicators: readonly string[]
  teachers: MemberList
  administrators: MemberList
  schools: readonly SchoolEntry[]
  problems: readonly ProblemEntry[]
}

export function makeReport(
  rankings: EngineRankings,
  window: Window,
  problems: readonly FileProblem[],
): ScoreReport {
  const { scheme } = rankings.rules
  return {
    scheme: scheme.id,
    window: { from: formatDay(window.from), to: formatDay(window.to) },
    indicators: scheme.indicators.map(({ name }) => name),
    teachers: members(rankings, 'teacher'),
    administrators: members(rankings, 'administrator'),
    schools: schools(rankings),
    problems: problems.map(problemEntry),
  }
}

function members(rankings: EngineRankings, role: MemberRole): MemberList {
  const ranking = rankings.rank(role)
  return { entries: () => rankings.places(ranking), json: () => rankings.json(ranking) }
}

const MICRO = 1_000_000

/** Ranked ones in order, then the others by code. */
function schools(rankings: EngineRankings): SchoolEntry[] {
  const { people, rules } = rankings
  const teachers = rankings.sums('teacher').members
  const headcounts = rankings.sums('active').members
  const terms = rules.scheme.schoolScore.map(({ role }) => rankings.sums(role))
  const scores = people.schools.map((_, index) => {
    if (!teachers[index]) return null
    const means = terms.map(({ points, members }) => ({ points: points[index]!, members: members[index]! }))
    return sumOfMeans(means, rules.scale)
  })
  const entry = (index: number, rank: number | null): SchoolEntry => {
    const { code, name, town = null, stage = null } = people.schools[index]!
    return { code, name, town, stage, score: scores[index]!, rank, members: headcounts[index]! }
  }
  const indexes = Uint32Array.from(people.schools.keys())
  const ranked = indexes.filter((index) => scores[index] !== null)
  const order = orderBy(ranked, (index) => Math.round(scores[index]! * MICRO))
  return [
    ...Array.from(order.ids, (index, position) => entry(index, rankAt(order, position))),
    ...Array.from(
      indexes.filter((index) => scores[index] === null),
      (index) => entry(index, null),
    ),
  ]
}

function problemEntry(problem: FileProblem): ProblemEntry {
  const { file, row, column = null, code } = problem
  return { file, row, column, code, message: describeRowProblem(problem, locale) }
}
