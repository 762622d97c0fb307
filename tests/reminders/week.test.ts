// A measured week: how many messages each of 40 administrators in one exchange group gets by themselves.
import { parseDay } from '@space-assistant/core/calendar/day'
import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import * as awards from 'koishi-plugin-space-awards'
import * as documents from 'koishi-plugin-space-documents'
import * as reminders from 'koishi-plugin-space-reminders'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { planRows } from '../scoreboard/rows'
import { anotherReminders, startApp } from './app'
import type { TestApp } from './app'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const size = 40
const stages = ['小学', '初中', '高中', '小学']
const codes = Array.from({ length: size }, (_, index) => `S${String(index + 1).padStart(2, '0')}`)
const schools = codes.map((code, index): SchoolRow => {
  return {
    row: index + 1,
    code,
    name: `第${index + 1}学校`,
    town: `镇${index % 5}`,
    stage: stages[index % 4],
  }
})
/** Of each school an administrator who teaches too, and two teachers; all of them are bound. */
const people = codes.flatMap((code, index): RosterRow[] =>
  ['a', 'b', 'c'].map((letter, place) => ({
    ...{ row: 1, account: `${index + 1}${letter}`, name: `老师${index + 1}${letter}` },
    ...{ schoolCode: code, schoolName: code, state: 'active' as const, opened: true },
    roles: place ? ['teacher'] : ['administrator', 'teacher'],
  })),
)

let test: TestApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-16 08:00') })
  test = await startApp({ fill: false, parts: [] })
  const { app } = test
  app.plugin(documents, documents.Config({} as documents.Config))
  app.plugin(awards, awards.Config({ tickMs: 3_600_000 } as awards.Config))
  await new Promise<void>((done) => app.inject(['awards'], () => done()))
  await app.model.prepared()
  await app.database.withTransaction(() => app.roster.store(app.roster.planRoster(people), 1))
  await app.database.withTransaction(() => app.roster.store(app.roster.planSchools(schools), 2))
  const rows = codes.flatMap((_, index) =>
    ['2022-05-12', '2022-05-15', '2022-05-19', '2022-05-22'].map((on) => ({
      ...{ row: 1, account: `${index + 1}b`, indicator: '资源建设', day: parseDay(on) ?? 0 },
      ...{ count: 1, attributes: {}, valid: true },
    })),
  )
  const plan = await planRows(app, { withIds: false, rows })
  await app.database.withTransaction(() => app.scoreboard.store(plan, 3))
  for (const { account } of people) await test.bind(`u${account}`, account)
  await test.group('exchange', 'exchange')
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

it('one message on Monday, one more where a phase asks for something, never two on a day, none in the group', async () => {
  const perDay: number[][] = []
  for (const day of ['16', '17', '18', '19', '20', '21', '22']) {
    vi.setSystemTime(at(`2022-05-${day} 08:30`))
    test.bot.sent.length = 0
    test.app.plugin(anotherReminders(), reminders.Config({} as reminders.Config))
    await test.app.lifecycle.flush()
    const settled = async () => {
      const [row] = await test.app.bulk.rows<{ open: number; planning: number }>(
        `SELECT (SELECT COUNT(*) FROM space_message WHERE state IN ('pending', 'leased')) AS open,
          (SELECT COUNT(*) FROM space_reminder_run WHERE state = 'planning') AS planning`,
      )
      expect([Number(row?.open), Number(row?.planning)]).toEqual([0, 0])
    }
    await new Promise((resolve) => setTimeout(resolve, 400))
    await expect.poll(settled, { timeout: 20_000 }).toBeUndefined()
    perDay.push(codes.map((_, index) => test.bot.to(`private:u${index + 1}a`).length))
    expect(test.bot.to('exchange')).toEqual([])
  }
  const perPerson = codes.map((_, index) => perDay.reduce((sum, day) => sum + (day[index] ?? 0), 0))
  const spread = [...new Set(perPerson)]
    .sort()
    .map((count) => `${count}: ${perPerson.filter((one) => one === count).length}`)
  process.stdout.write(`messages in a week -> administrators of ${size}: ${spread.join(', ')}\n`)
  expect(Math.max(...perDay.flat())).toBe(1)
  expect(perDay[0]).toEqual(codes.map(() => 1))
  // The phase that begins on Saturday asks towns and high schools to nominate, and nobody else.
  expect(perPerson).toEqual(schools.map(({ stage }) => (stage === '高中' ? 2 : 1)))
}, 120_000)
