import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { instantOf, parseDay } from '@space-assistant/core/scheme/calendar'
import { setClock } from './clock'
import { root } from './house'
import { startWorker } from './start'
import { text } from './text'

/** A Wednesday within the activity, the award window and term time. */
const today = '2022-05-18'

/**
 * `space demo`: the bot over a fresh database with a made-up district, and a web sandbox without a password,
 * which is why it listens on the loopback address only and connects to no chat platform.
 */
export function run(args: string[]): number {
  parseArgs({ args, options: {} })
  const dataDir = join(root, 'data/demo')
  rmSync(dataDir, { recursive: true, force: true })
  for (const name of Object.keys(process.env)) {
    if (/^(MYSQL|QQ|ONEBOT|WECOM)_/.test(name)) delete process.env[name]
  }
  // Set to nothing, so that .env does not turn a database or a platform on.
  for (const name of ['MYSQL_HOST', 'QQ_ID', 'ONEBOT_SELF_ID', 'WECOM_BOT_ID', 'WECOM_WEBHOOKS']) {
    process.env[name] = ''
  }
  Object.assign(process.env, { SPACE_DEMO: '1', DATA_DIR: dataDir })
  setClock(instantOf(parseDay(today)!, 9 * 60 + 30))
  process.stdout.write(`${text('demo-starts', { port: process.env.PORT || 5140, today })}\n`)
  return startWorker()
}
