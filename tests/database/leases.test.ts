import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Leases } from 'koishi-plugin-space-database'
import { stores } from './stores'
import type { Context } from 'koishi'
import type { Store } from './stores'

let store: Store
let apps: Context[]

async function open(): Promise<Context> {
  const app = await store.open()
  await new Promise<void>((resolve) => app.inject(['leases'], () => resolve()))
  apps.push(app)
  return app
}

const rows = (app: Context) => app.database.get('space_lease', {})

afterEach(async () => {
  vi.useRealTimers()
  for (const app of apps.splice(0)) await store.close(app)
  await store.drop()
})

describe('on MariaDB, which several processes may have', () => {
  beforeEach(async () => {
    apps = []
    store = await stores.MariaDB()
  })

  test('one of two has a lease until it lets go', async () => {
    const [one, two] = [await open(), await open()]
    const taken = await Promise.all([one, two].map((app) => app.leases.acquire('bot:x', 60_000)))
    expect([...taken].sort()).toEqual([false, true])
    const [owner, other] = taken[0] ? [one, two] : [two, one]
    expect(owner.leases.remaining('bot:x')).toBeGreaterThan(59_000)
    expect(other.leases.remaining('bot:x')).toBe(0)
    expect(other.leases.awaited()).toEqual([{ name: 'bot:x', endsIn: expect.any(Number) as number }])
    await owner.leases.release('bot:x')
    expect(await other.leases.acquire('bot:x', 60_000)).toBe(true)
    expect(other.leases.awaited()).toEqual([])
  })

  test('an end an hour further ahead than a lease lasts is of a clock that was set back: one length is waited', async () => {
    const app = await open()
    await app.database.create('space_lease', { name: 'bot:x', owner: 'dead', until: Date.now() + 3_660_000 })
    expect(await app.leases.acquire('bot:x', 500)).toBe(false)
    const [row] = await rows(app)
    expect(row!.until - Date.now()).toBeLessThanOrEqual(500)
    await vi.waitFor(async () => expect(await app.leases.acquire('bot:x', 500)).toBe(true), {
      timeout: 10_000,
    })
  })

  test('an owner that lives keeps its lease although its clock is ahead of the others', async () => {
    const [one, two] = [await open(), await open()]
    expect(await one.leases.acquire('bot:x', 60_000)).toBe(true)
    await one.database.set('space_lease', 'bot:x', { until: Date.now() + 65_000 })
    expect(await two.leases.acquire('bot:x', 60_000)).toBe(false)
    expect(await one.leases.acquire('bot:x', 60_000)).toBe(true)
  })

  test('a clock that is set back does not lengthen what an owner believes to have', async () => {
    const app = await open()
    expect(await app.leases.acquire('bot:x', 60_000)).toBe(true)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 })
    expect(app.leases.remaining('bot:x')).toBeLessThanOrEqual(60_000)
  })

  test('an event is claimed by one of two processes, also when both ask for many at once', async () => {
    const [one, two] = [await open(), await open()]
    const ids = Array.from({ length: 300 }, (_, index) => `qq:1:${index}`)
    const claims = await Promise.all(
      [one, two].map((app) => Promise.all(ids.map((id) => app.leases.claim(id)))),
    )
    const winners = ids.map((_, index) => claims.filter((each) => each[index]).length)
    expect(winners.every((count) => count === 1)).toBe(true)
    expect(await one.leases.claim(ids[0]!)).toBe(false)
  })
})

test('on a file that only one process can have, a lease of the dead is void at once, whatever the clock says', async () => {
  apps = []
  store = await stores['SQLite file']()
  const first = await open()
  await first.database.create('space_lease', { name: 'bot:x', owner: 'dead', until: Date.now() + 3_660_000 })
  await store.close(apps.pop()!)
  const second = await open()
  expect(second.leases).toBeInstanceOf(Leases)
  expect(await second.leases.acquire('bot:x', 60_000)).toBe(true)
})
