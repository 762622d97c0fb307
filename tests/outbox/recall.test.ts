import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { h } from 'koishi'
import type { Context } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import * as qq from 'koishi-plugin-space-qq'
import * as wecom from 'koishi-plugin-space-wecom'
import Outbox from 'koishi-plugin-space-outbox'
import { launchMariaDB } from '../database/mariadb'
import type { MariaDB } from '../database/mariadb'
import { mariaStore, stores } from '../database/stores'
import type { Store } from '../database/stores'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'

const G = '6A8B3C2D1E0F'
const SWITCHED_OFF = 'B1B2B3B4B5B6'
/** Waits as long as a busy machine may take. */
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 8000, interval: 20 })
const quick = { tickMs: 50, digestDelayMs: 100, quotas: false, quietFrom: '00:00', quietTo: '00:00' }

let fakeQq: FakeQq
let fakeOneBot: FakeOneBot
let fakeWecom: FakeWecom

beforeEach(async () => {
  fakeQq = await startFakeQq({ proactive: [G] })
  fakeOneBot = await startFakeOneBot()
  fakeWecom = await startFakeWecom()
  fakeWecom.spoken.add('wrA')
})
afterEach(async () => {
  vi.useRealTimers()
  await fakeQq.close()
  await fakeOneBot.close()
  await fakeWecom.close()
})

const plugins = (context: Context) => {
  context.plugin(Outbox, { ...new Outbox.Config(), ...quick })
  context.plugin(qq, { ...qq.Config({} as qq.Config), ...fakeQq.config })
  context.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fakeOneBot.config })
  context.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fakeWecom.config })
}
const targets = () => ({
  qq: { platform: 'qq', selfId: fakeQq.selfId, channelId: G },
  onebot: { platform: 'onebot', selfId: fakeOneBot.selfId, channelId: '200' },
  wecom: { platform: 'wecom', selfId: fakeWecom.botId, channelId: 'wrA' },
})

describe.each(['SQLite in memory', 'MariaDB'] as const)('taking back, on %s', (name) => {
  let server: MariaDB | undefined
  let store: Store
  let app: Context

  beforeAll(async () => {
    if (name === 'MariaDB') server = await launchMariaDB()
  })
  afterAll(() => server?.stop())
  beforeEach(async () => {
    store = await (server ? mariaStore(server) : stores[name]())
    app = await open()
  })
  afterEach(async () => {
    await close()
    await store.drop()
  })

  async function open(): Promise<Context> {
    const opened = await store.open(plugins)
    await eventually(() => expect(opened.bots.map(({ status }) => Number(status))).toEqual([1, 1, 1]))
    return opened
  }
  async function close(): Promise<void> {
    await app.parallel('exit', 'SIGTERM')
    await store.close(app)
  }

  const send = (...names: ('qq' | 'onebot' | 'wecom')[]) =>
    app.outbox.enqueue(
      names.map((key) => ({
        key,
        target: targets()[key],
        kind: 'test',
        batch: 'b',
        content: h.text('写错了'),
      })),
    )
  const receipts = async () =>
    (await app.outbox.receipts({ batch: 'b' })).map(({ key, state, recall }) =>
      `${key} ${state} ${recall}`.trim(),
    )
  const until = (expected: string[]) =>
    eventually(async () => expect((await receipts()).sort()).toEqual([...expected].sort()))

  test('removes what the platforms let go, and says where they do not', async () => {
    await send('qq', 'onebot', 'wecom')
    await until(['qq sent', 'onebot sent', 'wecom sent'])
    expect(await app.outbox.recall({ batch: 'b' })).toBe(3)
    await until(['qq sent done', 'onebot sent done', 'wecom sent unsupported'])
    expect(fakeQq.recalled).toEqual(fakeQq.delivered.map(({ id }) => id))
    expect(fakeOneBot.recalled).toEqual(fakeOneBot.delivered.map(({ id }) => id))
    // Asking again asks no platform again.
    expect(await app.outbox.recall({ batch: 'b' })).toBe(0)
  })

  test('what has not been sent yet is not sent any more', async () => {
    fakeOneBot.fault = ({ action }) =>
      action === 'send_group_msg' ? { kind: 'refuse', retcode: 1200, wording: '"result": 120' } : undefined
    await send('onebot', 'qq')
    await until(['onebot pending', 'qq sent'])
    expect(await app.outbox.recall({ batch: 'b' })).toBe(1)
    await until(['onebot failed', 'qq sent done'])
  })

  test('what is on its way is taken back as soon as it has arrived', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    const bot = app.bots.find(({ platform }) => platform === 'onebot') as unknown as Record<string, unknown>
    const plain = bot['createMessage'] as (...given: unknown[]) => Promise<unknown>
    bot['createMessage'] = async (...given: unknown[]) => {
      const result = await plain.apply(bot, given)
      await held
      return result
    }
    await send('onebot')
    await until(['onebot leased'])
    expect(await app.outbox.recall({ batch: 'b' })).toBe(1)
    expect(fakeOneBot.recalled).toEqual([])
    release()
    await until(['onebot sent done'])
    expect(fakeOneBot.recalled).toHaveLength(1)
  })

  test('an answer that is lost is asked for again', async () => {
    await send('onebot')
    await until(['onebot sent'])
    let times = 0
    fakeOneBot.fault = ({ action }) =>
      action === 'delete_msg' && ++times === 1 ? { kind: 'drop', delivered: true } : undefined
    await app.outbox.recall({ batch: 'b' })
    // The second attempt finds nothing: nobody can tell an old deletion from a refusal.
    await until(['onebot sent unknown'])
    expect(fakeOneBot.recalled).toHaveLength(1)
  })

  test('QQ lets go for two minutes only', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await send('qq')
    await until(['qq sent'])
    vi.setSystemTime(Date.now() + 121_000)
    await app.outbox.recall({ batch: 'b' })
    await until(['qq sent late'])
    expect(fakeQq.calls.filter(({ method }) => method === 'DELETE')).toEqual([])
  })

  test('a refusal is final, until somebody asks again', async () => {
    await send('qq')
    await until(['qq sent'])
    fakeQq.fault = ({ method }) => (method === 'DELETE' ? { kind: 'refuse', code: 306004 } : undefined)
    await app.outbox.recall({ batch: 'b' })
    await until(['qq sent refused'])
    fakeQq.fault = () => undefined
    expect(await app.outbox.recall({ batch: 'b' })).toBe(1)
    await until(['qq sent done'])
  })

  test('of a digest nothing is torn out', async () => {
    const target = { ...targets().qq, channelId: SWITCHED_OFF }
    const messages = ['a', 'c'].map((key) => ({
      key,
      target,
      kind: 'test',
      batch: key,
      content: h.text(key),
    }))
    await app.outbox.enqueue(messages)
    await eventually(async () => expect(await app.outbox.states(['a', 'c'])).toEqual(['parked', 'parked']))
    await fakeQq.say(SWITCHED_OFF, 'U', '/x')
    await eventually(async () => expect(await app.outbox.states(['a', 'c'])).toEqual(['sent', 'sent']))
    expect(fakeQq.texts(SWITCHED_OFF)).toEqual(['a\n\nc'])
    await app.outbox.recall({ key: 'a' })
    await eventually(async () => expect((await app.outbox.receipts({ key: 'a' }))[0]?.recall).toBe('joined'))
    expect(fakeQq.recalled).toEqual([])
  })

  test('a transaction that fails asks for nothing', async () => {
    await send('onebot')
    await until(['onebot sent'])
    const failing = app.database.withTransaction(async () => {
      await app.outbox.recall({ batch: 'b' })
      throw new Error('undo')
    })
    await expect(failing).rejects.toThrow('undo')
    expect(await receipts()).toEqual(['onebot sent'])
  })
})

test('a process that dies in the middle leaves it to the next one, which finishes it or says that it may be done', async () => {
  const store = await stores['SQLite file']()
  let app = await store.open(plugins)
  const online = () =>
    eventually(() => expect(app.bots.map(({ status }) => Number(status))).toEqual([1, 1, 1]))
  await online()
  const target = targets().onebot
  const keys = ['a', 'b', 'c']
  await app.outbox.enqueue(
    keys.map((key) => ({ key, target, kind: 'test', batch: 'b', content: h.text(key) })),
  )
  await eventually(async () => expect(await app.outbox.states(keys)).toEqual(['sent', 'sent', 'sent']))
  // As if it had died with one taken back, one under way and one not begun.
  const rows = keys.map((id) => ({
    id,
    bot: `onebot:${fakeOneBot.selfId}`,
    batch: 'b',
    askedAt: 1,
    notBefore: 0,
  }))
  const begun = fakeOneBot.delivered[1]!.id
  await app.parallel('exit', 'SIGTERM')
  const states = ['done', 'begun', 'asked']
  await app.bulk.insert(
    'space_recall',
    rows.map((row, at) => ({ ...row, state: states[at]!, attempts: 0 })),
  )
  await store.close(app)
  fakeOneBot.fault = ({ action, params }) =>
    action === 'delete_msg' && String(params['message_id']) === begun
      ? { kind: 'refuse', retcode: 1404 }
      : undefined
  app = await store.open(plugins)
  await online()
  await eventually(async () =>
    expect((await app.outbox.receipts({ batch: 'b' })).map(({ recall }) => recall)).toEqual([
      'done',
      'unknown',
      'done',
    ]),
  )
  expect(fakeOneBot.recalled).toEqual([fakeOneBot.delivered[2]!.id])
  await app.parallel('exit', 'SIGTERM')
  await store.close(app)
  await store.drop()
})
