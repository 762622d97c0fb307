// Random schemes, rosters and records for the property tests of scoring and ranking.
import fc from 'fast-check'
import { buckets } from '@space-assistant/core/calendar/bucket'
import type { Indicator, Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Member, School } from '@space-assistant/core/roster/member'
import type { Done } from './reference'

export const day = (text: string) => parseDay(text)!

export function scheme(
  period: Window,
  indicators: Partial<Indicator>[],
  schoolScore: readonly string[] = ['teacher'],
): Scheme {
  return {
    id: 'test',
    name: 'test',
    platform: 'test',
    period,
    windows: [],
    indicators: indicators.map((indicator, index) => ({
      name: `指标${index}`,
      group: '组',
      role: 'teacher',
      rule: { kind: 'action', points: 1 },
      action: '',
      ...indicator,
    })),
    schoolScore: schoolScore.map((role) => ({ kind: 'mean', role: role as 'teacher' })),
    tasks: 'room',
    phases: [],
    awards: [],
    rubrics: [],
  }
}

const points = fc.constantFrom(1, 2, 5, 0.5, 0.1, 1.25, 0.333, 10)
const rule = fc.oneof(
  fc.record({ kind: fc.constant('action' as const), points }),
  fc.record({
    kind: fc.constant('action' as const),
    points,
    cap: fc.record({ times: fc.integer({ min: 1, max: 6 }), per: fc.constantFrom(...buckets) }),
  }),
  fc.record({
    kind: fc.constant('streak' as const),
    steps: fc
      .uniqueArray(fc.integer({ min: 2, max: 10 }), { maxLength: 2 })
      .map((starts) => [1, ...starts].map((from, index) => ({ from, points: 1 + index * 0.5 }))),
  }),
)
const indicator = fc.record({
  rule,
  role: fc.constantFrom('teacher' as const, 'administrator' as const, 'student' as const),
})

/** Periods that cross a year's edge, cut weeks, or last longer than a year. */
export const periods: Window[] = [
  { from: day('2021-12-22'), to: day('2022-01-20') },
  { from: day('2020-12-16'), to: day('2021-01-27') },
  { from: day('2022-01-01'), to: day('2022-12-31') },
  { from: day('2021-03-03'), to: day('2022-03-20') },
]

export const schemes = fc
  .record({
    period: fc.constantFrom(...periods),
    indicators: fc.array(indicator, { minLength: 1, maxLength: 5 }),
    schoolScore: fc.constantFrom(['teacher'], ['administrator', 'teacher']),
  })
  .map(({ period, indicators, schoolScore }) => scheme(period, indicators, schoolScore))

export const towns = ['东镇', '西镇']
const codes = ['S1', 'S2', 'S3', 'S10']
const school = (code: string): fc.Arbitrary<School> =>
  fc.record({
    code: fc.constant(code),
    name: fc.constant(`学校${code}`),
    town: fc.constantFrom(...towns),
    stage: fc.constantFrom('小学', '初中'),
  })

export const schools = fc.tuple(...codes.map(school))

export const members: fc.Arbitrary<Member[]> = fc
  .array(
    fc.record({
      school: fc.constantFrom(...codes),
      roles: fc.constantFrom(['teacher'], ['administrator'], ['teacher', 'administrator']),
      state: fc.constantFrom('active', 'active', 'active', 'retired', 'departed'),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((list) => list.map((each, index) => ({ ...each, account: `a${index}`, name: `人${index}` })))

/** Records near the edges of the period, some outside, with runs and large counts. */
export function doneIn(scheme: Scheme, accounts: string[]): fc.Arbitrary<Done[]> {
  const { from, to } = scheme.period
  const near = fc.oneof(
    fc.integer({ min: from - 3, max: from + 20 }),
    fc.integer({ min: to - 20, max: to + 3 }),
    fc.integer({ min: from + 350, max: from + 375 }),
  )
  const one = fc.record({
    account: fc.constantFrom(...accounts),
    indicator: fc.constantFrom(...scheme.indicators.map(({ name }) => name)),
    day: near,
    count: fc.oneof(
      { weight: 9, arbitrary: fc.integer({ min: 1, max: 4 }) },
      { weight: 1, arbitrary: fc.constant(70_000) },
    ),
  })
  const run = fc
    .record({ first: one, length: fc.integer({ min: 2, max: 12 }) })
    .map(({ first, length }) =>
      Array.from({ length }, (_, index): Done => ({ ...first, count: 1, day: first.day + index })),
    )
  return fc
    .array(
      fc.oneof(
        one.map((each) => [each]),
        run,
      ),
      { maxLength: 14 },
    )
    .map((lists) => lists.flat())
}

export function windowsOf({ period }: Scheme): fc.Arbitrary<Window> {
  return fc.oneof(
    fc.constant(period),
    fc
      .tuple(fc.integer({ min: -2, max: 40 }), fc.integer({ min: 0, max: 20 }))
      .map(([start, length]) => ({ from: period.from + start, to: period.from + start + length })),
  )
}
