import type { Context } from 'koishi'

/** One export, for whoever has to answer for who knows what. */
export interface ExportRow {
  id: number
  who: string
  what: string
  rows: number
  at: Date
}

declare module 'koishi' {
  interface Tables {
    space_export: ExportRow
  }
}

export function defineExportTable(ctx: Context): void {
  ctx.model.extend(
    'space_export',
    { id: 'unsigned', who: 'string(64)', what: 'string(200)', rows: 'unsigned', at: 'timestamp' },
    { autoInc: true },
  )
}
