import fc from 'fast-check'
import { expect, it } from 'vitest'
import { IdSet } from '@space-assistant/core/pipeline/id-set'

const id = fc.oneof(
  { weight: 4, arbitrary: fc.nat(2000).map(String) },
  { weight: 4, arbitrary: fc.nat(2000).map((number) => `R${String(number).padStart(6, '0')}`) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z]{1,9}\d{1,16}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^\d{14,20}$/) },
  { weight: 1, arbitrary: fc.uuid() },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a', 'A', '1e5', '编号7', '编号8', '0', '00', '000000000000000', 'x-1'),
  },
)

it('knows every record id that it was told, and no other', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 400 }), fc.array(id, { maxLength: 200 }), (list, other) => {
      const [one, two] = [new IdSet(), new IdSet()]
      const plain = new Set<string>()
      for (const each of list) {
        expect(one.add(each)).toBe(!plain.has(each))
        plain.add(each)
      }
      for (const each of other) {
        expect(one.has(each)).toBe(plain.has(each))
        two.add(each)
      }
      expect(one.meets(two)).toBe(other.some((each) => plain.has(each)))
      one.addAll(two)
      for (const each of other) expect(one.has(each)).toBe(true)
      for (const each of other) {
        one.delete(each)
        expect(one.has(each)).toBe(false)
      }
      for (const each of list) expect(one.has(each)).toBe(!other.includes(each))
      for (const each of list) one.delete(each)
      expect(one.isEmpty).toBe(true)
    }),
    { numRuns: 200 },
  )
})

it('reads from bytes what it reads from text, whatever came before', () => {
  fc.assert(
    fc.property(fc.array(id, { maxLength: 100 }), (list) => {
      const ids = new IdSet()
      const plain = new Set<string>()
      for (const each of list) {
        const bytes = Buffer.concat([Buffer.from(each), Buffer.alloc(64)])
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
        const end = Buffer.byteLength(each)
        const alike = ids.alike(bytes, view, 0)
        const isNew = !plain.has(each)
        plain.add(each)
        if (alike >= 0 && ids.length === end) expect(ids.addAlike(alike)).toBe(isNew)
        else {
          const state = ids.addBytes(bytes, 0, end)
          expect(state < 0 ? ids.add(each) : state === 1).toBe(isNew)
        }
      }
      for (const each of plain) expect(ids.has(each)).toBe(true)
    }),
    { numRuns: 200 },
  )
})

it('takes ids that are far apart without a large block for each', () => {
  const ids = new IdSet()
  for (let number = 0; number < 50_000; number++) {
    expect(ids.add(String(number * 7_919_000_003).padStart(15, '0'))).toBe(true)
  }
  expect(ids.has('000000000000001')).toBe(false)
  const bytes = ids.state.families.reduce((sum, { blocks }) => sum + blocks.bits.byteLength, 0)
  expect(bytes).toBeLessThan(20 << 20)
})
