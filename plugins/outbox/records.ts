import { receiptOf } from './letter'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { LetterState } from '@space-assistant/core/delivery/letter'
import type { Bulk } from 'koishi-plugin-space-database'
import type { Receipt } from './letter'
import type { LetterRow } from './table'

export interface DeliveryStatus {
  counts: Record<LetterState, number>
  oldestPending: Date | undefined
  /** Dead and unknown letters by reason. */
  failures: Record<string, number>
}

/** What can be asked about letters; nothing here changes one. */
export class Records {
  constructor(private readonly bulk: Bulk) {}

  async receipts(what: { batch: string } | { key: string }): Promise<Receipt[]> {
    const [column, value] = 'batch' in what ? ['batch', what.batch] : ['id', what.key]
    const sql = `SELECT l.*, r.state AS recall FROM space_letter l LEFT JOIN space_recall r ON r.id = l.id
      WHERE l.${column} = ? ORDER BY l.createdAt, l.position, l.id`
    return (await this.bulk.rows<LetterRow>(sql, [value])).map(receiptOf)
  }

  /** Where letters stand, in the order of the keys; undefined for a key that was never enqueued. */
  async states(keys: readonly string[]): Promise<(LetterState | undefined)[]> {
    if (!keys.length) return []
    const sql = `SELECT id, state FROM space_letter WHERE id IN (${keys.map(() => '?').join(', ')})`
    const rows = await this.bulk.rows<{ id: string; state: LetterState }>(sql, keys)
    const byKey = new Map(rows.map(({ id, state }) => [id, state]))
    return keys.map((key) => byKey.get(key))
  }

  /** The key of the letter that the platform knows there by this message id; WeCom gives none. */
  async sentAs(target: ChannelRef, messageId: string): Promise<string | undefined> {
    if (!messageId) return
    const sql = `SELECT id, messages FROM space_letter WHERE bot = ? AND channel = ? AND state = 'sent' AND messages LIKE ?`
    const like = `%${messageId.replace(/[%_\\]/g, '_')}%`
    const params = [`${target.platform}:${target.selfId}`, target.channelId, like]
    const rows = await this.bulk.rows<{ id: string; messages: string }>(sql, params)
    return rows.find(({ messages }) => messages.split(',').includes(messageId))?.id
  }

  /** The letters of which nobody knows whether they arrived, the oldest first. */
  async unsettled(): Promise<Receipt[]> {
    const sql = `SELECT * FROM space_letter WHERE state = 'unknown' ORDER BY settledAt, id LIMIT 1000`
    return (await this.bulk.rows<LetterRow>(sql)).map(receiptOf)
  }

  async status(): Promise<DeliveryStatus> {
    const counts = { pending: 0, leased: 0, sent: 0, unknown: 0, deferred: 0, dead: 0 }
    const failures: Record<string, number> = {}
    const sql =
      'SELECT state, reason, COUNT(*) AS number, MIN(createdAt) AS oldest FROM space_letter GROUP BY state, reason'
    let oldest = Infinity
    type Group = { state: LetterState; reason: string; number: number; oldest: number }
    for (const group of await this.bulk.rows<Group>(sql)) {
      counts[group.state] += Number(group.number)
      if (group.state === 'pending') oldest = Math.min(oldest, Number(group.oldest))
      if (group.state !== 'dead' && group.state !== 'unknown') continue
      failures[group.reason] = (failures[group.reason] ?? 0) + Number(group.number)
    }
    return { counts, failures, oldestPending: oldest === Infinity ? undefined : new Date(oldest) }
  }
}
