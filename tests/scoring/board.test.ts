import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Board } from '@space-assistant/core/scoring/board'
import { invert } from '@space-assistant/core/scoring/change'
import { overlay } from '@space-assistant/core/scoring/overlay'
import { encode } from '@space-assistant/core/scoring/tallies'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { day, doneIn, members, scheme, schemes, schools, windowsOf } from './district'
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

  it.each([
    [
      'a week whose cap was used on its Monday',
      { per: 'week', times: 2 },
      ['2022-03-07', 2],
      ['2022-03-08', 1],
      2,
    ],
    ['a week whose cap has room left', { per: 'week', times: 2 }, ['2022-03-07', 1], ['2022-03-13', 2], 2],
    ['the next week', { per: 'week', times: 2 }, ['2022-03-13', 2], ['2022-03-14', 1], 3],
    [
      'a month whose cap was used on its first',
      { per: 'month', times: 1 },
      ['2022-03-01', 1],
      ['2022-03-31', 5],
      1,
    ],
    [
      'a period whose cap was used on its first',
      { per: 'period', times: 3 },
      ['2022-01-01', 2],
      ['2022-12-31', 2],
      3,
    ],
    [
      'a day before the one that used the cap',
      { per: 'week', times: 2 },
      ['2022-03-09', 2],
      ['2022-03-08', 1],
      2,
    ],
  ] as const)('goes on with %s', (_, cap, [first, done], [second, more], points) => {
    const period = { from: day('2022-01-01'), to: day('2022-12-31') }
    const board = new Board(scheme(period, [{ rule: { kind: 'action', points: 1, cap } }]))
    const query = { role: 'teacher', window: period } as const
    const before = encode([{ indicator: 0, day: day(first), count: done }])
    board.load('a', before)
    board.column(query)
    const added = encode([{ indicator: 0, day: day(second), count: more }])
    board.apply([{ account: 'a', before, after: overlay(before, added), since: day(second) }])
    expect(board.points('a', query)).toBe(points)
    expect(board.points('a', { ...query, window: { from: day(second), to: day(second) } })).toBe(
      second < first ? 1 : points - done,
    )
  })

  it.each([
    ['the day after a week of logins', 7, '2022-03-08', 9],
    ['a day after a gap', 7, '2022-03-09', 8],
    ['the first day of the next scoring year', 10, '2022-03-11', 14],
  ])('goes on with %s', (_, logins, next, points) => {
    const period = { from: day('2021-03-11'), to: day('2022-12-31') }
    const steps = [
      { from: 1, points: 1 },
      { from: 8, points: 2 },
    ]
    const board = new Board(scheme(period, [{ rule: { kind: 'streak', steps } }]))
    const query = { role: 'teacher', window: period } as const
    const days = Array.from({ length: logins }, (_, index) => day('2022-03-01') + index)
    const before = encode(days.map((each) => ({ indicator: 0, day: each, count: 1 })))
    board.load('a', before)
    board.column(query)
    const added = encode([{ indicator: 0, day: day(next), count: 1 }])
    board.apply([{ account: 'a', before, after: overlay(before, added), since: day(next) }])
    expect(board.points('a', query)).toBe(points)
  })

  it('does not believe a change that was made for other tallies', () => {
    const period = { from: day('2022-01-01'), to: day('2022-12-31') }
    const board = new Board(scheme(period, [{ rule: { kind: 'action', points: 1 } }]))
    const tally = (date: string) => encode([{ indicator: 0, day: day(date), count: 1 }])
    board.load('a', tally('2022-01-02'))
    board.column({ role: 'teacher', window: period })
    board.apply([
      { account: 'a', before: tally('2022-01-02'), after: tally('2022-05-01'), since: day('2022-05-01') },
    ])
    expect(board.points('a', { role: 'teacher', window: period })).toBe(1)
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
