import { rmSync } from 'node:fs'
import { FIRST_SCHEMA, SCHEMA_TABLE } from '@space-assistant/core/storage/migrations'
import { Database } from 'node-sqlite3-wasm'

/** What is in a database file that nobody else has open. */
export interface SqliteContent {
  schema: number
  tables: Record<string, number>
}

/** Opens a copy, looks through its pages and counts; throws when a page is damaged. */
export function examineSqlite(path: string): SqliteContent {
  const db = new Database(path, { fileMustExist: true })
  try {
    // What was written with a log needs it, or shared memory, which this engine does not have.
    db.get('PRAGMA locking_mode=EXCLUSIVE')
    const found = String(Object.values(db.get('PRAGMA quick_check(1)') ?? {})[0])
    if (found !== 'ok') throw new Error(found.split('\n').slice(0, 2).join(' '))
    const names = db
      .all(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
      .map(({ name }) => (typeof name === 'string' ? name : ''))
    const numberOf = (sql: string) => Number(Object.values(db.get(sql) ?? {})[0])
    const count = (name: string) => numberOf(`SELECT count(*) FROM \`${name.replaceAll('`', '``')}\``)
    const schema = names.includes(SCHEMA_TABLE)
      ? numberOf(`SELECT max(version) FROM ${SCHEMA_TABLE}`)
      : FIRST_SCHEMA
    return { schema, tables: Object.fromEntries(names.map((name) => [name, count(name)])) }
  } finally {
    db.close()
    for (const end of ['-wal', '-journal']) rmSync(`${path}${end}`, { force: true })
  }
}
