import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import type { Scheme } from '@space-assistant/core/scheme/scheme'

const read = (file: string) => readFileSync(file, 'utf8')
const shishou = read('config/schemes/shishou-2021.yml')
const xinzhou = read('config/schemes/xinzhou-2022.yml')
const invented = read('tests/scheme/invented.yml')

function load(text: string, file = 'config/schemes/xinzhou-2022.yml'): Scheme {
  const result = loadScheme(text, file)
  if (!result.ok) throw new Error(result.problems.map((problem) => describeConfigProblem(problem)).join('\n'))
  return result.value
}

const day = (text: string) => parseDay(text)!

describe('the scheme of Xinzhou 2022', () => {
  const scheme = load(xinzhou)
  const rows: [string, string, number, number | undefined, string | undefined][] = [
    ['信息完善', '空间建设', 20, 1, 'year'],
    ['资源建设', '空间建设', 1, 5, 'week'],
    ['空间记录', '空间建设', 1, 5, 'week'],
    ['教学成果', '空间建设', 5, 1, 'week'],
    ['成果传播', '空间建设', 1, 5, 'week'],
    ['互动授课', '教学应用', 5, 2, 'week'],
    ['导学检测', '教学应用', 5, 2, 'week'],
    ['练习批阅', '教学应用', 5, 2, 'week'],
    ['资源检索', '教学应用', 2, 1, 'week'],
    ['课件制作', '教学应用', 10, 1, 'week'],
    ['班级组建', '师生互动', 50, 1, 'year'],
    ['班级通知', '师生互动', 5, 2, 'week'],
    ['班级活动', '师生互动', 5, 1, 'week'],
    ['习惯养成', '师生互动', 1, 5, 'week'],
    ['教研活动', '教师研修', 5, 1, 'week'],
    ['校园办公', '校园管理', 1, 10, 'week'],
  ]

  it.each(rows)('%s of %s is worth %d, at most %d a %s', (name, group, points, times, per) => {
    const indicator = scheme.indicators.find((one) => one.name === name)
    expect(indicator).toMatchObject({
      group,
      role: 'teacher',
      rule: { kind: 'action', points, cap: { times, per } },
    })
  })

  it('has 17 indicators, of which the login is a streak', () => {
    expect(scheme.indicators).toHaveLength(17)
    expect(scheme.indicators[0]).toMatchObject({
      name: '空间登录',
      rule: {
        kind: 'streak',
        steps: [
          { from: 1, points: 1 },
          { from: 8, points: 2 },
        ],
      },
    })
  })

  it.each([
    ['互动授课', { kind: 'all', conditions: [{ attribute: 'minutes', min: 15 }] }],
    [
      '导学检测',
      {
        kind: 'all',
        conditions: [
          { attribute: 'participants', min: 10 },
          { attribute: 'days', max: 30 },
        ],
      },
    ],
    ['练习批阅', { kind: 'all', conditions: [{ attribute: 'participants', min: 10 }] }],
    ['资源检索', { kind: 'all', conditions: [{ attribute: 'resources', min: 5 }] }],
    ['班级组建', { kind: 'all', conditions: [{ attribute: 'participants', min: 25 }] }],
    ['班级通知', { kind: 'all', conditions: [{ attribute: 'participants', min: 10 }] }],
    [
      '班级活动',
      {
        kind: 'any',
        conditions: [
          { attribute: 'participants', min: 15 },
          { attribute: 'works', min: 5 },
        ],
      },
    ],
    ['习惯养成', { kind: 'all', conditions: [{ attribute: 'participants', min: 1 }] }],
    ['信息完善', { kind: 'all', conditions: [{ attribute: 'items', min: 4 }] }],
    ['资源建设', undefined],
  ])('%s asks of a record what the notice asks', (name, requirement) => {
    expect(scheme.indicators.find((one) => one.name === name)?.requirement).toEqual(requirement)
  })

  it('names the award window and resolves it in the awards', () => {
    const window = { from: day('2022-03-10'), to: day('2022-05-31') }
    expect(scheme.windows).toEqual([{ name: '评优期', window }])
    expect(scheme.awards[0]?.conditions).toContainEqual({ kind: 'rank', of: 'school', first: 10, window })
    expect(scheme.rubrics.map(({ criteria }) => criteria.reduce((sum, { max }) => sum + max, 0))).toEqual([
      100, 100,
    ])
  })
})

describe('the awards of a scheme', () => {
  const awardsWith = (settings: string, award: string) =>
    load(
      xinzhou
        .replace(/^settings:\n( .*\n)+/m, settings)
        .replace(
          '  - name: 优秀教师空间\n    subject: teacher\n',
          `  - name: 优秀教师空间\n    subject: teacher\n${award}`,
        ),
    ).awards
  const usual = { among: 'all', tie: 'staff', source: 'computed' }

  it('have the usual procedure when nothing is said of it', () => {
    const [school, , space] = awardsWith('settings: { first: 7 }\n', '')
    const more = { publicity: { days: 5, count: 'working' }, sheets: { least: 3, trimFrom: 5 } }
    expect(school).toMatchObject({ first: 7, ...usual, ...more })
    expect(space).toMatchObject({ first: 7, ...usual, ...more })
    expect(space).not.toHaveProperty('quota')
  })

  it('may each say otherwise than the settings', () => {
    const own =
      '    first: 4\n    tie: exclude\n    sheets: { least: 4 }\n    quota: { per: town, each: 3, places: { 邾城街: 8 } }\n'
    const settings =
      'settings:\n  first: 7\n  tie: include\n  source: snapshot\n  publicity: { days: 7, count: calendar }\n  sheets: { trimFrom: 6 }\n'
    const [school, , space] = awardsWith(settings, own)
    expect(school).toMatchObject({
      first: 7,
      tie: 'include',
      source: 'snapshot',
      sheets: { least: 3, trimFrom: 6 },
    })
    expect(space).toMatchObject({
      first: 4,
      tie: 'exclude',
      source: 'snapshot',
      publicity: { days: 7, count: 'calendar' },
      sheets: { least: 4, trimFrom: 6 },
      quota: { per: 'town', each: 3, places: { 邾城街: 8 }, reserve: 0.2, shares: [] },
    })
  })

  it('of people are not only for the winning schools', () => {
    const kinds = load(xinzhou).awards[1]?.conditions.map(({ kind }) => kind)
    expect(kinds).toEqual(['not-stage', 'rank'])
  })
})

describe('the scheme of Shishou 2021', () => {
  const scheme = load(shishou, 'config/schemes/shishou-2021.yml')

  it('counts administrators once in the period and teachers once a day', () => {
    const caps = scheme.indicators.map(({ role, rule }) => [role, rule.kind === 'action' && rule.cap])
    expect(caps.filter(([role]) => role === 'administrator')).toEqual(
      Array(8).fill(['administrator', { times: 1, per: 'period' }]),
    )
    expect(caps.filter(([role]) => role === 'teacher')).toEqual(
      Array(5).fill(['teacher', { times: 1, per: 'day' }]),
    )
    expect(caps.filter(([role]) => role === 'student')).toEqual([['student', undefined]])
  })

  it('states the tasks of the table', () => {
    const targets = scheme.indicators
      .filter(({ role }) => role === 'teacher')
      .map(({ target }) => target?.per)
    expect(targets).toEqual(['month', 'month', 'week', 'week', 'period'])
  })

  it('turns the frequency into the cap with one line', () => {
    const lines = shishou.split('\n')
    const start = lines.findIndex((line) => line.includes('name: 主题教育'))
    const index = lines.findIndex((line, at) => at > start && line.includes('cap:'))
    lines[index] = '    cap: target'
    const changed = load(lines.join('\n'))
    expect(changed.indicators.find(({ name }) => name === '主题教育')?.rule).toEqual({
      kind: 'action',
      points: 1,
      cap: { times: 1, per: 'month' },
    })
  })

  it('has both terms of the school score, the threshold and the number of places', () => {
    expect(scheme.schoolScore.map(({ role }) => role)).toEqual(['administrator', 'teacher'])
    expect(scheme.activation).toEqual({ goal: 1, award: 0.9 })
    expect(scheme.awards[0]?.conditions[0]).toEqual({ kind: 'activation', min: 0.9 })
    expect(scheme.awards[1]?.conditions[1]).toEqual({
      kind: 'rank',
      of: 'school',
      first: 10,
      window: scheme.period,
    })
  })

  it('has four phases with opening and closing texts', () => {
    expect(scheme.phases.map(({ opening, closing }) => Boolean(opening && closing))).toEqual(
      Array(4).fill(true),
    )
  })
})

it('takes an invented scheme with fractional points, month caps, another formula and another year', () => {
  const scheme = load(invented, 'tests/scheme/invented.yml')
  expect(scheme.id).toBe('invented')
  expect(scheme.indicators.map(({ rule }) => rule)).toEqual([
    { kind: 'action', points: 0.25, cap: { times: 3, per: 'month' } },
    {
      kind: 'streak',
      steps: [
        { from: 1, points: 0.5 },
        { from: 3, points: 0.75 },
        { from: 10, points: 4 },
      ],
    },
    { kind: 'action', points: 1.5 },
  ])
  expect(scheme.schoolScore).toEqual([{ kind: 'mean', role: 'administrator' }])
  expect(scheme.activation).toEqual({ goal: 0.995, award: 0.725 })
})
