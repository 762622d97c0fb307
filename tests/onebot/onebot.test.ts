import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h } from 'koishi'
import Server from '@koishijs/plugin-server'
import * as onebot from 'koishi-plugin-space-onebot'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { startFakeOneBot } from '../platforms/onebot'
import type { Session } from 'koishi'
import type { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { Inbound } from '@space-assistant/core/delivery/channel'
import type { FakeOneBot, Options } from '../platforms/onebot'
import type {} from 'koishi-plugin-space-outbox'

let app: Context
let fake: FakeOneBot

async function start(options: Options = {}, changes: Partial<onebot.Config> = {}) {
  fake = await startFakeOneBot(options)
  const config = onebot.Config({} as onebot.Config)
  app = new Context({ prefix: ['/'] })
  app.plugin(onebot, { ...config, ...fake.config, ...changes })
  app.command('ping').action(() => 'pong')
  app.command('echo <text:text>').action((_, text) => text)
  await app.start()
  if (changes.protocol !== 'ws-reverse') await fake.online()
}

const bot = () => app.bots[0]!
const failure = async (promise: Promise<unknown>): Promise<PlatformSendError> =>
  promise.then(
    () => expect.unreachable('the send went through'),
    (error: unknown) => error as PlatformSendError,
  )

const cleanup: (() => void)[] = []

afterEach(async () => {
  for (const act of cleanup.splice(0)) act()
  await app.stop()
  await fake.close()
})

describe('a conversation', () => {
  beforeEach(() => start())

  test('a command with slash and one after an @ are answered, chat is not', async () => {
    expect(await fake.say('200', '300', '/ping')).toEqual(['pong'])
    expect(await fake.say('200', '300', ' ping', { at: true })).toEqual(['pong'])
    expect(await fake.say('200', '300', 'ping', { wait: 200 })).toEqual([])
    expect(await fake.whisper('300', '/ping')).toEqual(['pong'])
  })

  test('name, card and role of the speaker are known', async () => {
    const seen = new Promise<Session>((resolve) => app.on('message', resolve))
    await fake.say('200', '300', 'x', { wait: 50, nickname: '小王', card: '王老师', role: 'admin' })
    const { event } = await seen
    expect(event.user?.name).toBe('小王')
    expect(event.member).toEqual({ nick: '王老师', roles: [{ id: 'admin' }] })
    expect(event.guild?.id).toBe('200')
  })

  test('5: a message that is pushed again is answered once', async () => {
    expect(await fake.say('200', '300', '/ping', { id: 77 })).toEqual(['pong'])
    expect(await fake.say('200', '300', '/ping', { id: 77, wait: 200 })).toEqual([])
  })

  test('4: what the bot itself said is no command', async () => {
    expect(await fake.say('200', fake.selfId, '/ping', { wait: 200 })).toEqual([])
  })

  test('every inbound message is told to the outbox, chat too', async () => {
    const heard: Inbound[] = []
    app.on('space/inbound', (inbound) => void heard.push(inbound))
    await fake.say('200', '300', 'hello', { id: 55, wait: 50 })
    expect(heard).toMatchObject([
      { platform: 'onebot', selfId: '10001', channelId: '200', replyId: '55', replyKind: 'message' },
    ])
  })

  test('a quoted message is known by id and text, and by id alone once it is gone', async () => {
    const sessions: Session[] = []
    app.on('message', (session) => void sessions.push(session))
    const [id] = await bot().sendMessage('200', 'ticket 7')
    await fake.say('200', '300', 'done', { quote: id!, wait: 50 })
    await fake.say('200', '300', 'done', { quote: '999999', wait: 50 })
    await vi.waitFor(() => expect(sessions).toHaveLength(2), { timeout: 10_000 })
    expect(sessions.map(({ quote }) => [quote?.id, quote?.content])).toEqual([
      [id, 'ticket 7'],
      ['999999', ''],
    ])
  })

  test.each(['message', 'notice', 'both'] as const)('a file comes in once, as <file> (%s)', async (as) => {
    const files: h[] = []
    app.on('message', (session) => void files.push(...h.select(session.elements ?? [], 'file')))
    const bytes = Buffer.from('PK\u0003\u0004 sheet')
    await fake.sayFile('200', '300', { name: '记录.xlsx', bytes }, { as, wait: 200 })
    expect(files).toHaveLength(1)
    expect(files[0]!.attrs).toMatchObject({ title: '记录.xlsx', size: bytes.length })
    const response = await fetch(String(files[0]!.attrs['src']))
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  })

  test('a file goes out as bytes, a picture inside the message', async () => {
    const data = Buffer.from('名单').toString('base64')
    await bot().sendMessage('200', h('file', { src: `data:text/plain;base64,${data}`, title: '名单.csv' }))
    await bot().sendMessage('200', [h.text('look'), h.image(Buffer.from('x'), 'image/png')])
    expect(fake.delivered[0]?.file).toEqual({ name: '名单.csv', bytes: Buffer.from('名单') })
    expect(fake.delivered[1]?.segments[1]).toMatchObject({ type: 'image', data: { file: 'base64://eA==' } })
  })

  test('an implementation without uploads is asked once and remembered', async () => {
    fake.fault = ({ action }) =>
      action.startsWith('upload') ? { kind: 'refuse', retcode: 1404, wording: 'unsupported' } : undefined
    const file = h('file', { src: 'data:text/plain;base64,eA==', title: 'x.csv' })
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await failure(bot().sendMessage('200', file))).toMatchObject({
        class: 'content',
        outcome: 'rejected',
      })
    }
    expect(fake.calls.filter(({ action }) => action === 'upload_group_file')).toHaveLength(1)
  })

  test('a long text arrives whole in several messages', async () => {
    const text = '空间登录\n'.repeat(1500)
    const ids = await bot().sendMessage('200', text)
    expect(ids).toHaveLength(3)
    expect(fake.texts('200').join('\n')).toBe(text.trimEnd())
  })
})

describe('failures', () => {
  beforeEach(() => start())

  const cases: [title: string, retcode: number, wording: string, expected: object][] = [
    [
      '21: retcode 1200 is an unknown outcome and keeps its words',
      1200,
      'EventChecker Failed: "result": -1, "errMsg": "rich media transfer failed"',
      {
        class: 'server',
        outcome: 'unknown',
        code: 1200,
        detail: expect.stringContaining('rich media') as string,
      },
    ],
    ['muted', 1200, 'EventRet: {"result": 120}', { class: 'muted', outcome: 'rejected' }],
    ['no longer in the group', 1200, 'EventRet: {"result": 110}', { class: 'gone', outcome: 'rejected' }],
    ['accepted, and sent later', 1, '', { class: 'audit', outcome: 'delivered' }],
    ['an action that is not known', 1404, '', { class: 'content', outcome: 'rejected' }],
    ['bad parameters', 1400, 'bad', { class: 'content', outcome: 'rejected' }],
  ]
  test.each(cases)('%s', async (_title, retcode, wording, expected) => {
    fake.fault = ({ action }) =>
      action === 'send_group_msg' ? { kind: 'refuse', retcode, wording } : undefined
    const error = await failure(bot().sendMessage('200', 'secret text'))
    expect(error).toMatchObject(expected)
    expect(String(error.stack)).not.toContain('secret text')
    expect(sendErrorOf(error, 'onebot')).toBe(error)
  })

  test('17: a connection that falls in the middle of a send is unknown at once, not after the time-out', async () => {
    fake.fault = ({ action }) => (action === 'send_group_msg' ? { kind: 'drop', delivered: true } : undefined)
    const started = Date.now()
    expect(await failure(bot().sendMessage('200', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'unknown',
    })
    expect(Date.now() - started).toBeLessThan(500)
  })

  test('10: no answer in time is unknown', async () => {
    await app.stop()
    await fake.close()
    await start({}, { responseTimeout: 100 })
    fake.fault = ({ action }) =>
      action === 'send_group_msg' ? { kind: 'stall', delivered: true } : undefined
    expect(await failure(bot().sendMessage('200', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'unknown',
    })
  })

  test('18: a forward connection comes back by itself; in between a send is rejected, nothing written', async () => {
    await app.stop()
    await fake.close()
    await start({}, { retryMin: 400, retryMax: 400 })
    fake.cut()
    await vi.waitFor(() => expect(bot().status).toBe(4))
    expect(await failure(bot().sendMessage('200', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'rejected',
    })
    await fake.online(2)
    expect(await fake.say('200', '300', '/ping')).toEqual(['pong'])
    expect(fake.texts('200')).not.toContain('x')
  })

  test('the first refused part stops the rest, and the error lists what was sent', async () => {
    let sends = 0
    fake.fault = ({ action }) =>
      action === 'send_group_msg' && ++sends === 2 ? { kind: 'refuse', retcode: 1400 } : undefined
    const error = await failure(bot().sendMessage('200', '空间登录\n'.repeat(1500)))
    expect(error).toMatchObject({ class: 'content', sent: [fake.delivered[0]!.id] })
    expect(sends).toBe(2)
  })

  test('no timer of an answered call is left to hold its parameters', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    for (let i = 0; i < 20; i++) await bot().sendMessage('200', 'x')
    const after = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
    expect(after - before).toBeLessThan(5)
  })
})

describe('ws-reverse', () => {
  async function reverse(token = 'secret') {
    await start({ token }, { protocol: 'ws-reverse', path: '/onebot' })
    const fork = app.plugin(Server as never, { port: 15_140, maxPort: 15_240, host: '127.0.0.1' })
    // The server logs when it is disposed, which it cannot do any more once the whole app stops.
    cleanup.push(() => fork.dispose())
    await vi.waitFor(() => expect(app.server?.port).toBeTruthy())
    return `ws://127.0.0.1:${app.server.port}/onebot`
  }

  test('19: a wrong token and a missing one are closed with 1008 before anything is heard', async () => {
    const url = await reverse()
    const heard = vi.fn()
    app.on('message', heard)
    for (const headers of [{ Authorization: 'Bearer wrong' }, { Authorization: '' }]) {
      const { closed, socket } = await fake.dial(url, headers)
      fake.push(
        { post_type: 'message', message_type: 'group', message_id: 1, user_id: 2, group_id: 3, message: 'x' },
        socket,
      )
      expect(await closed).toBe(1008)
    }
    expect(heard).not.toHaveBeenCalled()
    expect(bot().status).not.toBe(1)
  })

  test('the right token comes in, also as a query', async () => {
    const url = await reverse()
    await fake.dial(url)
    expect(await fake.say('200', '300', '/ping')).toEqual(['pong'])
    fake.cut()
    await fake.dial(`${url}?access_token=secret`, { Authorization: '' })
    await fake.online(2)
    expect(await fake.say('200', '300', '/ping')).toEqual(['pong'])
  })

  test('two clients that throw each other out: the one that is there stays, and staff are told', async () => {
    const url = await reverse()
    const told: string[] = []
    app.on('space/trouble', ({ what }) => void told.push(what))
    const dialled = []
    for (let times = 0; times < 5; times++) dialled.push(await fake.dial(url))
    expect(await dialled.at(-1)?.closed).toBe(1008)
    expect(told).toEqual(['two-connections'])
    expect(await fake.say('200', '300', '/ping')).toEqual(['pong'])
  })

  test('20: when an old socket closes late, the connection that took its place lives on', async () => {
    const url = await reverse()
    const old = await fake.dial(url)
    await fake.online()
    await fake.dial(url)
    await fake.online(2)
    old.socket.terminate()
    await old.closed
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(bot().status).toBe(1)
    expect(await bot().sendMessage('200', 'still here')).toHaveLength(1)
  })
})

test('without ONEBOT_SELF_ID the adapter is off; a wrong endpoint is said at start', async () => {
  await start()
  const config = onebot.Config({} as onebot.Config)
  onebot.apply(app, config)
  expect(app.bots).toHaveLength(1)
  expect(() => onebot.apply(app, { ...config, selfId: '1', protocol: 'ws' })).toThrow('ONEBOT_ENDPOINT')
})
