import { Context, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchMariaDB } from './mariadb'
import type { MariaDB } from './mariadb'

Logger.levels.base = Logger.ERROR

/** One of the databases that the project supports, with an own, empty store for every test file. */
export interface Store {
  /** An application on the store; a second one sees what the first has written, where the store allows a second. */
  open(plugins?: (app: Context) => void): Promise<Context>
  close(app: Context): Promise<void>
  /** Whether it is still there after `close`. */
  lasting: boolean
  /** A number that grows with every change of any table's definition. */
  schemaChanges(app: Context): Promise<number>
  /** Removes everything, servers too. */
  drop(): Promise<void>
}

export const stores: Record<'SQLite in memory' | 'SQLite file' | 'MariaDB', () => Promise<Store>> = {
  async 'SQLite in memory'() {
    return Promise.resolve(
      store({
        load: (app) => app.plugin(sqlite, { path: ':memory:' }),
        schemaChanges: schemaVersion,
        lasting: false,
      }),
    )
  },
  async 'SQLite file'() {
    const folder = mkdtempSync(join(tmpdir(), 'space-sqlite-'))
    const path = join(folder, 'data', 'space.db')
    return Promise.resolve(
      store({
        load: (app) => app.plugin(sqlite, { path }),
        schemaChanges: schemaVersion,
        drop: () => Promise.resolve(rmSync(folder, { recursive: true })),
      }),
    )
  },
  async MariaDB() {
    const server = await launchMariaDB()
    return mariaStore(server, () => server.stop())
  },
}

export async function mariaStore(server: MariaDB, drop?: () => Promise<void>): Promise<Store> {
  const settings = await server.database()
  return store({ load: (app) => app.plugin(mysql, settings), schemaChanges: definitionCommands, drop })
}

interface Kind {
  load: (app: Context) => unknown
  schemaChanges: (app: Context) => Promise<number>
  lasting?: boolean | undefined
  drop?: (() => Promise<void>) | undefined
}

function store({ load, schemaChanges, lasting = true, drop = async () => {} }: Kind): Store {
  return {
    async open(plugins) {
      const app = new Context()
      load(app)
      plugins?.(app)
      await app.start()
      await ready(app)
      return app
    },
    close,
    lasting,
    schemaChanges,
    drop,
  }
}

async function schemaVersion(app: Context): Promise<number> {
  const [row] = await app.bulk.rows<{ schema_version: number }>('PRAGMA schema_version')
  return row!.schema_version
}

async function definitionCommands(app: Context): Promise<number> {
  const rows = await app.bulk.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL STATUS WHERE Variable_name REGEXP '^Com_(alter|create|drop|rename)_'`,
  )
  return rows.reduce((sum, row) => sum + Number(row.Value), 0)
}

/** Waits for the database service and for all its tables. */
export async function ready(app: Context): Promise<void> {
  await new Promise<void>((resolve) => app.inject(['database', 'bulk'], () => resolve()))
  await app.model.prepared()
}

/** The driver closes while the model still lives: plugins first, then the application. */
async function close(app: Context): Promise<void> {
  app.registry.delete(mysql as never)
  app.registry.delete(sqlite as never)
  await new Promise((resolve) => setTimeout(resolve, 20))
  await app.stop()
}
