import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { RunRow } from './table'

/** A process that says nothing for so long while it plans is taken for dead. */
const LEASE_MS = 120_000

/** Another process has taken over; nothing of the batch is written. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

const leaseOf = (occasion: string) => `reminder:${occasion}`.slice(0, 190)

/** Who plans an occasion among all processes on a database, and who runs a tick. */
export class Claims {
  constructor(private readonly ctx: Context) {}

  /** Takes an occasion that nobody has planned, or that a dead process has begun. */
  async take(occasion: string, now: number): Promise<'mine' | 'others' | 'done'> {
    const { bulk, leases } = this.ctx
    const counts = { batches: 0, told: 0, silent: 0, startedAt: now, finishedAt: 0 }
    await bulk.insert('space_reminder_run', [{ occasion, state: 'planning', ...counts }])
    if ((await this.find(occasion))?.state === 'done') return 'done'
    if (!(await leases.acquire(leaseOf(occasion), LEASE_MS))) return 'others'
    const begun = await bulk.run(
      `UPDATE space_reminder_run SET batches = batches + 1, told = 0, silent = 0
       WHERE occasion = ? AND state = 'planning'`,
      [occasion],
    )
    return begun ? 'mine' : 'done'
  }

  /** Says that the planning goes on, in the transaction of a batch; throws when somebody else has it now. */
  async step(occasion: string, { told, silent }: { told: number; silent: number }): Promise<void> {
    const { bulk, leases } = this.ctx
    if (!(await leases.confirm(leaseOf(occasion), LEASE_MS))) throw new ClaimLost()
    await bulk.run(
      `UPDATE space_reminder_run SET batches = batches + 1, told = told + ?, silent = silent + ?
       WHERE occasion = ? AND state = 'planning'`,
      [told, silent, occasion],
    )
  }

  async finish(occasion: string, now: number): Promise<void> {
    const { bulk, leases } = this.ctx
    await bulk.run(
      `UPDATE space_reminder_run SET state = 'done', finishedAt = ? WHERE occasion = ? AND state = 'planning'`,
      [now, occasion],
    )
    await leases.release(leaseOf(occasion))
  }

  async find(occasion: string): Promise<RunRow | undefined> {
    const sql = 'SELECT * FROM space_reminder_run WHERE occasion = ?'
    const [row] = await this.ctx.bulk.rows<RunRow>(sql, [occasion])
    return row
  }

  /** Whether this process is the one that runs a tick. */
  elect(tick: string): Promise<boolean> {
    return this.ctx.leases.claim(`tick:${tick}`)
  }
}
