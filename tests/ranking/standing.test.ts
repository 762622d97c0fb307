import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Board } from '@space-assistant/core/scoring/board'
import { encode } from '@space-assistant/core/scoring/tallies'
import { orderBy, positionsOf, rankAt } from '@space-assistant/core/ranking/order'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { RankingScope, StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Member } from '@space-assistant/core/roster/member'
import { day, doneIn, members, scheme, schemes, schools, towns, windowsOf } from '../scoring/district'
import { Reference } from '../scoring/reference'

const period = { from: day('2022-01-01'), to: day('2022-12-31') }

/** A board where teacher `t<i>` of school `schools[i]` has `points[i]` points. */
function teachers(points: number[], codes: string[] = [], unit = 1): Board {
  const board = new Board(scheme(period, [{ rule: { kind: 'action', points: unit } }]))
  const list = points.map((_, i): Member => {
    return {
      account: `t${i}`,
      name: `教师${i}`,
      school: codes[i] ?? 'S1',
      roles: ['teacher'],
      state: 'active',
    }
  })
  board.setRoster(list, [{ code: 'S9', name: '空校' }])
  for (const [i, count] of points.entries()) {
    board.load(`t${i}`, encode([{ indicator: 0, day: day('2022-03-09'), count }]))
  }
  return board
}

const district: RankingScope = { kind: 'district' }
const query: StandingQuery = { of: 'teachers', window: period, scope: district }

describe('standings', () => {
  it('rank 1, 2, 2, 4 and list equal ones by code', () => {
    const standing = new Standings(teachers([3, 5, 3, 1])).of(query)
    expect(standing.entries(0, 9).map(({ rank, code, score }) => [rank, code, score])).toEqual([
      [1, 't1', 5],
      [2, 't0', 3],
      [2, 't2', 3],
      [4, 't3', 1],
    ])
    expect(standing.place('t2')).toEqual({ rank: 2, code: 't2', name: '教师2', school: 'S1', score: 3 })
    expect(standing.around('t3', 1).map(({ code }) => code)).toEqual(['t2', 't3'])
    expect(standing.ahead('t2')).toMatchObject({ place: { code: 't1' }, missing: 2 })
    expect(standing.ahead('t1')).toBeUndefined()
    expect(standing.place('nobody')).toBeUndefined()
  })

  it('leave out schools without a teacher', () => {
    const standing = new Standings(teachers([1])).of({ ...query, of: 'schools' })
    expect(standing.entries(0, 9).map(({ code }) => code)).toEqual(['S1'])
  })

  it('compare means after rounding to 6 decimals', () => {
    const codes = [...'AAABBBBBB'].map((letter) => `S${letter}`)
    const standing = new Standings(teachers([1, 0, 0, 1, 1, 0, 0, 0, 0], codes)).of({
      ...query,
      of: 'schools',
    })
    expect(standing.entries(0, 9)).toMatchObject([
      { rank: 1, code: 'SA', score: 0.333333 },
      { rank: 1, code: 'SB', score: 0.333333 },
    ])
  })

  it('add fractions without drift', () => {
    const standing = new Standings(teachers([3, 1, 2], [], 0.1)).of(query)
    expect(standing.entries(0, 3).map(({ score }) => score)).toEqual([0.3, 0.2, 0.1])
  })

  it('round points of many decimals half up, as they are and not as a fraction comes near to them', () => {
    const standing = new Standings(teachers([199_850, 199_849], [], 0.000_000_01)).of(query)
    expect(standing.entries(0, 2).map(({ score }) => score)).toEqual([0.001999, 0.001998])
  })

  it.each([10, 1000])('know where each of %i people stands, if at all', (count) => {
    const position = positionsOf(
      orderBy(Uint32Array.of(5, 2, 9), (id) => id),
      count,
    )
    expect([9, 5, 2, 0, 4, count - 2].map(position)).toEqual([0, 1, 2, -1, -1, -1])
  })

  it('give tied ones the rank of the first', () => {
    const order = { ids: Uint32Array.of(1, 2, 3, 4, 5, 6), units: Float64Array.of(7, 5, 5, 5, 2, 2) }
    expect(Array.from(order.ids, (_, position) => rankAt(order, position))).toEqual([1, 2, 2, 2, 5, 5])
  })

  it('are the same object until something that matters changes', () => {
    const board = teachers([3, 5])
    const standings = new Standings(board)
    const past = { ...query, window: { from: day('2022-02-01'), to: day('2022-02-28') } }
    const [all, february] = [standings.of(query), standings.of(past)]
    expect(standings.of({ ...query })).toBe(all)
    const before = board.pack('t0')
    const after = encode([{ indicator: 0, day: day('2022-03-10'), count: 9 }])
    board.apply([{ account: 't0', before, after }])
    expect(standings.of(past)).toBe(february)
    expect(standings.of(query).place('t0')).toMatchObject({ rank: 1, score: 9 })
    expect(standings.of(query).changeSince(all, 't0')).toEqual({ places: 1, score: 6 })
    expect(standings.of(query).asOf).toBe(day('2022-03-10'))
  })

  it('are those of the plain implementation for every subject, scope and stage', () => {
    const cases = schemes.chain((rules) =>
      members.chain((people) =>
        fc.record({
          rules: fc.constant(rules),
          people: fc.constant(people),
          all: schools,
          done: doneIn(
            rules,
            people.map(({ account }) => account),
          ),
          window: windowsOf(rules),
        }),
      ),
    )
    fc.assert(
      fc.property(cases, ({ rules, people, all, done, window }) => {
        const board = new Board(rules)
        board.setRoster(people, all)
        for (const { account } of people) {
          const own = done.filter((each) => each.account === account)
          board.load(
            account,
            encode(own.map((each) => ({ ...each, indicator: board.dictionary.add(each.indicator) }))),
          )
        }
        const standings = new Standings(board)
        const reference = new Reference(rules, people, all, done)
        for (const of of ['schools', 'teachers', 'administrators'] as const) {
          const plain = of === 'schools' ? of : of === 'teachers' ? 'teacher' : 'administrator'
          for (const { scope, stage } of scopes) {
            const standing = standings.of({ of, window, scope, ...(stage && { stage }) })
            const expected = reference.standing(plain, window, (school) => {
              if (stage && school.stage !== stage) return false
              if (scope.kind === 'town') return school.town === scope.town
              return scope.kind === 'district' || school.code === scope.code
            })
            expect(standing.entries(0, 99).map(({ rank, code, score }) => [rank, code, score])).toEqual(
              expected,
            )
          }
        }
      }),
    )
  })
})

const scopes: { scope: RankingScope; stage?: string }[] = [
  { scope: district },
  { scope: district, stage: '小学' },
  { scope: { kind: 'town', town: towns[0]! } },
  { scope: { kind: 'school', code: 'S2' } },
  { scope: { kind: 'school', code: 'S2' }, stage: '初中' },
  { scope: { kind: 'school', code: 'none' } },
]
