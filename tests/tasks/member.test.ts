import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bucketWindow } from '@space-assistant/core/calendar/bucket'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Bucket } from '@space-assistant/core/calendar/bucket'
import { buckets } from '@space-assistant/core/calendar/bucket'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { memberTasks } from '@space-assistant/core/tasks/member'
import type { MemberTasks } from '@space-assistant/core/tasks/member'
import { boardOf, day, schemeOf, shishou, xinzhou } from './district'

const ask = (scheme: typeof shishou, done: Record<string, string[]>, today: string, role = 'teacher') => {
  const counts = new BoardCounts(boardOf(scheme, { 1: done })).of('1')
  const tasks = memberTasks(scheme, { roles: ['administrator', 'teacher'] }, { counts, today: day(today) })
  if (!Array.isArray(tasks)) return tasks
  return tasks.find((one) => one.role === role)!
}

const lines = (tasks: ReturnType<typeof ask>): string[] => {
  if (tasks.kind === 'closed') return [tasks.state]
  return show(tasks)
}

function show(tasks: MemberTasks): string[] {
  switch (tasks.kind) {
    case 'targets':
      return tasks.unmet.map(
        ({ indicator, done, needed, daysLeft }) => `${indicator.name} ${done}/${needed} ${daysLeft}`,
      )
    case 'room':
      return [...tasks.now, ...tasks.once].map(
        ({ indicator, left, points }) => `${indicator.name} ${left} ${points}`,
      )
  }
}

describe('the days of a bucket', () => {
  const period = { from: day('2021-12-01'), to: day('2022-06-30') }
  it.each<[Bucket, string, string, string, string]>([
    ['day', '2022-03-09', '2022-03-09', '2022-03-09', 'a day is itself'],
    ['week', '2022-03-09', '2022-03-07', '2022-03-13', 'a week goes from Monday to Sunday'],
    ['week', '2021-12-01', '2021-12-01', '2021-12-05', 'the first week is cut by the period'],
    ['week', '2022-06-30', '2022-06-27', '2022-06-30', 'the last week is cut by the period'],
    ['week', '2022-01-01', '2021-12-27', '2022-01-02', 'a week goes over the turn of the year'],
    ['month', '2022-02-28', '2022-02-01', '2022-02-28', 'a month is the calendar’s'],
    ['month', '2021-12-31', '2021-12-01', '2021-12-31', 'December ends'],
    ['year', '2022-03-09', '2021-12-01', '2022-06-30', 'a scoring year starts with the period'],
    ['period', '2022-03-09', '2021-12-01', '2022-06-30', 'the period is one bucket'],
  ])('%s on %s is %s to %s: %s', (bucket, today, from, to) => {
    expect(bucketWindow(bucket, day(today), period)).toEqual({ from: day(from), to: day(to) })
  })

  it('starts a scoring year of a long period 12 months later, after 29 February on 1 March', () => {
    const long = { from: day('2020-02-29'), to: day('2024-12-31') }
    const year = (today: string) => {
      const { from, to } = bucketWindow('year', day(today), long)
      return [formatDay(from), formatDay(to)]
    }
    expect(year('2020-12-31')).toEqual(['2020-02-29', '2021-02-28'])
    expect(year('2021-03-01')).toEqual(['2021-03-01', '2022-02-28'])
    expect(year('2024-02-28')).toEqual(['2023-03-01', '2024-02-28'])
    expect(year('2024-02-29')).toEqual(['2024-02-29', '2024-12-31'])
  })

  it('are the same as those that the board counts by', () => {
    const scheme = { ...xinzhou, period: { from: day('2021-09-15'), to: day('2023-10-20') } }
    const { rules } = boardOf(scheme, {})
    const { from, to } = scheme.period
    fc.assert(
      fc.property(fc.constantFrom(...buckets), fc.integer({ min: from, max: to }), (bucket, today) => {
        const capped = scheme.indicators.findIndex(
          ({ rule }) => rule.kind === 'action' && rule.cap?.per === bucket,
        )
        const table = capped < 0 ? undefined : rules.of(capped)?.cap?.buckets
        if (table)
          expect(bucketWindow(bucket, today, scheme.period)).toEqual(rules.bucketWindow(table, today))
      }),
    )
  })
})

describe('unmet targets of Shishou', () => {
  it.each<[string, string, Record<string, string[]>, string[]]>([
    [
      'everything is unmet at first',
      '2022-03-09',
      {},
      ['主题教育 0/1 22', '特色课程 0/1 22', '资源上传 0/1 4', '备课 0/1 4', '集体备课或网络教研 0/1 113'],
    ],
    [
      'what was done this week and month is met',
      '2022-03-09',
      { 主题教育: ['2022-03-01'], 资源上传: ['2022-03-07'], 集体备课或网络教研: ['2021-12-01'] },
      ['特色课程 0/1 22', '备课 0/1 4'],
    ],
    [
      'last week and last month do not help',
      '2022-03-09',
      { 主题教育: ['2022-02-28'], 资源上传: ['2022-03-06'], 特色课程: ['2022-03-31'], 备课: ['2022-03-13'] },
      ['主题教育 0/1 22', '资源上传 0/1 4', '集体备课或网络教研 0/1 113'],
    ],
    [
      'on a Sunday no day is left of the week',
      '2022-03-13',
      { 主题教育: ['2022-03-01'], 特色课程: ['2022-03-01'], 集体备课或网络教研: ['2022-03-01'] },
      ['资源上传 0/1 0', '备课 0/1 0'],
    ],
    ['before the period nothing is to be done', '2021-11-30', {}, ['ahead']],
    ['after the period nothing is to be done', '2022-07-01', {}, ['over']],
  ])('%s', (_, today, done, expected) => {
    expect(lines(ask(shishou, done, today))).toEqual(expected)
  })

  it('asks of administrators each of the eight once in the period', () => {
    const tasks = ask(
      shishou,
      { 年级管理: ['2021-12-02'], 教材管理: ['2022-05-05'] },
      '2022-06-29',
      'administrator',
    )
    expect(lines(tasks)).toEqual([
      '班级管理 0/1 1',
      '部门管理 0/1 1',
      '学年学期管理 0/1 1',
      '教职工管理 0/1 1',
      '教师任教管理 0/1 1',
      '课程管理 0/1 1',
    ])
  })

  it('takes only counted actions for a target: two on one day under a daily cap are one', () => {
    const twice = {
      ...shishou,
      indicators: shishou.indicators.map((one) =>
        one.name === '备课' ? { ...one, target: { times: 2, per: 'week' as const } } : one,
      ),
    }
    const done = (days: string[]) =>
      lines(ask(twice, { 备课: days }, '2022-03-09')).find((line) => line.startsWith('备课'))
    expect(done(['2022-03-07', '2022-03-07'])).toBe('备课 1/2 4')
    expect(done(['2022-03-07', '2022-03-08'])).toBeUndefined()
  })
})

describe('room left under the caps of Xinzhou', () => {
  it('names what gives most first, then what is done once', () => {
    expect(lines(ask(xinzhou, {}, '2022-03-09'))).toEqual([
      '互动授课 2 10',
      '导学检测 2 10',
      '练习批阅 2 10',
      '课件制作 1 10',
      '班级通知 2 10',
      '校园办公 10 10',
      '空间登录 5 5',
      '资源建设 5 5',
      '空间记录 5 5',
      '教学成果 1 5',
      '成果传播 5 5',
      '班级活动 1 5',
      '习惯养成 5 5',
      '教研活动 1 5',
      '资源检索 1 2',
      '班级组建 1 50',
      '信息完善 1 20',
    ])
  })

  it.each<[string, string, Record<string, string[]>, string, string | undefined]>([
    [
      'what was used this week is gone',
      '2022-03-09',
      { 资源建设: ['2022-03-07', '2022-03-08'] },
      '资源建设',
      '3 3',
    ],
    ['what was used last week is not', '2022-03-09', { 资源建设: ['2022-03-06'] }, '资源建设', '5 5'],
    [
      'nothing is left when the cap is full',
      '2022-03-09',
      { 课件制作: ['2022-03-07'] },
      '课件制作',
      undefined,
    ],
    [
      'more than the cap leaves nothing',
      '2022-03-09',
      { 课件制作: ['2022-03-07', '2022-03-08'] },
      '课件制作',
      undefined,
    ],
    [
      'what is done once a year is gone for the year',
      '2022-11-09',
      { 班级组建: ['2022-01-03'] },
      '班级组建',
      undefined,
    ],
    ['a login today leaves the days after it', '2022-03-09', { 空间登录: ['2022-03-09'] }, '空间登录', '4 4'],
    ['no login today leaves today too', '2022-03-12', {}, '空间登录', '2 2'],
    [
      'after a login on Sunday the week has nothing left',
      '2022-03-13',
      { 空间登录: ['2022-03-13'] },
      '空间登录',
      undefined,
    ],
    [
      'a run of six days reaches the eighth on Friday',
      '2022-03-09',
      { 空间登录: ['2022-03-03', '2022-03-04', '2022-03-05', '2022-03-06', '2022-03-07', '2022-03-08'] },
      '空间登录',
      '5 9',
    ],
    [
      'a gap yesterday starts the run afresh',
      '2022-03-09',
      { 空间登录: ['2022-03-02', '2022-03-03', '2022-03-04', '2022-03-05', '2022-03-06', '2022-03-07'] },
      '空间登录',
      '5 5',
    ],
    [
      'a run from before the period does not count',
      '2022-01-01',
      {
        空间登录: [
          '2021-12-25',
          '2021-12-26',
          '2021-12-27',
          '2021-12-28',
          '2021-12-29',
          '2021-12-30',
          '2021-12-31',
        ],
      },
      '空间登录',
      '2 2',
    ],
  ])('%s', (_, today, done, indicator, expected) => {
    const line = lines(ask(xinzhou, done, today)).find((one) => one.startsWith(indicator))
    expect(line).toBe(expected && `${indicator} ${expected}`)
  })

  it('sums the points that are possible this week', () => {
    const tasks = ask(xinzhou, {}, '2022-03-09')
    expect(tasks.kind === 'room' && tasks.points).toBe(102)
  })

  it('has no task for a role that the scheme does not score', () => {
    const counts = new BoardCounts(boardOf(xinzhou, {})).of('1')
    expect(memberTasks(xinzhou, { roles: ['administrator'] }, { counts, today: day('2022-03-09') })).toEqual(
      [],
    )
  })
})

it('lists what nothing limits last, and month caps in their month', () => {
  const invented = { ...schemeOf('tests/scheme/invented.yml'), tasks: 'room' as const }
  expect(lines(ask(invented, { 打卡: ['2031-05-05', '2031-05-06'] }, '2031-05-07'))).toEqual([
    '打卡 5 3.75',
    '不限次 undefined 1.5',
  ])
  expect(lines(ask(invented, { 巡查: ['2031-05-01', '2031-04-30'] }, '2031-05-07', 'administrator'))).toEqual(
    ['巡查 2 0.5'],
  )
})

it('counts on the board as the board explains', () => {
  const days = fc.array(fc.integer({ min: -10, max: 400 }), { maxLength: 40 })
  const names = fc.constantFrom('空间登录', '信息完善', '资源建设', '课件制作', '校园办公')
  fc.assert(
    fc.property(names, days, fc.nat(370), fc.nat(60), (name, offsets, start, length) => {
      const from = day('2022-01-01')
      const board = boardOf(xinzhou, { 2: { [name]: offsets.map((offset) => formatDay(from + offset)) } })
      const window = { from: from + start, to: from + start + length }
      const explained = board.explain('2', { role: 'teacher', window })[0]
      const counts = new BoardCounts(board).of('2')
      expect(counts.counted(name, window)).toBe(explained?.counted ?? 0)
      expect(counts.actions(name, window)).toBe(explained?.actions ?? 0)
    }),
  )
})
