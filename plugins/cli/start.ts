import { Loader } from 'koishi'
import { mkdirSync } from 'node:fs'
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
  // The log's times, as the people read them who are asked about it.
  process.env.TZ ??= 'Asia/Shanghai'
  mkdirSync(dataDir(), { recursive: true })
  if (!process.connected) process.send = () => true
  leaveConfigAlone()
  require('koishi/lib/worker')
  return 0
}

/**
 * Koishi writes its configuration anew at every start, through one temporary file, so that of two processes
 * that start at once one fails. Changes made later, in the console, are still written.
 */
function leaveConfigAlone(): void {
  const loader = Loader.prototype as unknown as { writeConfig: (silent?: boolean) => Promise<void> }
  const write = loader.writeConfig
  loader.writeConfig = function (silent) {
    return silent ? Promise.resolve() : write.call(this)
  }
}
