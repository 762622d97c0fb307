import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { addTo, fitsCounts, makeCounts } from '@space-assistant/core/scoring/lines/counts'
import { visitCounts } from '@space-assistant/core/scoring/lines/visit'

const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value
const indicators = scheme.indicators.length
const days = scheme.period.to - scheme.period.from + 1
/** More than fit into one group. */
const members = 3000

const added = fc.record({
  slice: fc.nat(2),
  member: fc.oneof(fc.nat(members - 1), fc.constantFrom(0, 1, 511, 512, 1023, 1024, members - 1)),
  indicator: fc.oneof(fc.nat(indicators - 1), fc.nat(1)),
  day: fc.oneof(fc.nat(days - 1), fc.nat(3)),
  count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(15, 16, 255, 1_000_000)),
})

it('what slices counted comes out member by member, day by day, added up', () => {
  fc.assert(
    fc.property(
      fc.array(added, { maxLength: 300 }),
      fc.nat(members),
      fc.nat(members),
      fc.boolean(),
      (list, a, b, backwards) => {
        const slices = [0, 1, 2].map(() => makeCounts(scheme, members))
        const sums = new Map<string, number>()
        const [from, to] = [Math.min(a, b), Math.max(a, b)]
        for (const { slice, member, indicator, day, count } of list) {
          addTo(slices[slice]!, member, indicator, day, count)
          const key = `${member} ${indicator} ${scheme.period.from + day}`
          if (member >= from && member < to) sums.set(key, (sums.get(key) ?? 0) + count)
        }
        const order = [...scheme.indicators.keys()]
        if (backwards) order.reverse()
        const told = visited(slices, { from, to, order })
        expect(told.counts).toEqual(sums)
        expect(told.done).toEqual(Array.from({ length: to - from }, (_, index) => from + index))
      },
    ),
    { numRuns: 100 },
  )
})

function visited(slices: ReturnType<typeof makeCounts>[], range: Parameters<typeof visitCounts>[1]) {
  const counts = new Map<string, number>()
  const done: number[] = []
  let current = -1
  let told: { indicator: number; day: number; count: number }[] = []
  visitCounts(slices, range, {
    open: (indicator) => void (current = indicator),
    add: (day, count) => void told.push({ indicator: current, day, count }),
    close: () => void (current = -1),
    done(member) {
      const place = ({ indicator, day }: (typeof told)[number]) => range.order.indexOf(indicator) * 1e6 + day
      expect(told.map(place)).toEqual([...new Set(told.map(place))].sort((one, other) => one - other))
      for (const { indicator, day, count } of told) counts.set(`${member} ${indicator} ${day}`, count)
      told = []
      done.push(member)
    },
  })
  return { counts, done }
}

it('a period of more days than an entry can hold is left to the general reader', () => {
  const { from } = scheme.period
  expect(fitsCounts({ ...scheme, period: { from, to: from + 4095 } })).toBe(true)
  expect(fitsCounts({ ...scheme, period: { from, to: from + 4096 } })).toBe(false)
})
