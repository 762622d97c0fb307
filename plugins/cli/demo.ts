import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instantOf, requireDay } from '@space-assistant/core/calendar/day'
import { setClock } from './clock'
import { writeDemoFiles } from './demo-files'
import { readEnvironment, root, settingNamesInFiles } from './house'
import { portOf, refuseTakenPort } from './port'
import type * as Start from './start'
import { text } from './text'

/** A Wednesday within the activity, the award window and term time. */
const today = '2022-05-18'

/** What would turn a platform or another database on. */
const switches = ['MYSQL_HOST', 'QQ_ID', 'ONEBOT_SELF_ID', 'WECOM_BOT_ID', 'WECOM_WEBHOOKS']
/** Settings that the demo heeds too. */
const heeded = new Set(['PORT', 'TZ'])
/** A file that says that a folder is the demo's own and may be emptied. */
const MARK = '.space-demo'

const options = {
  dir: { type: 'string' },
  files: { type: 'string' },
  scheme: { type: 'string', default: 'xinzhou-2022' },
} as const

/**
 * `space demo [--dir DIR]`: the bot over a fresh database with a made-up district, and its page, which lets whoever
 * has the address that is printed be its people; it listens on the loopback address only and connects to no chat
 * platform.
 */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  if (values.files !== undefined) return writeDemoFiles(resolve(values.files), values.scheme)
  const folder = values.dir === undefined ? join(root, 'data/demo') : resolve(values.dir)
  readEnvironment()
  const port = portOf()
  const refusal =
    (values.dir === undefined ? (refuseForeign(folder) ?? refuseRunning(folder)) : refuseFull(folder)) ??
    (await refuseTakenPort(port, 'demo-port'))
  if (refusal) {
    process.stderr.write(`${refusal}\n`)
    return 1
  }
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, MARK), '')
  closeEnvironment()
  Object.assign(process.env, { SPACE_DEMO: '1', DATA_DIR: folder, SCHEME: 'xinzhou-2022' })
  setClock(instantOf(requireDay(today), 9 * 60 + 30))
  process.stdout.write(`${text('demo-starts', { folder, port, today })}\n`)
  const { startWorker } = require('./start') as typeof Start
  return startWorker()
}

/**
 * Sets every setting that a real bot has to nothing. The framework keeps what is set when it is loaded and takes all
 * else from .env: it is loaded after this, and must not be imported above.
 */
function closeEnvironment(): void {
  for (const name of [...switches, ...settingNamesInFiles()]) if (!heeded.has(name)) process.env[name] = ''
}

/** Only an empty folder is used that somebody names. */
function refuseFull(folder: string): string | undefined {
  return existsSync(folder) && readdirSync(folder).length ? text('demo-not-empty', { folder }) : undefined
}

/** Only a folder that an earlier demo made is emptied. */
function refuseForeign(folder: string): string | undefined {
  return existsSync(folder) && !existsSync(join(folder, MARK)) ? refuseFull(folder) : undefined
}

/** The database's owner file names the process of a demo that still runs. */
function refuseRunning(folder: string): string | undefined {
  try {
    const { pid } = JSON.parse(readFileSync(join(folder, 'space.db.pid'), 'utf8')) as { pid: number }
    process.kill(pid, 0)
    return text('demo-runs', { pid })
  } catch {
    return undefined
  }
}
