import type { Anchor, Inbound } from './channel'

/** How long and how often an inbound message may be answered. */
export interface AnchorRule {
  windowMs: number
  replies: number
}

/** QQ: 5 minutes (less a margin for the way) and 5 answers in a group, 4 in a private chat. */
export const qqAnchorRules = {
  group: { windowMs: 295_000, replies: 5 },
  direct: { windowMs: 295_000, replies: 4 },
} as const satisfies Record<string, AnchorRule>

interface Entry {
  id: string
  kind: Anchor['kind']
  at: number
  used: number
  seq: number
}

/** The messages of one bot that may still be answered, by conversation; forgets by itself. */
export class AnchorBook {
  private readonly byChannel = new Map<string, Entry[]>()

  add(inbound: Inbound, rule: AnchorRule): void {
    const live = this.live(inbound.channelId, rule, inbound.at)
    if (live.some((entry) => entry.id === inbound.anchorId)) return
    live.push({ id: inbound.anchorId, kind: inbound.anchorKind, at: inbound.at, used: 0, seq: 0 })
    // The newest message anchors any answer; older ones are kept only for answers to themselves.
    this.byChannel.set(inbound.channelId, live.slice(-KEPT))
  }

  /**
   * The anchor for one more message in a conversation: the preferred one while it lives, else the newest that has
   * answers left; undefined when there is none. Counts it as used.
   */
  take(channelId: string, preferred: string | undefined, rule: AnchorRule, now: number): Anchor | undefined {
    const free = this.live(channelId, rule, now).filter((entry) => entry.used < rule.replies)
    const entry = free.find(({ id }) => id === preferred) ?? free.at(-1)
    if (!entry) return
    entry.used++
    return { id: entry.id, kind: entry.kind, seq: ++entry.seq }
  }

  /** Answers left in a conversation, over all anchors that live. */
  left(channelId: string, rule: AnchorRule, now: number): number {
    return this.live(channelId, rule, now).reduce(
      (sum, { used }) => sum + Math.max(0, rule.replies - used),
      0,
    )
  }

  /** An answer was sent with an anchor that somebody else chose. */
  spend(channelId: string, id: string): void {
    const entry = this.byChannel.get(channelId)?.find((candidate) => candidate.id === id)
    if (entry) entry.used++
  }

  /** The platform takes this anchor no more. */
  drop(channelId: string, id: string): void {
    const rest = this.byChannel.get(channelId)?.filter((entry) => entry.id !== id)
    if (rest) this.byChannel.set(channelId, rest)
  }

  private live(channelId: string, rule: AnchorRule, now: number): Entry[] {
    const entries = this.byChannel.get(channelId) ?? []
    return entries.filter(({ at }) => now - at < rule.windowMs)
  }
}

const KEPT = 20
