import { describe, expect, it } from 'vitest'
import {
  afterJoining,
  afterModeChange,
  decideRoute,
  repliesLeft,
  unknownChannel,
} from '@space-assistant/core/delivery/capability'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { OutboxMessage } from '@space-assistant/core/delivery/message'

const NOW = 1_650_000_000_000
const of = { platform: 'qq', selfId: 'bot', channelId: 'group' }
const rules = { windowMs: 295_000, budget: 3, replies: 5 }
const channel = (changes: Partial<ChannelCapability> = {}): ChannelCapability => ({
  ...unknownChannel('qq', NOW),
  ...changes,
})
const reply = (used: number, direct = 0, at = NOW) => ({
  id: 'm',
  kind: 'message' as const,
  at,
  used,
  direct,
})

describe('answers that are left to something said', () => {
  it.each([
    ['all of the budget at first', reply(0), 3],
    ['what the outbox has not used', reply(1), 2],
    ['none once the budget is used', reply(3), 0],
    ['not what the person who asked has used', reply(0, 4), 1],
    ['what is left of all together, where that is less than the budget', reply(1, 3), 1],
    ['never less than none', reply(3, 4), 0],
    ['none after the window', reply(0, 0, NOW - 295_000), 0],
    ['all just before its end', reply(0, 0, NOW - 294_999), 3],
  ])('are %s', (_, said, left) => {
    expect(repliesLeft(channel({ reply: said }), NOW, rules)).toBe(left)
  })

  it('are none where nothing was said', () => {
    expect(repliesLeft(channel(), NOW, rules)).toBe(0)
  })
})

describe('a message that is an answer', () => {
  const message = { notBefore: 0, expiresAt: NOW + 1, attempts: 0, state: 'pending' } as OutboxMessage
  const decide = (used: number, size: number, mode: ChannelCapability['mode'] = 'passive-only') =>
    decideRoute(message, channel({ mode, reply: reply(used) }), {
      now: NOW,
      wait: 0,
      platform: 'qq',
      size,
      rules,
    })
  const passive = (seq: number) => ({ kind: 'passive', reply: { id: 'm', kind: 'message', seq } })

  it('goes whole as far as it fits', () => {
    expect(decide(0, 3)).toEqual({ kind: 'send', route: passive(101) })
    expect(decide(1, 2)).toEqual({ kind: 'send', route: passive(111) })
  })

  it('waits for more room where a whole budget would hold it', () => {
    expect(decide(1, 3)).toEqual({ kind: 'park' })
  })

  it('longer than any budget begins where the budget is whole, and only there', () => {
    expect(decide(0, 4)).toEqual({ kind: 'send', route: { ...passive(101), parts: 2 } })
    expect(decide(1, 4)).toEqual({ kind: 'park' })
  })

  it('is not cut where the bot may speak first', () => {
    expect(decide(0, 4, 'proactive')).toEqual({ kind: 'send', route: { kind: 'proactive' } })
  })
})

describe('a conversation that two processes see', () => {
  const seen = (changes: Partial<ChannelCapability>) =>
    channel({ modeFrom: 'event', modeAt: NOW + 1, ...changes })

  it('has what was said to either of them', () => {
    const said = reply(1)
    expect(afterJoining(channel({ reply: said }), seen({})).reply).toEqual(said)
    expect(afterJoining(channel(), seen({ reply: said })).reply).toEqual(said)
    expect(afterJoining(channel(), seen({})).reply).toBeUndefined()
  })

  it('has the newer of two things said, and of one thing all answers of both', () => {
    const [older, newer] = [reply(2), { ...reply(0), id: 'n', at: NOW + 5 }]
    expect(afterJoining(channel({ reply: older }), seen({ reply: newer })).reply).toEqual(newer)
    expect(afterJoining(channel({ reply: newer }), seen({ reply: older })).reply).toEqual(newer)
    expect(afterJoining(channel({ reply: reply(2, 1) }), seen({ reply: reply(1, 3) })).reply).toEqual(
      reply(2, 3),
    )
  })

  it('has the mode that was told of last', () => {
    const mode = (one: ChannelCapability) => one.mode
    expect(mode(afterJoining(channel(), seen({ mode: 'passive-only' })))).toBe('passive-only')
    expect(mode(afterJoining(channel({ modeAt: NOW + 9 }), seen({ mode: 'passive-only' })))).toBe('proactive')
    expect(mode(afterJoining(channel(), channel({ mode: 'down', modeAt: NOW + 9 })))).toBe('proactive')
  })
})

it.each([
  ['an older word of the platform changes nothing', 'event', NOW - 1, 'proactive'],
  ['a newer word counts', 'event', NOW, 'passive-only'],
  ['any word outweighs what a refusal has taught', 'refusal', NOW - 1, 'passive-only'],
] as const)('%s', (_, modeFrom, at, mode) => {
  expect(afterModeChange(channel({ modeFrom }), { ...of, mode: 'passive-only', at }).mode).toBe(mode)
})
