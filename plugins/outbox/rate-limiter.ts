import { SlidingWindowLimiter, quotas } from '@space-assistant/core/delivery/quota'
import type { Quota } from '@space-assistant/core/delivery/quota'
import { platformOf } from './channel-store'

/** How fast a bot may speak first: within its platform's limits for a conversation and for the bot, and not while it is blocked. */
export class RateLimiter {
  private readonly quota: { channel: readonly Quota[]; bot: readonly Quota[] }
  private readonly bot: SlidingWindowLimiter
  private readonly channels = new Map<string, SlidingWindowLimiter>()
  private blockedUntil = 0

  /** Without `limits` only a blocked bot waits. */
  constructor(bot: string, limits: boolean) {
    const none = { channel: [], bot: [] }
    this.quota = (limits && quotas[platformOf(bot) as keyof typeof quotas]) || none
    this.bot = new SlidingWindowLimiter(this.quota.bot)
  }

  block(until: number): void {
    this.blockedUntil = Math.max(this.blockedUntil, until)
  }

  /** When the bot may say anything again; undefined when it is not blocked. */
  blocked(now: number): number | undefined {
    return this.blockedUntil > now ? this.blockedUntil : undefined
  }

  wait(channel: string, now: number): number {
    return Math.max(this.meter(channel).wait(now), this.bot.wait(now))
  }

  count(channel: string, now: number): void {
    this.meter(channel).count(now)
    this.bot.count(now)
  }

  private meter(channel: string): SlidingWindowLimiter {
    const meter = this.channels.get(channel) ?? new SlidingWindowLimiter(this.quota.channel)
    this.channels.set(channel, meter)
    return meter
  }
}
