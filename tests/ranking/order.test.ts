import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { orderBy } from '@space-assistant/core/ranking/order'

/** Few and low scores, which are counted; higher ones, which are compared as numbers; and those that are neither. */
const scores = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }),
  fc.array(fc.integer({ min: 0, max: 1e6 }), { maxLength: 40 }),
  fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 }),
  fc.array(fc.maxSafeNat(), { maxLength: 40 }),
)

describe('an order', () => {
  it('has the best first, and equal ones as they were given', () => {
    fc.assert(
      fc.property(scores, (list) => {
        const ids = Uint32Array.from(list.keys(), (index) => index * 3 + 1)
        const order = orderBy(ids, (id) => list[(id - 1) / 3]!)
        const expected = [...list.keys()].sort((a, b) => list[b]! - list[a]! || a - b)
        expect([...order.ids]).toEqual(expected.map((index) => ids[index]))
        expect([...order.units]).toEqual(expected.map((index) => list[index]))
      }),
    )
  })
})
