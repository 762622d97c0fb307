import { h } from 'koishi'
import { refKey } from '@space-assistant/core/delivery/channel'
import { priorities } from '@space-assistant/core/delivery/message'
import { goesAnytime } from '@space-assistant/core/delivery/quiet'
import type { Fragment } from 'koishi'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type {
  OutboxMessage,
  MessageState,
  FailureReason,
  Route,
} from '@space-assistant/core/delivery/message'
import type { RecallState } from '@space-assistant/core/delivery/recall'
import type { MessageRow } from './table'

export interface NewMessage {
  /** Stable: the same message to the same target has the same key, so that enqueuing twice sends once. */
  key: string
  target: ChannelRef
  /** What it is, for counting: `nudge`, `announcement`, `ticket`. */
  kind: string
  /** Elements, or element markup (plain text in it escaped by `h.escape`); files as `<file src="file:..." title>`. */
  content: Fragment
  batch?: string
  /** See `priorities`; default that of an announcement. */
  priority?: keyof typeof priorities
  /** Times as dates, or milliseconds since 1970. */
  notBefore?: Date | number
  /** Worthless afterwards; default three days from now. */
  expiresAt?: Date | number
  /** Where else it may go when this conversation cannot be spoken to, in this order. */
  alternatives?: ChannelRef[]
  /** Sent in its stead where the platform refuses its content, without any of that; default a general notice. */
  fallback?: Fragment
  /** Platform messages of it that have arrived already, past the outbox. */
  sentParts?: number
  /** May be shown twice without harm. */
  idempotent?: boolean
  /** Goes out in the quiet hours too; by default answers do, and the kinds that the configuration names. */
  anytime?: boolean
}

/** What became of a message, for whoever sent it. */
export interface Receipt {
  key: string
  kind: string
  target: ChannelRef
  state: MessageState
  /** Class of the last failure, or `waits-for-inbound`, `expired`, `down`, `cancelled`, `arrived`; empty when fine. */
  reason: FailureReason | ''
  code: number
  detail: string
  /** The platform's ids, for recalling. */
  messages: string[]
  settledAt: Date | undefined
  /** Platform messages of it that certainly have arrived; another attempt sends the rest. */
  sentParts: number
  /** How its taking back stands; empty when nobody has asked for that. */
  recall: RecallState | ''
}

const EXPIRE_MS = 3 * 86_400_000

/** The row of a new message; `position` keeps the order of those of one call. */
export function messageRowOf(
  message: NewMessage,
  { now, position, anytimeKinds }: { now: number; position: number; anytimeKinds: readonly string[] },
): MessageRow {
  const { key, target, kind, anytime, batch = '', alternatives = [] } = message
  const priority = priorities[message.priority ?? 'announcement']
  if (key.length > 190) throw new Error(`outbox: key is ${key.length} characters long, permitted are 190`)
  // Written out: an object made by spreading takes ten times the memory, and there may be a million.
  return {
    id: key,
    bot: `${target.platform}:${target.selfId}`,
    channel: target.channelId,
    kind,
    batch,
    content: h.normalize(message.content).join(''),
    priority,
    state: 'pending',
    createdAt: now,
    position,
    notBefore: Number(message.notBefore ?? now),
    expiresAt: Number(message.expiresAt ?? now + EXPIRE_MS),
    settledAt: 0,
    attempts: 0,
    owner: '',
    routeKind: '',
    routeReply: '',
    routeSeq: 0,
    degraded: 0,
    sentParts: message.sentParts ?? 0,
    routeParts: 0,
    stopped: 0,
    priorReason: '',
    fallback: message.fallback === undefined ? '' : h.normalize(message.fallback).join(''),
    idempotent: Number(message.idempotent ?? false),
    anytime: Number(goesAnytime({ kind, priority, anytime }, anytimeKinds)),
    alternatives: alternatives.map(refKey).join('\n'),
    reason: '',
    code: 0,
    detail: '',
    messages: '',
  }
}

export function receiptFromRow(row: MessageRow & { recall?: RecallState | null }): Receipt {
  const [platform = '', ...self] = row.bot.split(':')
  return {
    key: row.id,
    kind: row.kind,
    target: { platform, selfId: self.join(':'), channelId: row.channel },
    state: row.state,
    reason: row.reason as Receipt['reason'],
    code: Number(row.code),
    detail: row.detail,
    messages: row.messages ? row.messages.split(',') : [],
    settledAt: row.settledAt ? new Date(Number(row.settledAt)) : undefined,
    sentParts: row.state === 'sent' ? 0 : Number(row.sentParts),
    recall: row.recall ?? '',
  }
}

export function messageFromRow(row: MessageRow): OutboxMessage {
  const { state, notBefore, expiresAt, attempts } = row
  return {
    ...{ state, notBefore, expiresAt, attempts },
    route: routeOf(row),
    degraded: Number(row.degraded),
    sentParts: Number(row.sentParts),
    idempotent: Boolean(row.idempotent),
    reason: (row.reason || undefined) as FailureReason | undefined,
  }
}

function routeOf({ routeKind, routeReply, routeSeq, routeParts }: MessageRow): Route | undefined {
  if (!routeKind) return
  if (routeKind === 'proactive') return { kind: 'proactive' }
  const reply = { id: routeReply, kind: routeKind, seq: routeSeq }
  return { kind: 'passive', reply, ...(Number(routeParts) && { parts: Number(routeParts) }) }
}

export function routeColumns(route: Route | undefined) {
  const none = { routeReply: '', routeSeq: 0, routeParts: 0 }
  if (!route) return { ...none, routeKind: '' }
  if (route.kind === 'proactive') return { ...none, routeKind: 'proactive' }
  const { kind, id, seq } = route.reply
  return { routeKind: kind, routeReply: id, routeSeq: seq, routeParts: route.parts ?? 0 }
}
