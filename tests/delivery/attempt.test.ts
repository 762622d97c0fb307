import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { afterAttempt, MAX_ATTEMPTS } from '@space-assistant/core/delivery/attempt'
import {
  repliesLeft,
  afterBeginning,
  decideRoute,
  afterInbound,
  afterModeChange,
  unknownChannel,
} from '@space-assistant/core/delivery/capability'
import { failureClasses, outcomes } from '@space-assistant/core/delivery/error'
import { afterCrash, messageStates } from '@space-assistant/core/delivery/message'
import { SlidingWindowLimiter, quotas } from '@space-assistant/core/delivery/quota'
import { joinParked } from '@space-assistant/core/delivery/digest'
import { backoff } from '@space-assistant/core/delivery/backoff'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { OutboxMessage, Route } from '@space-assistant/core/delivery/message'
import type { AttemptResult } from '@space-assistant/core/delivery/attempt'

const NOW = 1_700_000_000_000
const DAY = 86_400_000
const ref = { platform: 'qq', selfId: '1', channelId: 'G' }

const message: OutboxMessage = {
  state: 'pending',
  notBefore: 0,
  expiresAt: NOW + DAY,
  attempts: 0,
  route: undefined,
  degraded: 0,
  sentParts: 0,
  idempotent: false,
  reason: undefined,
}
const fresh = unknownChannel('qq', NOW - DAY)
const answered = afterInbound(fresh, { ...ref, replyId: 'm1', replyKind: 'message', at: NOW - 1000 })
const passiveOnly: ChannelCapability = { ...fresh, mode: 'passive-only', modeFrom: 'refusal' }
const first: Route = { kind: 'passive', reply: { id: 'm1', kind: 'message', seq: 101 } }

describe('how a message goes now', () => {
  const decided = (change: Partial<OutboxMessage>, channel: ChannelCapability, wait = 0, platform = 'qq') =>
    decideRoute({ ...message, ...change }, channel, { now: NOW, wait, platform })

  const cases: [title: string, actual: unknown, expected: object][] = [
    [
      'nothing is known: speak first and learn',
      decided({}, fresh),
      { kind: 'send', route: { kind: 'proactive' } },
    ],
    [
      'somebody just spoke: answer, it costs no quota',
      decided({}, answered, 9),
      { kind: 'send', route: first },
    ],
    ['8: may only answer, nobody spoke: wait for it', decided({}, passiveOnly), { kind: 'park' }],
    ['quotas are used up: wait', decided({}, fresh, 500), { kind: 'wait', until: NOW + 500, reason: 'rate' }],
    ['too late to be of use', decided({ expiresAt: NOW }, fresh), { kind: 'failed', reason: 'expired' }],
    ['not yet', decided({ notBefore: NOW + 5 }, answered), { kind: 'wait', until: NOW + 5 }],
    ['no such conversation', decided({}, { ...fresh, mode: 'down' }), { kind: 'failed', reason: 'down' }],
    ['blocked', decided({}, { ...answered, blockedUntil: NOW + 9 }), { kind: 'wait', until: NOW + 9 }],
    [
      'an open outcome is settled by the same attempt, even in a block',
      decided({ route: first }, { ...passiveOnly, blockedUntil: NOW + 9 }),
      { kind: 'send', route: first },
    ],
    [
      'a webhook bot just speaks',
      decided({}, unknownChannel('wecom-webhook', NOW), 0, 'wecom-webhook'),
      { kind: 'send', route: { kind: 'proactive' } },
    ],
    [
      'elsewhere than on QQ an inbound message is no reply',
      decided({}, answered, 0, 'onebot'),
      { kind: 'send', route: { kind: 'proactive' } },
    ],
  ]
  test.each(cases)('%s', (_title, actual, expected) => {
    expect(actual).toEqual(expected)
  })

  test('6, 7: three answers to a message, in its five minutes, each with a seq of its own', () => {
    let channel: ChannelCapability = { ...answered, mode: 'passive-only' }
    const seqs: number[] = []
    for (;;) {
      const decision = decideRoute(message, channel, { now: NOW, wait: 0, platform: 'qq' })
      if (decision.kind !== 'send' || decision.route.kind !== 'passive') {
        expect(decision).toEqual({ kind: 'park' })
        break
      }
      seqs.push(decision.route.reply.seq)
      channel = afterBeginning(channel, decision.route)
    }
    expect(seqs).toEqual([101, 111, 121])
    expect(repliesLeft(answered, NOW)).toBe(3)
    expect(repliesLeft(answered, NOW + 295_000)).toBe(0)
    expect(
      decideRoute(
        message,
        { ...answered, mode: 'passive-only' },
        { now: NOW + 294_001, wait: 0, platform: 'qq' },
      ),
    ).toEqual({
      kind: 'park',
    })
  })
})

describe('what an attempt leaves behind', () => {
  const proactive: Route = { kind: 'proactive' }
  const attempt = (
    result: AttemptResult,
    route: Route = proactive,
    change: Partial<OutboxMessage> = {},
    channel = answered,
  ) =>
    afterAttempt({ ...message, state: 'leased', ...change }, channel, { route, result, now: NOW, random: 0 })
  const refused = (name: (typeof failureClasses)[number], code?: number): AttemptResult => ({
    ...{ ok: false, class: name, outcome: 'rejected', code },
  })
  const unknown: AttemptResult = { ok: false, class: 'network', outcome: 'unknown' }
  const partly: Route = { kind: 'passive', reply: { id: 'a', kind: 'message', seq: 101 }, parts: 2 }

  const cases: [title: string, actual: object, expected: object][] = [
    ['it went', attempt({ ok: true }), { message: { state: 'sent' } }],
    [
      'the platform had it already',
      attempt({ ok: false, class: 'duplicate', outcome: 'delivered' }),
      { message: { state: 'sent' } },
    ],
    [
      '8: may not speak first: learned, and routed again',
      attempt(refused('no-permission')),
      { message: { state: 'pending' }, channel: { mode: 'passive-only', modeFrom: 'refusal' } },
    ],
    [
      'the answered message is too old',
      attempt(refused('context-expired'), first),
      {
        message: { state: 'pending', attempts: 0 },
        channel: { reply: undefined },
      },
    ],
    [
      'too fast: the conversation pauses',
      attempt(refused('rate', 40034100)),
      {
        message: { state: 'pending', attempts: 0 },
        channel: { blockedUntil: NOW + 60_000, blocks: 1 },
        botBlockedUntil: 0,
      },
    ],
    [
      'too fast as a whole: the bot pauses',
      attempt(refused('rate', 22009)),
      { botBlockedUntil: NOW + 60_000 },
    ],
    [
      'muted: ten minutes',
      attempt(refused('muted')),
      {
        message: { state: 'pending', attempts: 0 },
        channel: { blockedUntil: NOW + 600_000 },
      },
    ],
    [
      '26: no such conversation',
      attempt(refused('gone')),
      {
        message: { state: 'failed', reason: 'gone' },
        channel: { mode: 'down' },
      },
    ],
    [
      'banned: the bot stops and staff are told',
      attempt(refused('banned')),
      {
        message: { state: 'pending' },
        botBlockedUntil: NOW + 3_600_000,
        alert: true,
      },
    ],
    [
      'refused content is tried once more as plain text',
      attempt(refused('content')),
      {
        message: { state: 'pending', degraded: 1 },
      },
    ],
    [
      'and then as a notice without any of it',
      attempt(refused('content'), proactive, { degraded: 1 }),
      {
        message: { state: 'pending', degraded: 2 },
      },
    ],
    [
      'and then given up, and staff are told',
      attempt(refused('content'), proactive, { degraded: 2 }),
      {
        message: { state: 'failed', reason: 'content' },
        alert: true,
      },
    ],
    [
      'a picture refused behind the text: what is there is not shown again in another form',
      attempt({ ...refused('content'), sent: 1 } as AttemptResult),
      {
        message: { state: 'failed', reason: 'content', sentParts: 1 },
      },
    ],
    [
      'the second half refused as too late: the first is not said again',
      attempt({ ...refused('context-expired'), sent: 1 } as AttemptResult),
      {
        message: { state: 'pending', sentParts: 1 },
      },
    ],
    [
      'a part of a long one through: the rest waits for the next thing said',
      attempt({ ok: true }, partly),
      {
        message: { state: 'pending', sentParts: 2, reason: 'waits-for-inbound', route: undefined },
      },
    ],
    [
      'not written: later, and nothing overtakes it',
      attempt(refused('network')),
      {
        message: { state: 'pending', attempts: 1, notBefore: NOW + 2500 },
        channel: { blockedUntil: NOW + 2500 },
      },
    ],
    [
      'not for ever',
      attempt(refused('server'), proactive, { attempts: MAX_ATTEMPTS - 1 }),
      {
        message: { state: 'failed', attempts: MAX_ATTEMPTS },
        alert: true,
      },
    ],
    [
      '10: nobody knows: never blindly again',
      attempt(unknown),
      { message: { state: 'unknown', route: proactive } },
    ],
    [
      '10: an answer on QQ is repeated as it was',
      attempt(unknown, first),
      {
        message: { state: 'pending', route: first },
      },
    ],
    [
      'and if it is too old by then, nobody knows',
      attempt(refused('context-expired'), first, { route: first }),
      {
        message: { state: 'unknown' },
      },
    ],
    [
      'marked as harmless: again',
      attempt(unknown, proactive, { idempotent: true }),
      {
        message: { state: 'pending', route: undefined, attempts: 1 },
      },
    ],
  ]
  test.each(cases)('%s', (_title, actual, expected) => {
    expect(actual).toMatchObject(expected)
  })

  test('whatever happens, a message whose outcome is open is never sent another way, and never called dead', () => {
    const result = fc.record({
      ok: fc.constant(false as const),
      class: fc.constantFrom(...failureClasses),
      outcome: fc.constantFrom(...outcomes),
    })
    fc.assert(
      fc.property(fc.array(result, { maxLength: 12 }), fc.boolean(), (results, withAnchor) => {
        let state: OutboxMessage = message
        let channel: ChannelCapability = withAnchor ? answered : fresh
        let open: Route | undefined
        for (const [index, each] of results.entries()) {
          const now = NOW + index * 1000
          const decision = decideRoute({ ...state, notBefore: 0 }, channel, { now, wait: 0, platform: 'qq' })
          if (state.state !== 'pending' || decision.kind !== 'send') return
          if (open) expect(decision.route).toEqual(open)
          channel = afterBeginning(channel, decision.route)
          const after = afterAttempt({ ...state, state: 'leased' }, channel, {
            route: decision.route,
            result: each,
            now,
            random: 0.5,
          })
          expect(messageStates).toContain(after.message.state)
          if (each.outcome === 'unknown') open = decision.route
          if (each.outcome === 'unknown' && decision.route.kind === 'proactive') {
            expect(after.message.state).toBe('unknown')
          }
          if (open) expect(after.message.state).not.toBe('failed')
          state = after.message
          channel = after.channel
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('a process that died', () => {
  test.each<[string, Route | undefined, string]>([
    ['before the attempt: it goes on', undefined, 'pending'],
    ['in the middle of an answer on QQ: the same again is safe', first, 'pending'],
    ['in the middle of speaking first: nobody knows', { kind: 'proactive' }, 'unknown'],
  ])('%s', (_title, route, state) => {
    expect(afterCrash({ ...message, state: 'leased', route })).toMatchObject({ state, route })
  })

  test('what was not on its way stays as it is', () => {
    expect(afterCrash({ ...message, state: 'parked' })).toEqual({ ...message, state: 'parked' })
  })
})

describe('9: what is known of a conversation', () => {
  test('the switch outweighs a refusal and lifts a block', () => {
    const blocked: ChannelCapability = { ...passiveOnly, blockedUntil: NOW + 1, blocks: 3 }
    expect(afterModeChange(blocked, { ...ref, mode: 'proactive', at: NOW })).toMatchObject({
      ...{ mode: 'proactive', modeFrom: 'event', blockedUntil: 0, blocks: 0 },
    })
  })

  test('an older switch that arrives late changes nothing', () => {
    const now = afterModeChange(fresh, { ...ref, mode: 'passive-only', at: NOW })
    expect(afterModeChange(now, { ...ref, mode: 'proactive', at: NOW - 1 })).toBe(now)
  })

  test('a conversation given up is alive when somebody speaks there', () => {
    const down: ChannelCapability = { ...fresh, mode: 'down', modeFrom: 'refusal' }
    expect(afterInbound(down, { ...ref, replyId: 'm2', replyKind: 'message', at: NOW }).mode).toBe(
      'proactive',
    )
  })
})

describe('quotas', () => {
  test('twenty in a minute, then one as each grows old', () => {
    const meter = new SlidingWindowLimiter(quotas.qq.channel)
    for (let i = 0; i < 20; i++) {
      expect(meter.wait(NOW + i * 1000)).toBe(0)
      meter.count(NOW + i * 1000)
    }
    expect(meter.wait(NOW + 20_000)).toBe(40_000)
    expect(meter.wait(NOW + 60_000)).toBe(0)
  })

  test('a thousand in a day', () => {
    const meter = new SlidingWindowLimiter(quotas.qq.channel)
    for (let i = 0; i < 1000; i++) meter.count(NOW + i * 10_000)
    expect(meter.wait(NOW + 10_000_000)).toBe(DAY - 10_000_000)
  })

  test('a clock that went back blocks for one window at most', () => {
    const meter = new SlidingWindowLimiter([{ max: 1, perMs: 1200 }])
    meter.count(NOW)
    expect(meter.wait(NOW - DAY)).toBe(1200)
  })

  test('no quota, no wait', () => {
    const meter = new SlidingWindowLimiter([])
    meter.count(NOW)
    expect(meter.wait(NOW)).toBe(0)
  })
})

describe('a digest', () => {
  const parked = (...texts: (string | undefined)[]) =>
    texts.map((text, index) => ({ id: String(index), text }))
  test.each([
    [
      'short ones are joined',
      parked('一', '二', '三'),
      3,
      100,
      [{ ids: ['0', '1', '2'], text: '一\n\n二\n\n三' }],
    ],
    [
      'as far as they fit',
      parked('aaaa', 'bbbb', 'cc'),
      3,
      8,
      [
        { ids: ['0'], text: 'aaaa' },
        { ids: ['1', '2'], text: 'bbbb\n\ncc' },
      ],
    ],
    [
      'what is above the budget waits',
      parked('aaaa', 'bbbb', 'cccc'),
      2,
      5,
      [
        { ids: ['0'], text: 'aaaa' },
        { ids: ['1'], text: 'bbbb' },
      ],
    ],
    [
      'a picture goes alone',
      parked('a', undefined, 'b'),
      3,
      99,
      [
        { ids: ['0'], text: 'a' },
        { ids: ['1'], text: undefined },
        { ids: ['2'], text: 'b' },
      ],
    ],
    ['nothing', [], 3, 99, []],
  ])('%s', (_title, waiting, messages, limit, joined) => {
    expect(joinParked(waiting, messages, limit)).toEqual(joined)
  })
})

test('backoff doubles, with a random half, up to its limit', () => {
  expect([0, 1, 2, 20].map((n) => backoff(n, 1000, 60_000, 0))).toEqual([500, 1000, 2000, 30_000])
  expect(backoff(0, 1000, 60_000, 0.999)).toBe(1000)
  expect(backoff(1e6, 1000, 60_000, 0.5)).toBe(45_000)
})
