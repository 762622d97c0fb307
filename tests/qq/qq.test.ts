import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h } from 'koishi'
import * as qq from 'koishi-plugin-space-qq'
import { startFakeQq } from '../platforms/qq'
import type { Session } from 'koishi'
import type { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import type { FakeQq, QqCall, QqFault, QqOptions } from '../platforms/qq'
import type {} from 'koishi-plugin-space-outbox'

const G = '6A8B3C2D1E0F'
const U = 'F0E1D2C3B4A5'

let app: Context
let fake: FakeQq

async function start(
  options: QqOptions = {},
  changes: Partial<qq.Config> = {},
  prepare?: (fake: FakeQq) => void,
) {
  fake = await startFakeQq(options)
  prepare?.(fake)
  app = new Context({ prefix: ['/', '／'] })
  app.plugin(qq, { ...qq.Config({} as qq.Config), ...fake.config, ...changes })
  app.command('ping').action(() => 'pong')
  app.command('say <text:rawtext>').action((_, text) => text)
  await app.start()
}

const bot = () => app.bots[0]!
const online = () => vi.waitFor(() => expect(bot().status).toBe(1))
const messages = ({ path }: QqCall) => path.endsWith('/messages')
const failMessages = (fault: QqFault, times = Infinity) => {
  fake.fault = (call) => (messages(call) && times-- > 0 ? fault : undefined)
}
const failure = async (promise: Promise<unknown>): Promise<PlatformSendError> =>
  promise.then(
    () => expect.unreachable('the send went through'),
    (error: unknown) => error as PlatformSendError,
  )

afterEach(async () => {
  vi.useRealTimers()
  await app.stop()
  await fake.close()
})

describe('hearing', () => {
  beforeEach(() => start())

  test('an @ message and a private message are answered, each as an answer to it', async () => {
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(await fake.say(G, U, 'ping')).toEqual(['pong'])
    expect(await fake.whisper(U, '/ping')).toEqual(['pong'])
    expect(fake.delivered.every(({ body }) => body.msg_id && body.msg_seq === 1)).toBe(true)
  })

  test('1: a group that hands over everything is heard: commands are answered, chat is not', async () => {
    expect(await fake.say(G, U, '/ping', { full: true })).toEqual(['pong'])
    expect(await fake.say(G, U, 'ping', { full: true, wait: 150 })).toEqual([])
  })

  test.each(['kept', 'missing'] as const)(
    '2: an @ of the bot is known with its marker %s',
    async (marker) => {
      expect(await fake.say(G, U, 'ping', { full: true, at: true, marker })).toEqual(['pong'])
      expect(await fake.say(G, U, '/ping', { full: true, at: true, marker })).toEqual(['pong'])
    },
  )

  test('3: what is said to another bot is not answered, what is said about a person is', async () => {
    const other = { id: 'OTHERBOT', member_openid: 'OTHERBOT', username: 'other', bot: true, is_you: false }
    const person = { ...other, id: 'PERSON', member_openid: 'PERSON', bot: false }
    const say = (mention: object) =>
      fake.say(G, U, '/ping', { full: true, mentions: [mention as Record<string, unknown>], wait: 150 })
    expect(await say(other)).toEqual([])
    expect(await say(person)).toEqual(['pong'])
  })

  test('4: neither other bots nor the own echo are answered', async () => {
    expect(await fake.say(G, 'BOT', '/ping', { full: true, bot: true, wait: 150 })).toEqual([])
    expect(await fake.say(G, fake.selfId, '/ping', { full: true, wait: 150 })).toEqual([])
  })

  test('5: a message that is pushed twice is answered once', async () => {
    expect(await fake.say(G, U, '/ping', { id: 'ROBOT1.0_x' })).toEqual(['pong'])
    expect(await fake.say(G, U, '/ping', { id: 'ROBOT1.0_x', full: true, wait: 150 })).toEqual([])
  })

  test('name, role, group without group_id, quotation and files are known', async () => {
    const sessions: Session[] = []
    app.on('message', (session) => void sessions.push(session))
    const attachments = [
      { content_type: 'file', url: '//files.test/a?rkey=1', filename: '记录.xlsx', size: 12 },
    ]
    await fake.say(G, U, 'x', {
      full: true,
      bare: true,
      username: '王老师',
      role: 'owner',
      attachments,
      wait: 50,
    })
    const [reply] = await fake.say(G, U, '/ping')
    expect(reply).toBe('pong')
    await fake.say(G, U, 'thanks', { quote: fake.delivered[0]!.id, wait: 50 })
    const [first, , last] = sessions
    expect(first!.channelId).toBe(G)
    expect(first!.guildId).toBe(G)
    expect(first!.event.user?.name).toBe('王老师')
    expect(first!.event.member?.roles).toEqual([{ id: 'owner' }])
    expect(h.select(first!.elements ?? [], 'file')[0]!.attrs).toEqual({
      src: 'https://files.test/a?rkey=1',
      title: '记录.xlsx',
      size: 12,
    })
    expect(last!.quote?.id).toBe(fake.delivered[0]!.id)
  })

  test('9: the switch of the owner, being added and thrown out are told, and may be answered', async () => {
    const changes: ModeChange[] = []
    const heard: Inbound[] = []
    app.on('space/channel-mode', (change) => void changes.push(change))
    app.on('space/inbound', (inbound) => void heard.push(inbound))
    app.on('guild-added', async (session) => void (await session.send('hello')))
    await online()
    const on = fake.turnSwitch(G, true)
    fake.turnSwitch(G, false)
    const seconds = Math.floor(Date.now() / 1000)
    const data = { timestamp: seconds, group_openid: G, op_member_openid: U }
    const added = fake.event('GROUP_ADD_ROBOT', data, G)
    fake.event('GROUP_DEL_ROBOT', data)
    await vi.waitFor(() => expect(fake.texts(G)).toEqual(['hello']))
    expect(fake.delivered[0]!.body.event_id).toBe(added)
    expect(changes.map(({ mode }) => mode)).toEqual(['proactive', 'passive-only', 'down'])
    expect(heard.map(({ anchorId, anchorKind }) => [anchorId, anchorKind])).toEqual([
      [on, 'event'],
      [added, 'event'],
    ])
  })
})

describe('answering', () => {
  beforeEach(() => start())

  test('6: the sixth answer takes no silent way round: it is refused here, as anchor-dead', async () => {
    const session = new Promise<Session>((resolve) => app.on('message', resolve))
    await fake.say(G, U, 'x', { wait: 50 })
    const options = { session: await session }
    for (let i = 0; i < 5; i++) await bot().sendMessage(G, `answer ${i}`, null, options)
    expect(await failure(bot().sendMessage(G, 'one more', null, options))).toMatchObject({
      class: 'anchor-dead',
      outcome: 'rejected',
    })
    expect(fake.calls.filter(messages)).toHaveLength(5)
  })

  test('7: an answer after five minutes uses a newer message of the group, or is refused', async () => {
    const sessions: Session[] = []
    app.on('message', (session) => void sessions.push(session))
    vi.useFakeTimers({ toFake: ['Date'] })
    await fake.say(G, U, 'first', { wait: 50 })
    vi.setSystemTime(Date.now() + 300_000)
    const send = () => bot().sendMessage(G, 'late', null, { session: sessions[0]! })
    expect(await failure(send())).toMatchObject({ class: 'anchor-dead' })
    await fake.say(G, U, 'second', { wait: 50 })
    expect(await send()).toHaveLength(1)
    expect(fake.delivered[0]!.body.msg_id).toBe(sessions[1]!.messageId)
  })

  test('8: speaking first where the owner does not let the bot is no-permission', async () => {
    await online()
    expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject({
      class: 'no-permission',
      outcome: 'rejected',
      code: 40034105,
      trace: 'trace-1',
    })
    fake.proactive.add(G)
    expect(await bot().sendMessage(G, 'x')).toHaveLength(1)
    expect(fake.delivered[0]!.body).toEqual({ msg_type: 0, content: 'x' })
  })

  test('7: an answer to what the platform calls too old goes to a newer message', async () => {
    const sessions: Session[] = []
    app.on('message', (session) => void sessions.push(session))
    await fake.say(G, U, 'first', { id: 'OLD', wait: 50 })
    await fake.say(G, U, 'second', { id: 'NEW', wait: 50 })
    fake.fault = ({ body }) => (body.msg_id === 'OLD' ? { kind: 'refuse', code: 40034025 } : undefined)
    expect(await bot().sendMessage(G, 'late', null, { session: sessions[0]! })).toHaveLength(1)
    expect(fake.delivered.map(({ body }) => body.msg_id)).toEqual(['NEW'])
    // Where the outbox has chosen it is told, and nothing else is tried.
    const anchor = { id: 'OLD', kind: 'message', seq: 101 } as const
    expect(await failure(bot().sendMessage(G, 'x', null, { anchor }))).toMatchObject({
      class: 'anchor-dead',
      outcome: 'rejected',
    })
  })

  const refusals: [fault: { status?: number; code?: number; err?: number }, expected: object][] = [
    [
      { code: 1, err: 40034105 },
      { class: 'no-permission', outcome: 'rejected', code: 40034105 },
    ],
    [{ code: 22009 }, { class: 'rate', outcome: 'rejected' }],
    [{ status: 429 }, { class: 'rate', outcome: 'rejected', code: 429 }],
    [{ code: 40054002 }, { class: 'muted', outcome: 'rejected' }],
    [{ code: 40054003 }, { class: 'gone', outcome: 'rejected' }],
    [{ code: 11254 }, { class: 'banned', outcome: 'rejected' }],
    [{ code: 40054007 }, { class: 'content', outcome: 'rejected' }],
    [
      { status: 500, code: 50055001 },
      { class: 'server', outcome: 'unknown' },
    ],
    [{ status: 502 }, { class: 'server', outcome: 'unknown', code: 502 }],
  ]
  test.each(refusals)(
    'speaking first, refused with %j, is one error with class and outcome',
    async (fault, expected) => {
      await online()
      fake.proactive.add(G)
      failMessages({ kind: 'refuse', ...fault })
      expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject(expected)
      expect(fake.calls.filter(messages)).toHaveLength(1)
    },
  )

  test('what is accepted for review counts as sent', async () => {
    await online()
    failMessages({ kind: 'refuse', status: 202, code: 304023 })
    expect(await bot().sendMessage(G, 'x')).toEqual([])
    expect(fake.calls.filter(messages)).toHaveLength(1)
  })

  test('10: an answer whose receipt was lost is asked for again and shown once', async () => {
    failMessages({ kind: 'drop', delivered: true }, 1)
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    await vi.waitFor(() => expect(fake.calls.filter(messages)).toHaveLength(2))
    expect(fake.texts(G)).toEqual(['pong'])
  })

  test('10: without an anchor a lost receipt is unknown and nothing is repeated', async () => {
    await online()
    fake.proactive.add(G)
    failMessages({ kind: 'drop', delivered: true })
    expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject({ class: 'network', outcome: 'unknown' })
    expect(fake.calls.filter(messages)).toHaveLength(1)
  })

  test('the anchor of the outbox is used as given; repeating it is safe', async () => {
    await fake.say(G, U, 'x', { id: 'ROBOT1.0_a', wait: 50 })
    const anchor = { id: 'ROBOT1.0_a', kind: 'message', seq: 101 } as const
    expect(await bot().sendMessage(G, 'digest', null, { anchor })).toHaveLength(1)
    expect(await bot().sendMessage(G, 'digest', null, { anchor })).toEqual([])
    expect(fake.delivered.map(({ body }) => [body.msg_id, body.msg_seq])).toEqual([['ROBOT1.0_a', 101]])
  })

  test('15: an address is rewritten so that the platform takes the text', async () => {
    expect(await fake.say(G, U, '/say 见 https://a.example.com/b?c=1 和 名单.xlsx，共 3.5 分')).toEqual([
      '见 a．example．com/b?c=1 和 名单．xlsx，共 3.5 分',
    ])
  })

  test('16: a text of four parts is sent in four, a longer one as a file', async () => {
    const line = `${'空间登录'.repeat(40)}\n`
    const handle = app.command('long <n:number>').action((_, n) => line.repeat(n))
    expect(await fake.say(G, U, '/long 12')).toHaveLength(4)
    expect(await fake.say(G, U, '/long 40')).toEqual(['[file message.txt]'])
    expect(fake.delivered.at(-1)!.file!.bytes.toString()).toContain(line.repeat(39))
    handle.dispose()
  })

  test('16: where files are not taken, it is cut after four parts', async () => {
    fake.fault = ({ path }) => (/upload|files/.test(path) ? { kind: 'refuse', code: 40034006 } : undefined)
    app.command('long').action(() => `${'空间登录'.repeat(40)}\n`.repeat(40))
    const replies = await fake.say(G, U, '/long')
    expect(replies).toHaveLength(4)
    expect(replies[3]!.endsWith('…')).toBe(true)
  })

  test('the first refused part stops the rest, and the error lists what was sent', async () => {
    await online()
    fake.proactive.add(G)
    let count = 0
    fake.fault = (call) => (messages(call) && ++count === 2 ? { kind: 'refuse', code: 22009 } : undefined)
    const error = await failure(bot().sendMessage(G, `${'字'.repeat(500)}\n`.repeat(3)))
    expect(error).toMatchObject({ class: 'rate', outcome: 'rejected', sent: [fake.delivered[0]!.id] })
    expect(count).toBe(2)
  })
})

describe('files', () => {
  beforeEach(async () => {
    await start({ proactive: [G, U] })
    await online()
  })
  const file = (bytes: Buffer) =>
    h('file', { src: `data:application/octet-stream;base64,${bytes.toString('base64')}`, title: '名单.xlsx' })

  test('6 MiB go up in parts and arrive as they were', async () => {
    const bytes = Buffer.alloc(6 * 2 ** 20, 'abc')
    await bot().sendMessage(G, file(bytes))
    expect(fake.delivered[0]!.file!.bytes.equals(bytes)).toBe(true)
    expect(fake.delivered[0]!.body).toMatchObject({ msg_type: 7 })
    expect(fake.calls.filter(({ path }) => path.endsWith('upload_part_finish'))).toHaveLength(2)
  })

  test('a part that the platform has not noticed yet is asked about again', async () => {
    let times = 2
    fake.fault = ({ path }) =>
      path.endsWith('upload_part_finish') && times-- > 0 ? { kind: 'refuse', code: 40093001 } : undefined
    await bot().sendMessage(G, file(Buffer.from('parts')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('parts')
    expect(fake.calls.filter(({ path }) => path.endsWith('/files'))).toHaveLength(1)
  })

  test('a file that the platform has had before goes up in no parts at all', async () => {
    fake.known = Buffer.from('known')
    await bot().sendMessage(G, file(Buffer.from('known')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('known')
    expect(fake.calls.some(({ path }) => /finish|files$/.test(path))).toBe(false)
  })

  test('a picture carries its text, also to a person', async () => {
    await bot().sendPrivateMessage(U, [h.image(Buffer.from('png'), 'image/png'), h.text('本周排名')])
    expect(fake.texts(U)).toEqual(['[image]本周排名'])
  })

  test('a platform without parts takes small files as base64', async () => {
    fake.fault = ({ path }) => (path.endsWith('upload_prepare') ? { kind: 'refuse', status: 404 } : undefined)
    await bot().sendMessage(G, file(Buffer.from('small')))
    expect(fake.delivered[0]!.file!.bytes.toString()).toBe('small')
  })

  test('11: a 413 page of a proxy is a refusal of the content, not a crash', async () => {
    fake.fault = ({ path }) =>
      /upload|files/.test(path) ? { kind: 'refuse', html: true, status: 413 } : undefined
    expect(await failure(bot().sendMessage(G, file(Buffer.alloc(100))))).toMatchObject({
      class: 'content',
      outcome: 'rejected',
      code: 413,
    })
    expect(fake.delivered).toEqual([])
  })

  test('a picture that is refused takes its text back: nothing is sent', async () => {
    fake.fault = ({ path }) => (/upload|files/.test(path) ? { kind: 'refuse', code: 40093002 } : undefined)
    const error = await failure(
      bot().sendMessage(G, [h.image(Buffer.from('x'), 'image/png'), h.text('text')]),
    )
    expect(error).toMatchObject({ class: 'rate', outcome: 'rejected', sent: [] })
    expect(fake.delivered).toEqual([])
  })
})

describe('tokens', () => {
  test('12: a token that is refused in the middle is renewed and the call repeated', async () => {
    await start({ proactive: [G] })
    await online()
    fake.expireTokens()
    expect(await bot().sendMessage(G, 'x')).toHaveLength(1)
    expect(fake.tokensGiven).toBe(2)
  })

  test('13: HTTP 200 with a code is no token: the bot waits longer each time, and starts once it is right', async () => {
    let asked = 0
    await start({}, {}, (platform) => {
      platform.tokenFault = () =>
        ++asked <= 1 ? { body: { code: 100001, message: 'slow down' } } : undefined
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
    expect(asked).toBe(2)
  })

  test('a wrong secret is not hammered', async () => {
    await start({}, { secret: 'wrong' }, (platform) => {
      const asked = vi.fn(() => ({ body: { code: 100016, message: 'invalid' } }))
      platform.tokenFault = asked
    })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(vi.mocked(fake.tokenFault!)).toHaveBeenCalledTimes(1)
    expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject({ class: 'auth', outcome: 'rejected' })
  })
})

describe('the gateway', () => {
  const identifies = () => fake.frames.filter(({ op }) => op === 2).length

  test('a connection that falls is resumed', async () => {
    await start()
    await online()
    fake.disconnect()
    await vi.waitFor(() => expect(fake.resumes).toBe(1))
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(identifies()).toBe(1)
  })

  test('op 7 is obeyed', async () => {
    await start()
    await online()
    fake.command(7)
    await vi.waitFor(() => expect(fake.resumes).toBe(1))
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test.each([
    [4009, 'is resumed', 1],
    [4902, 'leads to a new session', 2],
    [4900, 'leads to a new session', 2],
  ])('a close with %i %s, and commands are answered', async (code, _, sessions) => {
    await start()
    await online()
    fake.disconnect(code)
    await vi.waitFor(() => expect(fake.resumes + fake.logins).toBe(2))
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(identifies()).toBe(sessions)
  })

  test('a token that the gateway refuses is renewed', async () => {
    // Nothing but the gateway is asked on the way back.
    const changes: Partial<qq.Config> = {}
    await start({}, changes, (platform) => void (changes.gatewayUrl = platform.url.replace('http', 'ws')))
    await online()
    fake.expireTokens()
    fake.forgetSessions()
    fake.disconnect()
    await fake.online(2)
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(fake.tokensGiven).toBe(2)
  })

  test('a gateway that takes connections and says nothing is tried again', async () => {
    await start({}, { timeout: 200 }, (platform) => void (platform.welcoming = false))
    await vi.waitFor(() => expect(fake.ignored).toBeGreaterThan(1))
    fake.welcoming = true
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('14: op 9 after a resume leads to a new session', async () => {
    await start()
    await online()
    fake.forgetSessions()
    fake.disconnect()
    await fake.online(2)
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('a missed heartbeat renews the connection once, not for ever', async () => {
    await start({ heartbeat: 40 })
    await online()
    fake.acknowledging = false
    await vi.waitFor(() => expect(fake.resumes).toBeGreaterThan(0))
    fake.acknowledging = true
    await new Promise((resolve) => setTimeout(resolve, 150))
    const { resumes } = fake
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fake.resumes).toBe(resumes)
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('intents without permission are given up step by step', async () => {
    await start({}, {}, (platform) => {
      platform.intentsFault = (intents) => (intents === 1 << 25 ? undefined : 4014)
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
    expect(
      fake.frames.filter(({ op }) => op === 2).map(({ d }) => (d as { intents: number }).intents),
    ).toEqual([7 << 24, 3 << 25, 1 << 25])
  })

  test('a bot that starts while the platform is down gets there', async () => {
    await start({}, {}, (platform) => {
      let asked = 0
      platform.fault = ({ path }) =>
        path === '/gateway' && ++asked < 4 ? { kind: 'refuse', status: 502 } : undefined
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
  })
})

test('without QQ_ID the adapter is off; a missing secret is said at start', async () => {
  await start()
  const config = qq.Config({} as qq.Config)
  qq.apply(app, config)
  expect(app.bots).toHaveLength(1)
  expect(() => qq.apply(app, { ...config, id: '1' })).toThrow('QQ_SECRET')
})
