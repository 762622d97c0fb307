import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { addCountedPoints } from '@space-assistant/core/scoring/lines/points'
import type { PointsTable } from '@space-assistant/core/scoring/lines/points'
import type { Counts } from '@space-assistant/core/scoring/lines/counts'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import type { Scheme, Window } from '@space-assistant/core/scheme/scheme'

/** Which points are wanted; a plain value that can be sent to another thread. */
export interface PointsQuery {
  scheme: Scheme
  window: Window
  /** Dictionary numbers of the scheme's indicators, in the scheme's order. */
  numbers: readonly number[]
}

/** The members whose points are wanted, and the table, in memory of all threads, that they go to. */
export interface PointsRange extends PointsQuery {
  from: number
  to: number
  table: PointsTable
}

export function addPoints(slices: readonly Counts[], { scheme, table, ...range }: PointsRange): void {
  const rules = new Ruleset(scheme, new Dictionary(scheme.indicators.map(({ name }) => name)))
  addCountedPoints(table, slices, { ...range, rules })
}
