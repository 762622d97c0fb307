import { setTimeout as sleep } from 'node:timers/promises'

/** How long after somebody spoke the answer has the right of way. */
const RECENT_MS = 50
/** Messages leave so far apart as long as somebody speaks: still far more than any platform takes. */
const APART_MS = 20

/** Many messages on their way must not make those wait who ask something: meanwhile one goes at a time. */
export class Backpressure {
  private spokenAt = -Infinity
  private next = 0

  /** Somebody says something to the bot. */
  spoken(): void {
    this.spokenAt = performance.now()
  }

  async yieldToPeople(): Promise<void> {
    for (;;) {
      const now = performance.now()
      if (now - this.spokenAt >= RECENT_MS) return
      if (now >= this.next) {
        this.next = now + APART_MS
        return
      }
      await sleep(this.next - now)
    }
  }
}
