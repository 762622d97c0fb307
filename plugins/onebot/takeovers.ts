/** So many connections of one account within this time throw each other out. */
const MOST = 3
const WINDOW_MS = 60_000

/** Two clients of one account each connect again when they are thrown out: after a while the one that is there stays. */
export class Takeovers {
  private times: number[] = []

  /** Whether another connection may take the place of a living one now. */
  allow(now: number): boolean {
    this.times = this.times.filter((time) => Math.abs(now - time) < WINDOW_MS)
    if (this.times.length >= MOST) return false
    this.times.push(now)
    return true
  }
}
