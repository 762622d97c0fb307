/** At most `max` sends in any `perMs` milliseconds. */
export interface Quota {
  max: number
  perMs: number
}

const MINUTE = 60_000
const HOUR = 3_600_000
const DAY = 86_400_000

/** What the platforms count, per conversation and per bot (none where nothing is published or known). */
export const quotas = {
  qq: {
    channel: [
      { max: 20, perMs: MINUTE },
      { max: 1000, perMs: DAY },
    ],
    bot: [{ max: 30, perMs: MINUTE }],
  },
  // No published number; an account that hammers is banned, so keep a human's pace (see `Gap` too).
  onebot: { channel: [{ max: 1, perMs: 1200 }], bot: [{ max: 20, perMs: MINUTE }] },
  wecom: {
    channel: [
      { max: 30, perMs: MINUTE },
      { max: 1000, perMs: HOUR },
    ],
    bot: [],
  },
  'wecom-webhook': { channel: [{ max: 20, perMs: MINUTE }], bot: [] },
} as const satisfies Record<string, { channel: readonly Quota[]; bot: readonly Quota[] }>

/** When sends happened, as far back as the longest window of its quotas looks. */
export class SlidingWindowLimiter {
  private times: number[] = []

  constructor(private readonly limits: readonly Quota[]) {}

  /** Milliseconds until one more send is within every quota; 0 means now. */
  wait(now: number): number {
    this.follow(now)
    let wait = 0
    for (const { max, perMs } of this.limits) {
      const oldest = this.times.at(-max)
      if (oldest !== undefined) wait = Math.max(wait, oldest + perMs - now)
    }
    return Math.max(0, wait)
  }

  count(now: number): void {
    this.follow(now)
    const keep = Math.max(0, ...this.limits.map(({ max }) => max))
    this.times.push(now)
    if (this.times.length > keep) this.times.splice(0, this.times.length - keep)
  }

  /** Sends of the future are of a clock that was set back since: they count as of now, never for longer than a window. */
  private follow(now: number): void {
    const ahead = (this.times.at(-1) ?? now) - now
    if (ahead > 0) this.times = this.times.map((time) => time - ahead)
  }
}

/** A human does not speak twice at once: so long at least, and at most, between two messages. */
export interface Gap {
  min: number
  max: number
}

/** The next moment at which somebody who keeps a gap speaks. */
export class GapKeeper {
  private next = -Infinity

  constructor(private readonly gap: Gap) {}

  wait(now: number): number {
    // A clock that was set back must not silence for longer than one gap.
    return Math.max(0, Math.min(this.next - now, this.gap.max))
  }

  /** Something is said now; `random` in [0, 1) chooses how long the gap behind it is. */
  count(now: number, random: number): void {
    const { min, max } = this.gap
    this.next = now + min + (max - min) * random
  }
}
