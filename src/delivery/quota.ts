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
  // No published number; an account that hammers is banned, so keep a human's pace.
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
    let wait = 0
    for (const { max, perMs } of this.limits) {
      const oldest = this.times.at(-max)
      // A clock that went back must not block longer than one window.
      if (oldest !== undefined) wait = Math.max(wait, Math.min(oldest + perMs - now, perMs))
    }
    return Math.max(0, wait)
  }

  count(now: number): void {
    const keep = Math.max(0, ...this.limits.map(({ max }) => max))
    this.times.push(now)
    if (this.times.length > keep) this.times.splice(0, this.times.length - keep)
  }
}
