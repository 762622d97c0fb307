import { afterCrash, priorities } from '@space-assistant/core/delivery/message'
import { routeRules } from '@space-assistant/core/delivery/capability'
import { messageFromRow, routeColumns } from './message'
import type { OutboxMessage, FailureReason, Route } from '@space-assistant/core/delivery/message'
import type { Bulk, BulkStatement, BulkValue } from 'koishi-plugin-space-database'
import type { MessageRow } from './table'

/** How an attempt ended, to be written. */
export interface AttemptEnding {
  id: string
  message: OutboxMessage
  code: number
  detail: string
  messages: string
}

/** An attempt that is about to be made. */
export interface AttemptBeginning {
  id: string
  route: Route
}

const LEVELS = Object.values(priorities).sort((a, b) => b - a)
const OPEN = `state IN ('pending', 'parked')`

/** The outbox's SQL. Every change of a message on its way names the process that leased it. */
export class MessageStore {
  constructor(
    private readonly bulk: Bulk,
    private readonly owner: string,
  ) {}

  /** Part of the caller's transaction, if there is one. Returns how many were new. */
  insert(rows: readonly MessageRow[]): Promise<number> {
    return this.bulk.insert(
      'space_message',
      rows.map((row) => ({ ...row })),
    )
  }

  /**
   * What is due of a bot, the most important and longest due first; `quiet`: only what goes out in the quiet hours too.
   * One question for each priority, so that an index gives the order and nothing that is not wanted is read.
   */
  async due(
    bot: string,
    now: number,
    { limit, not, quiet }: { limit: number; not: readonly string[]; quiet: boolean },
  ): Promise<MessageRow[]> {
    const others =
      (not.length ? `AND channel NOT IN (${marks(not)})` : '') +
      // An open attempt is settled whatever the hour.
      (quiet ? ` AND (anytime = 1 OR routeKind <> '')` : '')
    const found: MessageRow[] = []
    for (const priority of LEVELS) {
      const rows = await this.bulk.rows<MessageRow>(
        `SELECT * FROM space_message WHERE bot = ? AND state = 'pending' AND priority = ? AND notBefore <= ? ${others}
         ORDER BY notBefore, createdAt, position, id LIMIT ${limit - found.length}`,
        [bot, priority, now, ...not],
      )
      found.push(...rows)
      if (found.length >= limit) break
    }
    return found
  }

  /** Writes endings and then beginnings, together; returns for each whether it is now as it was to be. */
  async write(items: readonly (AttemptBeginning | AttemptEnding)[], now: number): Promise<boolean[]> {
    const endings = items.filter((item) => 'message' in item)
    const beginnings = items.filter((item) => 'route' in item)
    const statements = [...this.settling(endings, now), ...this.beginning(beginnings)]
    const touched = await this.bulk.batch(statements)
    if (!beginnings.length || touched.at(-1) === beginnings.length) return items.map(() => true)
    const mine = await this.mine(beginnings.map(({ id }) => id))
    return items.map((item) => 'message' in item || mine.has(item.id))
  }

  /** Marks messages as on their way that still are to be sent. */
  private beginning(items: readonly AttemptBeginning[]): BulkStatement[] {
    if (!items.length) return []
    const ids = items.map(({ id }) => id)
    const routes = items.map(({ route }) => routeColumns(route))
    const kind = each(
      ids,
      routes.map(({ routeKind }) => routeKind),
    )
    const reply = each(
      ids,
      routes.map(({ routeReply }) => routeReply),
    )
    const seq = each(
      ids,
      routes.map(({ routeSeq }) => routeSeq),
    )
    const sql = `UPDATE space_message SET state = 'leased', owner = ?, routeKind = ${kind.sql},
      routeReply = ${reply.sql}, routeSeq = ${seq.sql} WHERE id IN (${marks(ids)}) AND state = 'pending'`
    return [{ sql, params: [this.owner, ...kind.params, ...reply.params, ...seq.params, ...ids] }]
  }

  private async mine(ids: readonly string[]): Promise<Set<string>> {
    const sql = `SELECT id FROM space_message WHERE id IN (${marks(ids)}) AND state = 'leased' AND owner = ?`
    const rows = await this.bulk.rows<{ id: string }>(sql, [...ids, this.owner])
    return new Set(rows.map(({ id }) => id))
  }

  /** Takes back what may have been marked by a `begin` that failed: none of it was sent. */
  async takeBack(ids: readonly string[]): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET state = 'pending', routeKind = '', routeReply = '', routeSeq = 0
       WHERE id IN (${marks(ids)}) AND state = 'leased' AND owner = ?`,
      [...ids, this.owner],
    )
  }

  /** How attempts ended; writing the same again changes nothing. */
  private settling(endings: readonly AttemptEnding[], now: number): BulkStatement[] {
    const sent = endings.filter(({ message }) => message.state === 'sent')
    const others = endings.filter(({ message }) => message.state !== 'sent')
    const statements = others.map((ending) => this.settlingOther(ending, now))
    if (!sent.length) return statements
    const ids = sent.map(({ id }) => id)
    const messages = each(
      ids,
      sent.map((ending) => ending.messages),
    )
    const sql = `UPDATE space_message SET state = 'sent', reason = '', settledAt = ?, messages = ${messages.sql}
      WHERE id IN (${marks(ids)}) AND state = 'leased' AND owner = ?`
    return [{ sql, params: [now, ...messages.params, ...ids, this.owner] }, ...statements]
  }

  private settlingOther({ id, message, code, detail, messages }: AttemptEnding, now: number): BulkStatement {
    const { routeKind, routeReply, routeSeq } = routeColumns(message.route)
    const settled = message.state === 'failed' || message.state === 'unknown' ? now : 0
    return {
      sql: `UPDATE space_message SET state = ?, notBefore = ?, attempts = ?, degraded = ?, reason = ?, code = ?,
        detail = ?, routeKind = ?, routeReply = ?, routeSeq = ?, messages = ?, settledAt = ?
        WHERE id = ? AND state = 'leased' AND owner = ?`,
      params: [
        ...[
          message.state,
          message.notBefore,
          message.attempts,
          Number(message.degraded),
          message.reason ?? '',
        ],
        ...[code, detail, routeKind, routeReply, routeSeq, messages, settled, id, this.owner],
      ],
    }
  }

  /** Messages that did not even begin: failed, parked or sent another way. */
  async close(
    ids: readonly string[],
    state: 'failed' | 'parked',
    reason: FailureReason,
    now: number,
  ): Promise<void> {
    if (!ids.length) return
    await this.bulk.run(
      `UPDATE space_message SET state = ?, reason = ?, settledAt = ? WHERE id IN (${marks(ids)}) AND state = 'pending'`,
      [state, reason, state === 'failed' ? now : 0, ...ids],
    )
  }

  async divert(id: string, bot: string, channel: string, alternatives: string): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET bot = ?, channel = ?, alternatives = ?, attempts = 0 WHERE id = ? AND state = 'pending'`,
      [bot, channel, alternatives, id],
    )
  }

  /** Nothing of a conversation is looked at before. */
  async postpone(bot: string, channel: string, until: number): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET notBefore = ? WHERE bot = ? AND channel = ? AND state = 'pending' AND notBefore < ?`,
      [until, bot, channel, until],
    )
  }

  /** Wakes what waited for somebody to speak. */
  async wake(bot: string, channel: string): Promise<number> {
    return this.bulk.run(
      `UPDATE space_message SET state = 'pending' WHERE bot = ? AND channel = ? AND state = 'parked'`,
      [bot, channel],
    )
  }

  /** The messages that another process had on their way when it lost the bot. */
  async recover(bot: string, now: number): Promise<void> {
    const rows = await this.bulk.rows<MessageRow>(
      `SELECT * FROM space_message WHERE bot = ? AND state = 'leased' AND owner <> ?`,
      [bot, this.owner],
    )
    for (const row of rows) {
      const { state, reason } = afterCrash(messageFromRow(row))
      await this.bulk.run(
        `UPDATE space_message SET state = ?, reason = ?, settledAt = ? WHERE id = ? AND state = 'leased' AND owner = ?`,
        [state, reason ?? '', state === 'unknown' ? now : 0, row.id, row.owner],
      )
    }
  }

  async expire(now: number): Promise<number> {
    await this.bulk.run('DELETE FROM space_reply_context WHERE at < ?', [now - routeRules.windowMs])
    return this.bulk.run(
      `UPDATE space_message SET state = 'failed', reason = 'expired', settledAt = ?
       WHERE ${OPEN} AND expiresAt <= ? AND routeKind = ''`,
      [now, now],
    )
  }

  async cancel(column: 'id' | 'batch', value: string, now: number): Promise<number> {
    return this.bulk.run(
      `UPDATE space_message SET state = 'failed', reason = 'cancelled', settledAt = ? WHERE ${column} = ? AND ${OPEN}`,
      [now, value],
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

  /** Staff say what became of a message of which nobody knew, or have a failed one sent again. */
  async resolve(id: string, what: 'resend' | 'arrived', now: number): Promise<boolean> {
    if (what === 'arrived') {
      return (
        (await this.bulk.run(
          `UPDATE space_message SET state = 'sent', reason = 'arrived', settledAt = ? WHERE id = ? AND state = 'unknown'`,
          [now, id],
        )) > 0
      )
    }
    return (
      (await this.bulk.run(
        `UPDATE space_message SET state = 'pending', reason = '', attempts = 0, degraded = 0, notBefore = ?, settledAt = 0,
         routeKind = '', routeReply = '', routeSeq = 0, expiresAt = CASE WHEN expiresAt < ? THEN ? ELSE expiresAt END
         WHERE id = ? AND state IN ('unknown', 'failed')`,
        [now, now + DAY_MS, now + DAY_MS, id],
      )) > 0
    )
  }

  async parkedChannels(bot: string): Promise<string[]> {
    const sql = `SELECT DISTINCT channel FROM space_message WHERE bot = ? AND state = 'parked'`
    return (await this.bulk.rows<{ channel: string }>(sql, [bot])).map(({ channel }) => channel)
  }
}

const DAY_MS = 86_400_000

function marks(ids: readonly string[]): string {
  return ids.map(() => '?').join(', ')
}

/** A value for each of some messages; mostly all have the same. */
function each(ids: readonly string[], values: readonly BulkValue[]): { sql: string; params: BulkValue[] } {
  const [first] = values
  if (first !== undefined && values.every((value) => value === first)) return { sql: '?', params: [first] }
  const sql = `CASE id ${ids.map(() => 'WHEN ? THEN ?').join(' ')} END`
  return { sql, params: ids.flatMap((id, index) => [id, values[index]!]) }
}
