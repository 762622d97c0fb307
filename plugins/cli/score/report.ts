import { formatDay } from '@space-assistant/core/scheme/calendar'
import { describeProblem } from '@space-assistant/core/formats/problems'
import { Standings } from '@space-assistant/core/ranking/standings'
import { locale } from '../text'
import type { PointsBoard } from './compute'
import type { FileProblem } from './inputs'

export interface MemberEntry {
  account: string
  name: string
  school: string
  points: number
  rank: number
  /** Points in the order of the report's indicators. */
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
export interface Report {
  scheme: string
  window: { from: string; to: string }
  indicators: readonly string[]
  teachers: Iterable<MemberEntry>
  administrators: Iterable<MemberEntry>
  schools: Iterable<SchoolEntry>
  problems: Iterable<ProblemEntry>
}

export function makeReport(board: PointsBoard, problems: readonly FileProblem[]): Report {
  const { window } = board
  const standings = new Standings(board)
  return {
    scheme: board.scheme.id,
    window: { from: formatDay(window.from), to: formatDay(window.to) },
    indicators: board.scheme.indicators.map(({ name }) => name),
    teachers: members(board, standings, 'teachers'),
    administrators: members(board, standings, 'administrators'),
    schools: schools(board, standings),
    problems: problems.map(problemEntry),
  }
}

/** Places that are made at a time: a long list is not wanted whole in memory. */
const PLACES = 1000

function* members(
  board: PointsBoard,
  standings: Standings,
  of: 'teachers' | 'administrators',
): Generator<MemberEntry> {
  const role = of === 'teachers' ? 'teacher' : 'administrator'
  const standing = standings.of({ of, window: board.window, scope: { kind: 'district' } })
  for (let at = 0; at < standing.size; at += PLACES) {
    for (const { rank, code: account, name, school, score: points } of standing.entries(at, PLACES)) {
      yield { account, name, school, points, rank, indicators: board.byIndicator(account, role) }
    }
  }
}

/** Ranked ones in order, then the others by code. */
function* schools(board: PointsBoard, standings: Standings): Generator<SchoolEntry> {
  const { people, window } = board
  const standing = standings.of({ of: 'schools', window, scope: { kind: 'district' } })
  const entry = (code: string, score: number | null, rank: number | null): SchoolEntry => {
    const index = people.schoolIndexes.get(code)!
    const { name, town = null, stage = null } = people.schools[index]!
    return { code, name, town, stage, score, rank, members: people.headcounts[index]! }
  }
  for (const { code, score, rank } of standing.entries(0, standing.size)) yield entry(code, score, rank)
  for (const { code } of people.schools) if (!standing.place(code)) yield entry(code, null, null)
}

function problemEntry(problem: FileProblem): ProblemEntry {
  const { file, row, column = null, code } = problem
  return { file, row, column, code, message: describeProblem(problem, locale) }
}
