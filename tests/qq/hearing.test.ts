import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { h } from 'koishi'
import type { Session } from 'koishi'
import type { Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import { G, U, app, fake, online, start, stop } from './app'

afterEach(stop)

describe('hearing', () => {
  beforeEach(() => start())

  test('an @ message and a private message are answered, each as an answer to it', async () => {
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(await fake.say(G, U, 'ping')).toEqual(['pong'])
    expect(await fake.whisper(U, '/ping')).toEqual(['pong'])
    expect(fake.delivered.every(({ body }) => body['msg_id'] && body['msg_seq'] === 1)).toBe(true)
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
    expect(fake.delivered[0]!.body['event_id']).toBe(added)
    expect(changes.map(({ mode }) => mode)).toEqual(['proactive', 'passive-only', 'down'])
    expect(heard.map(({ replyId: replyId, replyKind: replyKind }) => [replyId, replyKind])).toEqual([
      [on, 'event'],
      [added, 'event'],
    ])
  })
})
