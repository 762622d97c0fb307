import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SchemaMigration } from '@space-assistant/core/storage/migrations'
import { schemaVersion } from '@space-assistant/core/storage/migrations'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { migrateMysql } from '../../plugins/mysql/schema'
import { SqliteEngine } from '../../plugins/sqlite/engine'
import { migrateSqlite, readSqliteSchema } from '../../plugins/sqlite/schema'
import { space } from '../cli/space'
import { launchMariaDB } from './mariadb'
import type { MariaDB } from './mariadb'
import { mariaStore, stores } from './stores'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-schema-'))
let server: MariaDB
beforeAll(async () => {
  server = await launchMariaDB()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Renames a column and fills a new one, as a migration to come may do. */
const next: SchemaMigration = {
  version: 2,
  tables: ['space_thing'],
  statements: (table) => [
    `ALTER TABLE ${table('space_thing')} ADD COLUMN length INT`,
    `UPDATE ${table('space_thing')} SET length = 2`,
  ],
}
const broken: SchemaMigration = {
  version: 3,
  tables: ['space_thing'],
  statements: (table) => [
    `UPDATE ${table('space_thing')} SET length = 9`,
    `UPDATE ${table('space_thing')} SET no_such_column = 1`,
  ],
}

/** A file as the program wrote it before there were versions. */
function oldFile(name: string): SqliteEngine {
  const engine = new SqliteEngine(join(folder, name))
  engine.exec('CREATE TABLE space_thing (id INTEGER PRIMARY KEY, name TEXT)')
  engine.exec(`INSERT INTO space_thing (name) VALUES ('a'), ('b')`)
  return engine
}

describe('the schema of a SQLite file', () => {
  it('is brought to the newest version, and nothing is left of the trial', () => {
    const engine = oldFile('old.db')
    migrateSqlite(engine, join(folder, 'old.db'), [next])
    expect(readSqliteSchema(engine)).toBe(2)
    expect(engine.all('SELECT * FROM space_thing')).toEqual([
      { id: 1, name: 'a', length: 2 },
      { id: 2, name: 'b', length: 2 },
    ])
    expect(readdirSync(folder).filter((name) => name.includes('trial'))).toEqual([])
    // A second start does nothing: the column could not be added again.
    migrateSqlite(engine, join(folder, 'old.db'), [next])
    engine.close()
  })

  it('stays as it is when one of several migrations fails on the copy', () => {
    const engine = oldFile('broken.db')
    const act = () => migrateSqlite(engine, join(folder, 'broken.db'), [next, broken])
    expect(act).toThrow('no_such_column')
    expect(readSqliteSchema(engine)).toBe(1)
    expect(engine.all('SELECT * FROM space_thing')).toEqual([
      { id: 1, name: 'a' },
      { id: 2, name: 'b' },
    ])
    expect(existsSync(join(folder, 'broken.db.trial'))).toBe(false)
    engine.close()
  })

  it('of a fresh one is the newest', () => {
    const engine = new SqliteEngine(join(folder, 'fresh.db'))
    migrateSqlite(engine, join(folder, 'fresh.db'))
    expect(readSqliteSchema(engine)).toBe(schemaVersion)
    engine.close()
  })

  it('that a newer program wrote is refused with a sentence, and not a byte is changed', async () => {
    const data = join(folder, 'newer')
    expect((await space(['staff', '张三'], { DATA_DIR: data })).code).toBe(0)
    const engine = new SqliteEngine(join(data, 'space.db'))
    engine.run('UPDATE space_schema SET version = ?', [schemaVersion + 1])
    engine.close()
    const before = readFileSync(join(data, 'space.db'))
    const { code, stderr } = await space(['history'], { DATA_DIR: data })
    expect(code).toBe(1)
    expect(stderr).toContain('是更新版本的程序写的，这个版本读不了')
    expect(readFileSync(join(data, 'space.db')).equals(before)).toBe(true)
  })
})

describe('the schema of a MariaDB database', () => {
  it('is written at the first start and refused when a newer program wrote it', async () => {
    const store = await mariaStore(server)
    const app = await store.open()
    const versions = () => app.bulk.rows<{ version: number }>('SELECT version FROM space_schema')
    expect(await versions()).toEqual([{ version: schemaVersion }])
    await app.bulk.run('UPDATE space_schema SET version = ?', [schemaVersion + 1])
    const ask = <T>(sql: string) => app.bulk.rows<object>(sql) as Promise<T>
    const [{ name = '' } = {}] = await app.bulk.rows<{ name?: string }>('SELECT DATABASE() AS name')
    await expect(migrateMysql(ask, name)).rejects.toThrow(`schema ${schemaVersion + 1}`)
    await store.close(app)
  })

  it('is tried on copies of what it touches, and may be repeated when it was cut off', async () => {
    const store = await mariaStore(server)
    const app = await store.open()
    const [{ name: database = '' } = {}] = await app.bulk.rows<{ name?: string }>('SELECT DATABASE() AS name')
    const ask = <T>(sql: string) => app.bulk.rows<object>(sql) as Promise<T>
    await app.bulk.run('CREATE TABLE space_thing (id INT PRIMARY KEY, name TEXT)')
    await app.bulk.run(`INSERT INTO space_thing VALUES (1, 'a')`)
    await app.bulk.run('UPDATE space_schema SET version = 1')
    await expect(migrateMysql(ask, database, [broken])).rejects.toThrow()
    expect(await app.bulk.rows('SELECT * FROM space_thing')).toEqual([{ id: 1, name: 'a' }])
    expect(await app.bulk.rows('SELECT version FROM space_schema')).toEqual([{ version: 1 }])
    await migrateMysql(ask, database, [next])
    await migrateMysql(ask, database, [next])
    expect(await app.bulk.rows('SELECT * FROM space_thing')).toEqual([{ id: 1, name: 'a', length: 2 }])
    expect(await app.bulk.rows('SELECT version FROM space_schema')).toEqual([{ version: 2 }])
    const tables = await app.bulk.rows<{ name: string }>(
      `SELECT TABLE_NAME AS name FROM information_schema.tables WHERE TABLE_SCHEMA = '${database}'`,
    )
    expect(tables.filter(({ name }) => name.startsWith('trial_'))).toEqual([])
    await store.close(app)
  })
})

describe('a copy of the whole database', () => {
  it('is as the database was at one moment while writers go on', async () => {
    const store = await stores['SQLite file']()
    const app = await store.open()
    await app.bulk.run('CREATE TABLE space_pair (id INTEGER PRIMARY KEY, side TEXT)')
    let writing = true
    const writer = (async () => {
      for (let id = 0; writing; id += 2) {
        await app.bulk.batch([
          { sql: 'INSERT INTO space_pair VALUES (?, ?)', params: [id, 'left'] },
          { sql: 'INSERT INTO space_pair VALUES (?, ?)', params: [id + 1, 'right'] },
        ])
        await new Promise((resolve) => setImmediate(resolve))
      }
    })()
    for (let copy = 0; copy < 5; copy++) {
      const path = join(folder, `copy-${copy}.db`)
      await app.bulk.copyTo?.(path)
      const engine = new SqliteEngine(path)
      const [row] = engine.all(
        `SELECT count(*) AS n, sum(side = 'left') AS l, sum(side = 'right') AS r FROM space_pair`,
      )
      expect(row?.['l']).toBe(row?.['r'])
      engine.close()
    }
    writing = false
    await writer
    await expect(app.bulk.copyTo?.(join(folder, 'copy-0.db'))).rejects.toThrow('EEXIST')
    await store.close(app)
    await store.drop()
  })
})
