import { existsSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { dayOf } from '@space-assistant/core/calendar/day'
import { parseBackupSettings } from '@space-assistant/core/storage/backup-settings'
import { backupDir } from './backup/data-folder'
import { listNightly } from './backup/nightly-files'
import { dataDir } from './house'
import { text } from './text'

const ENOUGH_BYTES = 1024 ** 3
/** Pages of the embedded database, as it makes its files. */
const PAGE_BYTES = 4096
/** A backup of the night before last is the last one that is in time. */
const LATE_DAYS = 2

const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1)

/** How large the database is, what is free beside it and how old the newest backup is. */
export function examineStorage(now: Date): { facts: string[]; wrong: string[] } {
  const wrong = [...new Set([dataDir(), backupDir()].map(nearestFolder))].flatMap(shortOf)
  const facts: string[] = []
  const file = join(dataDir(), 'space.db')
  const size = process.env['MYSQL_HOST'] ? undefined : statSync(file, { throwIfNoEntry: false })?.size
  if (size !== undefined) {
    const free = megabytes(freeBytes(dataDir()))
    facts.push(
      text('storage-pages', { pages: Math.ceil(size / PAGE_BYTES), megabytes: megabytes(size), free }),
    )
  }
  const { days } = parseBackupSettings(process.env)
  const [newest] = listNightly(backupDir())
  if (newest) {
    const { file: path, bytes, at, day } = newest
    facts.push(text('storage-backup', { at: formatMoment(at), file: path, megabytes: megabytes(bytes) }))
    if (days && dayOf(now) - day > LATE_DAYS) wrong.push(text('storage-backup-old', { at: formatMoment(at) }))
  } else facts.push(text(days ? 'storage-no-backup' : 'storage-backup-off'))
  return { facts, wrong }
}

/** The folder, or where it will be made. */
function nearestFolder(folder: string): string {
  return existsSync(folder) ? folder : nearestFolder(dirname(folder))
}

/** Bytes that this account may still write in a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(nearestFolder(folder))
  return bavail * bsize
}

/** Whether so little is left that it has to be told. */
export function isDiskShort(folder: string): boolean {
  return freeBytes(folder) < ENOUGH_BYTES
}

function shortOf(folder: string): string[] {
  if (!isDiskShort(folder)) return []
  return [text('doctor-disk', { folder, free: Math.floor(freeBytes(folder) / 1024 ** 2) })]
}
