import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, dueBundles } from '../../src/tickets/flood'
import type { Arrival, Held } from '../../src/tickets/flood'
import { at } from './sample'

const policy = { minutes: 10, person: 3, group: 10, total: 30, bundleMinutes: 5 }
const arrival = (number: number, minutes: number, reporter = 'a', group?: string): Arrival => ({
  number,
  reporter,
  group,
  at: at(minutes),
})
const many = (count: number, of: (i: number) => Arrival) => Array.from({ length: count }, (_, i) => of(i))

describe('flood control', () => {
  it('gives a person three cards in ten minutes, then bundles', () => {
    const recent = many(3, (i) => arrival(i, i))
    expect(admit(arrival(9, 2), recent.slice(0, 2), policy)).toEqual({ kind: 'card' })
    expect(admit(arrival(9, 3), recent, policy)).toEqual({ kind: 'bundle', due: at(5), limit: 'person' })
    expect(admit(arrival(9, 10), recent, policy)).toEqual({ kind: 'card' })
    expect(admit(arrival(9, 3, 'b'), recent, policy)).toEqual({ kind: 'card' })
  })

  it('holds a whole group and everybody back likewise', () => {
    const group = many(10, (i) => arrival(i, 0, `p${i}`, 'g'))
    expect(admit(arrival(99, 1, 'q', 'g'), group, policy)).toMatchObject({ limit: 'group' })
    expect(admit(arrival(99, 1, 'q', 'h'), group, policy)).toEqual({ kind: 'card' })
    expect(
      admit(
        arrival(99, 1, 'q'),
        many(30, (i) => arrival(i, 0, `p${i}`)),
        policy,
      ),
    ).toMatchObject({ limit: 'total' })
  })

  it('a thousand reports in a minute: every one reaches support exactly once, in a few messages', () => {
    const person = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(person, fc.integer({ min: 0, max: 60_000 })), { minLength: 1, maxLength: 1000 }),
        (raw) => {
          const cards: Arrival[] = []
          const held: Held[] = []
          const sorted = [...raw].sort(([, a], [, b]) => a - b)
          for (const [number, [who, ms]] of sorted.entries()) {
            const one = {
              number,
              reporter: `p${who}`,
              group: `g${who % 20}`,
              at: new Date(at(0).getTime() + ms),
            }
            const admission = admit(one, cards, policy)
            if (admission.kind === 'card') cards.push(one)
            else held.push({ ...one, due: admission.due, support: 'support' })
          }
          expect(dueBundles(held, at(1))).toEqual([])
          const bundles = dueBundles(held, at(5))
          const reached = [...cards.map(({ number }) => number), ...bundles.flatMap(({ numbers }) => numbers)]
          expect(reached.sort((a, b) => a - b)).toEqual(sorted.map((_, i) => i))
          expect(cards.length).toBeLessThanOrEqual(policy.total)
          expect(bundles.length).toBeLessThanOrEqual(1)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('bundles that were missed are still sent, each with its own key', () => {
    const held = [1, 2, 7].map((minutes) => ({
      ...arrival(minutes, minutes),
      due: at(minutes < 5 ? 5 : 10),
      support: 's',
    }))
    const bundles = dueBundles(held, at(60))
    expect(bundles.map(({ numbers }) => numbers)).toEqual([[1, 2], [7]])
    expect(new Set(bundles.map(({ key }) => key)).size).toBe(2)
  })
})
