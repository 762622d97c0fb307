import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { dayOf, formatDay, parseDay } from '@space-assistant/core/calendar/day'

/** Names by which nightly backups are told from whatever else lies there. */
const nightly = /^space-(\d{4}-\d{2}-\d{2})\.tar\.gz(\.age)?$/

/** One a day: a second one of the same day takes the place of the first. */
export function nightlyName(now: Date, encrypted: boolean): string {
  return `space-${formatDay(dayOf(now))}.tar.gz${encrypted ? '.age' : ''}`
}

/** Nightly backups in a folder, the newest first. */
export function listNightly(folder: string): { file: string; day: number; bytes: number; at: Date }[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return []
  return readdirSync(folder)
    .flatMap((name) => {
      const day = parseDay(nightly.exec(name)?.[1] ?? '')
      if (day === undefined) return []
      const file = join(folder, name)
      const { size, mtime } = statSync(file)
      return [{ file, day, bytes: size, at: mtime }]
    })
    .sort((one, other) => other.day - one.day || Number(other.at) - Number(one.at))
}

/** Removes those of earlier than so many days ago; answers which. */
export function removeOldBackups(folder: string, { days, now }: { days: number; now: Date }): string[] {
  const first = dayOf(now) - days + 1
  const old = listNightly(folder).filter(({ day }) => day < first)
  for (const { file } of old) rmSync(file, { force: true })
  return old.map(({ file }) => file)
}
