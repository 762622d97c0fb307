// Who is really there: the account behind an open socket, people who are no friends, clients that take turns.
import { Context, h } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import type { PlatformTrouble } from 'koishi-plugin-space-outbox'

let fake: FakeOneBot
let app: Context
let troubles: PlatformTrouble['what'][]
const bot = () => app.bots[0]!
const wait = { timeout: 10_000 }

async function start(config: Partial<onebot.Config> = {}) {
  app = new Context()
  troubles = []
  app.on('space/trouble', ({ what }) => void troubles.push(what))
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config, ...config })
  app.command('ping').action(({ session }) => `pong ${session?.isDirect ? 'in private' : 'in a group'}`)
  await app.start()
  await vi.waitFor(() => expect(Number(bot().status)).toBe(1), wait)
}

beforeEach(async () => void (fake = await startFakeOneBot()))
afterEach(async () => {
  for (const each of [...app.bots]) await each.stop()
  await app.stop()
  await fake.close()
})

const heartbeat = (online: boolean) =>
  fake.push({ post_type: 'meta_event', meta_event_type: 'heartbeat', status: { online, good: online } })

describe('the account behind the socket', () => {
  beforeEach(() => start())

  test('an account that is offline is not called online, and staff can be told both', async () => {
    fake.push({ post_type: 'notice', notice_type: 'bot_offline', user_id: 10001, message: 'kicked' })
    await vi.waitFor(() => expect(Number(bot().status)).not.toBe(1), wait)
    heartbeat(false)
    heartbeat(true)
    await vi.waitFor(() => expect(Number(bot().status)).toBe(1), wait)
    expect(troubles).toEqual(['account-offline', 'account-online'])
  })

  test('a heartbeat that says nothing of the account changes nothing', async () => {
    fake.push({ post_type: 'meta_event', meta_event_type: 'heartbeat', status: {} })
    expect(await fake.say('200', '300', 'ping', { at: true })).toEqual(['pong in a group'])
    expect(troubles).toEqual([])
  })
})

describe('somebody who is no friend and writes through a group', () => {
  beforeEach(() => start())

  const whisper = (text: string, id: number) =>
    fake.push({
      ...{ post_type: 'message', message_type: 'private', sub_type: 'group', group_id: 200, user_id: 300 },
      ...{ message_id: id, message: [{ type: 'text', data: { text } }], temp_source: 0 },
      sender: { user_id: 300, nickname: 'n' },
    })

  test('is in private, and the answer names the group', async () => {
    whisper('ping', 1)
    await vi.waitFor(() => expect(fake.delivered.map(({ text }) => text)).toEqual(['pong in private']), wait)
    const call = fake.calls.find(({ action }) => action === 'send_private_msg')
    expect(call?.params).toMatchObject({ user_id: 300, group_id: 200 })
  })

  test('what is sent to them later names the group too', async () => {
    whisper('hello', 2)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await bot().sendMessage('private:300', h.text('later'))
    expect(fake.calls.at(-1)?.params).toMatchObject({ group_id: 200 })
  })
})

describe('what is said', () => {
  beforeEach(() => start())

  test('two messages of one id in two groups are two', async () => {
    expect(await fake.say('200', '300', 'ping', { at: true, id: 7 })).toEqual(['pong in a group'])
    expect(await fake.say('201', '300', 'ping', { at: true, id: 7 })).toEqual(['pong in a group'])
  })

  test('what is a day old is not answered as if it were new', async () => {
    const time = Math.floor(Date.now() / 1000) - 86_400
    const message = [{ type: 'text', data: { text: 'ping' } }]
    fake.push({
      ...{ post_type: 'message', message_type: 'private', message_id: 9, user_id: 300, time, message },
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fake.delivered).toEqual([])
  })

  test('a private file of an older implementation, and a file called file_name, arrive by name', async () => {
    const files: unknown[] = []
    app.middleware((session, next) => {
      files.push(...h.select(session.elements ?? [], 'file').map(({ attrs }) => attrs['title'] as string))
      return next()
    })
    const now = Math.floor(Date.now() / 1000)
    const file = { name: 'a.xlsx', size: 3, url: 'http://127.0.0.1:9/a' }
    fake.push({ post_type: 'notice', notice_type: 'offline_file', user_id: 300, time: now, file })
    const data = { file: '0a1b', file_name: 'b.xlsx', url: 'http://127.0.0.1:9/b' }
    fake.push({
      ...{ post_type: 'message', message_type: 'private', message_id: 10, user_id: 300 },
      message: [{ type: 'file', data }],
    })
    await vi.waitFor(() => expect(files).toEqual(['a.xlsx', 'b.xlsx']), wait)
  })
})

test('a token that the implementation refuses (1403) is told, not only tried again', async () => {
  await fake.close()
  fake = await startFakeOneBot({ token: 'right' })
  app = new Context()
  troubles = []
  app.on('space/trouble', ({ what }) => void troubles.push(what))
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config, token: 'wrong' })
  await app.start()
  await vi.waitFor(() => expect(troubles).toContain('login-refused'), wait)
  expect(Number(bot().status)).not.toBe(1)
})

test('a face is a word for it, and the account that joins, leaves or is befriended is told', async () => {
  await start()
  const said: string[] = []
  const told: string[] = []
  app.middleware((session, next) => {
    said.push(session.content ?? '')
    return next()
  })
  app.on('space/channel-mode', ({ channelId, mode }) => void told.push(`${channelId} ${mode}`))
  app.on('space/arrived', ({ channelId, direct }) => void told.push(`${channelId} ${String(direct)}`))
  await fake.say(
    '200',
    '300',
    [
      { type: 'text', data: { text: 'ok' } },
      { type: 'face', data: { id: '178' } },
    ],
    { wait: 300 },
  )
  expect(said).toEqual(['ok[表情]'])
  fake.thrownOut('200')
  fake.joined('200')
  await vi.waitFor(() => expect(told).toEqual(['200 down', '200 proactive', '200 false']), wait)
  expect(troubles).toEqual(['removed'])
})

describe('requests', () => {
  const invite = {
    post_type: 'request',
    request_type: 'group',
    sub_type: 'invite',
    user_id: 300,
    group_id: 200,
  }

  test('friends are granted by default, an invitation into an unknown group is left to a person', async () => {
    await start()
    fake.push({ post_type: 'request', request_type: 'friend', user_id: 300, flag: 'f' })
    fake.push({ ...invite, flag: 'g' })
    await vi.waitFor(() => expect([...troubles].sort()).toEqual(['friend-granted', 'invite-left']), wait)
    expect(fake.calls.filter(({ action }) => action.startsWith('set_'))).toMatchObject([
      { action: 'set_friend_add_request', params: { flag: 'f', approve: true } },
    ])
  })

  test('the rule may be to accept every invitation', async () => {
    await start({ invitations: 'always' })
    fake.push({ ...invite, flag: 'g' })
    await vi.waitFor(
      () =>
        expect(fake.calls.at(-1)).toMatchObject({ action: 'set_group_add_request', params: { flag: 'g' } }),
      wait,
    )
  })
})
