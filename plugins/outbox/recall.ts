import { afterRecall, nextRecallStep } from '@space-assistant/core/delivery/recall'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { platformOf } from './channel-store'
import type { RecallableMessage, RecallState } from '@space-assistant/core/delivery/recall'
import type { Bulk } from 'koishi-plugin-space-database'
import type { MessageRow, RecallRow } from './table'

type Open = MessageRow & Pick<RecallRow, 'askedAt'> & { recall: RecallState; tries: number }

export interface RecallOptions {
  now: () => number
  /** Whether this process may act for the bot now. */
  ready: (bot: string) => boolean
  /** Takes one message back. */
  remove: (bot: string, channel: string, message: string) => Promise<void>
}

/** Takes back what has been sent. That it is to be is stored first, so a process that dies in between leaves it to the next. */
export class Recalls {
  private readonly running = new Map<string, Promise<void>>()

  constructor(
    private readonly bulk: Bulk,
    private readonly options: RecallOptions,
  ) {}

  /** Once what can be is cancelled, as part of the caller's transaction; returns how many messages have or may have arrived. */
  async ask(column: 'id' | 'batch', value: string): Promise<number> {
    const now = this.options.now()
    // What was refused may be tried again.
    const again = await this.bulk.run(
      `UPDATE space_recall SET state = 'asked', attempts = 0, notBefore = 0, askedAt = ?
       WHERE ${column} = ? AND state IN ('refused', 'unknown')`,
      [now, value],
    )
    const fresh = await this.bulk.run(
      `INSERT INTO space_recall (id, bot, batch, state, askedAt, notBefore, attempts)
       SELECT id, bot, batch, 'asked', ?, 0, 0 FROM space_message
       WHERE ${column} = ? AND state <> 'failed' AND id NOT IN (SELECT id FROM space_recall)`,
      [now, value],
    )
    return again + fresh
  }

  /** Works on what a bot has to take back, one after the other; never fails. */
  work(bot: string): void {
    if (this.running.has(bot)) return
    const running = this.workOn(bot)
      // The next look takes it up.
      .catch(() => undefined)
      .finally(() => this.running.delete(bot))
    this.running.set(bot, running)
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.values())
  }

  private async workOn(bot: string): Promise<void> {
    const rows = await this.bulk.rows<Open>(
      `SELECT l.*, r.state AS recall, r.attempts AS tries, r.askedAt FROM space_recall r
       JOIN space_message l ON l.id = r.id
       WHERE r.bot = ? AND r.state IN ('asked', 'begun') AND r.notBefore <= ? ORDER BY r.askedAt, r.id LIMIT 500`,
      [bot, this.options.now()],
    )
    for (const row of rows) {
      if (!this.options.ready(bot)) return
      await this.advance(row)
    }
  }

  private async advance(row: Open): Promise<void> {
    const { now } = this.options
    const message: RecallableMessage = {
      platform: platformOf(row.bot),
      state: row.state,
      messages: row.messages ? row.messages.split(',') : [],
      settledAt: Number(row.settledAt),
    }
    const open = row.recall === 'begun'
    const step = nextRecallStep(message, { now: now(), open, joined: await this.isJoined(row) })
    switch (step.kind) {
      case 'wait':
        return
      case 'forget':
        return this.forget(row)
      case 'end':
        return this.store(row.id, { state: step.state, attempts: row.tries, notBefore: 0 })
      case 'try': {
        await this.store(row.id, { state: 'begun', attempts: row.tries, notBefore: 0 })
        const result = await this.remove(row, message.messages)
        await this.store(row.id, afterRecall(message, result, { now: now(), open, attempts: row.tries }))
      }
    }
  }

  private async remove({ bot, channel }: Open, messages: readonly string[]) {
    try {
      for (const message of messages) if (message) await this.options.remove(bot, channel, message)
      return { ok: true as const }
    } catch (error) {
      const { class: name, outcome } = sendErrorOf(error, platformOf(bot))
      return { ok: false as const, class: name, outcome }
    }
  }

  /** A digest is one message with several messages in it. */
  private async isJoined({ id, bot, channel, state, messages }: Open): Promise<boolean> {
    if (state !== 'sent' || !messages) return false
    const [row] = await this.bulk.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM space_message
       WHERE bot = ? AND channel = ? AND state = 'sent' AND messages = ? AND id <> ?`,
      [bot, channel, messages, id],
    )
    return Number(row?.n) > 0
  }

  /** It was on its way when this was asked, and came back unsent. */
  private async forget({ id }: Open): Promise<void> {
    await this.bulk.run(
      `UPDATE space_message SET state = 'failed', reason = 'cancelled', settledAt = ?
       WHERE id = ? AND state IN ('pending', 'parked')`,
      [this.options.now(), id],
    )
    await this.bulk.run(
      `DELETE FROM space_recall WHERE id = ? AND id IN (SELECT id FROM space_message WHERE state = 'failed')`,
      [id],
    )
  }

  private async store(
    id: string,
    { state, attempts, notBefore }: { state: RecallState; attempts: number; notBefore: number },
  ): Promise<void> {
    await this.bulk.run('UPDATE space_recall SET state = ?, attempts = ?, notBefore = ? WHERE id = ?', [
      ...[state, attempts, notBefore, id],
    ])
  }
}
