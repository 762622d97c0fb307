import { describe, expect, it } from 'vitest'
import { Board } from '@space-assistant/core/scoring/board'
import { encode } from '@space-assistant/core/scoring/tallies'
import type { Cap, Indicator } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { day, scheme } from './district'

const year2022: Window = { from: day('2022-01-01'), to: day('2022-12-31') }

function boardWith(indicator: Partial<Indicator>, done: [string, number][], period = year2022): Board {
  const board = new Board(scheme(period, [indicator]))
  board.setRoster([{ account: 'a', name: '张三', school: 'S1', roles: ['teacher'], state: 'active' }], [])
  board.load('a', encode(done.map(([date, count]) => ({ indicator: 0, day: day(date), count }))))
  return board
}

const capped = (times: number, per: Cap['per'], points = 1): Partial<Indicator> => ({
  rule: { kind: 'action', points, cap: { times, per } },
})
const login: Partial<Indicator> = {
  rule: {
    kind: 'streak',
    steps: [
      { from: 1, points: 1 },
      { from: 8, points: 2 },
    ],
  },
}
const runFrom = (from: string, length: number): [string, number][] =>
  Array.from({ length }, (_, i) => [new Date((day(from) + i) * 86_400_000).toISOString().slice(0, 10), 1])

// 2022-01-03 is a Monday; 2021-01-03 the Sunday of ISO week 2020-W53; 2022-01-02 that of 2021-W52.
const cases: [string, Partial<Indicator>, [string, number][], Window, number, Window?][] = [
  ['5 a week counts 5 of 7', capped(5, 'week'), runFrom('2022-01-03', 7), year2022, 5],
  [
    'Sunday and Monday are in two weeks',
    capped(1, 'week'),
    [
      ['2022-01-09', 1],
      ['2022-01-10', 1],
    ],
    year2022,
    2,
  ],
  [
    'week cut by the period keeps its own days',
    capped(1, 'week'),
    [
      ['2021-12-31', 1],
      ['2022-01-01', 1],
      ['2022-01-03', 1],
    ],
    year2022,
    2,
  ],
  [
    'week 53 goes over the year edge when the period does',
    capped(1, 'week'),
    [
      ['2020-12-31', 1],
      ['2021-01-03', 1],
      ['2021-01-04', 1],
    ],
    { from: day('2020-12-01'), to: day('2021-02-01') },
    2,
    { from: day('2020-12-01'), to: day('2021-02-01') },
  ],
  [
    'week 52 of 2022 and week 1 of 2023',
    capped(1, 'week'),
    [
      ['2023-01-01', 1],
      ['2023-01-02', 1],
    ],
    { from: day('2022-12-01'), to: day('2023-01-31') },
    2,
    { from: day('2022-12-01'), to: day('2023-01-31') },
  ],
  ['count over the cap within one day', capped(2, 'week', 5), [['2022-03-09', 7]], year2022, 10],
  [
    'the first actions in order of day are the counted ones',
    capped(3, 'week', 1),
    [
      ['2022-03-07', 2],
      ['2022-03-08', 4],
    ],
    { from: day('2022-03-08'), to: day('2022-03-08') },
    1,
  ],
  [
    'a cap used up before the window leaves nothing in it',
    capped(1, 'year', 20),
    [
      ['2022-01-05', 1],
      ['2022-06-01', 1],
    ],
    { from: day('2022-06-01'), to: day('2022-06-30') },
    0,
  ],
  [
    'months are calendar months',
    capped(1, 'month'),
    [
      ['2022-01-31', 1],
      ['2022-02-01', 1],
      ['2022-02-28', 1],
    ],
    year2022,
    2,
  ],
  [
    'year is 12 months from the first day of the period',
    capped(1, 'year'),
    [
      ['2021-12-01', 1],
      ['2022-01-01', 1],
      ['2022-06-30', 1],
    ],
    { from: day('2021-12-01'), to: day('2022-06-30') },
    1,
    { from: day('2021-12-01'), to: day('2022-06-30') },
  ],
  [
    'year starts anew in a period longer than one',
    capped(1, 'year'),
    [
      ['2021-12-01', 1],
      ['2022-11-30', 1],
      ['2022-12-01', 1],
    ],
    { from: day('2021-12-01'), to: day('2023-06-30') },
    2,
    { from: day('2021-12-01'), to: day('2023-06-30') },
  ],
  [
    'once a day',
    capped(1, 'day'),
    [
      ['2022-05-01', 9],
      ['2022-05-02', 1],
    ],
    year2022,
    2,
  ],
  ['no cap', { rule: { kind: 'action', points: 0.1 } }, [['2022-05-01', 3]], year2022, 0.3],
  [
    'counts beyond 65535',
    { rule: { kind: 'action', points: 2 } },
    [['2022-05-01', 70_000]],
    year2022,
    140_000,
  ],
  ['7 days in a row', login, runFrom('2022-03-01', 7), year2022, 7],
  ['8 days in a row', login, runFrom('2022-03-01', 8), year2022, 9],
  [
    'a missing day ends the run',
    login,
    [...runFrom('2022-03-01', 7), ...runFrom('2022-03-09', 7)],
    year2022,
    14,
  ],
  ['several logins a day are one', login, [['2022-03-01', 5]], year2022, 1],
  [
    'a window cuts points, not the run',
    login,
    runFrom('2022-03-01', 10),
    { from: day('2022-03-08'), to: day('2022-03-09') },
    4,
  ],
  ['runs do not come over the edge of the scoring year', login, runFrom('2021-12-20', 20), year2022, 9],
  ['a long run', login, runFrom('2022-01-01', 365), year2022, 7 + 358 * 2],
  [
    'nothing outside the period',
    { rule: { kind: 'action', points: 1 } },
    [
      ['2021-12-31', 4],
      ['2023-01-01', 4],
    ],
    { from: 0, to: 30_000 },
    0,
  ],
]

describe('rules', () => {
  it.each(cases)('%s', (_, indicator, done, window, points, period = year2022) => {
    const board = boardWith(indicator, done, period)
    expect(board.points('a', { role: 'teacher', window })).toBe(points)
    expect(board.column({ role: 'teacher', window }).values[0]! / board.rules.scale).toBe(points)
  })
})

describe('explanations', () => {
  it('tell a run: 31 days, the longest 12', () => {
    const done = [
      ...runFrom('2022-03-01', 12),
      ...runFrom('2022-04-01', 7),
      ...runFrom('2022-05-01', 7),
      ...runFrom('2022-06-01', 5),
    ]
    const [part] = boardWith(login, done).explain('a', { role: 'teacher', window: year2022 })
    expect(part).toMatchObject({ kind: 'streak', days: 31, longest: 12, points: 36, counted: 31 })
    expect(part).toMatchObject({
      steps: [
        { from: 1, points: 1, days: 26 },
        { from: 8, points: 2, days: 5 },
      ],
    })
  })

  it('tell a cap: 7 in this week, 5 of them counted, 2 of those in the window', () => {
    const board = boardWith(capped(5, 'week'), [
      ['2022-03-07', 3],
      ['2022-03-10', 4],
    ])
    const window = { from: day('2022-03-10'), to: day('2022-03-31') }
    expect(board.explain('a', { role: 'teacher', window })).toEqual([
      {
        indicator: '指标0',
        group: '组',
        role: 'teacher',
        kind: 'cap',
        each: 1,
        times: 5,
        per: 'week',
        actions: 4,
        counted: 2,
        points: 2,
        buckets: [
          {
            window: { from: day('2022-03-07'), to: day('2022-03-13') },
            actions: 4,
            counted: 2,
            bucketActions: 7,
            bucketCounted: 5,
          },
        ],
      },
    ])
  })
})
