import type { Day } from '../scheme/calendar'
import type { Window } from '../scheme/scheme'

export type StandingSubject = 'schools' | 'teachers' | 'administrators'
export type Scope = { kind: 'district' } | { kind: 'town'; town: string } | { kind: 'school'; code: string }

export interface StandingQuery {
  of: StandingSubject
  window: Window
  /** Only the points of these indicators (names in the scheme); all when left out. */
  indicators?: readonly string[]
  scope: Scope
  stage?: string
}

export interface Place {
  rank: number
  /** School code or account. */
  code: string
  name: string
  /** Code of the own school; for schools the code itself. */
  school: string
  /** Rounded to 6 decimals. */
  score: number
}

/** An immutable ranking, as of the data that was there when it was asked for. */
export interface Standing {
  query: StandingQuery
  /** How many are ranked. */
  size: number
  /** Last day with any tally on the board; undefined without data. */
  asOf: Day | undefined
  entries(offset: number, count: number): Place[]
  /** Undefined when the code is not ranked here. */
  place(code: string): Place | undefined
  /** The place of the code and up to `n` before and after it in the list; empty when it is not ranked. */
  around(code: string, n: number): Place[]
  /** The nearest place with a better score and how many points are missing; undefined for the first and the unranked. */
  ahead(code: string): { place: Place; missing: number } | undefined
  /** Places gained (positive) or lost and points won since an earlier standing; undefined when unranked in either. */
  changeSince(earlier: Standing, code: string): { places: number; score: number } | undefined
}
