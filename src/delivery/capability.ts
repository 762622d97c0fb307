import type { Anchor, ChannelMode, Inbound, ModeChange } from './channel'
import type { Letter, Route } from './letter'
import { repeatable } from './letter'

/** What is known of a conversation. Times are milliseconds since 1970. */
export interface Capability {
  mode: ChannelMode
  /** Where that comes from: nobody knows yet, the owner's switch, or a refusal. */
  modeFrom: 'default' | 'event' | 'refusal'
  modeAt: number
  /** The newest thing said there, and how many answers the outbox has given to it. */
  anchor: { id: string; kind: Anchor['kind']; at: number; used: number } | undefined
  /** Nothing is sent before. */
  blockedUntil: number
  /** Blocks in a row; each is longer than the one before. */
  blocks: number
}

/** What is assumed of a conversation before anything is known: try, and learn from the refusal. */
export function unknownChannel(platform: string, now: number): Capability {
  const mode = platform === 'wecom-webhook' ? 'send-only' : 'proactive'
  return { mode, modeFrom: 'default', modeAt: now, anchor: undefined, blockedUntil: 0, blocks: 0 }
}

/** Only QQ counts answers; everywhere else a conversation in which one may speak needs no anchor. */
export function hasAnchors(platform: string): boolean {
  return platform === 'qq'
}

/**
 * Somebody spoke to the bot: the newest message anchors answers, and a conversation given up is alive. Where answers are
 * not counted, being spoken to is what opens a conversation.
 */
export function heard(channel: Capability, inbound: Inbound): Capability {
  // The same message again, pushed twice, may not be answered more often.
  const known = channel.anchor?.id === inbound.anchorId ? channel.anchor : undefined
  const anchor = known ?? { id: inbound.anchorId, kind: inbound.anchorKind, at: inbound.at, used: 0 }
  const opened = channel.mode === 'down' || (channel.mode === 'passive-only' && !hasAnchors(inbound.platform))
  if (!opened) return { ...channel, anchor }
  return { ...channel, anchor, mode: 'proactive', modeFrom: 'default', modeAt: inbound.at, blockedUntil: 0 }
}

/** The platform told of a switch; what it says now outweighs whatever was learned from refusals. */
export function switched(channel: Capability, { mode, at }: ModeChange): Capability {
  if (at < channel.modeAt && channel.modeFrom === 'event') return channel
  return { ...channel, mode, modeFrom: 'event', modeAt: at, blockedUntil: 0, blocks: 0 }
}

/** What this process saw of a conversation, on top of what was stored by it or another one. */
export function afterJoining(stored: Capability, seen: Capability): Capability {
  const base = seen.modeFrom === 'default' || seen.modeAt < stored.modeAt ? stored : seen
  const [a, b] = [stored.anchor, seen.anchor]
  if (!a || !b) return { ...base, anchor: a ?? b }
  if (a.id === b.id) return { ...base, anchor: { ...a, used: Math.max(a.used, b.used) } }
  return { ...base, anchor: a.at > b.at ? a : b }
}

export interface RouteRules {
  /** How long an anchor may be answered. */
  windowMs: number
  /** Of the answers to one anchor the outbox takes so many; the rest belong to the person who asked. */
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
  | { kind: 'defer' }
  | { kind: 'dead'; reason: 'expired' | 'down' }

/**
 * What to do with a letter now. `wait` is how long the quotas of the conversation and the bot ask to wait before
 * speaking first; answers are not counted by them.
 */
export function decideRoute(
  letter: Letter,
  channel: Capability,
  {
    now,
    wait,
    platform,
    rules = routeRules,
  }: { now: number; wait: number; platform: string; rules?: RouteRules },
): RouteDecision {
  if (letter.notBefore > now) return { kind: 'wait', until: letter.notBefore }
  // An open outcome is settled by the very same attempt, whatever has become of letter and conversation since.
  if (letter.route && repeatable(letter.route)) return { kind: 'send', route: letter.route }
  if (letter.expiresAt <= now) return { kind: 'dead', reason: 'expired' }
  if (channel.mode === 'down') return { kind: 'dead', reason: 'down' }
  if (channel.blockedUntil > now) return { kind: 'wait', until: channel.blockedUntil }
  const anchor = hasAnchors(platform) ? liveAnchor(channel, now, rules) : undefined
  if (anchor) return { kind: 'send', route: { kind: 'passive', anchor } }
  if (channel.mode === 'passive-only') return { kind: 'defer' }
  return wait > 0 ? { kind: 'wait', until: now + wait } : { kind: 'send', route: { kind: 'proactive' } }
}

function liveAnchor({ anchor }: Capability, now: number, rules: RouteRules): Anchor | undefined {
  if (!anchor || now - anchor.at >= rules.windowMs || anchor.used >= rules.budget) return
  // Seqs of one message's parts count up by one: far enough apart never to meet.
  return { id: anchor.id, kind: anchor.kind, seq: FIRST_SEQ + anchor.used * 10 }
}

/** The answers that the outbox may still give to the newest message. */
export function answersLeft({ anchor }: Capability, now: number, rules: RouteRules = routeRules): number {
  return anchor && now - anchor.at < rules.windowMs ? Math.max(0, rules.budget - anchor.used) : 0
}

/** The conversation once an attempt has begun; an answer is used up whatever becomes of it. */
export function begun(channel: Capability, route: Route): Capability {
  const { anchor } = channel
  if (route.kind !== 'passive' || anchor?.id !== route.anchor.id) return channel
  const number = Math.floor((route.anchor.seq - FIRST_SEQ) / 10) + 1
  return { ...channel, anchor: { ...anchor, used: Math.max(anchor.used, number) } }
}
