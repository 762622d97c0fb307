import type { Anchor } from './channel'
import type { FailureClass } from './error'

/**
 * `pending` waits for its turn, `leased` is on its way, `unknown` may have arrived, `deferred` waits until somebody
 * speaks to the bot; `sent` and `dead` are the ends.
 */
export const letterStates = ['pending', 'leased', 'sent', 'unknown', 'deferred', 'dead'] as const
export type LetterState = (typeof letterStates)[number]

/** What goes first when a conversation may take only a few: an answer before a bulletin. */
export const priorities = { answer: 30, announcement: 20, nudge: 10, bulletin: 0 } as const

/** How a letter is, or was last, sent. */
export type Route = { kind: 'proactive' } | { kind: 'passive'; anchor: Anchor }

/** Why a letter is dead, or waits: a failure's class, or one of our own reasons. */
export const ownReasons = [
  'expired',
  'down',
  'cancelled',
  'waits-for-inbound',
  'attempts',
  'arrived',
] as const
export type FailureReason = FailureClass | (typeof ownReasons)[number]

/** One message to one target, without its content. Times are milliseconds since 1970. */
export interface Letter {
  state: LetterState
  notBefore: number
  expiresAt: number
  /** Failures that count against the letter itself. */
  attempts: number
  /** How it was tried; kept while the outcome is open, so that the very same attempt can be repeated. */
  route: Route | undefined
  /** The platform refused the content once; it goes out as plain text now. */
  degraded: boolean
  /** May be shown twice without harm. */
  idempotent: boolean
  reason: FailureReason | undefined
}

/** The letter of a process that died: what had not been tried goes on, what had been is repeated only where safe. */
export function afterCrash(letter: Letter): Letter {
  if (letter.state !== 'leased') return letter
  const { route } = letter
  if (!route || letter.idempotent || repeatable(route)) return { ...letter, state: 'pending' }
  return { ...letter, state: 'unknown', reason: 'network' }
}

/** QQ shows a pair of inbound message and seq once; for events no such promise is known. */
export function repeatable(route: Route): boolean {
  return route.kind === 'passive' && route.anchor.kind === 'message'
}
