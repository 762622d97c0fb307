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

  it('an occasion is planned once, and a planning that broke off goes on', async () => {
    const claims = new Claims(app)
    expect(await claims.take('week', 1000)).toBe('mine')
    await claims.step('week', { told: 3, silent: 1 })
    // The same step twice in one millisecond is still a step.
    await claims.step('week', { told: 0, silent: 0 })
    await app.leases.release()
    expect(await claims.take('week', 200_000)).toBe('mine')
    await claims.step('week', { told: 2, silent: 0 })
    await claims.finish('week', 200_002)
    expect(await claims.take('week', 900_000)).toBe('done')
    expect(await claims.find('week')).toMatchObject({ state: 'done', told: 2, silent: 0 })
  })

  it('whoever has lost an occasion to another process writes nothing more of it', async () => {
    const claims = new Claims(app)
    expect(await claims.take('lost', 1000)).toBe('mine')
    await app.database.set('space_lease', 'reminder:lost', { owner: 'another', until: Date.now() + 60_000 })
    await expect(claims.step('lost', { told: 1, silent: 0 })).rejects.toThrow()
    expect(await claims.take('lost', 1000)).toBe('others')
    await app.database.set('space_lease', 'reminder:lost', { until: Date.now() - 1 })
    expect(await claims.take('lost', 1000)).toBe('mine')
  })

  it('a tick is run by one', async () => {
    const both = [new Claims(app), new Claims(app)]
    const won = await Promise.all(both.map((each) => each.elect('08:30')))
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await both[0]!.elect('08:31')).toBe(true)
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
