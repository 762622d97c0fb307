import type { Bulk, BulkRow } from 'koishi-plugin-space-sqlite'

/** Parameters of one question; far below the limits of both databases. */
const CHUNK = 500

type Row = BulkRow & { import: number }
type FormerRow = Row & { writer: number }

/**
 * Rows that imports write over each other. What a row was before each import is kept, so that any import can be taken
 * back, and what later imports wrote then stays.
 */
export class Versions {
  readonly #columns: readonly string[]

  /** `table` and its history `former`, whose first column identifies a row. */
  constructor(
    readonly bulk: Bulk,
    readonly table: string,
    readonly former: string,
    readonly keyColumn: string,
    dataColumns: readonly string[],
  ) {
    this.#columns = [keyColumn, ...dataColumns]
  }

  async write(rows: readonly BulkRow[], importId: number): Promise<void> {
    const keys = rows.map((row) => row[this.keyColumn] as string)
    const before = new Map<unknown, Row>()
    for (const row of await this.#read<Row>(this.table, keys)) before.set(row[this.keyColumn], row)
    const former = keys.map((key) => {
      const row = before.get(key)
      const copy: Record<string, BulkRow[string]> = {}
      for (const column of this.#columns) copy[column] = row?.[column] ?? null
      return Object.assign(copy, { [this.keyColumn]: key, import: importId, writer: row?.import ?? 0 })
    })
    // Of two writes in one import the first has seen what was there before it.
    await this.bulk.insert(this.former, former)
    await this.bulk.upsert(
      this.table,
      rows.map((row) => ({ ...row, import: importId })),
    )
  }

  async undo(importId: number): Promise<void> {
    const mine = await this.bulk.rows<FormerRow>(`SELECT * FROM ${this.former} WHERE \`import\` = ?`, [
      importId,
    ])
    const keys = mine.map((row) => row[this.keyColumn] as string)
    const current = new Map<unknown, Row>()
    for (const row of await this.#read<Row>(this.table, keys)) current.set(row[this.keyColumn], row)
    const later = new Map<unknown, FormerRow>()
    for (const row of await this.#read<FormerRow>(this.former, keys)) {
      if (row.writer === importId && row.import !== importId) later.set(row[this.keyColumn], row)
    }
    await this.#restore(mine.filter((row) => current.get(row[this.keyColumn])?.import === importId))
    // A later import has seen my row as the former one: for it, the former one is now mine.
    const handedOn = mine.flatMap((row) => {
      const heir = later.get(row[this.keyColumn])
      return heir ? [{ ...row, import: heir.import }] : []
    })
    await this.bulk.upsert(this.former, handedOn, ['import', this.keyColumn])
    await this.bulk.run(`DELETE FROM ${this.former} WHERE \`import\` = ?`, [importId])
  }

  async #restore(rows: readonly FormerRow[]): Promise<void> {
    const gone = rows.filter((row) => row.writer === 0).map((row) => row[this.keyColumn] as string)
    for (let i = 0; i < gone.length; i += CHUNK) {
      const keys = gone.slice(i, i + CHUNK)
      await this.bulk.run(`DELETE FROM ${this.table} WHERE \`${this.keyColumn}\` IN (${marks(keys)})`, keys)
    }
    const kept = rows.filter((row) => row.writer !== 0)
    await this.bulk.upsert(
      this.table,
      kept.map(({ writer, ...row }) => ({ ...row, import: writer })),
    )
  }

  async #read<T extends object>(table: string, keys: readonly string[]): Promise<T[]> {
    const found: T[] = []
    for (let i = 0; i < keys.length; i += CHUNK) {
      const chunk = keys.slice(i, i + CHUNK)
      const sql = `SELECT * FROM ${table} WHERE \`${this.keyColumn}\` IN (${marks(chunk)})`
      for (const row of await this.bulk.rows<T>(sql, chunk)) found.push(row)
    }
    return found
  }
}

function marks(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}
