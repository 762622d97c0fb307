import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { schemaVersion } from '@space-assistant/core/storage/migrations'
import { askSecret } from '../ask'
import { dataDir, readEnvironment } from '../house'
import { text } from '../text'
import { isEncrypted, unpackArchive } from './archive'
import { dataEntries } from './data-folder'
import { backupManifest, DUMP_FILE, MANIFEST_FILE, rowsIn, SQLITE_FILE, tablesThatDiffer } from './manifest'
import type { BackupManifest } from './manifest'
import { countDump, countMysql, loadDump } from './mysql-tools'
import { examineSqlite } from './sqlite-file'

/** `space restore FILE`: what a backup holds, into an installation that has nothing yet. */
export async function run(args: string[]): Promise<number> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
  readEnvironment()
  const [given, ...rest] = positionals
  if (given === undefined || rest.length) return refuse(text('restore-usage'), 2)
  const file = resolve(given)
  if (!statSync(file, { throwIfNoEntry: false })?.isFile())
    return refuse(text('system-ENOENT', { path: file }))
  const folder = dataDir()
  const full = await whyFull(folder)
  if (full !== undefined) return refuse(full)
  const passphrase = await passphraseOf(file)
  mkdirSync(folder, { recursive: true })
  const staging = mkdtempSync(join(folder, '.restore-'))
  try {
    await unpackArchive(file, staging, passphrase)
    const manifest = readManifest(staging, file)
    if (typeof manifest === 'string') return refuse(manifest)
    await verify(staging, manifest)
    await putInPlace(staging, manifest)
    process.stdout.write(`${doneLine(manifest)}\n`)
    return 0
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

function refuse(sentence: string, code = 1): number {
  process.stderr.write(`${sentence}\n`)
  return code
}

function doneLine(manifest: BackupManifest): string {
  const { made, tables, entries } = manifest
  const at = made.slice(0, 10)
  return text('restore-done', {
    ...{ at, tables: Object.keys(tables).length, rows: rowsIn(manifest), entries: entries.length },
  })
}

/** A sentence when there is something that a restore would cover. */
async function whyFull(folder: string): Promise<string | undefined> {
  const found = dataEntries(folder)
  const database = process.env['MYSQL_DATABASE'] || 'space'
  if (process.env['MYSQL_HOST']) {
    const tables = Object.keys(await countMysql())
    if (tables.length) return text('restore-full-mysql', { database, tables: tables.length })
  } else if (existsSync(join(folder, SQLITE_FILE))) found.push(SQLITE_FILE)
  return found.length ? text('restore-full', { folder, found: found.join(text('list-join')) }) : undefined
}

async function passphraseOf(file: string): Promise<string> {
  if (!isEncrypted(file)) return ''
  return process.env['BACKUP_PASSPHRASE'] || (await askSecret(text('restore-ask-passphrase')))
}

/** What the archive says of itself, or why it cannot be used here. */
function readManifest(staging: string, file: string): BackupManifest | string {
  const path = join(staging, MANIFEST_FILE)
  const read = existsSync(path) ? backupManifest.safeParse(JSON.parse(readFileSync(path, 'utf8'))) : undefined
  if (!read?.success) return text('restore-no-backup', { file })
  const wanted = process.env['MYSQL_HOST'] ? 'mysql' : 'sqlite'
  if (read.data.database !== wanted) return text(`restore-other-${read.data.database}`)
  return (read.data.schema ?? 0) > schemaVersion ? text('restore-newer') : read.data
}

/** Opens and counts before anything is put in its place. */
async function verify(staging: string, { database, tables }: BackupManifest): Promise<void> {
  const found =
    database === 'sqlite'
      ? examineSqlite(join(staging, SQLITE_FILE)).tables
      : await countDump(join(staging, DUMP_FILE))
  const differ = tablesThatDiffer(tables, found)
  if (differ.length) throw new Error(text('restore-differs', { tables: differ.join(text('list-join')) }))
}

/** The database comes last: without it nothing of the rest counts. */
async function putInPlace(staging: string, { database, tables, entries }: BackupManifest): Promise<void> {
  for (const name of entries) renameSync(join(staging, name), join(dataDir(), name))
  if (database === 'sqlite') return renameSync(join(staging, SQLITE_FILE), join(dataDir(), SQLITE_FILE))
  await loadDump(join(staging, DUMP_FILE))
  const differ = tablesThatDiffer(tables, await countMysql())
  if (differ.length) throw new Error(text('restore-differs', { tables: differ.join(text('list-join')) }))
}
