import { describe, expect, it } from 'vitest'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { activationOf, activationRate, activationState } from '@space-assistant/core/tasks/activation'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { districtTasks, schoolTasks } from '@space-assistant/core/tasks/school'
import type { SchoolTasks } from '@space-assistant/core/tasks/school'
import { boardOf, day, members, schools, shishou, xinzhou } from './district'
import type { Done } from './district'

const met = {
  主题教育: ['2022-03-01'],
  特色课程: ['2022-03-01'],
  资源上传: ['2022-03-08'],
  备课: ['2022-03-07'],
  集体备课或网络教研: ['2022-01-05'],
}

function ask(scheme: Scheme, done: Done, today = '2022-03-09'): SchoolTasks[] {
  const counts = new BoardCounts(boardOf(scheme, done))
  return schools.map((school) => {
    const query = { scheme, counts: (account: string) => counts.of(account), today: day(today) }
    const tasks = schoolTasks(school, members, query)
    if (tasks.kind === 'closed') throw new Error('closed')
    return tasks
  })
}

const behind = ({ teacher }: SchoolTasks) => teacher.behind.map(({ member }) => member.account)

describe('who of a school is behind', () => {
  it('is every active teacher with an unmet target, and nobody who is retired', () => {
    const [a, b, c] = ask(shishou, { 2: met, 3: { ...met, 备课: ['2022-03-06'] }, 5: met })
    expect(behind(a!)).toEqual(['1', '3'])
    expect(a!.teacher.members).toBe(3)
    expect(a!.teacher.behind[1]?.unmet.map(({ indicator }) => indicator.name)).toEqual(['备课'])
    expect(a!.administrator.behind[0]?.unmet).toHaveLength(8)
    expect(behind(b!)).toEqual(['6'])
    expect(c!.teacher).toEqual({ members: 0, behind: [] })
  })

  it('is whoever earned nothing this week, where tasks are room under the caps', () => {
    const [a, b] = ask(xinzhou, { 1: { 空间登录: ['2022-03-07'] }, 2: { 空间登录: ['2022-03-06'] } })
    expect(behind(a!)).toEqual(['2', '3'])
    expect(behind(b!)).toEqual(['5', '6'])
    expect(a!.administrator.behind).toEqual([])
  })

  it('can be asked for the week that is over, with its last day', () => {
    const [a] = ask(
      xinzhou,
      { 1: { 空间登录: ['2022-03-07'] }, 2: { 空间登录: ['2022-03-06'] } },
      '2022-03-06',
    )
    expect(behind(a!)).toEqual(['1', '3'])
  })

  it('is nobody outside the period', () => {
    const counts = new BoardCounts(boardOf(shishou, {}))
    const query = {
      scheme: shishou,
      counts: (account: string) => counts.of(account),
      today: day('2022-07-01'),
    }
    expect(schoolTasks(schools[0]!, members, query)).toEqual({ kind: 'closed', state: 'over' })
  })
})

describe('activation', () => {
  it.each<[number, number | null, string, string]>([
    [0, 97 / 103, 'enough-for-awards', 'two of three teachers and 95 of 100 students'],
    [1, 11 / 52, 'behind', 'one teacher of whom nothing is known counts as not opened'],
    [2, null, 'behind', 'a school with nobody has no rate'],
  ])('of school %d is %d, %s: %s', (index, rate, state) => {
    const activation = activationOf(schools[index]!, members)
    expect(activationRate(activation)).toBe(rate)
    expect(activationState(activationRate(activation), shishou)).toBe(state)
  })

  it('says what it does not know', () => {
    expect(activationOf(schools[1]!, members)).toMatchObject({ teachersUnknown: 1, schoolsUnknown: 0 })
    expect(activationOf(schools[2]!, members)).toMatchObject({ teachersUnknown: 0, schoolsUnknown: 1 })
  })

  it.each([
    [0.9, 'enough-for-awards'],
    [0.8999, 'behind'],
    [1, 'reached'],
  ])('at %d of Shishou is %s', (rate, state) => {
    expect(activationState(rate, shishou)).toBe(state)
    expect(activationState(rate, xinzhou)).toBeUndefined()
  })
})

it('sums a district up, the schools with the largest share behind first', () => {
  const district = districtTasks(ask(shishou, { 1: met, 2: met, 5: {} }), shishou)
  expect(district).toMatchObject({
    teachers: 5,
    teachersBehind: 3,
    administrators: 1,
    administratorsBehind: 1,
    rate: 108 / 155,
  })
  expect(district.behind.map(({ school }) => school.code)).toEqual(['B', 'A'])
  expect(district.belowAward.map(({ school }) => school.code)).toEqual(['B'])
})
