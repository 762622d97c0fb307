import type { FileKind } from '@space-assistant/core/formats/rows'
import type { Context } from 'koishi'

/** One import. What it replaced is kept by the owners of the tables that it wrote. */
export interface ImportRow {
  id: number
  kind: FileKind
  /** The scheme that was in force; empty for what was imported before this was noted. */
  scheme: string
  /** Name of the file as it came. */
  name: string
  sha256: string
  understood: number
  refused: number
  /** Rows that were known already. */
  repeated: number
  /** Members and schools whose roster entry, tallies or figures changed. */
  changed: number
  /** First and last day with a row, `YYYY-MM-DD`; empty for a roster or schools. */
  firstDay: string
  lastDay: string
  /** Who confirmed it: a roster account, or how the caller names itself. */
  by: string
  at: Date
  state: 'stored' | 'undone'
  undoneBy: string
  undoneAt: Date | null
}

declare module 'koishi' {
  interface Tables {
    space_import: ImportRow
  }
}

export function defineImportTable(ctx: Context): void {
  ctx.model.extend(
    'space_import',
    {
      id: 'unsigned',
      kind: 'string(10)',
      scheme: 'string(64)',
      name: 'string(100)',
      sha256: 'string(64)',
      understood: 'unsigned',
      refused: 'unsigned',
      repeated: 'unsigned',
      changed: 'unsigned',
      firstDay: 'string(10)',
      lastDay: 'string(10)',
      by: 'string(64)',
      at: 'timestamp',
      state: { type: 'string', length: 10, initial: 'stored' },
      undoneBy: 'string(64)',
      undoneAt: 'timestamp',
    },
    { autoInc: true, indexes: ['sha256'] },
  )
}
