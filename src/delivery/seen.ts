/** Remembers ids for a while, so that a message that a platform pushes twice is handled once. */
export class SeenIds {
  private readonly until = new Map<string, number>()

  /** Ids are forgotten after `keepMs`, or earlier when there are more than `max` of them. */
  constructor(
    private readonly keepMs = 10 * 60_000,
    private readonly max = 50_000,
  ) {}

  /** Whether the id is new; from now on it is known. */
  first(id: string, now: number): boolean {
    for (const [old, until] of this.until) {
      if (until > now && this.until.size <= this.max) break
      this.until.delete(old)
    }
    // A clock that went back makes entries live longer, never an id count twice.
    if (this.until.has(id)) return false
    this.until.set(id, now + this.keepMs)
    return true
  }
}
