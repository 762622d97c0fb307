import type { Day } from '@space-assistant/core/calendar/day'
import type { Attribute } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { replaySheets } from '@space-assistant/core/pipeline/record-sheet'
import type { ImportedSheet } from './records'

/** One stored row of a records file. */
export interface StoredRecord {
  indicator: string
  day: Day
  minute?: number
  count: number
  attributes: Partial<Record<Attribute, number>>
  valid: boolean
  recordId?: string
  importId: number
}

export interface RecordsQuery {
  window?: Window
  indicator?: string
}

/** The rows of a member's sheets that are asked for and that no later statement replaced, newest first. */
export function recordsIn(
  sheets: readonly ImportedSheet[],
  names: readonly string[],
  { window, indicator }: RecordsQuery,
): StoredRecord[] {
  const found: StoredRecord[] = []
  for (const { record, sheet } of replaySheets(sheets)) {
    const { day, minute, recordId, ...rest } = record
    const name = names[record.indicator] ?? ''
    if ((window && (day < window.from || day > window.to)) || (indicator && name !== indicator)) continue
    found.push({
      ...rest,
      indicator: name,
      day,
      importId: sheet.importId,
      ...(minute !== undefined && { minute }),
      ...(recordId !== undefined && { recordId }),
    })
  }
  return found.sort((a, b) => b.day - a.day || (b.minute ?? -1) - (a.minute ?? -1))
}
