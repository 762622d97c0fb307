import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Window } from '@space-assistant/core/calendar/day'
import type { PrintedColumn, PrintedTable } from '@space-assistant/core/documents/table'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'

/** Figures of people and schools in a window. */
export const figureKinds = ['report', 'administrators', 'schools', 'activation', 'lagging'] as const
export type FigureKind = (typeof figureKinds)[number]

/** Lists of other parts of the bot, as they are now. */
export const listKinds = [
  ...(['phases', 'unbound', 'groups', 'receipts', 'unanswered'] as const),
  ...(['tickets', 'nominations', 'awards', 'imports', 'audit'] as const),
  ...(['bulletins', 'materials'] as const),
] as const
export type ListKind = (typeof listKinds)[number]

export const exportKinds = [...figureKinds, ...listKinds] as const
export type ExportKind = (typeof exportKinds)[number]

/** Lists that have a place; the others are of the whole district. */
export const placedKinds: ReadonlySet<ExportKind> = new Set<ExportKind>([...figureKinds, 'unbound'])
/** Lists of what has a number: an announcement. */
export const numberedKinds: ReadonlySet<ExportKind> = new Set<ExportKind>(['receipts', 'unanswered'])

export interface ExportPlace {
  scope: StandingQuery['scope']
  stage?: string | undefined
}

/** What is to be exported, understood. */
export interface ExportAsk extends ExportPlace {
  kind: ExportKind
  window: Window
  /** Of what; the newest when left out. */
  number?: number
}

export interface ListContext {
  ctx: Context
  viewer: Viewer
  /** Who exports, as logs name people. */
  who: string
  say: Translate
  locale: string
}

export interface ExportTable {
  columns: PrintedColumn[]
  rows: PrintedTable['rows'][number][]
}

/** Columns by the last part of the key of their header, with width and kind. */
export function exportColumns(
  say: Translate,
  given: Record<string, readonly [number, PrintedColumn['kind']]>,
): PrintedColumn[] {
  return Object.entries(given).map(([key, [width, kind]]) => ({ header: say(`column.${key}`), width, kind }))
}
