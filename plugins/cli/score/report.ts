import { formatDay } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { StandingSubject } from '@space-assistant/core/ranking/standing'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { Board } from '@space-assistant/core/scoring/board'
import { locale } from '../text'
import type { FileProblem } from './inputs'

/** A member's place in a list of `space score`. */
export interface MemberPlace {
  account: string
  name: string
  school: string
  points: number
  rank: number
  /** Points in the scheme's order of indicators. */
  indicators: readonly number[]
}

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

/** The answer of `space score`; the lists are made while they are written. */
export interface ScoreReport {
  scheme: string
  window: { from: string; to: string }
  indicators: readonly string[]
  teachers: Iterable<MemberPlace>
  administrators: Iterable<MemberPlace>
  schools: Iterable<SchoolEntry>
  problems: Iterable<ProblemEntry>
}

export function makeReport(board: Board, window: Window, problems: readonly FileProblem[]): ScoreReport {
  const standings = new Standings(board)
  const { scheme } = board
  const members = (of: keyof typeof roles) => {
    // A role without any indicator has nothing that could be ranked.
    const isScored = scheme.indicators.some(({ role }) => role === roles[of])
    return isScored ? memberPlaces(board, standings, { of, window }) : []
  }
  return {
    scheme: scheme.id,
    window: { from: formatDay(window.from), to: formatDay(window.to) },
    indicators: scheme.indicators.map(({ name }) => name),
    teachers: members('teachers'),
    administrators: members('administrators'),
    schools: schoolEntries(board, standings, window),
    problems: problems.map(problemEntry),
  }
}

const roles = { teachers: 'teacher', administrators: 'administrator' } as const

/** Places that are made at a time: a long list is not wanted whole in memory. */
const PLACES = 1000

function* memberPlaces(
  board: Board,
  standings: Standings,
  { of, window }: { of: Exclude<StandingSubject, 'schools'>; window: Window },
): Generator<MemberPlace> {
  const standing = standings.of({ of, window, scope: { kind: 'district' } })
  const indicators = board.breakdowns({ role: roles[of], window })
  for (let at = 0; at < standing.size; at += PLACES) {
    for (const { rank, code: account, name, school, score: points } of standing.entries(at, PLACES)) {
      yield { account, name, school, points, rank, indicators: indicators(account) }
    }
  }
}

/** Ranked ones in order, then the others by code. */
function* schoolEntries(board: Board, standings: Standings, window: Window): Generator<SchoolEntry> {
  const { people } = board
  const standing = standings.of({ of: 'schools', window, scope: { kind: 'district' } })
  const entry = (code: string, score: number | null, rank: number | null): SchoolEntry => {
    const index = people.schoolIndex(code) ?? -1
    const { name = code, town = null, stage = null } = people.schools[index] ?? {}
    return { code, name, town, stage, score, rank, members: people.headcounts[index] ?? 0 }
  }
  for (const { code, score, rank } of standing.entries(0, standing.size)) yield entry(code, score, rank)
  for (const { code } of people.schools) if (!standing.place(code)) yield entry(code, null, null)
}

function problemEntry(problem: FileProblem): ProblemEntry {
  const { file, row, column = null, code } = problem
  return { file, row, column, code, message: describeRowProblem(problem, locale) }
}
