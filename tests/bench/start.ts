// The start of the services with 12,600 members and a year of tallies, against reading as many rows (one per tally) with
// the raw driver of the same database.
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { Database } from 'node-sqlite3-wasm'
import { decodeTallies } from '@space-assistant/core/scoring/tallies'
import { parseDay } from '@space-assistant/core/calendar/day'
import { launchMariaDB } from '../database/mariadb'
import type { Settings } from '../database/mariadb'
import { buildBot, startBot } from './child'
import { paired, printTable, runHere, seconds, times } from './paired'
import type { Run } from './paired'
import { readBenchScheme } from './score-data'
import { packsOf } from './store'
import type { StoreOptions } from './store'

interface RawConnection {
  query(sql: string, values?: unknown, done?: (error: Error | null) => void): RawQuery
  end(): void
}
interface RawQuery {
  on(event: 'result', listener: (row: { count: number }) => void): RawQuery
  on(event: 'error', listener: (error: Error) => void): RawQuery
  on(event: 'end', listener: () => void): RawQuery
}

// The driver under the framework's own, not a dependency of this project.
const mariadb = createRequire(require.resolve('@minatojs/driver-mysql'))('@vlasky/mysql') as {
  createConnection(settings: Settings): RawConnection
}
const fill = { size: 42, from: '2022-01-01', to: '2022-12-31' }
const now = '2022-12-31T12:00:00+08:00'

export async function run(options: readonly string[]): Promise<void> {
  const rounds = Number(options.find((one) => one.startsWith('--rounds='))?.split('=')[1] ?? 7)
  buildBot()
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-start-'))
  const server = await launchMariaDB()
  try {
    const settings = await server.database()
    const sqlite = { kind: 'sqlite', path: join(folder, 'space.db') } as const
    const row = printTable('## start of the services: 12,600 members, a year of tallies', [
      ...['database', 'tallies', 'services ready', 'raw driver, one row per tally', 'faster'],
    ])
    const raw = join(folder, 'raw.db')
    const packs = packsOf(readBenchScheme(), fill.size, {
      from: parseDay(fill.from)!,
      to: parseDay(fill.to)!,
    })
    const tallies = writeSqlite(raw, packs)
    row(await measure(sqlite, { name: 'SQLite', tallies, rounds, read: () => readSqlite(raw) }))
    const plain = await server.database()
    await writeMariaDB(plain, packs, join(folder, 'tallies'))
    const mysql = { kind: 'mysql', settings } as const
    row(await measure(mysql, { name: 'MariaDB', tallies, rounds, read: () => readMariaDB(plain) }))
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

async function measure(
  store: StoreOptions,
  {
    name,
    tallies,
    rounds,
    read,
  }: { name: string; tallies: number; rounds: number; read: () => Promise<Run> },
): Promise<string[]> {
  await (await startBot({ store, now, fill })).stop()
  const services = async () => {
    const bot = await startBot({ store, now })
    await bot.stop()
    return { ms: bot.loading }
  }
  await services()
  const result = await paired({ services, read }, rounds)
  return [
    ...[name, `${(tallies / 1e6).toFixed(1)} million`, seconds(result.services.ms)],
    ...[seconds(result.read.ms), times(result.read.ms, result.services.ms)],
  ]
}

function* rowsOf(packs: readonly Uint8Array[]): Generator<[number, number, number, number]> {
  for (const [member, pack] of packs.entries()) {
    for (const { indicator, day, count } of decodeTallies(pack)) yield [member, indicator, day, count]
  }
}

const table = 'CREATE TABLE tally (member INT, indicator INT, day INT, count INT)'

function writeSqlite(path: string, packs: readonly Uint8Array[]): number {
  const db = new Database(path)
  db.exec(table)
  db.exec('BEGIN')
  const insert = db.prepare('INSERT INTO tally VALUES (?, ?, ?, ?)')
  let rows = 0
  for (const row of rowsOf(packs)) {
    insert.run(row)
    rows++
  }
  insert.finalize()
  db.exec('COMMIT')
  db.close()
  return rows
}

async function readSqlite(path: string): Promise<Run> {
  return runHere(() => {
    const db = new Database(path)
    const found = db.prepare('SELECT member, indicator, day, count FROM tally')
    let sum = 0
    for (const row of found.iterate() as Iterable<{ count: number }>) sum += row.count
    if (!sum) throw new Error('nothing was read')
    found.finalize()
    db.close()
  })
}

/** Through a file that the server reads by itself: by statements it would take many minutes. */
async function writeMariaDB(settings: Settings, packs: readonly Uint8Array[], file: string): Promise<void> {
  const lines = function* () {
    let text = ''
    for (const row of rowsOf(packs)) {
      text += `${row.join('\t')}\n`
      if (text.length < 1 << 20) continue
      yield text
      text = ''
    }
    yield text
  }
  await pipeline(lines, createWriteStream(file))
  const connection = mariadb.createConnection(settings)
  const query = (sql: string, values?: unknown) =>
    new Promise<void>((resolve, reject) =>
      connection.query(sql, values, (error: Error | null) => (error ? reject(error) : resolve())),
    )
  await query(table)
  await query('LOAD DATA INFILE ? INTO TABLE tally', [file])
  connection.end()
  rmSync(file)
}

async function readMariaDB(settings: Settings): Promise<Run> {
  return runHere(async () => {
    const connection = mariadb.createConnection(settings)
    let sum = 0
    await new Promise<void>((resolve, reject) =>
      connection
        .query('SELECT member, indicator, day, count FROM tally')
        .on('result', (row: { count: number }) => (sum += row.count))
        .on('error', reject)
        .on('end', () => resolve()),
    )
    connection.end()
    if (!sum) throw new Error('nothing was read')
  })
}
