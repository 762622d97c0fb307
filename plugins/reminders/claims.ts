import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { RunRow } from './table'

/** A process that says nothing for so long while it plans is taken for dead. */
const HELD_MS = 120_000
/** Ticks are kept for as long as a clock might be set back. */
const KEPT_MS = 3 * 86_400_000

/** Another process has taken over; nothing of the batch is written. */
export class ClaimLost extends Error {
  override readonly name = 'ClaimLost'
}

/** Who plans an occasion among all processes on a database, and who runs a tick. */
export class Claims {
  constructor(
    private readonly ctx: Context,
    private readonly holder: string,
  ) {}

  /** Takes an occasion that nobody has planned, or that a dead process has begun. */
  async take(occasion: string, now: number): Promise<'mine' | 'others' | 'done'> {
    const { bulk } = this.ctx
    const heldUntil = now + HELD_MS
    const counts = { batches: 0, told: 0, silent: 0, startedAt: now, finishedAt: 0 }
    const row = { occasion, state: 'planning', holder: this.holder, heldUntil, ...counts }
    if (await bulk.insert('space_reminder_run', [row])) return 'mine'
    // A time of holding that cannot be is one of a clock that has gone back since.
    const taken = await bulk.run(
      `UPDATE space_reminder_run SET holder = ?, heldUntil = ?, batches = batches + 1, told = 0, silent = 0
       WHERE occasion = ? AND state = 'planning' AND (heldUntil < ? OR heldUntil > ? OR holder = ?)`,
      [this.holder, heldUntil, occasion, now, heldUntil, this.holder],
    )
    if (taken) return 'mine'
    return (await this.find(occasion))?.state === 'done' ? 'done' : 'others'
  }

  /** Says that the planning goes on, in the transaction of a batch; throws when somebody else has it now. */
  async step(
    occasion: string,
    now: number,
    { told, silent }: { told: number; silent: number },
  ): Promise<void> {
    const touched = await this.ctx.bulk.run(
      `UPDATE space_reminder_run SET heldUntil = ?, batches = batches + 1, told = told + ?, silent = silent + ?
       WHERE occasion = ? AND holder = ? AND state = 'planning'`,
      [now + HELD_MS, told, silent, occasion, this.holder],
    )
    if (!touched) throw new ClaimLost()
  }

  async finish(occasion: string, now: number): Promise<void> {
    await this.ctx.bulk.run(
      `UPDATE space_reminder_run SET state = 'done', finishedAt = ? WHERE occasion = ? AND holder = ?`,
      [now, occasion, this.holder],
    )
  }

  async find(occasion: string): Promise<RunRow | undefined> {
    const sql = 'SELECT * FROM space_reminder_run WHERE occasion = ?'
    const [row] = await this.ctx.bulk.rows<RunRow>(sql, [occasion])
    return row
  }

  /** Whether this process is the one that runs a tick. */
  async elect(tick: string, now: number): Promise<boolean> {
    const won = await this.ctx.bulk.insert('space_reminder_tick', [{ tick, at: now }])
    if (won) await this.ctx.bulk.run('DELETE FROM space_reminder_tick WHERE at < ?', [now - KEPT_MS])
    return won > 0
  }
}
