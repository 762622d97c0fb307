import type { Bulk, BulkRow } from 'koishi-plugin-space-database'

/** Parameters of one question; far below the limits of both databases. */
const CHUNK = 500

type Row = Record<string, BulkRow[string]>

/**
 * What every import said of each school or member, also when that was nothing new, beside the table of what holds: the
 * newest word on every column. So any import can be taken back, and all is as if it had not been.
 */
export class Said {
  readonly #columns: readonly string[]

  /** `said` has a row per key and import, null where the import said nothing of a column. */
  constructor(
    readonly bulk: Bulk,
    readonly table: string,
    readonly said: string,
    readonly keyColumn: string,
    dataColumns: readonly string[],
  ) {
    this.#columns = [keyColumn, ...dataColumns]
  }

  /** `holding` are the rows of the table that differ afterwards. */
  async write(said: readonly BulkRow[], holding: readonly BulkRow[], importId: number): Promise<void> {
    const by = (row: BulkRow) => ({ ...row, import: importId })
    await this.bulk.upsert(this.said, said.map(by))
    await this.bulk.upsert(this.table, holding.map(by))
  }

  async undo(importId: number): Promise<void> {
    const mine = await this.bulk.rows<Row>(
      `SELECT \`${this.keyColumn}\` FROM ${this.said} WHERE \`import\` = ?`,
      [importId],
    )
    await this.bulk.run(`DELETE FROM ${this.said} WHERE \`import\` = ?`, [importId])
    const keys = mine.map((row) => row[this.keyColumn] as string)
    for (let i = 0; i < keys.length; i += CHUNK) await this.#restore(keys.slice(i, i + CHUNK))
  }

  async #restore(keys: readonly string[]): Promise<void> {
    const sql = `SELECT * FROM ${this.said} WHERE \`${this.keyColumn}\` IN (${marks(keys)}) ORDER BY \`import\``
    const holding = new Map<string, Row>()
    for (const row of await this.bulk.rows<Row>(sql, keys)) {
      const key = row[this.keyColumn] as string
      holding.set(key, this.#newest(holding.get(key), row))
    }
    const gone = keys.filter((key) => !holding.has(key))
    if (gone.length) {
      await this.bulk.run(`DELETE FROM ${this.table} WHERE \`${this.keyColumn}\` IN (${marks(gone)})`, gone)
    }
    await this.bulk.upsert(this.table, [...holding.values()])
  }

  #newest(before: Row | undefined, row: Row): Row {
    const merged: Row = { import: row['import'] }
    for (const column of this.#columns) merged[column] = row[column] ?? before?.[column] ?? null
    return merged
  }
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
