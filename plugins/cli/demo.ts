import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { instantOf, parseDay } from '@space-assistant/core/calendar/day'
import { setClock } from './clock'
import { writeDemoFiles } from './demo-files'
import { readEnvironment, root } from './house'
import { portOf, refuseTakenPort } from './port'
import { startWorker } from './start'
import { text } from './text'

/** A Wednesday within the activity, the award window and term time. */
const today = '2022-05-18'

/** What would turn a platform or another database on; set to nothing, so that .env does not do it either. */
const switches = ['MYSQL_HOST', 'QQ_ID', 'ONEBOT_SELF_ID', 'WECOM_BOT_ID', 'WECOM_WEBHOOKS']

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
    (values.dir === undefined ? refuseRunning(folder) : refuseFull(folder)) ??
    (await refuseTakenPort(port, 'demo-port'))
  if (refusal) {
    process.stderr.write(`${refusal}\n`)
    return 1
  }
  rmSync(folder, { recursive: true, force: true })
  for (const name of switches) process.env[name] = ''
  Object.assign(process.env, { SPACE_DEMO: '1', DATA_DIR: folder, SCHEME: 'xinzhou-2022' })
  setClock(instantOf(parseDay(today)!, 9 * 60 + 30))
  process.stdout.write(`${text('demo-starts', { folder, port, today })}\n`)
  return startWorker()
}

/** Only the demo's own folder is emptied. */
function refuseFull(folder: string): string | undefined {
  return existsSync(folder) && readdirSync(folder).length ? text('demo-not-empty', { folder }) : undefined
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
