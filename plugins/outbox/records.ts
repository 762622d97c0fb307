import { receiptFromRow } from './message'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { MessageState } from '@space-assistant/core/delivery/message'
import type { Bulk } from 'koishi-plugin-space-database'
import type { Receipt } from './message'
import type { MessageRow } from './table'

export interface DeliveryStatus {
  counts: Record<MessageState, number>
  oldestPending: Date | undefined
  /** Dead and unknown messages by reason. */
  failures: Record<string, number>
}

/** What can be asked about messages; nothing here changes one. */
export class DeliveryRecords {
  constructor(private readonly bulk: Bulk) {}

  async receipts(what: { batch: string } | { key: string }): Promise<Receipt[]> {
    const [column, value] = 'batch' in what ? ['batch', what.batch] : ['id', what.key]
    const sql = `SELECT l.*, r.state AS recall FROM space_message l LEFT JOIN space_recall r ON r.id = l.id
      WHERE l.${column} = ? ORDER BY l.createdAt, l.position, l.id`
    return (await this.bulk.rows<MessageRow>(sql, [value])).map(receiptFromRow)
  }

  /** Where messages stand, in the order of the keys; undefined for a key that was never enqueued. */
  async states(keys: readonly string[]): Promise<(MessageState | undefined)[]> {
    if (!keys.length) return []
    const sql = `SELECT id, state FROM space_message WHERE id IN (${keys.map(() => '?').join(', ')})`
    const rows = await this.bulk.rows<{ id: string; state: MessageState }>(sql, keys)
    const byKey = new Map(rows.map(({ id, state }) => [id, state]))
    return keys.map((key) => byKey.get(key))
  }

  /** The key of the message that the platform knows there by this message id; WeCom gives none. */
  async sentAs(target: ChannelRef, messageId: string): Promise<string | undefined> {
    if (!messageId) return
    const sql = `SELECT id, messages FROM space_message WHERE bot = ? AND channel = ? AND state = 'sent' AND messages LIKE ?`
    const like = `%${messageId.replace(/[%_\\]/g, '_')}%`
    const params = [`${target.platform}:${target.selfId}`, target.channelId, like]
    const rows = await this.bulk.rows<{ id: string; messages: string }>(sql, params)
    return rows.find(({ messages }) => messages.split(',').includes(messageId))?.id
  }

  /** The messages of which nobody knows whether they arrived, the oldest first. */
  async unsettled(): Promise<Receipt[]> {
    const sql = `SELECT * FROM space_message WHERE state = 'unknown' ORDER BY settledAt, id LIMIT 1000`
    return (await this.bulk.rows<MessageRow>(sql)).map(receiptFromRow)
  }

  async status(): Promise<DeliveryStatus> {
    const counts = { pending: 0, leased: 0, sent: 0, unknown: 0, parked: 0, failed: 0 }
    const failures: Record<string, number> = {}
    const sql =
      'SELECT state, reason, COUNT(*) AS number, MIN(createdAt) AS oldest FROM space_message GROUP BY state, reason'
    let oldest = Infinity
    type Group = { state: MessageState; reason: string; number: number; oldest: number }
    for (const group of await this.bulk.rows<Group>(sql)) {
      counts[group.state] += Number(group.number)
      if (group.state === 'pending') oldest = Math.min(oldest, Number(group.oldest))
      if (group.state !== 'failed' && group.state !== 'unknown') continue
      failures[group.reason] = (failures[group.reason] ?? 0) + Number(group.number)
    }
    return { counts, failures, oldestPending: oldest === Infinity ? undefined : new Date(oldest) }
  }
}
