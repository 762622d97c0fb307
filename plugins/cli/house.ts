import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'

/** The project's folder: the nearest one above this file that has koishi.yml. */
export const root = find(__dirname)

function find(from: string): string {
  if (existsSync(join(from, 'koishi.yml'))) return from
  const above = dirname(from)
  if (above === from) throw new Error('koishi.yml not found')
  return find(above)
}

/** Settings from .env and .env.local, as Koishi reads them; what is set in the environment wins. */
export function readEnvironment(): void {
  const known = new Set(Object.keys(process.env))
  for (const name of ['.env', '.env.local']) {
    const file = join(root, name)
    if (!existsSync(file)) continue
    for (const [key, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
      if (!known.has(key)) process.env[key] = value
    }
  }
}

/** Names of the settings in .env and .env.local. */
export function settingNamesInFiles(): string[] {
  const files = ['.env', '.env.local'].map((name) => join(root, name)).filter(existsSync)
  return files.flatMap((file) => Object.keys(parseEnv(readFileSync(file, 'utf8'))))
}

/** The folder of the database and of received files, from DATA_DIR. */
export function dataDir(): string {
  return resolve(root, process.env['DATA_DIR'] || 'data')
}
