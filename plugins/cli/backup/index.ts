import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { parseBackupSettings } from '@space-assistant/core/storage/backup-settings'
import type {} from 'koishi-plugin-space-database'
import { askSecret } from '../ask'
import { askControl } from '../control'
import { dataDir, readEnvironment } from '../house'
import { withServices } from '../services'
import { text } from '../text'
import { packArchive } from './archive'
import { backupDir, dataEntries } from './data-folder'
import { DUMP_FILE, MANIFEST_FILE, rowsIn, SQLITE_FILE } from './manifest'
import type { BackupManifest } from './manifest'
import { countDump, dumpMysql } from './mysql-tools'
import { nightlyName, removeOldBackups } from './nightly-files'
import { examineSqlite } from './sqlite-file'

const options = {
  encrypt: { type: 'boolean', default: false },
  nightly: { type: 'boolean', default: false },
} as const

/** `space backup FILE`: database and files in one archive, while the bot runs or not. */
export async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  readEnvironment()
  if (values.nightly) return backUpAtNight()
  const [given, ...rest] = positionals
  if (given === undefined || rest.length) return refuse(text('backup-usage'), 2)
  const file = resolve(given)
  if (existsSync(file)) return refuse(text('backup-there', { file }))
  const passphrase = await passphraseFor(values.encrypt)
  if (passphrase === undefined) return refuse(text('backup-no-passphrase'))
  const manifest = await writeBackup(file, passphrase)
  process.stdout.write(`${doneLine(file, manifest, passphrase)}\n`)
  return 0
}

async function backUpAtNight(): Promise<number> {
  const folder = backupDir()
  const passphrase = process.env['BACKUP_PASSPHRASE'] ?? ''
  const { days } = parseBackupSettings(process.env)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, nightlyName(new Date(), passphrase !== ''))
  const manifest = await writeBackup(file, passphrase)
  process.stdout.write(`${doneLine(file, manifest, passphrase)}\n`)
  for (const old of removeOldBackups(folder, { days, now: new Date() })) {
    process.stdout.write(`${text('backup-removed', { file: old })}\n`)
  }
  return 0
}

function refuse(sentence: string, code = 1): number {
  process.stderr.write(`${sentence}\n`)
  return code
}

/** Empty: not encrypted; undefined: wanted, but there is none. */
async function passphraseFor(wanted: boolean): Promise<string | undefined> {
  const set = process.env['BACKUP_PASSPHRASE'] ?? ''
  if (set || !wanted) return set
  return (await askSecret(text('backup-ask-passphrase'))) || undefined
}

function doneLine(file: string, manifest: BackupManifest, passphrase: string): string {
  const megabytes = (statSync(file).size / 1024 ** 2).toFixed(1)
  const { tables, entries } = manifest
  const params = { file, megabytes, tables: Object.keys(tables).length, rows: rowsIn(manifest) }
  return text(passphrase ? 'backup-done-encrypted' : 'backup-done', { ...params, entries: entries.length })
}

/** Makes the archive; whoever is killed meanwhile leaves an older one as it is. */
async function writeBackup(file: string, passphrase: string): Promise<BackupManifest> {
  const staging = mkdtempSync(join(dirname(file), `.${basename(file)}.`))
  try {
    const database = process.env['MYSQL_HOST'] ? await stageMysql(staging) : await stageSqlite(staging)
    const folder = dataDir()
    const entries = dataEntries(folder)
    const manifest: BackupManifest = {
      format: 1,
      made: new Date().toISOString(),
      ...database.manifest,
      entries,
    }
    writeFileSync(join(staging, MANIFEST_FILE), JSON.stringify(manifest, undefined, 2))
    const parts = [
      { folder: staging, names: [MANIFEST_FILE, database.name] },
      ...(entries.length ? [{ folder, names: entries }] : []),
    ]
    await packArchive(file, parts, passphrase)
    return manifest
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

interface Staged {
  name: string
  manifest: Pick<BackupManifest, 'database' | 'schema' | 'tables'>
}

async function stageSqlite(staging: string): Promise<Staged> {
  const path = join(staging, SQLITE_FILE)
  // The bot has the file to itself, so that it makes the copy; without one this process opens the file.
  if (!(await askControl(dataDir(), 'copy', { path }))) {
    if (!existsSync(join(dataDir(), SQLITE_FILE)))
      throw new Error(text('backup-nothing', { folder: dataDir() }))
    await withServices(['bulk', 'database'], ({ bulk }) => bulk.copyTo?.(path) ?? Promise.resolve())
  }
  return { name: SQLITE_FILE, manifest: { database: 'sqlite', ...examineSqlite(path) } }
}

async function stageMysql(staging: string): Promise<Staged> {
  const path = join(staging, DUMP_FILE)
  await dumpMysql(path)
  return { name: DUMP_FILE, manifest: { database: 'mysql', tables: await countDump(path) } }
}
