import type { ReplyContext, ChannelMode, Inbound, ModeChange } from './channel'
import type { FailureReason, OutboxMessage, Route } from './message'
import { repeatable } from './message'

/** What is known of a conversation. Times are milliseconds since 1970. */
export interface ChannelCapability {
  mode: ChannelMode
  /** Where that comes from: nobody knows yet, the owner's switch, or a refusal. */
  modeFrom: 'default' | 'event' | 'refusal'
  modeAt: number
  /**
   * The newest thing said there, how many platform messages the outbox has answered to it, and how many the one who
   * was asked has (`direct`).
   */
  reply: { id: string; kind: ReplyContext['kind']; at: number; used: number; direct?: number } | undefined
  /** Nothing is sent before, and why. */
  blockedUntil: number
  blockedBy?: FailureReason | undefined
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
  if (!opened) return { ...channel, reply }
  return {
    ...channel,
    reply,
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
  if (a.id === b.id)
    return {
      ...base,
      reply: { ...a, used: Math.max(a.used, b.used), direct: Math.max(a.direct ?? 0, b.direct ?? 0) },
    }
  return { ...base, reply: a.at > b.at ? a : b }
}

export interface RouteRules {
  /** How long something that was said may be answered. */
  windowMs: number
  /** Of the platform messages that may answer it the outbox takes so many; the rest belong to the person who asked. */
  budget: number
  /** So many may answer it altogether. */
  replies: number
}

/** QQ: five minutes less a margin; three of five messages in a group, of four in a private chat. */
export const routeRules: RouteRules = { windowMs: 295_000, budget: 3, replies: 5 }
const directRules: RouteRules = { ...routeRules, replies: 4 }

export function routeRulesFor(channelId: string): RouteRules {
  return channelId.startsWith('private:') ? directRules : routeRules
}

/** The outbox counts from here, so that its answers never collide with those of `session.send` (1, 2, ...). */
const FIRST_SEQ = 101

/** No block is longer: one that seems so is of a clock that was set back. */
const LONGEST_BLOCK_MS = 3_600_000

export type RouteDecision =
  | { kind: 'send'; route: Route }
  | { kind: 'wait'; until: number; reason: FailureReason | undefined }
  /** Nothing can be done until somebody speaks there. */
  | { kind: 'park' }
  | { kind: 'failed'; reason: 'expired' | 'down' }

export interface RouteOccasion {
  now: number
  /** How long the quotas of the conversation ask to wait before speaking first; answers are not counted by them. */
  wait: number
  platform: string
  /** Platform messages that are still to be sent of it, a picture or a long text's second half being one each. */
  size?: number
  rules?: RouteRules
}

/** What to do with a message now. */
export function decideRoute(
  message: OutboxMessage,
  channel: ChannelCapability,
  { now, wait, platform, size = 1, rules = routeRules }: RouteOccasion,
): RouteDecision {
  if (message.notBefore > now) return { kind: 'wait', until: message.notBefore, reason: message.reason }
  // An open outcome is settled by the very same attempt, whatever has become of message and conversation since.
  if (message.route && repeatable(message.route)) return { kind: 'send', route: message.route }
  if (message.expiresAt <= now) return { kind: 'failed', reason: 'expired' }
  if (channel.mode === 'down') return { kind: 'failed', reason: 'down' }
  const blockedUntil = channel.blockedUntil - now > LONGEST_BLOCK_MS ? 0 : channel.blockedUntil
  if (blockedUntil > now) return { kind: 'wait', until: blockedUntil, reason: channel.blockedBy }
  const route = countsReplies(platform) ? passiveRoute(channel, { now, size, rules }) : undefined
  if (route) return { kind: 'send', route }
  if (channel.mode === 'passive-only') return { kind: 'park' }
  if (wait > 0) return { kind: 'wait', until: now + Math.min(wait, LONGEST_BLOCK_MS), reason: 'rate' }
  return { kind: 'send', route: { kind: 'proactive' } }
}

/** A message goes out whole or waits; one longer than any budget begins where the budget is whole, and ends with a notice. */
function passiveRoute(
  channel: ChannelCapability,
  { now, size, rules }: { now: number; size: number; rules: RouteRules },
): Route | undefined {
  const room = repliesLeft(channel, now, rules)
  const { reply } = channel
  if (!reply || !room) return
  // Seqs of one message's parts count up by one: far enough apart never to meet.
  const context = { id: reply.id, kind: reply.kind, seq: FIRST_SEQ + reply.used * 10 }
  if (size <= room) return { kind: 'passive', reply: context }
  const whole = room === rules.budget && size > rules.budget && channel.mode === 'passive-only'
  return whole ? { kind: 'passive', reply: context, parts: room - 1 } : undefined
}

/** The platform messages by which the outbox may still answer the newest thing said. */
export function repliesLeft(
  { reply }: ChannelCapability,
  now: number,
  rules: RouteRules = routeRules,
): number {
  if (!reply || now - reply.at >= rules.windowMs) return 0
  const { used, direct = 0 } = reply
  return Math.max(0, Math.min(rules.budget - used, rules.replies - used - direct))
}

/** The conversation once an attempt of `size` messages has begun; they are used up whatever becomes of them. */
export function afterBeginning(channel: ChannelCapability, route: Route, size = 1): ChannelCapability {
  const { reply } = channel
  if (route.kind !== 'passive' || reply?.id !== route.reply.id) return channel
  const before = Math.floor((route.reply.seq - FIRST_SEQ) / 10)
  return { ...channel, reply: { ...reply, used: Math.max(reply.used, before + size) } }
}

/** The one who was asked has answered by so many messages. */
export function afterDirectReply(
  channel: ChannelCapability,
  replyId: string,
  count: number,
): ChannelCapability {
  const { reply } = channel
  if (reply?.id !== replyId) return channel
  return { ...channel, reply: { ...reply, direct: (reply.direct ?? 0) + count } }
}
