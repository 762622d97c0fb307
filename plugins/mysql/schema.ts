import {
  FIRST_SCHEMA,
  newestSchema,
  pendingMigrations,
  SCHEMA_TABLE,
  schemaMigrations,
  SchemaTrialError,
} from '@space-assistant/core/storage/migrations'
import type { SchemaMigration } from '@space-assistant/core/storage/migrations'
import { quoteMysqlName } from './bulk-writer'

type Ask = <T>(sql: string) => Promise<T>

/**
 * Brings a database to the version of this program. The server stores each change of a table at once, so a migration is
 * tried on copies of the tables that it touches, and may be repeated when it was cut off.
 */
export async function migrateMysql(ask: Ask, database: string, known = schemaMigrations): Promise<void> {
  const found = await readVersion(ask, database)
  if (found === newestSchema(known)) return
  const pending = found === undefined ? [] : pendingMigrations(found, known)
  for (const migration of pending) await tryOnCopies({ ask, database, migration })
  for (const { version, statements } of pending) {
    for (const sql of statements(quoteMysqlName)) await ask(sql)
    await writeVersion(ask, version)
  }
  if (found === undefined) await writeVersion(ask, newestSchema(known))
}

async function tablesIn(ask: Ask, database: string): Promise<Set<string>> {
  const literal = `'${database.replace(/['\\]/g, '\\$&')}'`
  const rows = await ask<{ name: string }[]>(
    `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = ${literal}`,
  )
  return new Set(rows.map(({ name }) => name))
}

/** Undefined when nothing of the project was ever stored there. */
async function readVersion(ask: Ask, database: string): Promise<number | undefined> {
  const names = await tablesIn(ask, database)
  if (!names.has(SCHEMA_TABLE)) return names.has('space_lease') ? FIRST_SCHEMA : undefined
  const [row] = await ask<{ version: number | null }[]>(`SELECT MAX(version) AS version FROM ${SCHEMA_TABLE}`)
  return row?.version ?? FIRST_SCHEMA
}

async function tryOnCopies(given: { ask: Ask; database: string; migration: SchemaMigration }): Promise<void> {
  const { ask, database, migration } = given
  const there = await tablesIn(ask, database)
  const copied = (name: string) => quoteMysqlName(`trial_${process.pid}_${name}`.slice(0, 64))
  try {
    for (const name of migration.tables.filter((one) => there.has(one))) {
      await ask(`DROP TABLE IF EXISTS ${copied(name)}`)
      await ask(`CREATE TABLE ${copied(name)} LIKE ${quoteMysqlName(name)}`)
      await ask(`INSERT INTO ${copied(name)} SELECT * FROM ${quoteMysqlName(name)}`)
    }
    for (const sql of migration.statements(copied)) await ask(sql)
  } catch (cause) {
    throw new SchemaTrialError(cause instanceof Error ? cause.message : String(cause), { cause })
  } finally {
    for (const name of migration.tables) await ask(`DROP TABLE IF EXISTS ${copied(name)}`)
  }
}

/** One row: whoever starts at the same moment writes the same. */
async function writeVersion(ask: Ask, version: number): Promise<void> {
  await ask(
    `CREATE TABLE IF NOT EXISTS ${SCHEMA_TABLE} (one TINYINT NOT NULL PRIMARY KEY, version INT NOT NULL)`,
  )
  await ask(
    `INSERT INTO ${SCHEMA_TABLE} (one, version) VALUES (1, ${version}) ON DUPLICATE KEY UPDATE version = GREATEST(version, ${version})`,
  )
}
