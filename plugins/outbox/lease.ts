import type { Bulk } from 'koishi-plugin-space-database'

/**
 * Named leases in the database, of which one process holds each. A owner that cannot renew in time must stop what
 * the lease allows before it runs out: ask `remaining`.
 */
export class Leases {
  private readonly until = new Map<string, number>()

  constructor(
    private readonly bulk: Bulk,
    private readonly owner: string,
    private readonly durationMs: number,
    private readonly now = Date.now,
  ) {}

  /** Takes or renews a lease; false when another process has it, or the database cannot be asked. */
  async hold(name: string): Promise<boolean> {
    const now = this.now()
    const until = now + this.durationMs
    // Renewing more often than needed only writes.
    if (this.remaining(name) > this.durationMs * 0.7) return true
    const update = 'UPDATE space_lease SET owner = ?, until = ? WHERE name = ? AND (owner = ? OR until < ?)'
    const row = { name, owner: this.owner, until }
    const taken =
      (await this.bulk.run(update, [this.owner, until, name, this.owner, now])) > 0 ||
      (await this.bulk.insert('space_lease', [row])) > 0
    if (taken) this.until.set(name, until)
    else this.until.delete(name)
    return taken
  }

  /** Milliseconds for which this process certainly holds the lease. */
  remaining(name: string): number {
    return Math.max(0, (this.until.get(name) ?? 0) - this.now())
  }

  async release(): Promise<void> {
    this.until.clear()
    await this.bulk.run('UPDATE space_lease SET until = 0 WHERE owner = ?', [this.owner])
  }
}
