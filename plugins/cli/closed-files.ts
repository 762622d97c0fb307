import { chmodSync, lstatSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** The database; where it lies is the bot's own folder. */
const DATABASE = /^space\.db/

/**
 * Takes from other accounts of the machine what an earlier start, or a copy, has left open to them: the data folder and
 * all that is in it. A folder without the bot's database may be somebody else's and is left alone; so are links.
 */
export function closeDataFolder(folder: string): void {
  try {
    if (readdirSync(folder).some((name) => DATABASE.test(name))) closeTree(folder)
  } catch {
    // It cannot be read: whoever opens the database says so.
  }
}

/** A file that holds secrets. */
export function closeFile(path: string): void {
  close(path, 0o600)
}

function closeTree(folder: string): void {
  close(folder, 0o700)
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) closeTree(path)
    else if (entry.isFile()) close(path, 0o600)
  }
}

function close(path: string, mode: number): void {
  try {
    if ((lstatSync(path).mode & 0o077) !== 0) chmodSync(path, mode)
  } catch {
    // There is none, or it is somebody else's, mounted to be read only.
  }
}
