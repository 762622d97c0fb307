import { setImmediate } from 'node:timers/promises'
import type { Day } from '@space-assistant/core/calendar/day'
import type { IdSet } from '@space-assistant/core/pipeline/id-set'
import { decodeSheet, packSheet } from '@space-assistant/core/pipeline/record-sheet'
import type { PackedRecord } from '@space-assistant/core/pipeline/record-sheet'
import type { Bulk, BulkRow } from 'koishi-plugin-space-database'
import { chunks, sheetsNear } from './paging'
import type { ImportedSheetRow } from './paging'

const PAGE = 500

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
    for (const some of chunks([...repeats], PAGE)) {
      const rows = some.flatMap(([account, records]) => this.#rowOf({ account, importId, records }))
      await this.bulk.upsert('space_record_repeat', rows)
      await setImmediate()
    }
  }

  /** Which of the accounts have any on the days. */
  async *accounts(days: ReadonlySet<Day>, accounts: readonly string[]): AsyncGenerator<string> {
    const near = { table: 'space_record_repeat', scheme: this.scheme, days } as const
    for await (const rows of sheetsNear(this.bulk, near, new Set(accounts))) {
      for (const { account, pack } of rows) {
        if (decodeSheet(pack).records.some(({ day }) => days.has(day))) yield account
      }
    }
  }

  /** Forgets an import, and hands its ids on to the earliest others that repeated them; those are taken out of `free`. */
  async *inherit(importId: number, free: IdSet): AsyncGenerator<Heir> {
    await this.bulk.run('DELETE FROM space_record_repeat WHERE `import` = ?', [importId])
    if (free.isEmpty) return
    for await (const row of this.#after(importId)) {
      const taken: PackedRecord[] = []
      const rest: PackedRecord[] = []
      for (const record of decodeSheet(row.pack).records) {
        const { recordId } = record
        const isFree = recordId !== undefined && free.has(recordId)
        if (isFree) free.delete(recordId)
        ;(isFree ? taken : rest).push(record)
      }
      if (!taken.length) continue
      const heir = { account: row.account, importId: row.import }
      await this.#keep({ ...heir, records: rest })
      yield { ...heir, records: taken }
    }
  }

  /** Those of later imports, in order of import. */
  async *#after(importId: number): AsyncGenerator<ImportedSheetRow> {
    let last = { import: importId, account: '' }
    let isFirst = true
    for (;;) {
      const same = isFirst ? '' : 'OR (`import` = ? AND account > ?)'
      const page = await this.bulk.rows<ImportedSheetRow>(
        `SELECT account, \`import\`, pack FROM space_record_repeat WHERE scheme = ? AND (\`import\` > ? ${same}) ORDER BY \`import\`, account LIMIT ${PAGE}`,
        [this.scheme, last.import, ...(isFirst ? [] : [last.import, last.account])],
      )
      yield* page
      await setImmediate()
      isFirst = false
      last = page.at(-1) ?? last
      if (page.length < PAGE) return
    }
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
  }: Omit<Heir, 'records'> & { records: readonly PackedRecord[] }): BulkRow[] {
    const sheet = packSheet({ replaced: [], records })
    return sheet ? [{ account, import: importId, scheme: this.scheme, ...sheet }] : []
  }
}
