import type { Day } from '../calendar/day'
import type { Board } from '../scoring/board'
import type { RubricResult } from './tally'

/** The platform's own totals of one day. */
export interface AwardSnapshot {
  day: Day
  /** By account. */
  members: ReadonlyMap<string, number>
  /** By school code. */
  schools: ReadonlyMap<string, number>
}

/** Everything that the conditions of awards are judged by. */
export interface AwardEvidence {
  board: Board
  /** Nothing later is looked at; left out, all there is. */
  asOf?: Day
  snapshot?: AwardSnapshot
  /** Accounts or school codes nominated for an award, by its name. */
  nominees: ReadonlyMap<string, readonly string[]>
  /** What judges have given so far, by award and then by nominee. */
  rubrics: ReadonlyMap<string, ReadonlyMap<string, RubricResult>>
  /** What staff have decided on a judgement condition; undefined is not yet. */
  judgement(award: string, code: string, text: string): boolean | undefined
}

/** Three-valued: true, false, or null for what is not known yet. */
export type Met = boolean | null

/** All of several conditions: one that is not met decides, else one that is not known leaves it open. */
export function allMet(conditions: Iterable<Met>): Met {
  let all: Met = true
  for (const met of conditions) {
    if (met === false) return false
    if (met === null) all = null
  }
  return all
}
