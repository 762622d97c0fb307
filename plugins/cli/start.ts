import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { dataDir, readEnvironment, root } from './house'

/** `space start`: the bot with the wiring of koishi.yml, until a signal stops it. */
export function run(args: string[]): number {
  parseArgs({ args, options: {} })
  readEnvironment()
  return startWorker()
}

/**
 * Koishi's own command line keeps a parent that does not pass signals on, so that its worker would live on
 * after SIGTERM. The worker runs in this process instead; it needs somebody to send its reports to.
 */
export function startWorker(): number {
  process.chdir(root)
  mkdirSync(dataDir(), { recursive: true })
  if (!process.connected) process.send = () => true
  createRequire(__filename)('koishi/lib/worker')
  return 0
}
