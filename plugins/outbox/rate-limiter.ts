import { GapKeeper, SlidingWindowLimiter, quotas } from '@space-assistant/core/delivery/quota'
import type { Gap, Quota } from '@space-assistant/core/delivery/quota'
import { platformOf } from './channel-store'

export interface RateLimits {
  /** Off: only a blocked bot waits. */
  quotas: boolean
  /** Between two messages of an account that a person's client stands behind (OneBot). */
  gap: Gap
  random: () => number
}

/** How fast a bot may speak: within its platform's limits for a conversation and for the bot, and not while it is blocked. */
export class RateLimiter {
  private readonly quota: { channel: readonly Quota[]; bot: readonly Quota[] }
  private readonly bot: SlidingWindowLimiter
  private readonly gap: GapKeeper
  private readonly channels = new Map<string, SlidingWindowLimiter>()
  private blockedUntil = 0

  constructor(
    sid: string,
    private readonly limits: RateLimits,
  ) {
    const platform = platformOf(sid)
    const none = { channel: [], bot: [] }
    this.quota = (limits.quotas && quotas[platform as keyof typeof quotas]) || none
    this.bot = new SlidingWindowLimiter(this.quota.bot)
    const human = limits.quotas && platform === 'onebot'
    this.gap = new GapKeeper(human ? limits.gap : { min: 0, max: 0 })
  }

  block(until: number): void {
    this.blockedUntil = Math.max(this.blockedUntil, until)
  }

  /** When the bot may say anything again; undefined when it is not blocked. */
  blocked(now: number): number | undefined {
    // No block is longer; one that seems so is of a clock that was set back.
    if (this.blockedUntil - now > LONGEST_MS) this.blockedUntil = 0
    return this.blockedUntil > now ? this.blockedUntil : undefined
  }

  channelWait(channel: string, now: number): number {
    return this.limiterOf(channel).wait(now)
  }

  botWait(now: number): number {
    return Math.max(this.bot.wait(now), this.gap.wait(now))
  }

  /** So many messages leave now, or are about to. */
  count(channel: string, now: number, messages = 1): void {
    for (let each = 0; each < messages; each++) {
      this.limiterOf(channel).count(now)
      this.bot.count(now)
    }
    this.gap.count(now, this.limits.random())
  }

  private limiterOf(channel: string): SlidingWindowLimiter {
    const limiter = this.channels.get(channel) ?? new SlidingWindowLimiter(this.quota.channel)
    this.channels.set(channel, limiter)
    return limiter
  }
}

const LONGEST_MS = 3_600_000
