import type { Bulk } from 'koishi-plugin-space-database'
import type { MessageRow } from './table'

const OPEN = `state IN ('pending', 'parked')`
const DAY_MS = 86_400_000
/** Staff have this sent once more although nobody knows whether it has arrived. */
const DOUBT = 'doubt'
/** So long staff can change their mind about what became of a message. */
const REGRET_MS = 60_000
/** Nothing that waits for our own reasons waits longer. */
const LONGEST_WAIT_MS = 3_600_000

/** The SQL of what staff, and the clock, order: messages are stopped, go on, are forgotten or sent once more. */
export class MessageOrders {
  constructor(private readonly bulk: Bulk) {}

  /**
   * What waits does not leave any more, what is on its way does not come back to wait. Where an attempt is open its
   * outcome stays unknown. Returns how many certainly do not arrive.
   */
  async cancel(column: 'id' | 'batch', value: string, now: number): Promise<number> {
    const [closed] = await this.bulk.batch([
      {
        sql: `UPDATE space_message SET state = 'failed', priorReason = reason, reason = 'cancelled', settledAt = ?
          WHERE ${column} = ? AND ${OPEN} AND routeKind = '' AND priorReason <> '${DOUBT}'`,
        params: [now, value],
      },
      {
        sql: `UPDATE space_message SET state = 'unknown', settledAt = ? WHERE ${column} = ? AND ${OPEN}`,
        params: [now, value],
      },
      {
        sql: `UPDATE space_message SET stopped = 1 WHERE ${column} = ? AND state = 'leased'`,
        params: [value],
      },
    ])
    return closed ?? 0
  }

  /** What was taken back goes on where it stood: it still knows why it waited, and until when. */
  async resume(batch: string): Promise<number> {
    const [resumed] = await this.bulk.batch([
      {
        sql: `UPDATE space_message SET state = 'pending', reason = priorReason, settledAt = 0
          WHERE batch = ? AND state = 'failed' AND reason = 'cancelled'`,
        params: [batch],
      },
      {
        sql: `UPDATE space_message SET stopped = 0 WHERE batch = ? AND state = 'leased'`,
        params: [batch],
      },
    ])
    return resumed ?? 0
  }

  /**
   * The clock has been set back: what waits for longer than anything of ours does is due, and what was taken for
   * expired by the clock that was ahead is not.
   */
  async afterClockChange(now: number): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET notBefore = ? WHERE state = 'pending' AND reason <> '' AND notBefore > ?`,
      [now, now + LONGEST_WAIT_MS],
    )
    // Meant for the moment in which it was stored, by a clock that was ahead.
    await this.bulk.run(
      `UPDATE space_message SET notBefore = ? WHERE state = 'pending' AND notBefore > ?
       AND notBefore <= createdAt + ? AND priorReason <> '${DOUBT}'`,
      [now, now, REGRET_MS],
    )
    await this.bulk.run(
      `UPDATE space_message SET notBefore = ? WHERE state = 'pending' AND priorReason = '${DOUBT}' AND notBefore > ?`,
      [now + REGRET_MS, now + REGRET_MS],
    )
    await this.bulk.run(
      `UPDATE space_message SET state = 'pending', reason = '', settledAt = 0
       WHERE state = 'failed' AND reason = 'expired' AND settledAt > ? AND expiresAt > ?`,
      [now, now],
    )
  }

  async forget(
    { kind, keys, mention }: { kind: string; keys: string; mention: string },
    now: number,
  ): Promise<void> {
    const own = [kind, `${keys}%`]
    await this.bulk.run(
      `UPDATE space_message SET state = 'failed', reason = 'cancelled', settledAt = ? WHERE kind = ? AND id LIKE ? AND ${OPEN}`,
      [now, ...own],
    )
    await this.bulk.run(`UPDATE space_message SET content = '' WHERE kind = ? AND id LIKE ?`, own)
    const others = await this.bulk.rows<Pick<MessageRow, 'id' | 'content'>>(
      'SELECT id, content FROM space_message WHERE kind = ? AND content LIKE ?',
      [kind, `%${mention}%`],
    )
    for (const { id, content } of others) {
      const left = content.split('\n').filter((line) => !line.includes(mention))
      await this.bulk.run('UPDATE space_message SET content = ? WHERE id = ?', [left.join('\n'), id])
    }
  }

  /**
   * Staff say what became of a message of which nobody knew, or have a failed one sent again; `later` leaves them a
   * minute to take that back.
   */
  async resolve(id: string, what: 'resend' | 'resend-later' | 'arrived', now: number): Promise<boolean> {
    if (what === 'arrived') {
      return (
        (await this.bulk.run(
          `UPDATE space_message SET state = 'sent', priorReason = reason, reason = 'arrived', settledAt = ?
           WHERE id = ? AND state = 'unknown'`,
          [now, id],
        )) > 0
      )
    }
    const from = what === 'resend-later' ? now + REGRET_MS : now
    return (
      (await this.bulk.run(
        `UPDATE space_message SET priorReason = CASE WHEN state = 'unknown' THEN '${DOUBT}' ELSE '' END,
         state = 'pending', reason = '', attempts = 0, degraded = 0, notBefore = ?, settledAt = 0,
         stopped = 0, routeKind = '', routeReply = '', routeSeq = 0, routeParts = 0, expiresAt = CASE WHEN expiresAt < ? THEN ? ELSE expiresAt END
         WHERE id = ? AND state IN ('unknown', 'failed')`,
        [from, now + DAY_MS, now + DAY_MS, id],
      )) > 0
    )
  }

  /** What staff said within the last minute is not so: nobody knows again what became of the messages. */
  async reconsider(batch: string, now: number): Promise<number> {
    const [arrived = 0, resent = 0] = await this.bulk.batch([
      {
        sql: `UPDATE space_message SET state = 'unknown', reason = priorReason
          WHERE batch = ? AND state = 'sent' AND reason = 'arrived' AND settledAt >= ? AND settledAt <= ?`,
        params: [batch, now - REGRET_MS, now],
      },
      {
        sql: `UPDATE space_message SET state = 'unknown', priorReason = '', settledAt = ?
          WHERE batch = ? AND state = 'pending' AND priorReason = '${DOUBT}' AND attempts = 0 AND notBefore > ?`,
        params: [now, batch, now],
      },
    ])
    return arrived + resent
  }
}
