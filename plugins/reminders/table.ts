import type { Context } from 'koishi'

/** What somebody wants to be told; `subject` is `member:ACCOUNT`, or `chat:` or `group:` and the conversation. */
export interface SettingRow {
  subject: string
  weekly: number
  deadlines: number
  /** Last day of silence as YYYY-MM-DD; empty when there is none. */
  pausedUntil: string
}

/** The planning of one occasion: how far it is, and that it is over. Times are milliseconds since 1970. */
export interface RunRow {
  occasion: string
  state: 'planning' | 'done'
  batches: number
  told: number
  silent: number
  startedAt: number
  finishedAt: number
}

/** A week, by its Monday, in which nobody is reminded of anything. */
export interface HoldRow {
  scheme: string
  week: string
  heldBy: string
  heldAt: number
}

declare module 'koishi' {
  interface Tables {
    space_reminder_setting: SettingRow
    space_reminder_run: RunRow
    space_reminder_hold: HoldRow
  }
}

export function defineTables(ctx: Context): void {
  ctx.model.extend(
    'space_reminder_setting',
    { subject: 'string(190)', weekly: 'unsigned(1)', deadlines: 'unsigned(1)', pausedUntil: 'string(10)' },
    { primary: 'subject' },
  )
  ctx.model.extend(
    'space_reminder_run',
    {
      occasion: 'string(190)',
      state: 'string(10)',
      batches: 'unsigned',
      told: 'unsigned',
      silent: 'unsigned',
      startedAt: 'unsigned(8)',
      finishedAt: 'unsigned(8)',
    },
    { primary: 'occasion' },
  )
  ctx.model.extend(
    'space_reminder_hold',
    { scheme: 'string(64)', week: 'string(10)', heldBy: 'string(64)', heldAt: 'unsigned(8)' },
    { primary: ['scheme', 'week'] },
  )
}
