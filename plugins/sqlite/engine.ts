import { closeSync, fsyncSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { Database } from 'node-sqlite3-wasm'
import type { JSValue, SQLiteValue, Statement } from 'node-sqlite3-wasm'

export type Row = Record<string, SQLiteValue>

const KEPT_STATEMENTS = 64

/** Pages of the file do not hold what they should; `message` is the engine's first finding. */
export class DatabaseDamagedError extends Error {}

/** The database engine: a real file, written through to the disk at every commit, or `:memory:`. */
export class SqliteEngine {
  readonly #db: Database
  /** Statements with parameters come again and again; those least lately used are let go. */
  readonly #statements = new Map<string, Statement>()

  constructor(path: string) {
    if (path !== ':memory:') rmSync(`${path}.lock`, { recursive: true, force: true })
    this.#db = new Database(path)
    try {
      this.#configure(path)
    } catch (cause) {
      this.#db.close()
      const message = cause instanceof Error ? cause.message : ''
      throw message.includes('malformed') ? new DatabaseDamagedError(message, { cause }) : cause
    }
    defineFunctions(this.#db)
  }

  /**
   * The engine's lock folder is held as long as the file is open. That also allows a write-ahead log without shared
   * memory: one fsync for a commit instead of three or four, and the log's directory entry is there beforehand.
   */
  #configure(path: string): void {
    for (const pragma of [
      'locking_mode=EXCLUSIVE',
      'journal_mode=WAL',
      'synchronous=FULL',
      'cache_size=-16000',
    ]) {
      this.#db.get(`PRAGMA ${pragma}`)
    }
    // As in the stock driver: the order of writes in the framework was never tried against enforced foreign keys.
    this.#db.exec('PRAGMA foreign_keys=OFF')
    if (path === ':memory:') return
    this.#check()
    this.#db.exec('BEGIN IMMEDIATE; COMMIT')
    syncDirectory(dirname(path))
  }

  /** A damaged page is otherwise met only by the question that reads it, or answered wrongly. */
  #check(): void {
    const finding = String(Object.values(this.#db.get('PRAGMA quick_check(1)') ?? {})[0])
    if (finding !== 'ok') throw new DatabaseDamagedError(finding.split('\n').slice(0, 2).join(' '))
  }

  get inTransaction(): boolean {
    return this.#db.inTransaction
  }

  exec(sql: string): void {
    this.#db.exec(sql)
  }

  all(sql: string, params: readonly unknown[] = []): Row[] {
    if (!params.length) return this.#db.all(sql) as Row[]
    return this.#kept(sql, (statement) => statement.all(bind(params)) as Row[])
  }

  run(sql: string, params: readonly unknown[] = []): { changes: number; id: number } {
    const result = params.length
      ? this.#kept(sql, (statement) => statement.run(bind(params)))
      : this.#db.run(sql)
    return { changes: result.changes, id: Number(result.lastInsertRowid) }
  }

  /** Runs one statement for every set of parameters; returns how many rows of the table that touched. */
  runAll(sql: string, sets: Iterable<readonly unknown[]>): number {
    return this.#kept(sql, (statement) => {
      let changes = 0
      for (const params of sets) changes += statement.run(bind(params)).changes
      return changes
    })
  }

  /** For a statement that will hardly come again, because values are part of its text. */
  runOnce(sql: string, params: readonly unknown[]): number {
    return this.#db.run(wellFormed(sql), bind(params)).changes
  }

  /** Everything that is stored is in the file itself afterwards, and nothing in the log beside it. */
  checkpoint(): void {
    this.#db.get('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** Bytes and rows of the whole and of every table. */
  stats(): { size: number; tables: Record<string, { size: number; count: number }> } {
    const number = (sql: string) => Number(Object.values(this.all(sql)[0] ?? {})[0])
    const tables: Record<string, { size: number; count: number }> = {}
    for (const { name } of this.all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)) {
      const [used] = this.all('SELECT sum(pgsize) AS size FROM dbstat WHERE name = ?', [name])
      const count = number(`SELECT count(*) FROM \`${String(name).replaceAll('`', '``')}\``)
      tables[String(name)] = { count, size: Number(used?.['size']) }
    }
    return { size: number('PRAGMA page_count') * number('PRAGMA page_size'), tables }
  }

  close(): void {
    for (const statement of this.#statements.values()) finalize(statement)
    this.#statements.clear()
    this.#db.close()
  }

  #kept<T>(sql: string, use: (statement: Statement) => T): T {
    const statement = this.#statements.get(sql) ?? this.#db.prepare(sql)
    this.#statements.delete(sql)
    let result: T
    try {
      result = use(statement)
    } catch (error) {
      // A failed statement cannot be reset in this engine.
      finalize(statement)
      throw error
    }
    this.#statements.set(sql, statement)
    if (this.#statements.size > KEPT_STATEMENTS) {
      const [[oldest, unused] = [sql, statement]] = this.#statements
      this.#statements.delete(oldest)
      finalize(unused)
    }
    return result
  }
}

function finalize(statement: Statement): void {
  try {
    statement.finalize()
  } catch {
    // It reports the failure of its last use once more; that was thrown already.
  }
}

/** Makes the folder of a database and its names survive a power loss. */
export function makeDirectory(path: string): void {
  const first = mkdirSync(path, { recursive: true })
  if (first) syncDirectory(dirname(first))
}

function syncDirectory(path: string): void {
  try {
    const fd = openSync(path, 'r')
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  } catch (error) {
    // Windows cannot open a directory; there the file system does it.
    if (process.platform !== 'win32') throw error
  }
}

function bind(params: readonly unknown[]): JSValue[] {
  const bound = new Array<JSValue>(params.length)
  for (let at = 0; at < params.length; at++) bound[at] = bindable(params[at])
  return bound
}

function bindable(value: unknown): JSValue {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return value
  if (value === undefined || value === null) return null
  if (value instanceof Date) return value.getTime()
  if (value instanceof Uint8Array) return value
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  throw new TypeError(`a value of type ${typeof value} cannot be stored`)
}

/** The engine ends a text at a NUL and cannot write half a surrogate pair: both become U+FFFD, as decoders do. */
export function wellFormed(text: string): string {
  return unusual.test(text) ? text.replace(/\0|\p{Surrogate}/gu, '\ufffd') : text
}
/** Without Unicode mode, which is slow: whole surrogate pairs are looked at twice. */
const unusual = /[\0\ud800-\udfff]/

function defineFunctions(db: Database): void {
  const pure = { deterministic: true }
  db.function('regexp', (pattern, text) => test(pattern, text), pure)
  db.function('regexp2', (pattern, text, flags) => test(pattern, text, String(flags)), pure)
  db.function('modulo', (left, right) => Number(left) % Number(right), pure)
  db.function('rand', () => Math.random())
  db.function(
    'json_array_contains',
    (array, value) => array !== null && contains(JSON.parse(String(array)), JSON.parse(String(value))),
    pure,
  )
}

function test(pattern: SQLiteValue, text: SQLiteValue, flags?: string): boolean | null {
  return text === null ? null : new RegExp(String(pattern), flags).test(String(text))
}

function contains(array: unknown, value: unknown): boolean {
  return Array.isArray(array) && array.includes(value)
}
