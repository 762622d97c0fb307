import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Board } from '@space-assistant/core/scoring/board'
import { invert } from '@space-assistant/core/scoring/change'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { encode } from '@space-assistant/core/scoring/tallies'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { doneIn, members, schemes, schools, windowsOf } from './district'
import { Reference } from './reference'
import type { Done } from './reference'

const roles = ['administrator', 'teacher'] as const

function packs(board: Board, done: Done[]): Map<string, Uint8Array> {
  const accounts = [...new Set(done.map(({ account }) => account))]
  return new Map(
    accounts.map((account) => {
      const own = done.filter((each) => each.account === account)
      return [
        account,
        encode(own.map((each) => ({ ...each, indicator: board.dictionary.add(each.indicator) }))),
      ]
    }),
  )
}

const district = schemes.chain((scheme) =>
  members.chain((people) => {
    const done = doneIn(
      scheme,
      people.map(({ account }) => account),
    )
    return fc.record({
      scheme: fc.constant(scheme),
      people: fc.constant(people),
      schools,
      done,
      later: done,
      window: windowsOf(scheme),
    })
  }),
)

function boardOf(
  scheme: Scheme,
  people: Parameters<Board['setRoster']>[0],
  all: Parameters<Board['setRoster']>[1],
) {
  const board = new Board(scheme)
  board.setRoster(people, all)
  return board
}

describe('the board', () => {
  it('scores members and schools like the plain implementation', () => {
    fc.assert(
      fc.property(district, ({ scheme, people, schools, done, window }) => {
        const board = boardOf(scheme, people, schools)
        for (const [account, pack] of packs(board, done)) board.load(account, pack)
        const reference = new Reference(scheme, people, schools, done)
        const indicators = [scheme.indicators[0]!.name]
        for (const { account } of people) {
          for (const role of roles) {
            expect(board.points(account, { role, window })).toBeCloseTo(
              reference.points(account, role, window),
              6,
            )
            expect(board.points(account, { role, window, indicators })).toBeCloseTo(
              reference.points(account, role, window, indicators),
              6,
            )
          }
        }
        for (const { code } of schools) {
          const score = board.schoolScore(code, window)!.score
          const expected = reference.schoolScore(code, window)
          if (expected === null) expect(score).toBeNull()
          else expect(score).toBeCloseTo(expected, 5)
        }
      }),
    )
  })

  it('explains exactly the points it gives', () => {
    fc.assert(
      fc.property(district, ({ scheme, people, schools, done, window }) => {
        const board = boardOf(scheme, people, schools)
        for (const [account, pack] of packs(board, done)) board.load(account, pack)
        for (const { account } of people) {
          for (const role of roles) {
            const parts = board.explain(account, { role, window })
            const sum = parts.reduce((total, { points }) => total + points, 0)
            expect(sum).toBeCloseTo(board.points(account, { role, window }), 9)
            for (const part of parts) {
              const recorded = board.counts(account, {
                window: inside(scheme, window),
                indicators: [part.indicator],
              })
              expect(recorded.get(part.indicator)).toBe(part.actions)
            }
          }
        }
      }),
    )
  })

  it('is the same after a change as from scratch, and after its undoing as before', () => {
    fc.assert(
      fc.property(district, ({ scheme, people, schools, done, later, window }) => {
        const board = boardOf(scheme, people, schools)
        for (const [account, pack] of packs(board, done)) board.load(account, pack)
        const before = figures(board, scheme, window)
        const changes = [...packs(board, later)].map(([account, added]) => {
          return { account, before: board.pack(account), after: overlay(board.pack(account), added) }
        })
        board.apply(changes)
        const scratch = boardOf(scheme, people, schools)
        for (const [account, pack] of packs(scratch, [...done, ...later])) scratch.load(account, pack)
        expect(figures(board, scheme, window)).toEqual(figures(scratch, scheme, window))
        board.apply(invert(changes))
        expect(figures(board, scheme, window)).toEqual(before)
      }),
    )
  })

  it('shows what other rules would change, and changes just that', () => {
    fc.assert(
      fc.property(district, schemes, ({ scheme, people, schools, done }, other) => {
        const board = boardOf(scheme, people, schools)
        for (const [account, pack] of packs(board, done)) board.load(account, pack)
        const old = totals(board)
        const { members: changed } = board.preview(other)
        expect(totals(board)).toEqual(old)
        board.setScheme(other)
        const fresh = totals(board)
        for (const { account, role, before, after } of changed) {
          expect(before).toBe(old.get(`${account} ${role}`))
          expect(after).toBe(fresh.get(`${account} ${role}`))
        }
        const moved = [...old].filter(([key, points]) => fresh.get(key) !== points)
        expect(changed.length).toBe(moved.length)
      }),
    )
  })
})

function inside({ period }: Scheme, { from, to }: { from: number; to: number }) {
  return { from: Math.max(from, period.from), to: Math.min(to, period.to) }
}

function totals(board: Board): Map<string, number> {
  const window = board.scheme.period
  const entries = roles.flatMap((role) =>
    [...board.people.active[role]].map((slot): [string, number] => {
      const account = board.people.accounts[slot]!
      return [`${account} ${role}`, board.column({ role, window }).values[slot]! / board.rules.scale]
    }),
  )
  return new Map(entries)
}

function figures(board: Board, scheme: Scheme, window: { from: number; to: number }) {
  return {
    period: board.schoolScores(scheme.period),
    window: board.schoolScores(window),
    members: roles.map((role) =>
      board.people.accounts.map((account) => board.points(account, { role, window })),
    ),
    columns: roles.map((role) => [...board.column({ role, window: scheme.period }).values]),
    until: board.dataUntil,
  }
}
