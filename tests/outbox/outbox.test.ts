import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import * as qq from 'koishi-plugin-space-qq'
import * as wecom from 'koishi-plugin-space-wecom'
import Outbox from 'koishi-plugin-space-outbox'
import { stores } from '../database/stores'
import { startFakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { NewMessage } from 'koishi-plugin-space-outbox'
import type { Store } from '../database/stores'
import type { FakeOneBot } from '../platforms/onebot'
import type { FakeQq } from '../platforms/qq'

const G = '6A8B3C2D1E0F'
const U = 'F0E1D2C3B4A5'

let store: Store
let app: Context
let fakeQq: FakeQq
let fakeOneBot: FakeOneBot

const quick = {
  tickMs: 50,
  calmMs: 100,
  digestDelayMs: 100,
  quotas: false,
  quietFrom: '00:00',
  quietTo: '00:00',
}

function plugins(changes: object = {}) {
  return (context: Context) => {
    context.plugin(Outbox, { ...new Outbox.Config(), ...quick, ...changes })
    context.plugin(qq, { ...qq.Config({} as qq.Config), ...fakeQq.config })
    context.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fakeOneBot.config })
  }
}

async function open(changes: object = {}) {
  app = await store.open(plugins(changes))
  app.command('ping').action(() => 'pong')
  await vi.waitFor(() => expect(app.bots.map(({ status }) => Number(status))).toEqual([1, 1]))
}

beforeEach(async () => {
  store = await stores['SQLite in memory']()
  fakeQq = await startFakeQq()
  fakeOneBot = await startFakeOneBot()
})

afterEach(async () => {
  vi.useRealTimers()
  await app.parallel('exit', 'SIGTERM')
  await store.close(app)
  await store.drop()
  await fakeQq.close()
  await fakeOneBot.close()
})

const toQq = (channelId = G) => ({ platform: 'qq', selfId: fakeQq.selfId, channelId })
const toOneBot = (channelId = '200') => ({ platform: 'onebot', selfId: fakeOneBot.selfId, channelId })
const message = (key: string, target = toOneBot(), more: Partial<NewMessage> = {}): NewMessage => ({
  ...{ key, target, kind: 'test', content: h.text(`text of ${key}`), batch: 'b' },
  ...more,
})
const states = async (...keys: string[]) => app.outbox.states(keys)
const until = (keys: string[], expected: (string | undefined)[]) =>
  vi.waitFor(async () => expect(await states(...keys)).toEqual(expected), { timeout: 8000, interval: 20 })

describe('once', () => {
  test('a message arrives, and the same key again changes nothing', async () => {
    await open()
    expect(await app.outbox.enqueue(message('a'))).toBe(1)
    await until(['a'], ['sent'])
    expect(await app.outbox.enqueue([message('a'), message('b')])).toBe(1)
    await until(['b'], ['sent'])
    expect(fakeOneBot.texts('200')).toEqual(['text of a', 'text of b'])
  })

  test('it belongs to the transaction that causes it', async () => {
    await open()
    await expect(
      app.database.withTransaction(async () => {
        await app.outbox.enqueue(message('a'))
        throw new Error('undo')
      }),
    ).rejects.toThrow('undo')
    expect(await states('a')).toEqual([undefined])
    await app.database.withTransaction(async () => void (await app.outbox.enqueue(message('a'))))
    await until(['a'], ['sent'])
  })

  test('messages of a conversation keep their order, an answer before a bulletin', async () => {
    await open()
    const notBefore = Date.now() + 200
    const keys = ['a', 'b', 'c', 'd']
    await app.outbox.enqueue(
      keys.map((key) => message(key, toOneBot(), { notBefore, priority: key === 'd' ? 'answer' : 'nudge' })),
    )
    await until(keys, ['sent', 'sent', 'sent', 'sent'])
    expect(fakeOneBot.texts('200')).toEqual(['text of d', 'text of a', 'text of b', 'text of c'])
  })

  test('the key is found by what the platform calls the message', async () => {
    await open()
    await app.outbox.enqueue(message('a'))
    await until(['a'], ['sent'])
    const { id } = fakeOneBot.delivered[0]!
    expect(await app.outbox.sentAs(toOneBot(), id)).toBe('a')
    expect(await app.outbox.sentAs(toOneBot('201'), id)).toBeUndefined()
    expect((await app.outbox.receipts({ key: 'a' }))[0]).toMatchObject({ state: 'sent', messages: [id] })
  })

  test('what is cancelled, expired or not yet due is not sent', async () => {
    await open()
    await app.outbox.enqueue([
      message('late', toOneBot(), { expiresAt: Date.now() - 1 }),
      message('soon', toOneBot(), { notBefore: Date.now() + 400 }),
      message('never', toOneBot(), { notBefore: Date.now() + 400, batch: 'x' }),
    ])
    expect(await app.outbox.cancel({ batch: 'x' })).toBe(1)
    await until(['late', 'soon', 'never'], ['failed', 'sent', 'failed'])
    expect(fakeOneBot.texts('200')).toEqual(['text of soon'])
  })
})

describe('a group whose owner does not let the bot speak first', () => {
  test('8: what cannot be said is parked, and follows the next answer as one digest within the reply budget', async () => {
    await open()
    await app.outbox.enqueue(['a', 'b', 'c', 'd', 'e'].map((key) => message(key, toQq())))
    await until(['a', 'e'], ['parked', 'parked'])
    expect(app.outbox.channel(toQq()).mode).toBe('passive-only')
    const replies = await fakeQq.say(G, U, 'ping', { quiet: 500 })
    expect(replies).toEqual(['pong', ['a', 'b', 'c', 'd', 'e'].map((key) => `text of ${key}`).join('\n\n')])
    await until(['a', 'b', 'c', 'd', 'e'], ['sent', 'sent', 'sent', 'sent', 'sent'])
    expect(fakeQq.delivered[1]!.body).toMatchObject({ msg_seq: 101 })
    // Refused once, not five times.
    expect(fakeQq.calls.filter(({ path }) => path.endsWith('/messages'))).toHaveLength(3)
  })

  test('9: when the owner turns the switch, it is said at once', async () => {
    await open()
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    fakeQq.turnSwitch(G, true)
    await until(['a'], ['sent'])
  })

  test('it goes another way where there is one', async () => {
    await open()
    await app.outbox.enqueue(message('a', toQq(), { alternatives: [toOneBot()] }))
    await until(['a'], ['sent'])
    expect(fakeOneBot.texts('200')).toEqual(['text of a'])
  })

  test('not once it is worth nothing any more', async () => {
    await open()
    const late = { alternatives: [toOneBot()], expiresAt: Date.now() - 1 }
    await app.outbox.enqueue([message('late', toQq(), late), message('after', toOneBot())])
    await until(['late', 'after'], ['failed', 'sent'])
    expect(fakeOneBot.texts('200')).toEqual(['text of after'])
    // It was not even handed to the other bot.
    const [row] = await app.database.get('space_message', { id: 'late' })
    expect([row?.channel, row?.reason]).toEqual([G, 'expired'])
  })

  test('10: an answer whose receipt was lost is settled by the same attempt, and shown once', async () => {
    await open()
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    let drops = 2
    fakeQq.fault = ({ body }) =>
      Number(body['msg_seq']) > 100 && drops-- > 0 ? { kind: 'drop', delivered: true } : undefined
    await fakeQq.say(G, U, 'ping', { quiet: 500 })
    await until(['a'], ['sent'])
    expect(fakeQq.texts(G)).toEqual(['pong', 'text of a'])
  })
})

describe('quiet hours', () => {
  const night = { quietFrom: '21:30', quietTo: '07:00' }
  const clock = (text: string) => vi.setSystemTime(new Date(`${text}+08:00`))

  test('a ticket answer goes, a nudge and an announcement wait until the morning, in order', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T21:29:50+08:00') })
    await open(night)
    await app.outbox.enqueue(message('evening', toOneBot()))
    await until(['evening'], ['sent'])
    clock('2022-03-09T21:30:00')
    await app.outbox.enqueue([
      message('announcement', toOneBot()),
      message('nudge', toOneBot(), { priority: 'nudge' }),
      message('answer', toOneBot(), { kind: 'ticket', priority: 'answer' }),
      message('urgent', toOneBot(), { anytime: true }),
    ])
    await until(['answer', 'urgent', 'nudge', 'announcement'], ['sent', 'sent', 'pending', 'pending'])
    clock('2022-03-10T06:59:59')
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fakeOneBot.texts('200')).toEqual(['text of evening', 'text of answer', 'text of urgent'])
    clock('2022-03-10T07:00:00')
    await until(['nudge', 'announcement'], ['sent', 'sent'])
    expect(fakeOneBot.texts('200').slice(3)).toEqual(['text of announcement', 'text of nudge'])
  })

  test('they begin while a conversation is served, and its answers still go', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T21:29:50+08:00') })
    await open({ ...night, queues: 1 })
    fakeOneBot.fault = () => {
      if (fakeOneBot.delivered.length === 1) clock('2022-03-09T21:30:00')
      return undefined
    }
    const keys = ['a', 'b', 'c', 'd']
    await app.outbox.enqueue(keys.map((key) => message(key, toOneBot(), { anytime: key === 'd' })))
    await until(keys, ['sent', 'sent', 'pending', 'sent'])
  })

  test('what has been begun before them is brought to its end, once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T21:29:50+08:00') })
    await open(night)
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    let lost = false
    fakeQq.fault = ({ body }) => {
      if (lost || Number(body['msg_seq']) <= 100) return undefined
      lost = true
      clock('2022-03-09T21:30:00')
      return { kind: 'drop', delivered: true }
    }
    await fakeQq.say(G, U, 'ping', { quiet: 500 })
    expect(lost).toBe(true)
    clock('2022-03-09T21:31:00')
    await until(['a'], ['sent'])
    expect(fakeQq.texts(G)).toEqual(['pong', 'text of a'])
  })

  test('kinds that the configuration names go whatever the hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T23:00:00+08:00') })
    await open({ ...night, anytimeKinds: ['alarm'] })
    await app.outbox.enqueue([message('a', toOneBot(), { kind: 'alarm' }), message('b')])
    await until(['a', 'b'], ['sent', 'pending'])
  })

  test('a time that is none is refused with what is permitted', () => {
    const settings = { ...new Outbox.Config(), quietFrom: '25:00' }
    expect(() => Outbox.apply(new Context(), settings)).toThrow('quietFrom is 25:00')
  })
})

describe('a restart', () => {
  beforeEach(async () => void (store = await stores['SQLite file']()))

  async function restart(changes: object = {}) {
    await app.parallel('exit', 'SIGTERM')
    await store.close(app)
    const logins = fakeQq.logins
    await open(changes)
    await fakeQq.online(logins + 1)
  }

  test('does not forget what somebody said before it: what waited follows within the window', async () => {
    await open({ digestDelayMs: 60_000 })
    await app.outbox.enqueue(['a', 'b'].map((key) => message(key, toQq())))
    await until(['a', 'b'], ['parked', 'parked'])
    expect(await fakeQq.say(G, U, 'ping', { quiet: 300 })).toEqual(['pong'])
    await restart()
    await until(['a', 'b'], ['sent', 'sent'])
    expect(fakeQq.texts(G)).toEqual(['pong', 'text of a\n\ntext of b'])
  })

  test('an answer after it has a number of its own, or the platform would take it for the one before', async () => {
    await open()
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    await fakeQq.say(G, U, 'ping', { quiet: 300 })
    await until(['a'], ['sent'])
    await restart()
    await app.outbox.enqueue(message('b', toQq()))
    await until(['b'], ['sent'])
    expect(fakeQq.texts(G)).toEqual(['pong', 'text of a', 'text of b'])
    expect(fakeQq.delivered.map(({ body }) => body['msg_seq'])).toEqual([1, 101, 111])
  })

  test('in the quiet hours brings what was begun before them to its end', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T21:29:50+08:00') })
    const night = { quietFrom: '21:30', quietTo: '07:00' }
    await open(night)
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    let lost = 0
    fakeQq.fault = ({ body }) =>
      Number(body['msg_seq']) > 100 ? { kind: 'drop', delivered: ++lost === 1 } : undefined
    await fakeQq.say(G, U, 'ping', { quiet: 300 })
    expect(lost).toBeGreaterThan(0)
    expect(await states('a')).toEqual(['pending'])
    vi.setSystemTime(new Date('2022-03-09T21:31:00+08:00'))
    fakeQq.fault = () => undefined
    await restart(night)
    await until(['a'], ['sent'])
    expect(fakeQq.texts(G)).toEqual(['pong', 'text of a'])
  })

  test('the window goes on: what was said too long ago answers nothing', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T12:00:00+08:00') })
    await open({ digestDelayMs: 60_000 })
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    await fakeQq.say(G, U, 'ping', { quiet: 300 })
    vi.setSystemTime(new Date('2022-03-09T12:04:56+08:00'))
    await restart()
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await states('a')).toEqual(['parked'])
    expect(fakeQq.texts(G)).toEqual(['pong'])
  })

  test('a message that the platform pushes again afterwards is not answered from the beginning', async () => {
    await open()
    await app.outbox.enqueue(message('a', toQq()))
    await until(['a'], ['parked'])
    await fakeQq.say(G, U, 'hello', { id: 'SAME', quiet: 300, wait: 600 })
    await until(['a'], ['sent'])
    await restart()
    await fakeQq.say(G, U, 'hello', { id: 'SAME', quiet: 100, wait: 300 })
    await app.outbox.enqueue(message('b', toQq()))
    await until(['b'], ['sent'])
    expect(fakeQq.texts(G)).toEqual(['text of a', 'text of b'])
  })
})

test('15: a message to QQ has nothing in it that looks like an address', async () => {
  await open()
  fakeQq.turnSwitch(G, true)
  const text = 'see https://a.example.com/x?y=1, www.b.cn or notes.xlsx, score 3.5 (10.0.0.1)'
  await app.outbox.enqueue([
    message('a', toQq(), { content: h.text(text) }),
    message('b', toQq(), { content: [h('a', { href: 'https://c.example.com' }, 'the page'), h('p', text)] }),
  ])
  await until(['a', 'b'], ['sent', 'sent'])
  expect(fakeQq.texts(G)).toHaveLength(2)
  for (const sent of fakeQq.texts(G)) {
    expect(sent).not.toMatch(/:\/\/|[\p{L}\d]\.[a-z]{2}|\d\.\d+\.\d/iu)
    expect(sent).toContain('score 3.5')
  }
})

describe('failures', () => {
  test('17: nobody knows: never blindly again; staff say what became of it', async () => {
    await open()
    fakeOneBot.fault = ({ action }) =>
      action === 'send_group_msg' ? { kind: 'drop', delivered: true } : undefined
    await app.outbox.enqueue([message('a'), message('b', toOneBot('201'))])
    await until(['a', 'b'], ['unknown', 'unknown'])
    fakeOneBot.fault = () => undefined
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fakeOneBot.texts('200')).toHaveLength(1)
    expect(await app.outbox.resolve('a', 'arrived')).toBe(true)
    expect(await app.outbox.resolve('b', 'resend')).toBe(true)
    await until(['a', 'b'], ['sent', 'sent'])
    expect(fakeOneBot.texts('201')).toHaveLength(2)
    expect(await app.outbox.resolve('a', 'resend')).toBe(false)
  })

  test('a group that refuses does not hold up the others; the receipt says why', async () => {
    // One that is answered late hangs; here that is taken for slow.
    await open({ hangMs: 60_000 })
    const wordings: Record<string, string> = {
      1: 'EventRet: {"result": 110}',
      2: 'EventRet: {"result": 120}',
    }
    fakeOneBot.fault = ({ params }) => {
      const wording = wordings[String(params['group_id'])]
      if (wording) return { kind: 'refuse', retcode: 1200, wording }
      return String(params['group_id']) === '3' ? { kind: 'stall' } : undefined
    }
    const groups = Array.from({ length: 60 }, (_, index) => String(index + 1))
    await app.outbox.enqueue(groups.map((group) => message(`g${group}`, toOneBot(group))))
    await until(['g60'], ['sent'])
    // On a slow machine its time may be over by now.
    expect(['leased', 'unknown']).toContain((await states('g3'))[0])
    await until(['g3'], ['unknown'])
    const receipts = await app.outbox.receipts({ batch: 'b' })
    expect(receipts.filter(({ state }) => state === 'sent')).toHaveLength(57)
    expect(
      receipts.filter(({ state }) => state !== 'sent').map(({ key, state, reason }) => [key, state, reason]),
    ).toEqual([
      ['g1', 'failed', 'gone'],
      ['g2', 'pending', 'muted'],
      ['g3', 'unknown', 'network'],
    ])
    expect(await app.outbox.status()).toMatchObject({
      counts: { sent: 57, failed: 1, unknown: 1, pending: 1 },
      failures: { gone: 1, network: 1 },
    })
  })

  test('content that is refused goes out once more as plain text, then never', async () => {
    await open()
    fakeOneBot.fault = ({ params }) =>
      JSON.stringify(params).includes('image') ? { kind: 'refuse', retcode: 1400 } : undefined
    const content = [h.text('look '), h.image(Buffer.from('x'), 'image/png')]
    await app.outbox.enqueue(message('a', toOneBot(), { content }))
    await until(['a'], ['sent'])
    expect(fakeOneBot.texts('200')).toEqual(['look'])
  })

  test('30: stopping with a full outbox begins nothing new, loses nothing and sends nothing twice', async () => {
    store = await stores['SQLite file']()
    await open({ queues: 2 })
    const keys = Array.from({ length: 40 }, (_, index) => `k${index}`)
    await app.outbox.enqueue(keys.map((key, index) => message(key, toOneBot(String(index % 10)))))
    await vi.waitFor(() => expect(fakeOneBot.delivered.length).toBeGreaterThan(3), { interval: 1 })
    await app.parallel('exit', 'SIGTERM')
    const counts = (await app.outbox.status()).counts
    expect(counts.leased).toBe(0)
    expect(counts.unknown).toBe(0)
    expect(counts.sent).toBe(fakeOneBot.delivered.length)
    await store.close(app)
    await open()
    await until(
      keys,
      keys.map(() => 'sent'),
    )
    expect(new Set(fakeOneBot.delivered.map(({ text }) => text)).size).toBe(40)
    expect(fakeOneBot.delivered).toHaveLength(40)
  })

  test('a message of which nobody knows whether it began is taken again only once that is clear', async () => {
    await open()
    const { bulk } = app
    const [rows, batch] = [bulk.rows.bind(bulk), bulk.batch.bind(bulk)]
    let [asked, written] = [0, 0]
    let failed = () => {}
    const second = new Promise<void>((resolve) => (failed = resolve))
    // The beginning fails while the next question for what is due is under way, whose answer still has the message.
    vi.spyOn(bulk, 'batch').mockImplementation(async (statements) => {
      if (written++) return batch(statements)
      await second
      throw new Error('the connection is lost')
    })
    vi.spyOn(bulk, 'rows').mockImplementation(async (sql: string, params) => {
      const found = await rows(sql, params)
      const due = /state = 'pending'[^]*ORDER BY/.test(sql) && found.length > 0
      if (due && ++asked === 2) {
        failed()
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return found
    })
    fakeOneBot.fault = ({ action }) =>
      action === 'send_group_msg' ? { kind: 'stall', delivered: true, late: 400 } : undefined
    await app.outbox.enqueue(message('a'))
    await until(['a'], ['sent'])
    expect(asked).toBeGreaterThan(1)
    expect(fakeOneBot.texts('200')).toEqual(['text of a'])
  })

  test('what a dead process had on its way is repeated where that is safe, else nobody knows', async () => {
    store = await stores['SQLite file']()
    app = await store.open((context) => context.plugin(Outbox, { ...new Outbox.Config(), ...quick }))
    await app.outbox.enqueue(['untried', 'tried'].map((key) => message(key)))
    await app.bulk.run(`UPDATE space_message SET state = 'leased', owner = 'failed'`)
    await app.bulk.run(`UPDATE space_message SET routeKind = 'proactive' WHERE id = 'tried'`)
    await store.close(app)
    await open()
    await until(['untried', 'tried'], ['sent', 'unknown'])
    expect(fakeOneBot.texts('200')).toEqual(['text of untried'])
  })
})

test('a webhook bot of a WeCom group just speaks', async () => {
  const fake = await startFakeWecom()
  app = await store.open((context) => {
    context.plugin(Outbox, { ...new Outbox.Config(), ...quick })
    context.plugin(wecom, { ...wecom.Config({} as wecom.Config), webhooks: `育才=${fake.webhook('k')}` })
  })
  await app.outbox.enqueue(message('a', { platform: 'wecom-webhook', selfId: '育才', channelId: '育才' }))
  await until(['a'], ['sent'])
  expect(fake.texts('webhook:k')).toEqual(['text of a'])
  await fake.close()
})
