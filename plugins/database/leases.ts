import { randomUUID } from 'node:crypto'
import { Service } from 'koishi'
import { ClaimBatch } from './claims'
import { defineLeaseTables } from './table'
import type { Context } from 'koishi'

export interface LeaseConfig {
  /** No other process can have this database: whatever it says of leases when it is opened is of the dead. */
  exclusive: boolean
}

/** A lease that another process has. */
export interface ForeignLease {
  name: string
  /** Milliseconds until it ends unless that process renews it. */
  endsIn: number
}

/** A lease of our own is renewed once so much of it is used up; more often would only write. */
const RENEW_AT = 0.3

/**
 * `ctx.leases`: what only one process on a database may do at a time, and what only one may do at all. An owner that
 * cannot renew in time must stop what the lease allows before it runs out: ask `remaining`.
 */
export class Leases extends Service {
  static inject = ['database', 'bulk']

  readonly owner = randomUUID()
  /** Ends of our own leases by a clock that nobody sets. */
  private readonly ends = new Map<string, number>()
  private readonly foreign = new Map<string, number>()
  private readonly claims: ClaimBatch

  constructor(
    ctx: Context,
    private readonly settings: LeaseConfig,
  ) {
    super(ctx, 'leases')
    defineLeaseTables(ctx)
    this.claims = new ClaimBatch(() => this.ctx.bulk)
  }

  protected override async start(): Promise<void> {
    await this.ctx.model.prepared()
    if (this.settings.exclusive) await this.ctx.bulk.run('DELETE FROM space_lease')
  }

  /** Whether this process is the only one that can have the database. */
  get exclusive(): boolean {
    return this.settings.exclusive
  }

  /** Takes or renews a lease; false when another process has it, or the database cannot be asked. */
  async acquire(name: string, lengthMs: number): Promise<boolean> {
    if (this.remaining(name) > lengthMs * (1 - RENEW_AT)) return true
    const [now, end] = [Date.now(), performance.now() + lengthMs]
    const until = now + lengthMs
    const { bulk } = this.ctx
    const update = 'UPDATE space_lease SET owner = ?, until = ? WHERE name = ? AND (owner = ? OR until < ?)'
    const taken =
      (await bulk.run(update, [this.owner, until, name, this.owner, now])) > 0 ||
      (await bulk.insert('space_lease', [{ name, owner: this.owner, until }])) > 0
    if (taken) {
      this.ends.set(name, end)
      this.foreign.delete(name)
    } else {
      this.ends.delete(name)
      await this.shorten(name, until)
    }
    return taken
  }

  /**
   * An end further ahead than a lease lasts is of a clock that has been set back since. It is brought near instead of
   * being ignored: an owner that lives renews in time, whatever its clock says.
   */
  private async shorten(name: string, latest: number): Promise<void> {
    const { bulk } = this.ctx
    await bulk.run('UPDATE space_lease SET until = ? WHERE name = ? AND until > ?', [latest, name, latest])
    const sql = 'SELECT until FROM space_lease WHERE name = ?'
    const [row] = await bulk.rows<{ until: number }>(sql, [name])
    if (row) this.foreign.set(name, Number(row.until))
  }

  /** Renews a lease as part of the caller's transaction; false when another process has taken it since. */
  async confirm(name: string, lengthMs: number): Promise<boolean> {
    const [until, end] = [Date.now() + lengthMs, performance.now() + lengthMs]
    const sql = 'UPDATE space_lease SET until = ? WHERE name = ? AND owner = ?'
    // The same millisecond again touches no row on some servers.
    const row = 'SELECT owner FROM space_lease WHERE name = ? AND owner = ?'
    const ours =
      (await this.ctx.bulk.run(sql, [until, name, this.owner])) > 0 ||
      (await this.ctx.bulk.rows(row, [name, this.owner])).length > 0
    if (ours) this.ends.set(name, end)
    else this.ends.delete(name)
    return ours
  }

  /** Milliseconds for which this process certainly has the lease. */
  remaining(name: string): number {
    return Math.max(0, (this.ends.get(name) ?? 0) - performance.now())
  }

  /** The leases that this process has asked for and another one has. */
  awaited(): ForeignLease[] {
    return [...this.foreign].map(([name, until]) => ({ name, endsIn: Math.max(0, until - Date.now()) }))
  }

  /** Writes a row, to see whether one can be written; throws what the database says. */
  async probe(): Promise<boolean> {
    const row = { name: `probe:${this.owner}`, owner: this.owner, until: Date.now() }
    await this.ctx.bulk.upsert('space_lease', [row])
    return true
  }

  /** Lets others have a lease, or all. */
  async release(name?: string): Promise<void> {
    const only = name === undefined ? '' : ' AND name = ?'
    if (name === undefined) this.ends.clear()
    else this.ends.delete(name)
    const params = [this.owner, ...(name === undefined ? [] : [name])]
    await this.ctx.bulk.run(`UPDATE space_lease SET until = 0 WHERE owner = ?${only}`, params)
  }

  /** Whether this process is to handle an event; where no other can have the database, or nobody can be asked, it is. */
  async claimInbound(id: string): Promise<boolean> {
    if (this.exclusive) return true
    return this.claim(`in:${id}`).catch(() => true)
  }

  /** True for the first process that asks by this id, ever; the ids of days ago are forgotten. */
  async claim(id: string): Promise<boolean> {
    return this.claims.add(id.slice(0, 190))
  }
}
