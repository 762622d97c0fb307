import { formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { HoldRow } from './table'

const weekKey = (day: Day) => formatDay(mondayOf(day))

/** The weeks in which staff have everything held, of the scheme in force. */
export class ReminderHolds {
  constructor(private readonly ctx: Context) {}

  async find(day: Day): Promise<HoldRow | undefined> {
    const [row] = await this.ctx.bulk.rows<HoldRow>(
      'SELECT * FROM space_reminder_hold WHERE scheme = ? AND week = ?',
      [this.scheme, weekKey(day)],
    )
    return row
  }

  async set(day: Day, { by, at }: { by: string; at: Date }): Promise<void> {
    const row = { scheme: this.scheme, week: weekKey(day), heldBy: by.slice(0, 64), heldAt: at.getTime() }
    await this.ctx.bulk.upsert('space_reminder_hold', [row])
  }

  async lift(day: Day): Promise<void> {
    const params = [this.scheme, weekKey(day)]
    await this.ctx.bulk.run('DELETE FROM space_reminder_hold WHERE scheme = ? AND week = ?', params)
  }

  private get scheme(): string {
    return this.ctx.schemes.active.id
  }
}
