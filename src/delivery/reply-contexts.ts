import type { ReplyContext, Inbound } from './channel'

/** How long and how often an inbound message may be answered. */
export interface ReplyRule {
  windowMs: number
  replies: number
}

/** QQ: 5 minutes (less a margin for the way) and 5 answers in a group, 4 in a private chat. */
export const qqReplyRules = {
  group: { windowMs: 295_000, replies: 5 },
  direct: { windowMs: 295_000, replies: 4 },
} as const satisfies Record<string, ReplyRule>

interface Entry {
  id: string
  kind: ReplyContext['kind']
  at: number
  used: number
  seq: number
}

/** The messages of one bot that may still be answered, by conversation; forgets by itself. */
export class ReplyContexts {
  private readonly byChannel = new Map<string, Entry[]>()

  add(inbound: Inbound, rule: ReplyRule): void {
    const live = this.live(inbound.channelId, rule, inbound.at)
    if (live.some((entry) => entry.id === inbound.replyId)) return
    live.push({ id: inbound.replyId, kind: inbound.replyKind, at: inbound.at, used: 0, seq: 0 })
    // The newest message replies any answer; older ones are kept only for answers to themselves.
    this.byChannel.set(inbound.channelId, live.slice(-KEPT))
  }

  /**
   * The reply for one more message in a conversation: the preferred one while it lives, else the newest that has
   * answers left; undefined when there is none. Counts it as used.
   */
  take(
    channelId: string,
    preferred: string | undefined,
    rule: ReplyRule,
    now: number,
  ): ReplyContext | undefined {
    const free = this.live(channelId, rule, now).filter((entry) => entry.used < rule.replies)
    const entry = free.find(({ id }) => id === preferred) ?? free.at(-1)
    if (!entry) return
    entry.used++
    return { id: entry.id, kind: entry.kind, seq: ++entry.seq }
  }

  /** Answers left in a conversation, over all replies that live. */
  left(channelId: string, rule: ReplyRule, now: number): number {
    return this.live(channelId, rule, now).reduce(
      (sum, { used }) => sum + Math.max(0, rule.replies - used),
      0,
    )
  }

  /** An answer was sent with an reply that somebody else chose. */
  spend(channelId: string, id: string): void {
    const entry = this.byChannel.get(channelId)?.find((candidate) => candidate.id === id)
    if (entry) entry.used++
  }

  /** The platform takes this reply no more. */
  drop(channelId: string, id: string): void {
    const rest = this.byChannel.get(channelId)?.filter((entry) => entry.id !== id)
    if (rest) this.byChannel.set(channelId, rest)
  }

  private live(channelId: string, rule: ReplyRule, now: number): Entry[] {
    const entries = this.byChannel.get(channelId) ?? []
    return entries.filter(({ at }) => now - at < rule.windowMs)
  }
}

const KEPT = 20
