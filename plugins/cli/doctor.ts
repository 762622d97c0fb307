import { existsSync, statfsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkFolder } from './check'
import { dataDir, root } from './house'
import { portOf } from './port'
import { withServices } from './services'
import { checkSettingsFile } from './settings'
import { text } from './text'

const ENOUGH_BYTES = 1024 ** 3
const ANSWER_MS = 5_000

/** `space doctor`: what this installation is, what is wrong with it and what to do; 1 when something is. */
export async function run(args: string[]): Promise<number> {
  parseArgs({ args, options: {} })
  const { rules, fatal } = checkFolder(join(root, 'config'))
  const settings = checkSettingsFile()
  const wrong = [...fatal, ...rules, ...settings.wrong, ...checkDisk()]
  const bot = await askBot()
  if (bot === undefined) wrong.push(...(await openDatabase()))
  else if (bot !== 'ok') wrong.push(text('doctor-bot-ill', { port: portOf() }))
  const facts = [
    text('doctor-node', { version: process.version }),
    text('doctor-scheme', { scheme: process.env['SCHEME'] || 'xinzhou-2022' }),
    text(process.env['MYSQL_HOST'] ? 'doctor-mysql' : 'doctor-sqlite', {
      host: process.env['MYSQL_HOST'] ?? '',
      folder: dataDir(),
    }),
    text(bot === undefined ? 'doctor-stopped' : 'doctor-running', { port: portOf() }),
  ]
  for (const line of [...facts, ...settings.hints]) process.stdout.write(`${line}\n`)
  for (const line of wrong) process.stderr.write(`${line}\n`)
  process.stdout.write(`${text(wrong.length ? 'doctor-wrong' : 'doctor-right', { wrong: wrong.length })}\n`)
  return wrong.length ? 1 : 0
}

/** The folder of the data, or where it will be made. */
function checkDisk(): string[] {
  let folder = dataDir()
  while (!existsSync(folder)) folder = dirname(folder)
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  if (free >= ENOUGH_BYTES) return []
  return [text('doctor-disk', { folder, free: Math.floor(free / 1024 ** 2) })]
}

/** What a bot that runs here says of itself; undefined when none answers. */
async function askBot(): Promise<string | undefined> {
  try {
    const answer = await fetch(`http://127.0.0.1:${portOf()}/healthz`, {
      signal: AbortSignal.timeout(ANSWER_MS),
    })
    const { status } = (await answer.json()) as { status?: unknown }
    return typeof status === 'string' ? status : 'unknown'
  } catch {
    return undefined
  }
}

async function openDatabase(): Promise<string[]> {
  try {
    await withServices(['database', 'schemes'], () => Promise.resolve())
    return []
  } catch (error) {
    return [text('doctor-database', { reason: error instanceof Error ? error.message : String(error) })]
  }
}
