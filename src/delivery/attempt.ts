import { backoff } from './backoff'
import { repeatable } from './letter'
import { botWideCodes } from './qq-codes'
import type { Capability } from './capability'
import type { ErrorVerdict } from './error'
import type { Letter, Route } from './letter'

export type Result = { ok: true } | ({ ok: false; code?: number | undefined } & ErrorVerdict)

/** What an attempt changes: the letter, what is known of its conversation, and for all of the bot a pause. */
export interface Aftermath {
  letter: Letter
  channel: Capability
  /** The whole bot is to be silent until then. */
  botBlockedUntil: number
  /** Staff must know: the bot is banned, or its credentials are refused. */
  alert: boolean
}

export const MAX_ATTEMPTS = 8
const RETRY_MIN_MS = 5_000
const RETRY_MAX_MS = 1_800_000
const MUTED_MS = 600_000
const BANNED_MS = 3_600_000
const RATE_MIN_MS = 60_000
const RATE_MAX_MS = 3_600_000

/** The next state after an attempt over `route`. `random` in [0, 1) spreads the repetitions. */
export function afterAttempt(
  letter: Letter,
  channel: Capability,
  { route, result, now, random }: { route: Route; result: Result; now: number; random: number },
): Aftermath {
  const open = letter.route !== undefined
  const pending: Letter = { ...letter, state: 'pending' }
  const after = (changes: Partial<Aftermath>): Aftermath => ({
    ...{ letter: pending, channel, botBlockedUntil: 0, alert: false },
    ...changes,
  })
  if (result.ok || result.outcome === 'delivered') {
    const letterSent: Letter = { ...letter, state: 'sent', route, reason: undefined }
    return after({ letter: letterSent, channel: { ...channel, blocks: 0 } })
  }
  const reason = result.class
  // While an earlier attempt is open, a refusal of its repetition does not tell what became of the first.
  const dead: Letter = { ...letter, state: open ? 'unknown' : 'dead', reason }
  const later = (until: number): Letter => ({
    ...pending,
    reason,
    notBefore: open ? until : letter.notBefore,
  })
  if (result.outcome === 'unknown') {
    return after({ letter: afterUnknown({ ...letter, reason }, route, now, random) })
  }
  switch (result.class) {
    case 'anchor-dead': {
      const stale = route.kind === 'passive' && channel.anchor?.id === route.anchor.id
      const changed = stale ? { ...channel, anchor: undefined } : channel
      return after({ letter: open ? dead : { ...pending, reason }, channel: changed })
    }
    case 'no-permission': {
      const learned = { mode: 'passive-only', modeFrom: 'refusal', modeAt: now } as const
      return after({ letter: open ? dead : { ...pending, reason }, channel: { ...channel, ...learned } })
    }
    case 'rate': {
      const until = now + backoff(channel.blocks, RATE_MIN_MS, RATE_MAX_MS, 1)
      const blocked = { ...channel, blockedUntil: until, blocks: channel.blocks + 1 }
      const wide = result.code !== undefined && botWideCodes.has(result.code)
      return after({ letter: later(until), channel: blocked, botBlockedUntil: wide ? until : 0 })
    }
    case 'muted':
      return after({
        letter: later(now + MUTED_MS),
        channel: { ...channel, blockedUntil: now + MUTED_MS },
      })
    case 'gone': {
      const down = { mode: 'down', modeFrom: 'refusal', modeAt: now } as const
      return after({ letter: dead, channel: { ...channel, ...down } })
    }
    case 'banned':
      return after({ letter: later(now + BANNED_MS), botBlockedUntil: now + BANNED_MS, alert: true })
    case 'content':
      return after({ letter: open || letter.degraded ? dead : { ...pending, degraded: true, reason } })
    case 'auth':
    case 'server':
    case 'network': {
      const attempts = letter.attempts + 1
      if (attempts >= MAX_ATTEMPTS) return after({ letter: { ...dead, attempts }, alert: true })
      const notBefore = now + backoff(letter.attempts, RETRY_MIN_MS, RETRY_MAX_MS, random)
      // The conversation waits too: what was said later must not overtake.
      const waiting = { ...channel, blockedUntil: Math.max(channel.blockedUntil, notBefore) }
      return after({
        letter: { ...pending, attempts, notBefore, reason },
        channel: waiting,
        alert: reason === 'auth',
      })
    }
    case 'duplicate':
    case 'audit':
      return after({ letter: { ...letter, state: 'sent', route, reason: undefined } })
  }
}

/** Nobody knows whether it arrived: repeated only where that cannot show it twice. */
function afterUnknown(letter: Letter, route: Route, now: number, random: number): Letter {
  const attempts = letter.attempts + 1
  if (attempts >= MAX_ATTEMPTS) return { ...letter, attempts, state: 'unknown', route }
  const notBefore = now + backoff(letter.attempts, RETRY_MIN_MS, RETRY_MAX_MS, random)
  if (repeatable(route))
    return { ...letter, attempts, state: 'pending', route, notBefore: now + RETRY_MIN_MS }
  if (letter.idempotent) return { ...letter, attempts, state: 'pending', route: undefined, notBefore }
  return { ...letter, attempts, state: 'unknown', route }
}
