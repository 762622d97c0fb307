export type BulkValue = string | number | bigint | boolean | Date | Uint8Array | null
export type BulkRow = Readonly<Record<string, BulkValue | undefined>>
export interface BulkStatement {
  sql: string
  params?: readonly BulkValue[]
}

/**
 * The way past the framework's row conversion, for whoever moves thousands of rows: `ctx.bulk`, the same over both
 * databases. Every verb is part of the transaction in which it is called, if there is one, and atomic otherwise.
 * Values are stored as they are; columns are named as in the model; all rows have the columns of the first.
 */
export interface Bulk {
  /** Inserts rows; where a row with the same `keys` (default: the primary key) exists, its other columns are replaced. */
  upsert(table: string, rows: readonly BulkRow[], keys?: readonly string[]): Promise<void>
  /** Inserts the rows whose keys are not there yet; returns how many those were. */
  insert(table: string, rows: readonly BulkRow[]): Promise<number>
  /** Reads rows as the database has them: booleans are numbers, bytes Uint8Array, whole numbers number. `?` are parameters. */
  rows<T extends object>(sql: string, params?: readonly BulkValue[]): Promise<T[]>
  /** Runs one statement and returns how many rows it touched. */
  run(sql: string, params?: readonly BulkValue[]): Promise<number>
  /** Runs statements one after the other, in one round trip, all or none; returns how many rows each touched. */
  batch(statements: readonly BulkStatement[]): Promise<number[]>
  /** Calls back once the current transaction is stored, never when it fails; at once when there is none. */
  committed(callback: () => void): void
  /**
   * Writes the whole database as it is at one moment to a new file, where the database is one file: whoever asks
   * meanwhile waits for the length of a copy. Databases with a server have a tool of their own.
   */
  copyTo?(path: string): Promise<void>
}
