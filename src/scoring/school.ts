import type { MemberRole, Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { ScoreColumn, PointsQuery } from './column'
import type { PeopleIndex } from './people'
import type { Ruleset } from './rules'

/** What of a board the schools' scores are made from. */
interface Board {
  people: PeopleIndex
  scheme: Scheme
  rules: Ruleset
  column(query: PointsQuery): ScoreColumn
}

/** One term of a school's score: the mean over the active members of a role; 0 when there are none. */
export interface SchoolTerm {
  role: MemberRole
  /** Active members of the role in the school. */
  members: number
  /** Sum of their points. */
  points: number
  /** Rounded to 6 decimals. */
  mean: number
}

export interface SchoolScore {
  code: string
  /** Sum of the terms, rounded to 6 decimals; null for a school without an active teacher. */
  score: number | null
  /** Distinct active accounts. */
  members: number
  terms: SchoolTerm[]
}

const MICRO = 1_000_000n

interface Sums {
  role: MemberRole
  points: Float64Array
  members: Uint32Array
}

/** Scores of all schools, in order of code. */
export function schoolScores(board: Board, window: Window, indicators?: readonly string[]): SchoolScore[] {
  const sums = sumsOf(board, window, indicators)
  const teachers = headcount(board, sums)
  return board.people.schools.map((_, index) => scoreOf(board, index, sums, teachers))
}

/** Score of one school. */
export function schoolScore(
  board: Board,
  index: number,
  window: Window,
  indicators?: readonly string[],
): SchoolScore {
  const sums = sumsOf(board, window, indicators)
  return scoreOf(board, index, sums, headcount(board, sums))
}

function sumsOf(board: Board, window: Window, indicators?: readonly string[]): Sums[] {
  const { people } = board
  return board.scheme.schoolScore.map(({ role }) => {
    const { values } = board.column(indicators ? { role, window, indicators } : { role, window })
    const points = new Float64Array(people.schools.length)
    const members = new Uint32Array(people.schools.length)
    for (const slot of people.active[role]) {
      const school = people.schoolOf[slot]!
      points[school]! += values[slot]!
      members[school]!++
    }
    return { role, points, members }
  })
}

function headcount(board: Board, sums: Sums[]): Uint32Array {
  const counted = sums.find(({ role }) => role === 'teacher')
  if (counted) return counted.members
  const members = new Uint32Array(board.people.schools.length)
  for (const slot of board.people.active.teacher) members[board.people.schoolOf[slot]!]!++
  return members
}

function scoreOf(board: Board, index: number, sums: Sums[], teachers: Uint32Array): SchoolScore {
  const { scale } = board.rules
  const terms = sums.map(({ role, points, members }) => ({
    role,
    members: members[index]!,
    points: points[index]! / scale,
    mean: sumOfMeans([{ points: points[index]!, members: members[index]! }], scale),
  }))
  const means = sums.map(({ points, members }): Mean => ({
    points: points[index]!,
    members: members[index]!,
  }))
  return {
    code: board.people.schools[index]!.code,
    score: teachers[index] ? sumOfMeans(means, scale) : null,
    members: board.people.headcounts[index]!,
    terms,
  }
}

/** Scaled points of so many members. */
export interface Mean {
  points: number
  members: number
}

/** Sum of means rounded half up to 6 decimals, exactly; the mean of nobody is 0. */
export function sumOfMeans(means: readonly Mean[], scale: number): number {
  return roundedSum(means.map(({ points, members }) => [points, members * scale]))
}

type Fraction = [numerator: number, denominator: number]

/** Sum of fractions rounded half up to 6 decimals, exactly; fractions over 0 are 0. */
function roundedSum(fractions: Fraction[]): number {
  let numerator = 0n
  let denominator = 1n
  for (const [top, bottom] of fractions) {
    if (!bottom) continue
    numerator = numerator * BigInt(bottom) + BigInt(top) * denominator
    denominator *= BigInt(bottom)
  }
  return Number((2n * numerator * MICRO + denominator) / (2n * denominator)) / Number(MICRO)
}
