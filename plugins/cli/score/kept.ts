// What was made of a configuration file, kept beside the program for its next run: reading yml and checking it takes
// longer than counting some hundred thousand records. A value is kept with everything it was made from (the program,
// the file's name and its whole text) and is of use only where all of that is the same to the letter.
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { deserialize, serialize } from 'node:v8'

/** Tells one build from another; it stands in the first line of the file that this is built into. */
declare const bundleHash: string

/** The first word says what kind of thing it is; one of each kind is kept. */
export type Key = readonly [kind: string, ...from: string[]]

interface Kept {
  from: readonly string[]
  value: unknown
}

/** What an earlier run kept under the key. */
export function recall<T>(key: Key): T | undefined {
  try {
    const { from, value } = deserialize(readFileSync(fileOf(key))) as Kept
    const wanted = [bundleHash, ...key]
    if (from.length === wanted.length && from.every((part, at) => part === wanted[at])) return value as T
  } catch {
    // None was kept yet.
  }
  return undefined
}

/** Keeps a value, which must be plain data; where nothing can be written every run makes it anew. */
export function keep<T>(key: Key, value: T): T {
  const kept: Kept = { from: [bundleHash, ...key], value }
  try {
    const fresh = `${fileOf(key)}.${process.pid}`
    writeFileSync(fresh, serialize(kept))
    renameSync(fresh, fileOf(key))
  } catch {
    // Only slower.
  }
  return value
}

function fileOf([kind]: Key): string {
  return join(__dirname, `${kind}.kept`)
}
