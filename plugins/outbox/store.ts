import { afterCrash, priorities } from '@space-assistant/core/delivery/letter'
import { routeRules } from '@space-assistant/core/delivery/capability'
import { letterOf, routeColumns } from './letter'
import type { Letter, FailureReason, Route } from '@space-assistant/core/delivery/letter'
import type { Bulk, BulkStatement, BulkValue } from 'koishi-plugin-space-database'
import type { LetterRow } from './table'

/** How an attempt ended, to be written. */
export interface Ending {
  id: string
  letter: Letter
  code: number
  detail: string
  messages: string
}

/** An attempt that is about to be made. */
export interface Beginning {
  id: string
  route: Route
}

const LEVELS = Object.values(priorities).sort((a, b) => b - a)
const OPEN = `state IN ('pending', 'deferred')`

/** The outbox's SQL. Every change of a letter on its way names the process that leased it. */
export class LetterStore {
  constructor(
    private readonly bulk: Bulk,
    private readonly leaser: string,
  ) {}

  /** Part of the caller's transaction, if there is one. Returns how many were new. */
  insert(rows: readonly LetterRow[]): Promise<number> {
    return this.bulk.insert(
      'space_letter',
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
  ): Promise<LetterRow[]> {
    const others =
      (not.length ? `AND channel NOT IN (${marks(not)})` : '') +
      // An open attempt is settled whatever the hour.
      (quiet ? ` AND (anytime = 1 OR routeKind <> '')` : '')
    const found: LetterRow[] = []
    for (const priority of LEVELS) {
      const rows = await this.bulk.rows<LetterRow>(
        `SELECT * FROM space_letter WHERE bot = ? AND state = 'pending' AND priority = ? AND notBefore <= ? ${others}
         ORDER BY notBefore, createdAt, position, id LIMIT ${limit - found.length}`,
        [bot, priority, now, ...not],
      )
      found.push(...rows)
      if (found.length >= limit) break
    }
    return found
  }

  /** Writes endings and then beginnings, together; returns for each whether it is now as it was to be. */
  async write(items: readonly (Beginning | Ending)[], now: number): Promise<boolean[]> {
    const endings = items.filter((item) => 'letter' in item)
    const beginnings = items.filter((item) => 'route' in item)
    const statements = [...this.settling(endings, now), ...this.beginning(beginnings)]
    const touched = await this.bulk.together(statements)
    if (!beginnings.length || touched.at(-1) === beginnings.length) return items.map(() => true)
    const mine = await this.mine(beginnings.map(({ id }) => id))
    return items.map((item) => 'letter' in item || mine.has(item.id))
  }

  /** Marks letters as on their way that still are to be sent. */
  private beginning(items: readonly Beginning[]): BulkStatement[] {
    if (!items.length) return []
    const ids = items.map(({ id }) => id)
    const routes = items.map(({ route }) => routeColumns(route))
    const kind = each(
      ids,
      routes.map(({ routeKind }) => routeKind),
    )
    const anchor = each(
      ids,
      routes.map(({ routeAnchor }) => routeAnchor),
    )
    const seq = each(
      ids,
      routes.map(({ routeSeq }) => routeSeq),
    )
    const sql = `UPDATE space_letter SET state = 'leased', leaser = ?, routeKind = ${kind.sql},
      routeAnchor = ${anchor.sql}, routeSeq = ${seq.sql} WHERE id IN (${marks(ids)}) AND state = 'pending'`
    return [{ sql, params: [this.leaser, ...kind.params, ...anchor.params, ...seq.params, ...ids] }]
  }

  private async mine(ids: readonly string[]): Promise<Set<string>> {
    const sql = `SELECT id FROM space_letter WHERE id IN (${marks(ids)}) AND state = 'leased' AND leaser = ?`
    const rows = await this.bulk.rows<{ id: string }>(sql, [...ids, this.leaser])
    return new Set(rows.map(({ id }) => id))
  }

  /** Takes back what may have been marked by a `begin` that failed: none of it was sent. */
  async takeBack(ids: readonly string[]): Promise<void> {
    await this.bulk.run(
      `UPDATE space_letter SET state = 'pending', routeKind = '', routeAnchor = '', routeSeq = 0
       WHERE id IN (${marks(ids)}) AND state = 'leased' AND leaser = ?`,
      [...ids, this.leaser],
    )
  }

  /** How attempts ended; writing the same again changes nothing. */
  private settling(endings: readonly Ending[], now: number): BulkStatement[] {
    const sent = endings.filter(({ letter }) => letter.state === 'sent')
    const others = endings.filter(({ letter }) => letter.state !== 'sent')
    const statements = others.map((ending) => this.settlingOther(ending, now))
    if (!sent.length) return statements
    const ids = sent.map(({ id }) => id)
    const messages = each(
      ids,
      sent.map((ending) => ending.messages),
    )
    const sql = `UPDATE space_letter SET state = 'sent', reason = '', settledAt = ?, messages = ${messages.sql}
      WHERE id IN (${marks(ids)}) AND state = 'leased' AND leaser = ?`
    return [{ sql, params: [now, ...messages.params, ...ids, this.leaser] }, ...statements]
  }

  private settlingOther({ id, letter, code, detail, messages }: Ending, now: number): BulkStatement {
    const { routeKind, routeAnchor, routeSeq } = routeColumns(letter.route)
    const settled = letter.state === 'dead' || letter.state === 'unknown' ? now : 0
    return {
      sql: `UPDATE space_letter SET state = ?, notBefore = ?, attempts = ?, degraded = ?, reason = ?, code = ?,
        detail = ?, routeKind = ?, routeAnchor = ?, routeSeq = ?, messages = ?, settledAt = ?
        WHERE id = ? AND state = 'leased' AND leaser = ?`,
      params: [
        ...[letter.state, letter.notBefore, letter.attempts, Number(letter.degraded), letter.reason ?? ''],
        ...[code, detail, routeKind, routeAnchor, routeSeq, messages, settled, id, this.leaser],
      ],
    }
  }

  /** Letters that did not even begin: dead, deferred or sent another way. */
  async close(
    ids: readonly string[],
    state: 'dead' | 'deferred',
    reason: FailureReason,
    now: number,
  ): Promise<void> {
    if (!ids.length) return
    await this.bulk.run(
      `UPDATE space_letter SET state = ?, reason = ?, settledAt = ? WHERE id IN (${marks(ids)}) AND state = 'pending'`,
      [state, reason, state === 'dead' ? now : 0, ...ids],
    )
  }

  async divert(id: string, bot: string, channel: string, alternatives: string): Promise<void> {
    await this.bulk.run(
      `UPDATE space_letter SET bot = ?, channel = ?, alternatives = ?, attempts = 0 WHERE id = ? AND state = 'pending'`,
      [bot, channel, alternatives, id],
    )
  }

  /** Nothing of a conversation is looked at before. */
  async postpone(bot: string, channel: string, until: number): Promise<void> {
    await this.bulk.run(
      `UPDATE space_letter SET notBefore = ? WHERE bot = ? AND channel = ? AND state = 'pending' AND notBefore < ?`,
      [until, bot, channel, until],
    )
  }

  /** Wakes what waited for somebody to speak. */
  async wake(bot: string, channel: string): Promise<number> {
    return this.bulk.run(
      `UPDATE space_letter SET state = 'pending' WHERE bot = ? AND channel = ? AND state = 'deferred'`,
      [bot, channel],
    )
  }

  /** The letters that another process had on their way when it lost the bot. */
  async recover(bot: string, now: number): Promise<void> {
    const rows = await this.bulk.rows<LetterRow>(
      `SELECT * FROM space_letter WHERE bot = ? AND state = 'leased' AND leaser <> ?`,
      [bot, this.leaser],
    )
    for (const row of rows) {
      const { state, reason } = afterCrash(letterOf(row))
      await this.bulk.run(
        `UPDATE space_letter SET state = ?, reason = ?, settledAt = ? WHERE id = ? AND state = 'leased' AND leaser = ?`,
        [state, reason ?? '', state === 'unknown' ? now : 0, row.id, row.leaser],
      )
    }
  }

  async expire(now: number): Promise<number> {
    await this.bulk.run('DELETE FROM space_anchor WHERE at < ?', [now - routeRules.windowMs])
    return this.bulk.run(
      `UPDATE space_letter SET state = 'dead', reason = 'expired', settledAt = ?
       WHERE ${OPEN} AND expiresAt <= ? AND routeKind = ''`,
      [now, now],
    )
  }

  async cancel(column: 'id' | 'batch', value: string, now: number): Promise<number> {
    return this.bulk.run(
      `UPDATE space_letter SET state = 'dead', reason = 'cancelled', settledAt = ? WHERE ${column} = ? AND ${OPEN}`,
      [now, value],
    )
  }

  async forget(
    { kind, keys, mention }: { kind: string; keys: string; mention: string },
    now: number,
  ): Promise<void> {
    const own = [kind, `${keys}%`]
    await this.bulk.run(
      `UPDATE space_letter SET state = 'dead', reason = 'cancelled', settledAt = ? WHERE kind = ? AND id LIKE ? AND ${OPEN}`,
      [now, ...own],
    )
    await this.bulk.run(`UPDATE space_letter SET content = '' WHERE kind = ? AND id LIKE ?`, own)
    const others = await this.bulk.rows<Pick<LetterRow, 'id' | 'content'>>(
      'SELECT id, content FROM space_letter WHERE kind = ? AND content LIKE ?',
      [kind, `%${mention}%`],
    )
    for (const { id, content } of others) {
      const left = content.split('\n').filter((line) => !line.includes(mention))
      await this.bulk.run('UPDATE space_letter SET content = ? WHERE id = ?', [left.join('\n'), id])
    }
  }

  /** Staff say what became of a letter of which nobody knew, or have a dead one sent again. */
  async resolve(id: string, what: 'resend' | 'arrived', now: number): Promise<boolean> {
    if (what === 'arrived') {
      return (
        (await this.bulk.run(
          `UPDATE space_letter SET state = 'sent', reason = 'arrived', settledAt = ? WHERE id = ? AND state = 'unknown'`,
          [now, id],
        )) > 0
      )
    }
    return (
      (await this.bulk.run(
        `UPDATE space_letter SET state = 'pending', reason = '', attempts = 0, degraded = 0, notBefore = ?, settledAt = 0,
         routeKind = '', routeAnchor = '', routeSeq = 0, expiresAt = CASE WHEN expiresAt < ? THEN ? ELSE expiresAt END
         WHERE id = ? AND state IN ('unknown', 'dead')`,
        [now, now + DAY_MS, now + DAY_MS, id],
      )) > 0
    )
  }

  async deferredChannels(bot: string): Promise<string[]> {
    const sql = `SELECT DISTINCT channel FROM space_letter WHERE bot = ? AND state = 'deferred'`
    return (await this.bulk.rows<{ channel: string }>(sql, [bot])).map(({ channel }) => channel)
  }
}

const DAY_MS = 86_400_000

function marks(ids: readonly string[]): string {
  return ids.map(() => '?').join(', ')
}

/** A value for each of some letters; mostly all have the same. */
function each(ids: readonly string[], values: readonly BulkValue[]): { sql: string; params: BulkValue[] } {
  const [first] = values
  if (first !== undefined && values.every((value) => value === first)) return { sql: '?', params: [first] }
  const sql = `CASE id ${ids.map(() => 'WHEN ? THEN ?').join(' ')} END`
  return { sql, params: ids.flatMap((id, index) => [id, values[index]!]) }
}
