import type { Context } from 'koishi'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AnnouncementStore } from '../../plugins/announcements/store'
import * as announcementTable from '../../plugins/announcements/table'
import { Claims } from '../../plugins/reminders/claims'
import { Settings } from '../../plugins/reminders/settings'
import * as reminderTable from '../../plugins/reminders/table'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'

const tables = (app: Context) => {
  app.plugin({
    name: 'tables',
    inject: ['database'],
    apply(ctx: Context) {
      reminderTable.defineTables(ctx)
      announcementTable.defineTables(ctx)
    },
  })
}

describe.each(['SQLite in memory', 'MariaDB'] as const)('%s', (name) => {
  let store: Store
  let app: Context
  beforeAll(async () => {
    store = await stores[name]()
    app = await store.open(tables)
    await app.model.prepared()
  })
  afterAll(async () => {
    await store.close(app)
    await store.drop()
  })

  it('an occasion has one planner, until that one is dead or done', async () => {
    const pair = [new Claims(app, 'a'), new Claims(app, 'b')]
    const taken = await Promise.all(pair.map((each) => each.take('week', 1000)))
    expect([...taken].sort()).toEqual(['mine', 'others'])
    const [a, b] = (taken[0] === 'mine' ? pair : pair.reverse()) as [Claims, Claims]
    await a.step('week', 2000, { told: 3, silent: 1 })
    await expect(b.step('week', 2000, { told: 3, silent: 1 })).rejects.toThrow()
    // The same step twice in one millisecond is still a step.
    await a.step('week', 2000, { told: 0, silent: 0 })
    expect(await b.take('week', 60_000)).toBe('others')
    expect(await b.take('week', 200_000)).toBe('mine')
    await expect(a.step('week', 200_000, { told: 1, silent: 0 })).rejects.toThrow()
    await b.step('week', 200_001, { told: 2, silent: 0 })
    await b.finish('week', 200_002)
    expect(await a.take('week', 900_000)).toBe('done')
    expect(await a.find('week')).toMatchObject({ state: 'done', told: 2, silent: 0 })
  })

  it('a claim from a clock that was ahead does not block', async () => {
    const [a, b] = [new Claims(app, 'a'), new Claims(app, 'b')]
    expect(await a.take('later', 9_000_000_000)).toBe('mine')
    expect(await b.take('later', 1000)).toBe('mine')
  })

  it('a tick is run by one', async () => {
    const both = [new Claims(app, 'a'), new Claims(app, 'b')]
    const won = await Promise.all(both.map((each) => each.elect('08:30', 1000)))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await both[0]!.elect('08:31', 2000)).toBe(true)
  })

  it('settings are kept', async () => {
    const settings = new Settings(app)
    await settings.set('member:1', { weekly: false, deadlines: true, pausedUntil: 19_000 })
    expect(await settings.of('member:1')).toEqual({ weekly: false, deadlines: true, pausedUntil: 19_000 })
    await settings.set('member:1', { weekly: true, deadlines: true })
    expect(await settings.of('member:1')).toEqual({ weekly: true, deadlines: true })
    expect(await settings.of('member:2')).toEqual({ weekly: true, deadlines: true })
  })

  it('announcements get numbers of their own, one for each origin, and change state once', async () => {
    const announcements = new AnnouncementStore(app)
    const row = { owner: 'o', author: 'a', state: 'draft', content: 'c' } as const
    const made = await Promise.all(
      ['x', 'y', 'z'].map((origin) => announcements.create({ ...row, origin }, 1000)),
    )
    expect(made.map(({ id }) => id).sort()).toEqual([1, 2, 3])
    expect((await announcements.create({ ...row, origin: 'y' }, 1000)).id).toBe(made[1]!.id)
    const changes = { state: 'scheduled', dueAt: 5000 } as const
    const both = [announcements.change(1, 'draft', changes), announcements.change(1, 'draft', changes)]
    expect((await Promise.all(both)).filter(Boolean)).toHaveLength(1)
    expect(await announcements.due(4999)).toEqual([])
    expect((await announcements.due(5000)).map(({ id, dueAt }) => [id, dueAt])).toEqual([[1, 5000]])
    const target = { ref: { platform: 'qq', selfId: '1', channelId: 'AbC' }, label: '交流群' }
    await announcements.transaction(() => announcements.addTargets(1, [target]))
    expect(await announcements.targets(1)).toMatchObject([{ number: 1, channelId: 'AbC', label: '交流群' }])
  })
})
