import { copyFileSync, rmSync } from 'node:fs'
import {
  FIRST_SCHEMA,
  newestSchema,
  pendingMigrations,
  SCHEMA_TABLE,
  schemaMigrations,
  SchemaTrialError,
} from '@space-assistant/core/storage/migrations'
import type { SchemaMigration } from '@space-assistant/core/storage/migrations'
import { quoteSqliteName } from './conversion'
import { SqliteEngine } from './engine'

/** The version in a database; undefined when nothing of the project was ever stored there. */
export function readSqliteSchema(engine: SqliteEngine): number | undefined {
  const names = new Set(
    engine.all(`SELECT name FROM sqlite_master WHERE type = 'table'`).map(({ name }) => name),
  )
  if (!names.has(SCHEMA_TABLE)) return names.size ? FIRST_SCHEMA : undefined
  return Number(
    engine.all(`SELECT MAX(version) AS version FROM ${SCHEMA_TABLE}`)[0]?.['version'] ?? FIRST_SCHEMA,
  )
}

/**
 * Brings an opened file to the version of this program, each step in one transaction, after all of them went well on
 * a copy. The caller has the file to itself.
 */
export function migrateSqlite(engine: SqliteEngine, path: string, known = schemaMigrations): void {
  const found = readSqliteSchema(engine)
  const pending = found === undefined ? [] : pendingMigrations(found, known)
  if (pending.length) tryOnCopy({ engine, path, pending })
  for (const migration of pending) runMigration(engine, migration)
  if (found === undefined) transact(engine, () => writeVersion(engine, newestSchema(known)))
}

function tryOnCopy(given: { engine: SqliteEngine; path: string; pending: readonly SchemaMigration[] }): void {
  const { engine, path, pending } = given
  const copy = `${path}.trial`
  const remove = () => {
    for (const end of ['', '-wal', '-journal']) rmSync(`${copy}${end}`, { force: true })
  }
  remove()
  let trial: SqliteEngine | undefined
  try {
    engine.checkpoint()
    copyFileSync(path, copy)
    trial = new SqliteEngine(copy)
    for (const migration of pending) runMigration(trial, migration)
  } catch (cause) {
    throw new SchemaTrialError(cause instanceof Error ? cause.message : String(cause), { cause })
  } finally {
    trial?.close()
    remove()
  }
}

function runMigration(engine: SqliteEngine, { version, statements }: SchemaMigration): void {
  transact(engine, () => {
    for (const sql of statements(quoteSqliteName)) engine.exec(sql)
    writeVersion(engine, version)
  })
}

function writeVersion(engine: SqliteEngine, version: number): void {
  engine.exec(`CREATE TABLE IF NOT EXISTS ${SCHEMA_TABLE} (version INTEGER NOT NULL)`)
  engine.exec(`DELETE FROM ${SCHEMA_TABLE}`)
  engine.run(`INSERT INTO ${SCHEMA_TABLE} (version) VALUES (?)`, [version])
}

function transact(engine: SqliteEngine, act: () => void): void {
  engine.exec('BEGIN IMMEDIATE')
  try {
    act()
    engine.exec('COMMIT')
  } catch (error) {
    if (engine.inTransaction) engine.exec('ROLLBACK')
    throw error
  }
}
