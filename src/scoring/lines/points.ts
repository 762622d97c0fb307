import type { Window } from '../../scheme/scheme'
import { Meter } from '../meter'
import { PackReader } from '../pack-reader'
import type { Ruleset } from '../rules'
import type { Pack } from '../tallies'
import type { Counts } from './counts'
import { visitCounts } from './visit'

/** Scaled points in a window, `member x indicator` in the scheme's order. */
export type PointsTable = Float64Array

/** What points are computed by: `numbers` are those of the scheme's indicators in the dictionary. */
export interface PointsQuery {
  rules: Ruleset
  numbers: readonly number[]
  window: Window
}

/** Adds the points of some members of a counted file to a table, without packing what was counted. */
export function addCountedPoints(
  table: PointsTable,
  slices: readonly Counts[],
  { from, to, rules, numbers, window }: PointsQuery & { from: number; to: number },
): void {
  const width = numbers.length
  const meter = new Meter(rules)
  const known = numbers.map((number) => rules.of(number))
  const order = [...numbers.keys()].filter((indicator) => known[indicator])
  let sums = new Float64Array(width)
  let current = 0
  let points = 0
  visitCounts(
    slices,
    { from, to, order },
    {
      open(indicator) {
        meter.start(known[indicator]!)
        current = indicator
        points = 0
      },
      add(day, count) {
        const taken = meter.take(day, count)
        if (day >= window.from && day <= window.to) points += taken
      },
      close() {
        sums[current] = points
      },
      done(member) {
        table.set(sums, member * width)
        sums = sums.fill(0)
      },
    },
  )
}

/** The points of packs, member by member. */
export function pointsOfPacks(packs: readonly Pack[], { rules, numbers, window }: PointsQuery): PointsTable {
  const width = numbers.length
  const table = new Float64Array(packs.length * width)
  const places = new Map(numbers.map((number, indicator) => [number, indicator]))
  const meter = new Meter(rules)
  const reader = new PackReader()
  for (const [member, pack] of packs.entries()) {
    reader.open(pack)
    while (reader.section()) {
      const rule = rules.of(reader.indicator)
      const place = places.get(reader.indicator)
      if (!rule || place === undefined) continue
      table[member * width + place] = meter.sum(rule, reader, window)
    }
  }
  return table
}
