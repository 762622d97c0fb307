import { backoff } from './backoff'
import { repeatable } from './message'
import { botWideCodes } from './qq-codes'
import type { ChannelCapability } from './capability'
import type { ErrorVerdict } from './error'
import type { OutboxMessage, Route } from './message'

/** `sent`: so many platform messages went through before the one that failed. */
export type AttemptResult =
  { ok: true } | ({ ok: false; code?: number | undefined; sent?: number } & ErrorVerdict)

/** What an attempt changes: the message, what is known of its conversation, and for all of the bot a pause. */
export interface AttemptAftermath {
  message: OutboxMessage
  channel: ChannelCapability
  /** The whole bot is to be silent until then. */
  botBlockedUntil: number
  /** Staff must know: the bot is banned, or its credentials are refused. */
  alert: boolean
}

export const MAX_ATTEMPTS = 8
/** The whole, its plain text, a notice without any of it. */
const MAX_DEGRADED = 2
const RETRY_MIN_MS = 5_000
const RETRY_MAX_MS = 1_800_000
const MUTED_MS = 600_000
const BANNED_MS = 3_600_000
const RATE_MIN_MS = 60_000
const RATE_MAX_MS = 3_600_000

/** The next state after an attempt over `route`. `random` in [0, 1) spreads the repetitions. */
export function afterAttempt(
  before: OutboxMessage,
  channel: ChannelCapability,
  { route, result, now, random }: { route: Route; result: AttemptResult; now: number; random: number },
): AttemptAftermath {
  const message = withParts(before, route, result)
  const open = message.route !== undefined
  const pending: OutboxMessage = { ...message, state: 'pending' }
  const after = (changes: Partial<AttemptAftermath>): AttemptAftermath => ({
    ...{ message: pending, channel, botBlockedUntil: 0, alert: false },
    ...changes,
  })
  if (result.ok || result.outcome === 'delivered') {
    const rest = route.kind === 'passive' && route.parts !== undefined
    const sentMessage: OutboxMessage = rest
      ? { ...pending, route: undefined, reason: 'waits-for-inbound' }
      : { ...message, state: 'sent', route, reason: undefined }
    return after({ message: sentMessage, channel: { ...channel, blocks: 0 } })
  }
  const reason = result.class
  // While an earlier attempt is open, a refusal of its repetition does not tell what became of the first.
  const failed: OutboxMessage = { ...message, state: open ? 'unknown' : 'failed', reason }
  const later = (until: number): OutboxMessage => ({
    ...pending,
    reason,
    notBefore: open ? until : message.notBefore,
  })
  if (result.outcome === 'unknown') {
    return after({ message: afterUnknown({ ...message, reason }, route, now, random) })
  }
  switch (result.class) {
    case 'context-expired': {
      const stale = route.kind === 'passive' && channel.reply?.id === route.reply.id
      const changed = stale ? { ...channel, reply: undefined } : channel
      return after({ message: open ? failed : { ...pending, reason }, channel: changed })
    }
    case 'no-permission': {
      const learned = { mode: 'passive-only', modeFrom: 'refusal', modeAt: now } as const
      return after({ message: open ? failed : { ...pending, reason }, channel: { ...channel, ...learned } })
    }
    case 'rate': {
      const until = now + backoff(channel.blocks, RATE_MIN_MS, RATE_MAX_MS, 1)
      const blocked = { ...channel, blockedUntil: until, blockedBy: reason, blocks: channel.blocks + 1 }
      const wide = result.code !== undefined && botWideCodes.has(result.code)
      return after({ message: later(until), channel: blocked, botBlockedUntil: wide ? until : 0 })
    }
    case 'muted':
      return after({
        message: later(now + MUTED_MS),
        channel: { ...channel, blockedUntil: now + MUTED_MS, blockedBy: reason },
      })
    case 'gone': {
      const down = { mode: 'down', modeFrom: 'refusal', modeAt: now } as const
      return after({ message: failed, channel: { ...channel, ...down } })
    }
    case 'banned':
      return after({ message: later(now + BANNED_MS), botBlockedUntil: now + BANNED_MS, alert: true })
    case 'content': {
      // Another form of what is half there already would show that half twice.
      const last = open || message.degraded >= MAX_DEGRADED || message.sentParts > 0
      const degraded = message.degraded + 1
      return after({ message: last ? failed : { ...pending, degraded, reason }, alert: last })
    }
    case 'auth':
    case 'server':
    case 'network': {
      const attempts = message.attempts + 1
      if (attempts >= MAX_ATTEMPTS) return after({ message: { ...failed, attempts }, alert: true })
      const notBefore = now + backoff(message.attempts, RETRY_MIN_MS, RETRY_MAX_MS, random)
      // The conversation waits too: what was said later must not overtake.
      const blockedUntil = Math.max(channel.blockedUntil, notBefore)
      const waiting = { ...channel, blockedUntil, blockedBy: reason }
      return after({
        message: { ...pending, attempts, notBefore, reason },
        channel: waiting,
        alert: reason === 'auth',
      })
    }
    case 'duplicate':
    case 'audit':
      return after({ message: { ...message, state: 'sent', route, reason: undefined } })
  }
}

/** What is certain to have arrived is not sent again; an open attempt is repeated as it was. */
function withParts(message: OutboxMessage, route: Route, result: AttemptResult): OutboxMessage {
  const parts = result.ok
    ? route.kind === 'passive'
      ? (route.parts ?? 0)
      : 0
    : result.outcome === 'rejected'
      ? (result.sent ?? 0)
      : 0
  return parts ? { ...message, sentParts: message.sentParts + parts } : message
}

/** Nobody knows whether it arrived: repeated only where that cannot show it twice. */
function afterUnknown(message: OutboxMessage, route: Route, now: number, random: number): OutboxMessage {
  const attempts = message.attempts + 1
  if (attempts >= MAX_ATTEMPTS) return { ...message, attempts, state: 'unknown', route }
  const notBefore = now + backoff(message.attempts, RETRY_MIN_MS, RETRY_MAX_MS, random)
  if (repeatable(route))
    return { ...message, attempts, state: 'pending', route, notBefore: now + RETRY_MIN_MS }
  if (message.idempotent) return { ...message, attempts, state: 'pending', route: undefined, notBefore }
  return { ...message, attempts, state: 'unknown', route }
}
