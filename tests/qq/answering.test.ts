import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Session } from 'koishi'
import { G, U, app, bot, failMessages, failure, fake, messages, online, start, stop } from './app'

afterEach(stop)

describe('answering', () => {
  beforeEach(() => start())

  test('6: the sixth answer takes no silent way round: it is refused here, as context-expired', async () => {
    const session = new Promise<Session>((resolve) => app.on('message', resolve))
    await fake.say(G, U, 'x', { wait: 50 })
    const options = { session: await session }
    for (let i = 0; i < 5; i++) await bot().sendMessage(G, `answer ${i}`, null, options)
    expect(await failure(bot().sendMessage(G, 'one more', null, options))).toMatchObject({
      class: 'context-expired',
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
    expect(await failure(send())).toMatchObject({ class: 'context-expired' })
    await fake.say(G, U, 'second', { wait: 50 })
    expect(await send()).toHaveLength(1)
    expect(fake.delivered[0]!.body['msg_id']).toBe(sessions[1]!.messageId)
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
    fake.fault = ({ body }) => (body['msg_id'] === 'OLD' ? { kind: 'refuse', code: 40034025 } : undefined)
    expect(await bot().sendMessage(G, 'late', null, { session: sessions[0]! })).toHaveLength(1)
    expect(fake.delivered.map(({ body }) => body['msg_id'])).toEqual(['NEW'])
    // Where the outbox has chosen it is told, and nothing else is tried.
    const reply = { id: 'OLD', kind: 'message', seq: 101 } as const
    expect(await failure(bot().sendMessage(G, 'x', null, { reply }))).toMatchObject({
      class: 'context-expired',
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

  test('10: without an reply a lost receipt is unknown and nothing is repeated', async () => {
    await online()
    fake.proactive.add(G)
    failMessages({ kind: 'drop', delivered: true })
    expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject({ class: 'network', outcome: 'unknown' })
    expect(fake.calls.filter(messages)).toHaveLength(1)
  })

  test('the reply of the outbox is used as given; repeating it is safe', async () => {
    await fake.say(G, U, 'x', { id: 'ROBOT1.0_a', wait: 50 })
    const reply = { id: 'ROBOT1.0_a', kind: 'message', seq: 101 } as const
    expect(await bot().sendMessage(G, 'digest', null, { reply })).toHaveLength(1)
    expect(await bot().sendMessage(G, 'digest', null, { reply })).toEqual([])
    expect(fake.delivered.map(({ body }) => [body['msg_id'], body['msg_seq']])).toEqual([['ROBOT1.0_a', 101]])
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
