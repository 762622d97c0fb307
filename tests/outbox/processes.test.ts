import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { h } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import { launchMariaDB } from '../database/mariadb'
import { mariaStore } from '../database/stores'
import { startFakeOneBot } from '../platforms/onebot'
import type { Context } from 'koishi'
import type { MariaDB } from '../database/mariadb'
import type { Store } from '../database/stores'
import type { FakeOneBot } from '../platforms/onebot'

let server: MariaDB
let store: Store
let fake: FakeOneBot
let apps: Context[]

beforeAll(async () => void (server = await launchMariaDB()))
afterAll(() => server.stop())

beforeEach(async () => {
  store = await mariaStore(server)
  fake = await startFakeOneBot()
  apps = []
})

afterEach(async () => {
  for (const app of apps) {
    await app.parallel('exit', 'SIGTERM')
    await store.close(app)
  }
  await store.drop()
  await fake.close()
})

const noQuiet = { quietFrom: '00:00', quietTo: '00:00' }
const settings = {
  tickMs: 50,
  digestDelayMs: 50,
  quotas: false,
  leaseMs: 1000,
  queues: 8,
  calmMs: 100,
  ...noQuiet,
}

async function open(changes: object = {}): Promise<Context> {
  const app = await store.open((context) => {
    context.plugin(Outbox, { ...new Outbox.Config(), ...settings, ...changes })
    context.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config })
  })
  apps.push(app)
  await vi.waitFor(() => expect(Number(app.bots[0]?.status)).toBe(1))
  return app
}

const keys = Array.from({ length: 120 }, (_, index) => `k${String(index).padStart(3, '0')}`)
const target = (index: number) => ({
  platform: 'onebot',
  selfId: fake.selfId,
  channelId: String((index % 12) + 1),
})
const enqueue = (app: Context) =>
  app.outbox.enqueue(
    keys.map((key, index) => ({
      key,
      target: target(index),
      kind: 'test',
      content: h.text(key),
      batch: 'b',
    })),
  )
const finished = (app: Context) =>
  vi.waitFor(
    async () => {
      const { pending, leased } = (await app.outbox.status()).counts
      expect(pending + leased).toBe(0)
    },
    { timeout: 20_000, interval: 50 },
  )

/** Nothing lost, nothing twice, and in order within each group. */
function expectOnce(unknown: readonly string[] = []): void {
  const arrived = fake.delivered.map(({ text }) => text)
  expect(arrived.filter((text, index) => arrived.indexOf(text) !== index)).toEqual([])
  expect(keys.filter((key) => !arrived.includes(key) && !unknown.includes(key))).toEqual([])
  for (const group of new Set(fake.delivered.map((message) => message.group!))) {
    const texts = fake.texts(group)
    expect(texts).toEqual([...texts].sort())
  }
}

describe('on MariaDB', () => {
  test('two processes with the same bot share the work without sending twice', async () => {
    const [one, two] = [await open(), await open()]
    await Promise.all([enqueue(one), enqueue(two)])
    await finished(one)
    expectOnce()
    expect(fake.delivered).toHaveLength(120)
  })

  test('when one stops in the middle the other goes on', async () => {
    const [one, two] = [await open({ queues: 1 }), await open()]
    await enqueue(one)
    await vi.waitFor(() => expect(fake.delivered.length).toBeGreaterThan(10), { interval: 1 })
    await one.parallel('exit', 'SIGTERM')
    await finished(two)
    expectOnce()
    expect(fake.delivered).toHaveLength(120)
  })

  test('connections that fall at random lose nothing and repeat nothing', async () => {
    const app = await open()
    const send = ({ action }: { action: string }) => action === 'send_group_msg'
    let count = 0
    fake.fault = (call) => {
      if (!send(call) || ++count % 17) return undefined
      return { kind: 'drop', delivered: count % 2 === 0 }
    }
    await enqueue(app)
    await finished(app)
    const receipts = await app.outbox.receipts({ batch: 'b' })
    const unknown = receipts.filter(({ state }) => state === 'unknown').map(({ key }) => key)
    expect(receipts.filter(({ state }) => state !== 'sent' && state !== 'unknown')).toEqual([])
    // All that were on their way when a connection fell, and no more: at most as many as may be under way, at each drop.
    expect(unknown.length).toBeLessThanOrEqual(Math.ceil(count / 17) * 4)
    expectOnce(unknown)
  })

  test('a database server that is killed in the middle is waited for', async () => {
    const app = await open({ leaseMs: 60_000, queues: 4 })
    await enqueue(app)
    await vi.waitFor(() => expect(fake.delivered.length).toBeGreaterThan(10), { interval: 1 })
    await server.kill()
    await sleep(500)
    await server.start()
    await finished(app)
    expectOnce()
    expect(fake.delivered).toHaveLength(120)
    expect((await app.outbox.status()).counts.sent).toBe(120)
  })

  test('one of two leads a duty, and the other takes over', async () => {
    const [one, two] = [await open(), await open()]
    expect(await one.serial('space/lead', 'wecom:x')).toBe('lead')
    expect(await two.serial('space/lead', 'wecom:x')).toBe('follow')
    await one.parallel('exit', 'SIGTERM')
    expect(await two.serial('space/lead', 'wecom:x')).toBe('lead')
  })
})
