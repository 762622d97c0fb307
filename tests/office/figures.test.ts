import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { startOffice } from './app'
import type { OfficeApp } from './app'

let office: OfficeApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T01:00:00Z') })
  office = await startOffice()
})

afterAll(async () => {
  await office.stop()
  vi.useRealTimers()
})

const period = { window: { kind: 'period' } } as const

it('a teacher reads the own points, from where they come and week by week', async () => {
  const teacher = await office.as('teacher')
  const person = await teacher.ask<OfficeAnswer<'person'>>('person', period)
  expect(person).toMatchObject({ name: '李四', own: true, dataUntil: '2022-05-17' })
  const [role] = person.roles
  expect(role).toMatchObject({ role: 'teacher', points: 22, school: { rank: 1, size: 3 } })
  expect(role!.reasons.map(({ indicator, counted, points }) => [indicator, counted, points])).toEqual([
    ['空间登录', 12, 17],
    ['资源建设', 5, 5],
  ])
  expect(role!.weeks.reduce((sum, { points }) => sum + points, 0)).toBe(22)
  expect(role!.weeks.filter(({ points }) => points > 0)).toEqual([
    { monday: '2022-04-25', points: 1 },
    { monday: '2022-05-02', points: 8 },
    { monday: '2022-05-09', points: 8 },
    { monday: '2022-05-16', points: 5 },
  ])
})

it('a school is the mean of its teachers, in the places that the chat names', async () => {
  const staff = await office.as('staff')
  const school = await staff.ask<OfficeAnswer<'school'>>('school', { ...period, code: 'S1' })
  expect(school).toMatchObject({ score: 14, district: { rank: 2, size: 3 }, inTown: { rank: 2, size: 2 } })
  expect(school.parts.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(14)
  const list = await staff.ask<OfficeAnswer<'standing'>>('standing', {
    filter: { of: 'schools', scope: { kind: 'district' }, ...period },
    page: 1,
  })
  expect(list.rows.map(({ name, rank, score }) => [name, rank, score])).toEqual([
    ['第二小学', 1, 25],
    ['第一小学', 2, 14],
    ['新堤中学', 3, 5],
  ])
})

it('a teacher of one school sees the own school in the list of the district, with the district’s ranks', async () => {
  const teacher = await office.as('teacher')
  const list = await teacher.ask<OfficeAnswer<'standing'>>('standing', {
    filter: { of: 'teachers', scope: { kind: 'district' }, ...period },
    page: 1,
  })
  expect(list).toMatchObject({ ownSchoolOnly: true, ranked: 6, total: 3 })
  expect(list.rows.map(({ name, rank, mine }) => [name, rank, mine])).toEqual([
    ['李四', 2, true],
    ['王芳', 3, false],
    ['张三', 5, false],
  ])
})

it('a question in the chat’s words fills the fields', async () => {
  const teacher = await office.as('teacher')
  expect(await teacher.ask('ask', { text: '城关镇 小学 教师 本周 资源建设' })).toEqual({
    filter: {
      of: 'teachers',
      scope: { kind: 'town', town: '城关镇' },
      stage: '小学',
      indicator: '资源建设',
      window: { kind: 'this-week' },
    },
  })
  const wrong = await teacher.call('ask', { text: '吃饭了吗' })
  expect(await wrong.json()).toMatchObject({ code: 'not-understood' })
})
