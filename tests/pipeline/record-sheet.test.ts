import { attributes } from '@space-assistant/core/scheme/scheme'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import {
  addIdsOf,
  decodeSheet,
  encodeSheet,
  hasIds,
  packSheet,
  replaySheets,
} from '@space-assistant/core/pipeline/record-sheet'
import type { PackedRecord } from '@space-assistant/core/pipeline/record-sheet'

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
  recordId: fc.option(
    fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
      fc.stringMatching(/^R?\d{1,15}$/),
      fc.nat(1000).map((number) => `20${String(number).padStart(6, '0')}`),
    ),
    { nil: undefined },
  ),
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
        const [ids, expected] = [new IdSet(), new IdSet()]
        addIdsOf(encodeSheet({ replaced, records }), ids)
        for (const { recordId } of records) if (recordId !== undefined) expected.add(recordId)
        expect([...ids.texts, ...ids.blocks()]).toEqual([...expected.texts, ...expected.blocks()])
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
    const live = replaySheets(sheets).map((row) => [row.record.day, sheets.indexOf(row.sheet)])
    expect(live).toEqual([
      [1, 0],
      [3, 1],
      [2, 2],
    ])
  })

  it('know the days that they speak about', () => {
    expect(packSheet({ replaced: [7], records: [plain(3)] })).toMatchObject({ firstDay: 3, lastDay: 7 })
    expect(packSheet({ replaced: [], records: [] })).toBeUndefined()
  })

  it('know whether their rows have ids', () => {
    expect(hasIds(encodeSheet({ replaced: [], records: [{ ...plain(3), recordId: 'r1' }] }))).toBe(true)
    expect(hasIds(encodeSheet({ replaced: [3, 9], records: [plain(3)] }))).toBe(false)
    expect(hasIds(encodeSheet({ replaced: [3, 9], records: [] }))).toBe(false)
  })

  it('take 5 bytes for an id that is near the one before', () => {
    const records = [1, 2, 3].map((n) => ({ ...plain(n), recordId: `22010${n}000001` }))
    const [one, two, three] = [1, 2, 3].map((n) =>
      encodeSheet({ replaced: [], records: records.slice(0, n) }),
    )
    expect(three!.length - two!.length).toBe(two!.length - one!.length)
    expect(two!.length - one!.length).toBeLessThan(11)
  })

  it('of the first form, where every id is a text, are still read', () => {
    // version 1, no replaced days; indicator 4, day 7, minute 485, count 2, with an id, R01; then the same a day later
    const row = (day: number, id: string) => [4, day * 2, 0xe6, 3, 2, 2, id.length, ...Buffer.from(id)]
    const { records } = decodeSheet(Uint8Array.from([1, 0, ...row(7, 'R01'), ...row(1, 'R02')]))
    expect(records.map(({ day, minute, recordId }) => [day, minute, recordId])).toEqual([
      [7, 485, 'R01'],
      [8, 485, 'R02'],
    ])
  })
})
