import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h } from 'koishi'
import * as wecom from 'koishi-plugin-space-wecom'
import { byteLength } from '@space-assistant/core/delivery/split'
import { startFakeWecom } from '../platforms/wecom'
import type { Session } from 'koishi'
import type { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { Inbound } from '@space-assistant/core/delivery/channel'
import type { FakeWecom, WecomCall } from '../platforms/wecom'
import type {} from 'koishi-plugin-space-outbox'

let app: Context
let fake: FakeWecom

async function start(changes: Partial<wecom.Config> = {}, prepare?: (app: Context) => void) {
  fake = await startFakeWecom()
  app = new Context({ prefix: ['/'] })
  prepare?.(app)
  app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fake.config, ...changes })
  app.command('ping').action(() => 'pong')
  await app.start()
}

const bot = () => app.bots[0]!
const online = () => vi.waitFor(() => expect(bot().status).toBe(1))
const sends = ({ cmd }: WecomCall) => cmd === 'aibot_send_msg' || cmd === 'webhook'
const failure = async (promise: Promise<unknown>): Promise<PlatformSendError> =>
  promise.then(
    () => expect.unreachable('the send went through'),
    (error: unknown) => error as PlatformSendError,
  )

afterEach(async () => {
  await app.stop()
  await fake.close()
})

describe('a conversation', () => {
  beforeEach(() => start())

  test('a command in a group and in private is answered through its callback', async () => {
    expect(await fake.say('chatA', 'Wang', '/ping')).toEqual(['pong'])
    expect(await fake.say('chatA', 'Wang', 'ping')).toEqual(['pong'])
    expect(await fake.whisper('Wang', '/ping')).toEqual(['pong'])
    expect(fake.delivered.map(({ via }) => via)).toEqual(['reply', 'reply', 'reply'])
  })

  test('5: a callback that comes twice is answered once', async () => {
    expect(await fake.say('chatA', 'Wang', '/ping', { id: 'm1' })).toEqual(['pong'])
    expect(await fake.say('chatA', 'Wang', '/ping', { id: 'm1', wait: 150 })).toEqual([])
  })

  test('channel ids keep their case; private ones begin with private:', async () => {
    const heard: Inbound[] = []
    app.on('space/inbound', (inbound) => void heard.push(inbound))
    await fake.say('wrKvAbC', 'Wang', 'x', { wait: 50 })
    await fake.whisper('WangXm', 'x', { wait: 50 })
    expect(heard.map(({ channelId }) => channelId)).toEqual(['wrKvAbC', 'private:WangXm'])
    expect(await bot().sendMessage('private:WangXm', '你好')).toEqual([])
    expect(fake.delivered.at(-1)).toMatchObject({ place: 'WangXm', text: '你好', body: { chat_type: 1 } })
  })

  test('a file comes in decrypted, as <file>', async () => {
    const session = new Promise<Session>((resolve) => app.on('message', resolve))
    const bytes = Buffer.from('PK\u0003\u0004 记录')
    await fake.whisper('Wang', '', { file: { name: '记录.xlsx', bytes }, wait: 50 })
    const [file] = h.select((await session).elements ?? [], 'file')
    expect(file!.attrs).toMatchObject({ title: '记录.xlsx', size: bytes.length })
    const response = await fetch(String(file!.attrs['src']))
    expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes)
  })

  test('text with pictures and a quotation are known', async () => {
    const session = new Promise<Session>((resolve) => app.on('message', resolve))
    const image = fake.encrypted({ name: 'a.png', bytes: Buffer.from('png') })
    const mixed = [{ msgtype: 'image', image }]
    await fake.say('chatA', 'Wang', 'broken', { mixed, quote: 'ticket 7', wait: 50 })
    const { elements, quote } = await session
    expect(elements!.map(({ type }) => type)).toEqual(['at', 'text', 'img'])
    expect(elements![1]!.attrs['content']).toBe('broken')
    expect(quote?.content).toBe('ticket 7')
  })

  test('25: 45,000 bytes arrive whole in three messages, the first as the answer', async () => {
    const text = '空间登录积分'.repeat(2500)
    app.command('long').action(() => text)
    const replies = await fake.say('chatA', 'Wang', '/long')
    expect(replies.join('')).toBe(text)
    expect(replies.map(byteLength)).toEqual([20466, 20466, 4068].map((n) => expect.closeTo(n, -2) as number))
    expect(fake.delivered.map(({ via }) => via)).toEqual(['reply', 'send', 'send'])
  })

  test('a file and a picture go out', async () => {
    await fake.say('chatA', 'Wang', 'x', { wait: 50 })
    const bytes = Buffer.alloc(1_300_000, 'x')
    const src = `data:application/octet-stream;base64,${bytes.toString('base64')}`
    await bot().sendMessage('chatA', [
      h('file', { src, title: '名单.xlsx' }),
      h.image(Buffer.from('x'), 'image/png'),
    ])
    expect(fake.texts('chatA')).toEqual(['[file 名单.xlsx]', '[image image.png]'])
    expect(fake.delivered[0]!.file!.bytes.equals(bytes)).toBe(true)
  })
})

describe('failures', () => {
  beforeEach(async () => {
    await start()
    await online()
    fake.spoken.add('chatA')
  })

  test('26: in a chat that never spoke to the bot it may not speak first', async () => {
    expect(await failure(bot().sendMessage('chatB', 'x'))).toMatchObject({
      class: 'no-permission',
      outcome: 'rejected',
      code: 93006,
    })
  })

  test('too many messages are rate, and stop the parts that follow', async () => {
    let count = 0
    fake.fault = (call) => (sends(call) && ++count === 2 ? { kind: 'refuse', errcode: 45009 } : undefined)
    const error = await failure(bot().sendMessage('chatA', '字'.repeat(20_000)))
    expect(error).toMatchObject({ class: 'rate', outcome: 'rejected', sent: ['0'] })
    expect(count).toBe(2)
  })

  test('17: a connection that falls in the middle of a send is unknown, and comes back', async () => {
    fake.fault = (call) => (sends(call) ? { kind: 'drop', delivered: true } : undefined)
    expect(await failure(bot().sendMessage('chatA', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'unknown',
    })
    fake.fault = () => undefined
    await fake.online(2)
    expect(await fake.say('chatA', 'Wang', '/ping')).toEqual(['pong'])
  })

  test('without a connection a send is rejected, nothing was written', async () => {
    await app.stop()
    await fake.close()
    await start({ reconnect: 500 })
    await online()
    fake.cut()
    await vi.waitFor(() => expect(bot().status).toBe(4))
    expect(await failure(bot().sendMessage('chatA', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'rejected',
    })
  })

  test('24: an answer that is not acknowledged in time is unknown, and what follows takes no part of its late receipt', async () => {
    const session = new Promise<Session>((resolve) => app.on('message', resolve))
    await fake.say('chatA', 'Wang', 'x', { wait: 50 })
    fake.fault = ({ cmd }) =>
      cmd === 'aibot_respond_msg' ? { kind: 'stall', delivered: true, late: 5100 } : undefined
    const options = { session: await session }
    expect(await failure(bot().sendMessage('chatA', 'first', null, options))).toMatchObject({
      outcome: 'unknown',
    })
    fake.fault = () => undefined
    await bot().sendMessage('chatA', 'second', null, options)
    expect(fake.delivered.map(({ via, text }) => [via, text])).toEqual([
      ['reply', 'first'],
      ['send', 'second'],
    ])
  })

  test('an expired callback is answered by speaking anew', async () => {
    fake.fault = ({ cmd }) => (cmd === 'aibot_respond_msg' ? { kind: 'refuse', errcode: 846608 } : undefined)
    expect(await fake.say('chatA', 'Wang', '/ping')).toEqual(['pong'])
    expect(fake.delivered[0]!.via).toBe('send')
  })

  test('a file that cannot go up was not sent, whatever happened', async () => {
    fake.fault = ({ cmd }) => (cmd === 'aibot_upload_media_init' ? { kind: 'drop' } : undefined)
    const file = h('file', { src: 'data:text/plain;base64,eA==', title: 'x.txt' })
    expect(await failure(bot().sendMessage('chatA', file))).toMatchObject({
      class: 'network',
      outcome: 'rejected',
    })
  })
})

describe('one connection per bot', () => {
  test('23: thrown out by another connection, the bot waits and takes over again, without taking turns', async () => {
    await start({ displacedMs: 300 })
    await online()
    const other = new Context()
    other.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fake.config, displacedMs: 60_000 })
    await other.start()
    await fake.online(2)
    await vi.waitFor(() => expect(bot().status).toBe(4))
    await vi.waitFor(() => expect(bot().status).toBe(1))
    expect(fake.logins).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(fake.logins).toBe(3)
    await other.stop()
  })

  test('a process that does not lead does not connect, and lets go when it is told to', async () => {
    let lead = false
    await start(
      {},
      (context) =>
        void context.on('space/lead', (duty) => (duty === 'wecom:aib-1' && lead ? 'lead' : 'follow')),
    )
    await new Promise((resolve) => setTimeout(resolve, 150))
    expect(fake.logins).toBe(0)
    lead = true
    await online()
    lead = false
    await vi.waitFor(() => expect(bot().status).toBe(4))
    expect(await failure(bot().sendMessage('chatA', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'rejected',
    })
  })

  test('a wrong secret is tried on, slowly, and never silently given up', async () => {
    await start({ secret: 'wrong', reconnect: 5, displacedMs: 300 })
    await vi.waitFor(() => expect(fake.failedLogins).toBeGreaterThanOrEqual(5), { timeout: 5000 })
    expect(bot().status).not.toBe(1)
  })
})

describe('webhook bots of groups', () => {
  const webhookBot = () => app.bots.find(({ platform }) => platform === 'wecom-webhook')!

  beforeEach(async () => {
    fake = await startFakeWecom()
    app = new Context()
    const webhooks = `育才=${fake.webhook('key-a')}, 东城=${fake.webhook('key-b')}`
    app.plugin(wecom, { ...wecom.Config({} as wecom.Config), webhooks, timeout: 2_000 })
    await app.start()
  })

  test('each is a bot with its name; text, markdown, picture and file arrive', async () => {
    expect(app.bots.map(({ sid }) => sid)).toEqual(['wecom-webhook:育才', 'wecom-webhook:东城'])
    const file = h('file', {
      src: `data:text/plain;base64,${Buffer.from('名单').toString('base64')}`,
      title: 'a.csv',
    })
    await webhookBot().sendMessage('育才', [
      h.text('公告'),
      h('markdown', {}, '**公告**'),
      h.image(Buffer.from('x'), 'image/png'),
      file,
    ])
    expect(fake.texts('webhook:key-a')).toEqual(['公告', '**公告**', '[image image]', '[file a.csv]'])
    expect(fake.delivered[3]!.file!.bytes.toString()).toBe('名单')
  })

  test('a picture over 2 MB goes as a file', async () => {
    await webhookBot().sendMessage('育才', h.image(Buffer.alloc(2 * 2 ** 20 + 1), 'image/png'))
    expect(fake.texts('webhook:key-a')).toEqual(['[file image.png]'])
    expect(fake.delivered[0]!.file!.bytes).toHaveLength(2 * 2 ** 20 + 1)
  })

  test('a text over 2048 bytes is split', async () => {
    await webhookBot().sendMessage('育才', '字'.repeat(1500))
    expect(fake.texts('webhook:key-a').map(byteLength)).toEqual([2046, 2046, 408])
  })

  test.each([
    [93000, 'gone'],
    [45009, 'rate'],
    [40058, 'content'],
  ])('HTTP 200 with errcode %i is %s, without the key in its words', async (errcode, name) => {
    fake.fault = () => ({ kind: 'refuse', errcode })
    const error = await failure(webhookBot().sendMessage('育才', 'x'))
    expect(error).toMatchObject({ class: name, outcome: 'rejected', code: errcode })
    expect(error.message).not.toContain('key-a')
  })

  test('no answer is unknown', async () => {
    fake.fault = () => ({ kind: 'stall', delivered: true })
    expect(await failure(webhookBot().sendMessage('育才', 'x'))).toMatchObject({
      class: 'network',
      outcome: 'unknown',
    })
  })

  test('the twenty-first message in a minute is held back here', async () => {
    for (let i = 0; i < 20; i++) await webhookBot().sendMessage('育才', `${i}`)
    expect(await failure(webhookBot().sendMessage('育才', 'x'))).toMatchObject({
      class: 'rate',
      outcome: 'rejected',
    })
    expect(fake.delivered).toHaveLength(20)
  })

  test('a wrong entry is named without its key', () => {
    expect(() => wecom.parseWebhooks('a=https://x.test/send?key=1,b=ftp://secret')).toThrow(
      'space-wecom: WECOM_WEBHOOKS entry 2 (b) must be name=url',
    )
  })
})
