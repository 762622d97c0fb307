import type { ReplyContext } from './channel'
import type { FailureClass } from './error'

/**
 * `pending` waits for its turn, `leased` is on its way, `unknown` may have arrived, `parked` waits until somebody
 * speaks to the bot; `sent` and `failed` are the ends.
 */
export const messageStates = ['pending', 'leased', 'sent', 'unknown', 'parked', 'failed'] as const
export type MessageState = (typeof messageStates)[number]

/** What goes first when a conversation may take only a few: an answer before a bulletin. */
export const priorities = { answer: 30, announcement: 20, nudge: 10, bulletin: 0 } as const

/** How a message is, or was last, sent. */
export type Route =
  | { kind: 'proactive' }
  /** `parts`: so many platform messages of it only, since no more may answer now; left out: all that are left. */
  | { kind: 'passive'; reply: ReplyContext; parts?: number }

/** Why a message is failed, or waits: a failure's class, or one of our own reasons. */
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
export interface OutboxMessage {
  state: MessageState
  notBefore: number
  expiresAt: number
  /** Failures that count against the message itself. */
  attempts: number
  /** How it was tried; kept while the outcome is open, so that the very same attempt can be repeated. */
  route: Route | undefined
  /** How often the platform refused the content: 1 - it goes out as plain text, 2 - a notice in its stead. */
  degraded: number
  /** Platform messages of it that have arrived; the rest follows. */
  sentParts: number
  /** May be shown twice without harm. */
  idempotent: boolean
  reason: FailureReason | undefined
}

/** The message of a process that died: what had not been tried goes on, what had been is repeated only where safe. */
export function afterCrash(message: OutboxMessage): OutboxMessage {
  if (message.state !== 'leased') return message
  const { route } = message
  if (!route || message.idempotent || repeatable(route)) return { ...message, state: 'pending' }
  return { ...message, state: 'unknown', reason: 'network' }
}

/** QQ shows a pair of inbound message and seq once; for events no such promise is known. */
export function repeatable(route: Route): boolean {
  return route.kind === 'passive' && route.reply.kind === 'message'
}

/** What becomes of a message that was taken back while it was on its way: it may not wait for another try. */
export function afterStop(message: OutboxMessage): OutboxMessage {
  if (message.state !== 'pending' && message.state !== 'parked') return message
  // An attempt whose outcome is open can only be settled by repeating it, which may be what shows it.
  if (message.route) return { ...message, state: 'unknown' }
  return { ...message, state: 'failed', reason: 'cancelled' }
}
