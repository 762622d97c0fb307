import type { RecordRow } from '@space-assistant/core/formats/rows'
import { collectRecordRows } from '@space-assistant/core/pipeline/record-file'
import type { Context } from 'koishi'
import type { RecordsPlan } from 'koishi-plugin-space-scoreboard'

export interface RowsOfFile {
  rows: readonly RecordRow[]
  withIds: boolean
}

/** Plans rows as if they had stood in a file. */
export async function planRows(app: Context, { rows, withIds }: RowsOfFile): Promise<RecordsPlan> {
  const file = {
    rows,
    withIds,
    understood: rows.length,
    refused: 0,
    problems: [],
    unread: [],
    spared: new Map(),
  }
  return app.scoreboard.planRecords(await collectRecordRows(file, app.scoreboard.recordContext()))
}
