// Staff are told by another way than the broken one, and the health endpoint is honest.
import { resolve } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { HTTP } from '@koishijs/plugin-http'
import Server from '@koishijs/plugin-server'
import { Context, Logger } from 'koishi'
import * as access from 'koishi-plugin-space-access'
import * as onebot from 'koishi-plugin-space-onebot'
import * as operations from 'koishi-plugin-space-operations'
import Outbox from 'koishi-plugin-space-outbox'
import * as conversation from 'koishi-plugin-space-conversation'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as wecom from 'koishi-plugin-space-wecom'
import { freePort } from '../cli/space'
import { startFakeOneBot } from '../platforms/onebot'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeOneBot } from '../platforms/onebot'
import type { FakeWecom } from '../platforms/wecom'

Logger.levels.base = Logger.SILENT

let app: Context
let fake: FakeOneBot
let fakeWecom: FakeWecom
let port: number
const wait = { timeout: 10_000 }

beforeEach(async () => {
  fake = await startFakeOneBot()
  fakeWecom = await startFakeWecom()
  app = new Context({ i18n: { locales: ['zh-CN'] } })
  app.baseDir = resolve(import.meta.dirname, '../..')
  port = await freePort()
  app.plugin(sqlite, { path: ':memory:' })
  app.plugin(HTTP)
  app.plugin(Server, { host: '127.0.0.1', port })
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir: 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(access)
  app.plugin(conversation, conversation.Config({} as conversation.Config))
  app.plugin(Outbox, { ...new Outbox.Config(), tickMs: 30, quotas: false })
  app.plugin(operations, { freshMs: 0, patienceMs: 2_000, watchMs: 50, locale: 'zh-CN' })
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config })
  const webhooks = `duty=${fakeWecom.webhook('k')}`
  app.plugin(wecom, { ...wecom.Config({} as wecom.Config), webhooks })
  await app.start()
  await new Promise<void>((done) => app.inject(['outbox', 'access'], () => done()))
  await app.model.prepared()
  await app.lifecycle.flush()
  const who = { platform: 'onebot', selfId: fake.selfId }
  await app.access.grants.give({ ...who, userId: '500' }, { kind: 'staff', label: 'staff' })
  await vi.waitFor(() => expect([...app.bots].every(({ status }) => Number(status) === 1)).toBe(true), wait)
})

afterEach(async () => {
  vi.restoreAllMocks()
  await app.parallel('exit', 'SIGTERM')
  for (const each of [...app.bots]) await each.stop()
  await app.stop()
  await fake.close()
  await fakeWecom.close()
})

const health = async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/healthz`)
  return { code: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('an account that is offline behind its socket: health is bad, staff hear it from the webhook bot', async () => {
  expect((await health()).code).toBe(200)
  fake.push({ post_type: 'notice', notice_type: 'bot_offline', user_id: 10001 })
  await vi.waitFor(() => expect(fakeWecom.texts('webhook:k').join()).toContain('账号掉线'), wait)
  expect(await health()).toMatchObject({
    code: 503,
    body: { status: 'down', troubles: [{ about: 'onebot', what: 'account-offline' }] },
  })
  fake.push({ post_type: 'meta_event', meta_event_type: 'heartbeat', status: { online: true } })
  await vi.waitFor(async () => expect((await health()).code).toBe(200), wait)
})

test('nothing can be written: health is bad, and staff are told past the outbox', async () => {
  await new Promise((done) => setTimeout(done, 200))
  vi.spyOn(app.leases, 'probe').mockRejectedValue(new Error('database or disk is full'))
  await vi.waitFor(
    async () => expect((await health()).body).toMatchObject({ database: 'not-writable' }),
    wait,
  )
  expect((await health()).code).toBe(503)
  await vi.waitFor(() => {
    const told = [...fakeWecom.texts('webhook:k'), ...fake.delivered.map(({ text }) => text)]
    expect(told.join()).toContain('写不进去')
  }, wait)
})

test('a login that is refused is told once, not every time it is tried', async () => {
  for (let each = 0; each < 3; each++) {
    app.emit('space/trouble', { platform: 'qq', selfId: '1', what: 'login-refused' })
  }
  await vi.waitFor(
    () => expect(fake.delivered.map(({ text }) => text).join()).toContain('不让机器人登录'),
    wait,
  )
  await new Promise((done) => setTimeout(done, 300))
  expect(fake.delivered).toHaveLength(1)
})
