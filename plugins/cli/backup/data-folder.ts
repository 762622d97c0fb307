import { readdirSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { dataDir, root } from '../house'

/** Where nightly backups go, from BACKUP_DIR. */
export function backupDir(): string {
  const given = process.env['BACKUP_DIR']?.trim()
  return given ? resolve(root, given) : join(dataDir(), 'backups')
}

/** What is made anew, belongs to a running process, or is a backup itself. */
const left = /^(space\.db.*|space\.sock|backups|demo|\.restore-.*|\..*\.partial)$/

/** Names below the data folder that belong to the installation, beside the database. */
export function dataEntries(folder: string): string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder)
    .filter((name) => !left.test(name) && join(folder, name) !== backupDir())
    .sort()
}
