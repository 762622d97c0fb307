import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buckets } from '@space-assistant/core/calendar/bucket'
import type { Indicator } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { CapCounter } from '@space-assistant/core/scoring/meter'
import { PackReader } from '@space-assistant/core/scoring/pack-reader'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import { encode } from '@space-assistant/core/scoring/tallies'
import { day, scheme } from './district'

const period = { from: day('2021-12-22'), to: day('2023-03-05') }

const rule = fc.oneof<fc.Arbitrary<Indicator['rule']>[]>(
  fc.constant({ kind: 'action' as const, points: 1 }),
  fc.record({
    kind: fc.constant('action' as const),
    points: fc.constant(0.5),
    cap: fc.record({ times: fc.constantFrom(1, 3, 9, 100_000), per: fc.constantFrom(...buckets) }),
  }),
  fc.constant({
    kind: 'streak' as const,
    steps: [
      { from: 1, points: 1 },
      { from: 3, points: 2 },
    ],
  }),
)
const yearEnd = day('2022-12-21')
const anyDay = fc.oneof(
  fc.integer({ min: period.from - 70, max: period.to + 70 }),
  fc.integer({ min: yearEnd - 5, max: yearEnd + 2 }),
)
/** Crowded days and lone ones, with counts and distances that fit the byte of a day and such that do not. */
const tallies = fc
  .array(fc.tuple(anyDay, fc.integer({ min: 1, max: 9 }), fc.constantFrom(1, 2, 3, 4, 5, 70, 1_000_000)))
  .map((list) => {
    const counts = new Map<number, number>()
    for (const [from, days, count] of list) for (let at = from; at < from + days; at++) counts.set(at, count)
    return [...counts].sort(([a], [b]) => a - b)
  })
/** Most windows begin or end in the middle of something. */
const windowOver = (list: readonly [day: number, count: number][]): fc.Arbitrary<Window> => {
  const from = fc.oneof(anyDay, fc.constantFrom(period.from, ...list.map(([day]) => day)))
  return fc.tuple(from, fc.integer({ min: -1, max: 200 })).map(([from, days]) => ({ from, to: from + days }))
}
const cases = tallies.chain((list) => fc.record({ list: fc.constant(list), window: windowOver(list) }))

describe('a meter', () => {
  it('adds up a window as if it took one day after the other, and leaves the reader where it was', () => {
    fc.assert(
      fc.property(rule, cases, anyDay, (rule, { list, window }, read) => {
        const rules = new Ruleset(scheme(period, [{ rule }]), new Dictionary())
        const pack = encode(list.map(([day, count]) => ({ indicator: 0, day, count })))
        const reader = new PackReader().open(pack)
        if (!reader.section()) return
        reader.since(read)
        const meter = new CapCounter(rules)
        expect(meter.sum(rules.of(0)!, reader, window)).toBe(oneByOne(rules, list, window))
        const { days, counts, start, end } = reader.days()
        const left = Array.from({ length: end - start }, (_, at) => [days[start + at], counts[start + at]])
        expect(left).toEqual(list)
      }),
      { numRuns: 500 },
    )
  })
})

function oneByOne(
  rules: Ruleset,
  list: readonly [day: number, count: number][],
  { from, to }: Window,
): number {
  const meter = new CapCounter(rules)
  meter.start(rules.of(0)!)
  let sum = 0
  for (const [day, count] of list) {
    const points = meter.take(day, count)
    if (day >= from && day <= to) sum += points
  }
  return sum
}
