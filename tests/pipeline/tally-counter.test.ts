import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RecordBatch } from '@space-assistant/core/pipeline/batch'
import { packAll, packOfMember, TallyCounter } from '@space-assistant/core/pipeline/tally-counter'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { decodeTallies } from '@space-assistant/core/scoring/tallies'

const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const year = loaded.value
/** More than fit into one group. */
const members = 3000

/** The scheme over another number of days: the room that is left for counts depends on it. */
const schemes = [1, 2, 365, 4096, 65_536].map((days): Scheme => {
  const { from } = year.period
  return { ...year, period: { from, to: from + days - 1 } }
})

const rowOf = ({ indicators, period }: Scheme) =>
  fc.record({
    member: fc.oneof(fc.nat(members - 1), fc.constantFrom(0, 1, 511, 512, 1023, 1024, members - 1)),
    indicator: fc.oneof(fc.nat(indicators.length - 1), fc.nat(1)),
    day: fc.oneof(fc.nat(period.to - period.from), fc.nat(Math.min(3, period.to - period.from))),
    count: fc.oneof(fc.nat(3), fc.constantFrom(15, 16, 127, 128, 255, 1_000_000)),
    valid: fc.boolean(),
  })

it.each(schemes)('packs what it was handed, member by member and added up ($period.to)', (scheme) => {
  const numbers = [...scheme.indicators.keys()].reverse()
  fc.assert(
    fc.property(fc.array(rowOf(scheme), { maxLength: 200 }), (rows) => {
      const counter = new TallyCounter(scheme, members)
      const batch = new RecordBatch()
      const expected = new Map<string, number>()
      for (const { member, indicator, day, count, valid } of rows) {
        const at = batch.size++
        batch.member[at] = member
        batch.indicator[at] = indicator
        batch.day[at] = day
        batch.count[at] = count
        batch.valid[at] = Number(valid)
        const key = `${member} ${numbers[indicator]} ${scheme.period.from + day}`
        if (valid && count) expected.set(key, (expected.get(key) ?? 0) + count)
      }
      counter.take(batch)
      const packed = packAll(counter.pack(numbers))
      const found = new Map<string, number>()
      for (let member = 0; member < members; member++) {
        for (const { indicator, day, count } of decodeTallies(packOfMember(packed, member))) {
          found.set(`${member} ${indicator} ${day}`, count)
        }
      }
      expect(found).toEqual(expected)
      expect(rows.every(({ member }) => counter.members[member])).toBe(true)
      expect(rows.every(({ day }) => counter.days[day])).toBe(true)
    }),
    { numRuns: 40 },
  )
})

it('refuses a scheme of more days than an entry can name', () => {
  const { from } = year.period
  expect(() => new TallyCounter({ ...year, period: { from, to: from + 65_536 } }, 1)).toThrow('days')
})
