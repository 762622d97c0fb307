import { Context, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import { SqliteEngine } from '../../plugins/sqlite/engine'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MariaDB } from '../database/mariadb'
import type { Job } from './sender'

/** The database that senders share, and a look into it from outside. */
export interface Store {
  job: Job['store']
  /** The keys of the messages that are marked as on their way by an outbox. */
  underway(owner: string | undefined): Promise<string[]>
  drop(): Promise<void>
}

const UNDERWAY = `SELECT id FROM space_message WHERE state = 'leased' AND owner = ?`

/** A SQLite file; looked into through a copy, because only one process may have it open. */
export function fileStore(): Store {
  const folder = mkdtempSync(join(tmpdir(), 'space-faults-'))
  const path = join(folder, 'space.db')
  return {
    job: { path },
    underway(owner = '') {
      if (!existsSync(path)) return Promise.resolve([])
      const copy = join(folder, 'copy.db')
      for (const end of ['', '-wal']) {
        rmSync(copy + end, { force: true })
        if (existsSync(path + end)) cpSync(path + end, copy + end)
      }
      const engine = new SqliteEngine(copy)
      try {
        const table = `SELECT 1 FROM sqlite_master WHERE name = 'space_message'`
        const there = engine.all(table).length > 0
        return Promise.resolve(there ? engine.all(UNDERWAY, [owner]).map(({ id }) => String(id)) : [])
      } finally {
        engine.close()
      }
    },
    drop: () => Promise.resolve(rmSync(folder, { recursive: true })),
  }
}

export async function serverStore(server: MariaDB): Promise<Store> {
  Logger.levels.base = Logger.SILENT
  const settings = await server.database()
  const app = new Context()
  app.plugin(mysql, settings as never)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['bulk'], () => resolve()))
  return {
    job: { settings },
    async underway(owner = '') {
      try {
        return (await app.bulk.rows<{ id: string }>(UNDERWAY, [owner])).map(({ id }) => id)
      } catch (error) {
        // Before the first sender has made the table.
        if (/exist/.test(String((error as { message?: string }).message))) return []
        throw error
      }
    },
    async drop() {
      app.registry.delete(mysql as never)
      await new Promise((resolve) => setTimeout(resolve, 20))
      await app.stop()
    },
  }
}
