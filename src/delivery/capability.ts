import type { ReplyContext, ChannelMode, Inbound, ModeChange } from './channel'
import type { OutboxMessage, Route } from './message'
import { repeatable } from './message'

/** What is known of a conversation. Times are milliseconds since 1970. */
export interface ChannelCapability {
  mode: ChannelMode
  /** Where that comes from: nobody knows yet, the owner's switch, or a refusal. */
  modeFrom: 'default' | 'event' | 'refusal'
  modeAt: number
  /** The newest thing said there, and how many answers the outbox has given to it. */
  reply: { id: string; kind: ReplyContext['kind']; at: number; used: number } | undefined
  /** Nothing is sent before. */
  blockedUntil: number
  /** Blocks in a row; each is longer than the one before. */
  blocks: number
}

/** What is assumed of a conversation before anything is known: try, and learn from the refusal. */
export function unknownChannel(platform: string, now: number): ChannelCapability {
  const mode = platform === 'wecom-webhook' ? 'send-only' : 'proactive'
  return { mode, modeFrom: 'default', modeAt: now, reply: undefined, blockedUntil: 0, blocks: 0 }
}

/** Only QQ counts answers; everywhere else a conversation in which one may speak needs no reply. */
export function countsReplies(platform: string): boolean {
  return platform === 'qq'
}

/**
 * Somebody spoke to the bot: the newest message replies answers, and a conversation given up is alive. Where answers are
 * not counted, being spoken to is what opens a conversation.
 */
export function afterInbound(channel: ChannelCapability, inbound: Inbound): ChannelCapability {
  // The same message again, pushed twice, may not be answered more often.
  const known = channel.reply?.id === inbound.replyId ? channel.reply : undefined
  const reply = known ?? { id: inbound.replyId, kind: inbound.replyKind, at: inbound.at, used: 0 }
  const opened =
    channel.mode === 'down' || (channel.mode === 'passive-only' && !countsReplies(inbound.platform))
  if (!opened) return { ...channel, reply: reply }
  return {
    ...channel,
    reply: reply,
    mode: 'proactive',
    modeFrom: 'default',
    modeAt: inbound.at,
    blockedUntil: 0,
  }
}

/** The platform told of a switch; what it says now outweighs whatever was learned from refusals. */
export function afterModeChange(channel: ChannelCapability, { mode, at }: ModeChange): ChannelCapability {
  if (at < channel.modeAt && channel.modeFrom === 'event') return channel
  return { ...channel, mode, modeFrom: 'event', modeAt: at, blockedUntil: 0, blocks: 0 }
}

/** What this process saw of a conversation, on top of what was stored by it or another one. */
export function afterJoining(stored: ChannelCapability, seen: ChannelCapability): ChannelCapability {
  const base = seen.modeFrom === 'default' || seen.modeAt < stored.modeAt ? stored : seen
  const [a, b] = [stored.reply, seen.reply]
  if (!a || !b) return { ...base, reply: a ?? b }
  if (a.id === b.id) return { ...base, reply: { ...a, used: Math.max(a.used, b.used) } }
  return { ...base, reply: a.at > b.at ? a : b }
}

export interface RouteRules {
  /** How long an reply may be answered. */
  windowMs: number
  /** Of the answers to one reply the outbox takes so many; the rest belong to the person who asked. */
  budget: number
}

/** QQ: five minutes less a margin, three of five answers. */
export const routeRules: RouteRules = { windowMs: 295_000, budget: 3 }

/** The outbox counts from here, so that its answers never collide with those of `session.send` (1, 2, ...). */
const FIRST_SEQ = 101

export type RouteDecision =
  | { kind: 'send'; route: Route }
  | { kind: 'wait'; until: number }
  /** Nothing can be done until somebody speaks there. */
  | { kind: 'park' }
  | { kind: 'failed'; reason: 'expired' | 'down' }

/**
 * What to do with a message now. `wait` is how long the quotas of the conversation and the bot ask to wait before
 * speaking first; answers are not counted by them.
 */
export function decideRoute(
  message: OutboxMessage,
  channel: ChannelCapability,
  {
    now,
    wait,
    platform,
    rules = routeRules,
  }: { now: number; wait: number; platform: string; rules?: RouteRules },
): RouteDecision {
  if (message.notBefore > now) return { kind: 'wait', until: message.notBefore }
  // An open outcome is settled by the very same attempt, whatever has become of message and conversation since.
  if (message.route && repeatable(message.route)) return { kind: 'send', route: message.route }
  if (message.expiresAt <= now) return { kind: 'failed', reason: 'expired' }
  if (channel.mode === 'down') return { kind: 'failed', reason: 'down' }
  if (channel.blockedUntil > now) return { kind: 'wait', until: channel.blockedUntil }
  const reply = countsReplies(platform) ? liveReply(channel, now, rules) : undefined
  if (reply) return { kind: 'send', route: { kind: 'passive', reply } }
  if (channel.mode === 'passive-only') return { kind: 'park' }
  return wait > 0 ? { kind: 'wait', until: now + wait } : { kind: 'send', route: { kind: 'proactive' } }
}

function liveReply(
  { reply: reply }: ChannelCapability,
  now: number,
  rules: RouteRules,
): ReplyContext | undefined {
  if (!reply || now - reply.at >= rules.windowMs || reply.used >= rules.budget) return
  // Seqs of one message's parts count up by one: far enough apart never to meet.
  return { id: reply.id, kind: reply.kind, seq: FIRST_SEQ + reply.used * 10 }
}

/** The answers that the outbox may still give to the newest message. */
export function repliesLeft(
  { reply: reply }: ChannelCapability,
  now: number,
  rules: RouteRules = routeRules,
): number {
  return reply && now - reply.at < rules.windowMs ? Math.max(0, rules.budget - reply.used) : 0
}

/** The conversation once an attempt has begun; an answer is used up whatever becomes of it. */
export function afterBeginning(channel: ChannelCapability, route: Route): ChannelCapability {
  const { reply: reply } = channel
  if (route.kind !== 'passive' || reply?.id !== route.reply.id) return channel
  const number = Math.floor((route.reply.seq - FIRST_SEQ) / 10) + 1
  return { ...channel, reply: { ...reply, used: Math.max(reply.used, number) } }
}
