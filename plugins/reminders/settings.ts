import { defaultSettings } from '@space-assistant/core/nudges/settings'
import type { NudgeSettings } from '@space-assistant/core/nudges/settings'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import type { SettingRow } from './table'

/** Keys of settings: a member's hold in all of the member's chats. */
export const memberKey = (account: string) => `member:${account}`
export const chatKey = (ref: ChannelRef) => `chat:${refKey(ref)}`
export const reminderGroupKey = (ref: ChannelRef) => `group:${refKey(ref)}`

/** What people and groups have said about their reminders. */
export class Settings {
  constructor(private readonly ctx: Context) {}

  async of(key: string): Promise<NudgeSettings> {
    return (await this.ofMany([key])).get(key) ?? defaultSettings
  }

  /** Only those who have said something. */
  async ofMany(keys: readonly string[]): Promise<Map<string, NudgeSettings>> {
    if (!keys.length) return new Map()
    const marks = keys.map(() => '?').join(', ')
    const sql = `SELECT * FROM space_reminder_setting WHERE subject IN (${marks})`
    const rows = await this.ctx.bulk.rows<SettingRow>(sql, keys)
    return new Map(rows.map((row) => [row.subject, settingsOf(row)]))
  }

  async set(key: string, { weekly, deadlines, pausedUntil }: NudgeSettings): Promise<void> {
    const until = pausedUntil === undefined ? '' : formatDay(pausedUntil)
    const row = { subject: key, weekly: Number(weekly), deadlines: Number(deadlines), pausedUntil: until }
    await this.ctx.bulk.upsert('space_reminder_setting', [row])
  }
}

function settingsOf({ weekly, deadlines, pausedUntil }: SettingRow): NudgeSettings {
  const until = parseDay(pausedUntil)
  return {
    weekly: Boolean(weekly),
    deadlines: Boolean(deadlines),
    ...(until !== undefined && { pausedUntil: until }),
  }
}
