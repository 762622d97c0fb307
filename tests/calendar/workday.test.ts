import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { describeConfigProblem } from '@space-assistant/core/scheme/problem'
import { loadCalendar, plainCalendar } from '@space-assistant/core/calendar/school-calendar'
import type { SchoolCalendar } from '@space-assistant/core/calendar/school-calendar'
import {
  dayKind,
  schoolWeek,
  unknownYears,
  vacationOn,
  workdayFrom,
} from '@space-assistant/core/calendar/workday'

const day = (text: string) => parseDay(text)!

function load(text: string): SchoolCalendar {
  const result = loadCalendar(text, 'calendar.yml')
  if (!result.ok) throw new Error(result.problems.map((problem) => describeConfigProblem(problem)).join('\n'))
  return result.value
}

describe('whether people work on a day', () => {
  it.each([
    ['2022-01-28', true, 'weekday', 'a plain Friday'],
    ['2022-01-29', true, 'make-up', 'a Saturday of work before the Spring Festival'],
    ['2022-01-30', true, 'make-up', 'a Sunday of work before the Spring Festival'],
    ['2022-01-31', false, 'holiday', 'New Year’s Eve, a Monday'],
    ['2022-02-07', true, 'weekday', 'the Monday after the festival'],
    ['2022-02-12', false, 'weekend', 'a plain Saturday'],
    ['2022-04-05', false, 'holiday', 'Qingming, a Tuesday'],
    ['2022-05-02', false, 'holiday', 'a Monday of the Labour Day holiday'],
    ['2022-10-08', true, 'make-up', 'a Saturday after the National Day'],
    ['2022-10-09', true, 'make-up', 'a Sunday after the National Day'],
    ['2021-10-07', false, 'holiday', 'the last day of a holiday'],
    ['2026-10-01', false, 'holiday', 'the last year that the built-in table knows'],
  ])('%s: %s, %s (%s)', (text, work, reason) => {
    expect(dayKind(day(text), plainCalendar)).toEqual({ work, reason, known: true })
  })

  it('says of a year without a table that its holidays are not known', () => {
    expect(dayKind(day('2027-10-01'), plainCalendar)).toEqual({ work: true, reason: 'weekday', known: false })
    const window = { from: day('2025-06-01'), to: day('2028-06-01') }
    expect(unknownYears(window, plainCalendar)).toEqual([2027, 2028])
  })

  it('takes a year that staff have filled in', () => {
    const calendar = load('years: [2027]\nholidays: [2027-10-01]\nworkdays: [2027-10-09]')
    expect(dayKind(day('2027-10-01'), calendar)).toEqual({ work: false, reason: 'override', known: true })
    expect(dayKind(day('2027-10-09'), calendar)).toEqual({ work: true, reason: 'override', known: true })
    expect(dayKind(day('2027-10-08'), calendar).known).toBe(true)
  })

  it('puts overrides before the built-in table', () => {
    const calendar = load('holidays: [2022-01-29, 2022-03-09]')
    expect(dayKind(day('2022-01-29'), calendar).work).toBe(false)
    expect(dayKind(day('2022-03-09'), calendar).work).toBe(false)
  })

  it.each(['UTC', 'America/New_York', 'Pacific/Kiritimati', 'Asia/Shanghai'])(
    'is the same for every day of 2022 when the process runs in %s',
    (zone) => {
      const script =
        "const {dayKind}=require('./src/calendar/workday.ts');const {plainCalendar}=require('./src/calendar/school-calendar.ts');" +
        "let s='';for(let d=18993;d<18993+365;d++)s+=dayKind(d,plainCalendar).work?1:0;process.stdout.write(s)"
      const run = (TZ: string) =>
        execFileSync('node', ['-r', 'tsx/cjs', '-C', 'development', '-e', script], {
          env: { ...process.env, TZ },
          encoding: 'utf8',
        })
      expect(run(zone)).toBe(
        Array.from({ length: 365 }, (_, at) => (dayKind(18993 + at, plainCalendar).work ? 1 : 0)).join(''),
      )
    },
  )
})

describe('the next day of work', () => {
  it.each([
    ['2022-03-07', '2022-03-07', 'is the day itself on a plain Monday'],
    ['2022-01-31', '2022-02-07', 'comes after the whole Spring Festival'],
    ['2022-10-03', '2022-10-08', 'may be a Saturday of make-up work'],
    ['2022-04-04', '2022-04-06', 'skips a holiday Monday and Tuesday'],
  ])('from %s is %s: %s', (from, to) => {
    const next = workdayFrom(day(from), plainCalendar)
    expect(next && formatDay(next.day)).toBe(to)
    expect(next?.known).toBe(true)
  })

  it('says when it had to guess', () => {
    expect(workdayFrom(day('2027-10-04'), plainCalendar)).toEqual({ day: day('2027-10-04'), known: false })
  })
})

describe('vacations and school weeks', () => {
  const calendar = load(readFileSync('config/calendar.yml', 'utf8'))

  it('knows the vacation of a day', () => {
    expect(vacationOn(day('2022-07-01'), calendar)?.name).toBe('2022 年暑假')
    expect(vacationOn(day('2022-06-30'), calendar)).toBeUndefined()
  })

  it.each([
    ['2021-08-30', 1],
    ['2021-09-05', 1],
    ['2021-09-06', 2],
    ['2022-01-14', 20],
  ])('%s lies in week %d of the term that starts on a Wednesday', (text, week) => {
    expect(schoolWeek(day(text), calendar)).toEqual({ term: '2021—2022 学年第一学期', week })
  })

  it('has no school week in a vacation', () => {
    expect(schoolWeek(day('2022-07-15'), calendar)).toBeUndefined()
  })
})

it('refuses a calendar with mistakes, each with its place', () => {
  const result = loadCalendar(
    'holidays: [2022-02-30]\nvacations:\n  - { name: 甲, from: 2022-02-01 }',
    'calendar.yml',
  )
  expect(result.ok ? [] : result.problems.map((problem) => describeConfigProblem(problem))).toEqual([
    'calendar.yml 第 1 行 holidays[0]: 写的是“2022-02-30”，不对；允许的是：真实存在的日期，写成 2022-03-10 这样',
    'calendar.yml 第 3 行 vacations[0].to: 缺少这一项；允许的是：真实存在的日期，写成 2022-03-10 这样',
  ])
  const crossed = loadCalendar(
    'holidays: [2022-02-01]\nworkdays: [2022-02-01]\nterms:\n  - { name: 甲, from: 2022-02-02, to: 2022-02-01 }',
    'calendar.yml',
  )
  expect(!crossed.ok && crossed.problems.map(({ code }) => code)).toEqual([
    'ends-before-it-begins',
    'word-twice',
  ])
})
