import type { Context } from 'koishi'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'
import { csv } from '../formats/fixture'
import { openApp, recordsFile, recordsHeader, rosterFile, take, value } from './app'

let store: Store
let app: Context

beforeAll(async () => {
  store = await stores.MariaDB()
  app = await openApp(store)
})
afterAll(async () => {
  await store.close(app)
  await store.drop()
})

const year = { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! }
const points = (account: string) => app.scoreboard.board.points(account, { role: 'teacher', window: year })

it('imports, refuses a repetition, rolls back a failure and takes back on MariaDB as on SQLite', async () => {
  await take(app.imports, rosterFile(), '名册 𠮷.csv')
  const withIds = csv([...recordsHeader, '记录编号'], ['t1', '资源建设', '2022-03-09', 2, 'R1'])
  await take(app.imports, withIds)
  expect(points('t1')).toBe(2)

  const again = value(await app.imports.preview({ name: 'a', bytes: withIds }, operator))
  expect(await app.imports.confirm(again.id, operator)).toMatchObject({ code: 'nothing-new' })

  const statement = recordsFile(['t2', '资源建设', '2022-03-09', 3])
  const waiting = value(await app.imports.preview({ name: 'a', bytes: statement }, operator))
  const whole = app.scoreboard.store.bind(app.scoreboard)
  app.scoreboard.store = async (plan, id) => {
    await whole(plan, id)
    throw new Error('connection lost')
  }
  await expect(app.imports.confirm(waiting.id, operator)).rejects.toThrow('connection lost')
  app.scoreboard.store = whole
  expect([points('t1'), points('t2')]).toEqual([2, 0])
  expect(value(await app.imports.history(operator))).toHaveLength(2)

  const stored = value(await app.imports.confirm(waiting.id, operator))
  // The statement speaks about the whole school of t2, which is also that of t1.
  expect([points('t1'), points('t2')]).toEqual([0, 3])
  value(await app.imports.undo(stored.id, operator))
  await expect.poll(() => [points('t1'), points('t2')]).toEqual([2, 0])
  expect(value(await app.imports.history(operator))[0]).toMatchObject({ state: 'undone' })
  expect(value(await app.imports.history(operator)).at(-1)).toMatchObject({ name: '名册 𠮷.csv' })
})

it('numbers imports of two processes in the order in which they are stored', async () => {
  const other = await openApp(store)
  try {
    await expect.poll(() => other.roster.members().length).toBe(app.roster.members().length)
    const look = async (at: Context, count: number) => {
      const bytes = recordsFile(['t2', '资源建设', '2022-04-01', count])
      return value(await at.imports.preview({ name: 'a', bytes }, operator)).id
    }
    const [first, second] = [await look(app, 3), await look(other, 1)]
    const whole = app.scoreboard.store.bind(app.scoreboard)
    let later: Promise<{ id: number }> | undefined
    app.scoreboard.store = async (plan, id) => {
      // The other process begins while this one has its number and has not stored yet.
      later = other.imports.confirm(second, operator).then(value)
      await new Promise((resolve) => setTimeout(resolve, 500))
      await whole(plan, id)
    }
    const { id } = value(await app.imports.confirm(first, operator))
    app.scoreboard.store = whole
    expect((await later!).id).toBeGreaterThan(id)
    const counts = async (at: Context) => (await at.scoreboard.records('t2')).map(({ count }) => count)
    await expect.poll(() => counts(app)).toEqual(await counts(other))
    expect(await counts(app)).toEqual([1])
    await expect.poll(() => app.scoreboard.board.points('t2', { role: 'teacher', window: year })).toBe(1)
  } finally {
    await store.close(other)
  }
})
