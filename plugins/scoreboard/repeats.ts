import type { Day } from '@space-assistant/core/calendar/day'
import type { Bulk, BulkRow } from 'koishi-plugin-space-database'
import { decodeSheet, encodeSheet, spanOf } from './record-pack'
import type { PackedRecord } from './record-pack'

interface RepeatRow {
  account: string
  import: number
  pack: Uint8Array
}

/** Rows that count from now on, of the import that repeated them. */
export interface Heir {
  account: string
  importId: number
  records: PackedRecord[]
}

/**
 * Rows whose ids an earlier import had brought. They count for nothing until that import is taken back: then the
 * next one that said the same stands in for it.
 */
export class RepeatedIds {
  constructor(
    readonly bulk: Bulk,
    readonly scheme: string,
  ) {}

  async write(repeats: ReadonlyMap<string, readonly PackedRecord[]>, importId: number): Promise<void> {
    await this.bulk.upsert(
      'space_record_repeat',
      [...repeats].flatMap(([account, records]) => this.#rowOf({ account, importId, records })),
    )
  }

  /** Which of the accounts have any on the days. */
  async accounts(days: ReadonlySet<Day>, span: readonly [Day, Day]): Promise<Set<string>> {
    const sql =
      'SELECT account, `import`, pack FROM space_record_repeat WHERE scheme = ? AND lastDay >= ? AND firstDay <= ?'
    const rows = await this.bulk.rows<RepeatRow>(sql, [this.scheme, ...span])
    const on = rows.filter(({ pack }) => decodeSheet(pack).records.some(({ day }) => days.has(day)))
    return new Set(on.map(({ account }) => account))
  }

  /** Forgets an import, and hands its ids on to the earliest others that repeated them. */
  async inherit(importId: number, ids: readonly string[]): Promise<Heir[]> {
    await this.bulk.run('DELETE FROM space_record_repeat WHERE `import` = ?', [importId])
    if (!ids.length) return []
    const free = new Set(ids)
    const sql =
      'SELECT account, `import`, pack FROM space_record_repeat WHERE scheme = ? AND `import` > ? ORDER BY `import`'
    const heirs: Heir[] = []
    for (const row of await this.bulk.rows<RepeatRow>(sql, [this.scheme, importId])) {
      const { records } = decodeSheet(row.pack)
      const taken = records.filter(({ recordId }) => recordId !== undefined && free.delete(recordId))
      if (!taken.length) continue
      const heir = { account: row.account, importId: row.import }
      heirs.push({ ...heir, records: taken })
      await this.#keep({ ...heir, records: records.filter((record) => !taken.includes(record)) })
    }
    return heirs
  }

  async #keep(rest: Heir): Promise<void> {
    if (rest.records.length) return this.bulk.upsert('space_record_repeat', this.#rowOf(rest))
    const sql = 'DELETE FROM space_record_repeat WHERE account = ? AND `import` = ?'
    await this.bulk.run(sql, [rest.account, rest.importId])
  }

  #rowOf({
    account,
    importId,
    records,
  }: {
    account: string
    importId: number
    records: readonly PackedRecord[]
  }): BulkRow[] {
    const sheet = { replaced: [], records }
    const span = spanOf(sheet)
    return span ? [{ account, import: importId, scheme: this.scheme, ...span, pack: encodeSheet(sheet) }] : []
  }
}
