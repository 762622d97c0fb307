import type { Context } from 'koishi'

/** A message that was said to the assistant and not understood, masked, on one day. */
export interface NotUnderstoodRow {
  /** Local day as a number. */
  day: number
  text: string
  times: number
  /** What was offered as the nearest, in words; empty when there was nothing. */
  nearest: string
}

declare module 'koishi' {
  interface Tables {
    space_not_understood: NotUnderstoodRow
  }
}

/** Declares the table of this plugin; nobody else writes it. */
export function defineConversationTables(ctx: Context): void {
  ctx.model.extend(
    'space_not_understood',
    { day: 'unsigned(4)', text: 'string(64)', times: 'unsigned(4)', nearest: 'string(120)' },
    { primary: ['day', 'text'] },
  )
}
