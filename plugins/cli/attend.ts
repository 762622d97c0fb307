import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import { backUpNightly } from './backup/nightly'
import { serveControl } from './control'
import type { ControlVerbs } from './control'
import { dataDir } from './house'
import { findLacks, lackServices } from './lacking'
import { reportStart } from './startup-report'

/** What a bot has that somebody runs for others: it says how it starts, and answers the command line beside it. */
export function attendBot(app: Context): void {
  reportStart(app, (line) => process.stdout.write(`${line}\n`))
  app.inject(['bulk', ...lackServices], (ctx) => {
    const verbs: ControlVerbs = {
      hello: () => Promise.resolve(process.pid),
      lacks: () => findLacks(ctx),
      copy: ({ path = '' }) => ctx.bulk.copyTo?.(path) ?? Promise.resolve(),
    }
    const log = ctx.logger('space-cli')
    const serving = serveControl(dataDir(), verbs).catch((error: Error) => {
      log.warn('the command line cannot ask this process: %s', error.message)
      return undefined
    })
    backUpNightly(ctx)
    ctx.on('dispose', () => void serving.then((server) => server?.close()))
  })
}
