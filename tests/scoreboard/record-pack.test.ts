import { attributes } from '@space-assistant/core/scheme/scheme'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSheet, encodeSheet, replay, spanOf } from '../../plugins/scoreboard/record-pack'
import type { PackedRecord } from '../../plugins/scoreboard/record-pack'

const day = fc.integer({ min: 0, max: 40_000 })
const value = fc.oneof(
  fc.nat(),
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }).map((v) => v || 0),
)
const record = fc.record({
  indicator: fc.nat(300),
  day,
  minute: fc.option(fc.nat(1439), { nil: undefined }),
  count: fc.nat(),
  attributes: fc.dictionary(fc.constantFrom(...attributes), value, { noNullPrototype: true }),
  valid: fc.boolean(),
  recordId: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 }), { nil: undefined }),
})

const plain = (at: number): PackedRecord => ({
  indicator: 0,
  day: at,
  minute: undefined,
  count: 1,
  attributes: {},
  valid: true,
  recordId: undefined,
})

describe('packed record sheets', () => {
  it('give back what was packed', () => {
    fc.assert(
      fc.property(fc.array(record), fc.uniqueArray(day), (records, replaced) => {
        const back = decodeSheet(encodeSheet({ replaced, records }))
        expect(back.records).toEqual(records)
        expect(back.replaced).toEqual([...replaced].sort((a, b) => a - b))
      }),
    )
  })

  it('take few bytes for a year’s statement', () => {
    const replaced = Array.from({ length: 365 }, (_, i) => 18_993 + i)
    const records = replaced.map((at) => ({ ...plain(at), minute: 500 }))
    const { length } = encodeSheet({ replaced, records })
    expect(length).toBeLessThan(365 * 7)
    expect(encodeSheet({ replaced, records: [] }).length).toBeLessThan(10)
  })

  it('refuse an unknown version', () => {
    expect(() => decodeSheet(new Uint8Array([9]))).toThrow('version 9')
  })

  it('are replayed in order of import: later ones replace whole days', () => {
    const sheets = [
      { replaced: [], records: [plain(1), plain(2)] },
      { replaced: [2, 3], records: [plain(3)] },
      { replaced: [], records: [plain(2)] },
    ]
    const live = replay(sheets).map((row) => [row.record.day, sheets.indexOf(row.sheet)])
    expect(live).toEqual([
      [1, 0],
      [3, 1],
      [2, 2],
    ])
  })

  it('know the days that they speak about', () => {
    expect(spanOf({ replaced: [7], records: [plain(3)] })).toEqual({ firstDay: 3, lastDay: 7 })
    expect(spanOf({ replaced: [], records: [] })).toBeUndefined()
  })
})
