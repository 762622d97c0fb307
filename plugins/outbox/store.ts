import { afterCrash, afterStop, priorities } from '@space-assistant/core/delivery/message'
import { routeRules } from '@space-assistant/core/delivery/capability'
import { messageFromRow, routeColumns } from './message'
import type { FailureReason, OutboxMessage, Route } from '@space-assistant/core/delivery/message'
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
    const parts = each(
      ids,
      routes.map(({ routeParts }) => routeParts),
    )
    const sql = `UPDATE space_message SET state = 'leased', owner = ?, routeKind = ${kind.sql},
      routeReply = ${reply.sql}, routeSeq = ${seq.sql}, routeParts = ${parts.sql}, stopped = 0
      WHERE id IN (${marks(ids)}) AND state = 'pending'`
    const routing = [...kind.params, ...reply.params, ...seq.params, ...parts.params]
    return [{ sql, params: [this.owner, ...routing, ...ids] }]
  }

  private async mine(ids: readonly string[]): Promise<Set<string>> {
    const sql = `SELECT id FROM space_message WHERE id IN (${marks(ids)}) AND state = 'leased' AND owner = ?`
    const rows = await this.bulk.rows<{ id: string }>(sql, [...ids, this.owner])
    return new Set(rows.map(({ id }) => id))
  }

  /** Takes back what may have been marked by a `begin` that failed: none of it was sent. */
  async takeBack(ids: readonly string[], now: number): Promise<void> {
    if (!ids.length) return
    await this.bulk.run(
      `UPDATE space_message SET state = CASE WHEN stopped = 1 THEN 'failed' ELSE 'pending' END,
       settledAt = CASE WHEN stopped = 1 THEN ? ELSE 0 END,
       reason = CASE WHEN stopped = 1 THEN 'cancelled' ELSE reason END,
       routeKind = '', routeReply = '', routeSeq = 0, routeParts = 0
       WHERE id IN (${marks(ids)}) AND state = 'leased' AND owner = ?`,
      [now, ...ids, this.owner],
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

  /** A message that was taken back meanwhile does not wait for another try. */
  private settlingOther({ id, message, code, detail, messages }: AttemptEnding, now: number): BulkStatement {
    const { routeKind, routeReply, routeSeq, routeParts } = routeColumns(message.route)
    const stopped = afterStop(message)
    const settled = ({ state }: OutboxMessage) => (state === 'failed' || state === 'unknown' ? now : 0)
    const either = 'CASE WHEN stopped = 1 THEN ? ELSE ? END'
    return {
      sql: `UPDATE space_message SET state = ${either}, reason = ${either}, settledAt = ${either},
        notBefore = ?, attempts = ?, degraded = ?, sentParts = ?, code = ?, detail = ?, priorReason = ?,
        routeKind = ?, routeReply = ?, routeSeq = ?, routeParts = ?, messages = ?
        WHERE id = ? AND state = 'leased' AND owner = ?`,
      params: [
        ...[stopped.state, message.state, stopped.reason ?? '', message.reason ?? ''],
        ...[settled(stopped), settled(message), message.notBefore, message.attempts, message.degraded],
        ...[message.sentParts, code, detail, message.reason ?? ''],
        ...[routeKind, routeReply, routeSeq, routeParts, messages, id, this.owner],
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
  async postpone(
    bot: string,
    channel: string,
    { until, reason }: { until: number; reason: FailureReason },
  ): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET notBefore = ?, reason = CASE WHEN reason = '' THEN ? ELSE reason END
       WHERE bot = ? AND channel = ? AND state = 'pending' AND notBefore < ?`,
      [until, reason, bot, channel, until],
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
      const crashed = afterCrash(messageFromRow(row))
      const { state, reason } = row.stopped ? afterStop(crashed) : crashed
      await this.bulk.run(
        `UPDATE space_message SET state = ?, reason = ?, settledAt = ? WHERE id = ? AND state = 'leased' AND owner = ?`,
        [state, reason ?? '', state === 'unknown' || state === 'failed' ? now : 0, row.id, row.owner],
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

  async parkedChannels(bot: string): Promise<string[]> {
    const sql = `SELECT DISTINCT channel FROM space_message WHERE bot = ? AND state = 'parked'`
    return (await this.bulk.rows<{ channel: string }>(sql, [bot])).map(({ channel }) => channel)
  }
}

function marks(ids: readonly string[]): string {
  return ids.map(() => '?').join(', ')
}

/** A value for each of some messages; mostly all have the same. */
function each(ids: readonly string[], values: readonly BulkValue[]): { sql: string; params: BulkValue[] } {
  const [first] = values
  if (first !== undefined && values.every((value) => value === first)) return { sql: '?', params: [first] }
  const sql = `CASE id ${ids.map(() => 'WHEN ? THEN ?').join(' ')} END`
  return { sql, params: ids.flatMap((id, index) => [id, values[index] ?? null]) }
}
