import type { Context } from 'koishi'

/** The tallies of one member under one scheme (a scheme is a scoring year of a district). */
export interface TallyRow {
  account: string
  scheme: string
  pack: ArrayBuffer
  /** Grows with every commit that writes tallies: what another process has not read yet. */
  revision: number
}

/** What one import said of one member. */
export interface RecordSheetRow {
  account: string
  import: number
  scheme: string
  firstDay: number
  lastDay: number
  pack: ArrayBuffer
}

export interface StoredSnapshotRow {
  kind: string
  code: string
  day: number
  import: number
  total: number
}

declare module 'koishi' {
  interface Tables {
    space_tally: TallyRow
    space_record: RecordSheetRow
    space_record_repeat: RecordSheetRow
    space_record_id: { id: string; import: number }
    space_record_id_block: { form: string; block: number; bits: ArrayBuffer }
    space_indicator: { number: number; name: string }
    space_snapshot: StoredSnapshotRow
    space_snapshot_point: Omit<StoredSnapshotRow, 'total'> & { indicator: number; points: number }
    space_score_revision: { id: number; value: number }
  }
}

const snapshot = { kind: 'string(8)', code: 'string(64)', day: 'unsigned', import: 'unsigned' } as const

export function defineTables(ctx: Context): void {
  ctx.model.extend(
    'space_tally',
    { account: 'string(64)', scheme: 'string(64)', pack: 'binary', revision: 'unsigned(8)' },
    { primary: ['scheme', 'account'], indexes: [['scheme', 'revision']] },
  )
  const sheet = {
    account: 'string(64)',
    import: 'unsigned',
    scheme: 'string(64)',
    firstDay: 'unsigned',
    lastDay: 'unsigned',
    pack: 'binary',
  } as const
  for (const table of ['space_record', 'space_record_repeat'] as const) {
    ctx.model.extend(table, sheet, {
      primary: ['account', 'import'],
      indexes: ['import', ['scheme', 'lastDay']],
    })
  }
  ctx.model.extend('space_record_id', { id: 'string(100)', import: 'unsigned' }, { primary: 'id' })
  // Running numbers, 512 of them a row: block 3 of form 12-52 has R000000001536 to R000000002047.
  ctx.model.extend(
    'space_record_id_block',
    { form: 'string(20)', block: 'unsigned(8)', bits: 'binary' },
    { primary: ['form', 'block'] },
  )
  ctx.model.extend(
    'space_indicator',
    { number: 'unsigned', name: 'string(64)' },
    { primary: 'number', unique: ['name'] },
  )
  ctx.model.extend(
    'space_snapshot',
    { ...snapshot, total: 'double' },
    { primary: ['kind', 'code', 'day', 'import'], indexes: ['import'] },
  )
  ctx.model.extend(
    'space_snapshot_point',
    { ...snapshot, indicator: 'unsigned', points: 'double' },
    { primary: ['kind', 'code', 'day', 'import', 'indicator'], indexes: ['import'] },
  )
  ctx.model.extend('space_score_revision', { id: 'unsigned(1)', value: 'unsigned(8)' })
}
