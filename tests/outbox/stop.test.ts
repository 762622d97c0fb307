import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h, Logger } from 'koishi'
import * as sqlite from 'koishi-plugin-space-sqlite'
import Outbox from 'koishi-plugin-space-outbox'
import { freePort, Space } from '../cli/space'
import { startFakeOneBot } from '../platforms/onebot'
import type { DeliveryStatus } from 'koishi-plugin-space-outbox'
import type { FakeOneBot, Fault } from '../platforms/onebot'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })
Logger.levels.base = Logger.ERROR

const LETTERS = 40

let folder: string
let fake: FakeOneBot

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'space-stop-'))
  fake = await startFakeOneBot()
})

afterEach(async () => {
  await fake.close()
  rmSync(folder, { recursive: true })
})

/** The outbox of the process, while that does not run; no bot is there to send anything. */
async function look<T>(act: (app: Context) => Promise<T>): Promise<T> {
  const app = new Context()
  const database = app.plugin(sqlite, { path: join(folder, 'space.db') })
  app.plugin(Outbox, { ...new Outbox.Config() })
  await app.start()
  await new Promise<void>((resolve) => app.inject(['outbox'], () => resolve()))
  await app.model.prepared()
  const result = await act(app)
  await app.parallel('exit', 'SIGTERM')
  database.dispose()
  await app.stop()
  return result
}

const fill = () =>
  look((app) =>
    app.outbox.enqueue(
      Array.from({ length: LETTERS }, (_, index) => ({
        ...{ key: `k${index}`, kind: 'test', content: h.text(`text ${index}`), anytime: true },
        target: { platform: 'onebot', selfId: fake.selfId, channelId: String(index + 1) },
      })),
    ),
  )

/** Lets the bot run into the middle of its outbox and asks it to stop. */
async function startAndStop(fault: Fault): Promise<number | null> {
  fake.fault = ({ action }) => (action === 'send_group_msg' ? fault : undefined)
  const bot = new Space(['start'], {
    ...{ DATA_DIR: folder, PORT: String(await freePort()) },
    ...{ ONEBOT_SELF_ID: fake.selfId, ONEBOT_PROTOCOL: 'ws', ONEBOT_ENDPOINT: fake.endpoint },
  })
  const asked = vi.waitFor(
    () => expect(fake.calls.some(({ action }) => action === 'send_group_msg')).toBe(true),
    { timeout: 60_000, interval: 1 },
  )
  const early = bot.ended.then(({ stdout, stderr }) => expect.unreachable(stdout + stderr))
  await Promise.race([asked, early])
  bot.kill('SIGTERM')
  return (await bot.ended).code
}

describe('30: a process that is asked to stop with a full outbox', () => {
  const counts = () =>
    look(async (app): Promise<DeliveryStatus['counts']> => (await app.outbox.status()).counts)

  test('waits for the answers to what is on its way and leaves the rest pending', async () => {
    await fill()
    expect(await startAndStop({ kind: 'stall', delivered: true, late: 1_000 })).toBe(0)
    const sent = fake.delivered.length
    expect(sent).toBeGreaterThan(0)
    expect(await counts()).toMatchObject({ sent, pending: LETTERS - sent, leased: 0, unknown: 0, failed: 0 })
  })

  test('does not wait for ever: what got no answer stays marked as on its way, the rest pending', async () => {
    await fill()
    expect(await startAndStop({ kind: 'stall', delivered: true })).toBe(0)
    const hanging = fake.delivered.length
    expect(await counts()).toMatchObject({ sent: 0, leased: hanging, pending: LETTERS - hanging, failed: 0 })
    expect(new Set(fake.delivered.map(({ text }) => text)).size).toBe(hanging)
  })
})
