import { resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HTTP } from '@koishijs/plugin-http'
import Server from '@koishijs/plugin-server'
import { Context, h, Logger } from 'koishi'
import * as announcements from 'koishi-plugin-space-announcements'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import * as onebot from 'koishi-plugin-space-onebot'
import * as operations from 'koishi-plugin-space-operations'
import Outbox from 'koishi-plugin-space-outbox'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { startFakeOneBot } from '../platforms/onebot'
import { freePort } from '../cli/space'
import type { FakeOneBot } from '../platforms/onebot'

Logger.levels.base = Logger.SILENT

let app: Context
let fake: FakeOneBot
let port: number
let database: { dispose: () => unknown } | undefined

const staff = '500'
const patient = { count: 1, wait: 5_000 }
const operator = { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } }
const get = (path: string) => fetch(`http://127.0.0.1:${port}${path}`)

async function open({ withDatabase = true, silent = false } = {}) {
  app = new Context({ prefix: ['/', '／'], i18n: { locales: ['zh-CN'] } })
  app.baseDir = resolve(import.meta.dirname, '../..')
  port = await freePort()
  if (withDatabase) database = app.plugin(sqlite, { path: ':memory:' })
  app.plugin(HTTP)
  app.plugin(Server, { host: '127.0.0.1', port })
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir: 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(identity)
  app.plugin(gateway, gateway.Config({} as gateway.Config))
  const noQuiet = { quietFrom: '00:00', quietTo: '00:00' }
  app.plugin(Outbox, { ...new Outbox.Config(), tickMs: 30, quotas: false, ...noQuiet })
  app.plugin(operations, { freshMs: 0, patienceMs: 300, watchMs: 50, locale: 'zh-CN' })
  app.plugin(announcements, announcements.Config({} as announcements.Config))
  if (!silent) app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config })
  await app.start()
  if (!withDatabase) return
  await new Promise<void>((done) => app.inject(['outbox', 'access'], () => done()))
  await app.model.prepared()
  await app.lifecycle.flush()
  const who = { platform: 'onebot', selfId: fake.selfId }
  await app.access.grants.give({ ...who, userId: staff }, { kind: 'staff', label: '张三' })
  const group = { ...who, channelId: '200' }
  await app.access.groups.set(group, { purpose: 'exchange', town: '城关镇' }, operator)
  if (!silent) await vi.waitFor(() => expect(Number(app.bots[0]?.status)).toBe(1))
}

beforeEach(async () => void (fake = await startFakeOneBot()))

afterEach(async () => {
  await app.parallel('exit', 'SIGTERM')
  app.registry.delete(onebot as never)
  app.registry.delete(Server as never)
  database?.dispose()
  database = undefined
  await app.stop()
  await fake.close()
})

/** Messages whose outcome nobody knows: half of them arrived. */
async function loseReceipts(keys: readonly string[]): Promise<void> {
  let count = 0
  fake.fault = ({ action }) =>
    action === 'send_group_msg' ? { kind: 'drop', delivered: count++ % 2 === 0 } : undefined
  for (const key of keys) {
    const target = { platform: 'onebot', selfId: fake.selfId, channelId: '200' }
    await app.outbox.enqueue({ key, target, kind: 'announcement', content: h.text(`secret text ${key}`) })
    await vi.waitFor(async () => expect(await app.outbox.states([key])).toEqual(['unknown']), 8000)
    await vi.waitFor(() => expect(Number(app.bots[0]?.status)).toBe(1), 8000)
  }
  fake.fault = () => undefined
}

const numbersIn = (text = '') => [...text.matchAll(/^(\d{6})/gm)].map(([, number]) => Number(number))

describe('staff', () => {
  test('see what may not have arrived, and say for each whether it did', async () => {
    await open()
    expect(await fake.whisper(staff, '/状态 不确定', patient)).toEqual(['没有不确定是否送达的消息。'])
    await loseReceipts(['a', 'b'])
    expect((await fake.whisper(staff, '/状态', patient))[0]).toContain(
      '2 条不确定是否送达，发送“/状态 不确定”查看和处理。',
    )
    const [list] = await fake.whisper(staff, '/状态 不确定', patient)
    expect(list).toMatch(
      /^2 条消息不确定是否送达，请到会话里看一下：\n\d{6}　城关镇交流群（QQ），公告，\d+[-/]\d+ \d\d:\d\d\n/,
    )
    expect(list).not.toContain('secret')
    const [one, two] = numbersIn(list)
    expect(await fake.whisper(staff, `/状态 已到 ${one}`, patient)).toEqual([
      `${one} 号已记为送达：城关镇交流群（QQ）。`,
    ])
    expect(await fake.whisper(staff, `/状态 补发 ${two}`, patient)).toEqual([
      `${two} 号重新排队，马上再发到：城关镇交流群（QQ）。`,
    ])
    // The account keeps a human's pace, so the second follows after a while.
    const bothSent = async () => expect(await app.outbox.states(['a', 'b'])).toEqual(['sent', 'sent'])
    await vi.waitFor(bothSent, { timeout: 20_000 })
    expect(fake.texts('200')).toEqual(['secret text a', 'secret text b'])
    expect((await fake.whisper(staff, `/状态 补发 ${one}`, patient))[0]).toContain(`没有 ${one} 号`)
  })

  test('are asked for the number', async () => {
    await open()
    expect((await fake.whisper(staff, '/状态 补发', patient))[0]).toContain('请写上编号')
    expect((await fake.whisper(staff, '/状态 已到 123456', patient))[0]).toContain('没有 123456 号')
  })
})

test('nobody else sees or settles anything', async () => {
  await open()
  await loseReceipts(['a'])
  for (const text of ['/状态 不确定', '/状态 补发 123456', '/状态 已到 123456']) {
    const [answer] = await fake.whisper('501', text, patient)
    expect(answer).toBeTruthy()
    expect(answer).not.toMatch(/不确定|城关镇|123456/)
  }
  expect(await app.outbox.states(['a'])).toEqual(['unknown'])
})

describe('the health endpoint', () => {
  test('says 200 while the database answers and a connection stands, with numbers only', async () => {
    await open()
    await loseReceipts(['a'])
    const response = await get('/healthz')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({
      status: 'ok',
      database: 'ok',
      connections: { onebot: { all: 1, online: 1 } },
      messages: { pending: 0, leased: 0, sent: 0, unknown: 1, parked: 0, failed: 0 },
      failures: { network: 1 },
    })
  })

  test('says 503 when no connection stands, and 200 again', async () => {
    await open()
    fake.fault = ({ action }) => (action === 'get_login_info' ? { kind: 'stall' } : undefined)
    fake.cut()
    await vi.waitFor(async () => expect((await get('/healthz')).status).toBe(503))
    expect(await (await get('/healthz')).json()).toMatchObject({ status: 'down', database: 'ok' })
    fake.fault = () => undefined
    fake.cut()
    await vi.waitFor(async () => expect((await get('/healthz')).status).toBe(200), 10_000)
  })

  test('says 503 when there is no database, or it stops answering', async () => {
    await open({ withDatabase: false, silent: true })
    const response = await get('/healthz')
    expect(response.status).toBe(503)
    expect(await response.json()).toEqual({ status: 'down', database: 'down', connections: {} })
    app.registry.delete(Server as never)
    await app.stop()
    await open({ silent: true })
    expect((await get('/healthz')).status).toBe(200)
    vi.spyOn(app.bulk, 'rows').mockImplementation(() => new Promise(() => {}))
    expect((await get('/healthz')).status).toBe(503)
    vi.restoreAllMocks()
  })
})

test('the metrics are what Prometheus reads, without ids, names or texts', async () => {
  await open()
  await loseReceipts(['a'])
  const response = await get('/metrics')
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  const text = await response.text()
  for (const line of text.trimEnd().split('\n')) {
    expect(line).toMatch(/^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[a-z-]+"\})? [\d.e+-]+)$/)
  }
  expect(text).toContain('space_healthy 1\n')
  expect(text).toContain('# TYPE space_messages gauge\n')
  expect(text).toContain('space_messages{state="unknown"} 1\n')
  expect(text).toContain('space_messages_failed{reason="network"} 1\n')
  expect(text).toContain('space_connections_online{platform="onebot"} 1\n')
  for (const secret of [fake.selfId, '200', staff, '张三', '城关镇', 'secret']) {
    expect(text.replace(/^process_.*$/gm, '')).not.toContain(secret)
  }
})
