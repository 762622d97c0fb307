import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renewed } from '@space-assistant/core/scoring/first-form'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { decodeTallies, encode, firstDayOf, mergeTallies } from '@space-assistant/core/scoring/tallies'
import type { Tally } from '@space-assistant/core/scoring/tallies'

const tallies = fc.array(
  fc.record({
    indicator: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(127, 128, 300)),
    day: fc.oneof(fc.integer({ min: 18_990, max: 19_020 }), fc.integer({ min: 0, max: 40_000 })),
    count: fc.oneof(fc.integer({ min: 0, max: 6 }), fc.constantFrom(255, 65_535, 65_536, 5_000_000_000)),
  }),
  { maxLength: 60 },
)

function plain(list: readonly Tally[]): Tally[] {
  const sums = new Map<string, Tally>()
  for (const { indicator, day, count } of list) {
    const key = `${indicator} ${day}`
    sums.set(key, { indicator, day, count: (sums.get(key)?.count ?? 0) + count })
  }
  return [...sums.values()]
    .filter(({ count }) => count > 0)
    .sort((a, b) => a.indicator - b.indicator || a.day - b.day)
}

describe('packed tallies', () => {
  it('give back what was packed, sums per indicator and day', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        expect(decodeTallies(encode(list))).toEqual(plain(list))
      }),
    )
  })

  it('take about a byte and a fifth per tally of a busy year', () => {
    const year: Tally[] = []
    for (let indicator = 0; indicator < 15; indicator++) {
      for (let day = 18_993; day < 19_358; day += indicator < 2 ? 1 : 7)
        year.push({ indicator, day, count: 1 })
    }
    expect(encode(year).length / year.length).toBeLessThan(1.1)
  })

  it('hold a section longer than two bytes of length can say', () => {
    const list = Array.from({ length: 40_000 }, (_, day) => ({ indicator: 3, day, count: 70_000 }))
    expect(decodeTallies(encode(list))).toEqual(list)
    expect(
      decodeTallies(overlay(encode(list), encode([{ indicator: 3, day: 50_000, count: 1 }]))).length,
    ).toBe(40_001)
  })

  it('of the first form are renewed', () => {
    // Indicator 2: once on day 100, 5 times on day 101, twice on day 300. Indicator 300: once on day 7.
    const first = Uint8Array.of(1, 2, 135, 0, 100, 0, 3, 1, 253, 135, 1, 172, 2, 130, 0, 7, 0)
    expect(decodeTallies(renewed(first))).toEqual([
      { indicator: 2, day: 100, count: 1 },
      { indicator: 2, day: 101, count: 5 },
      { indicator: 2, day: 300, count: 2 },
      { indicator: 300, day: 7, count: 1 },
    ])
    const today = encode([{ indicator: 2, day: 100, count: 1 }])
    expect(renewed(today)).toBe(today)
  })

  it('know their first day', () => {
    fc.assert(
      fc.property(tallies, (list) => {
        const days = plain(list).map(({ day }) => day)
        expect(firstDayOf(encode(list))).toBe(Math.min(...days))
      }),
    )
  })

  it('refuse bytes of another version', () => {
    expect(() => decodeTallies(Uint8Array.of(9, 1))).toThrow(/version 9/)
  })

  it('add', () => {
    fc.assert(
      fc.property(tallies, tallies, (a, b) => {
        expect(decodeTallies(mergeTallies(encode(a), b))).toEqual(plain([...a, ...b]))
        expect(overlay(encode(a), encode(b))).toEqual(encode([...a, ...b]))
      }),
    )
  })

  it('replace the days that a statement covers', () => {
    const days = fc.uniqueArray(fc.integer({ min: 18_990, max: 19_020 })).map((list) => new Set(list))
    fc.assert(
      fc.property(tallies, tallies, days, (a, b, covered) => {
        const kept = a.filter(({ day }) => !covered.has(day))
        expect(overlay(encode(a), encode(b), covered)).toEqual(encode([...kept, ...b]))
      }),
    )
  })
})
