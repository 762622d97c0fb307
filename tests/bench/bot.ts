// The process that is measured: a bot with a store of its own, bare or with all of the project's plugins. Built to
// JavaScript before it runs, as a district's bot is.
import { writeFileSync } from 'node:fs'
import * as onebot from 'koishi-plugin-space-onebot'
import { Context, Logger } from 'koishi'
import type { Plugin } from 'koishi'
import { operator } from '@space-assistant/core/access/viewer'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import type {} from 'koishi-plugin-space-tickets'
import { setClock } from '../../plugins/cli/clock'
import { keepHeapTight } from '../../plugins/cli/heap'
import { benchBot, fillStore, linkUsers } from './store'
import type { BotOptions, BotQuestion, BotReport } from './store'

Logger.levels.base = Logger.ERROR

// Nobody asks as often as a benchmark does.
const unlimited = { person: { times: 1e9, seconds: 60 }, group: { times: 1e9, seconds: 60 } }

const options = JSON.parse(process.argv[2]!) as BotOptions

async function main(): Promise<void> {
  keepHeapTight()
  setClock(new Date(options.now))
  const app = new Context({ prefix: ['/'], i18n: { locales: ['zh-CN'] } })
  load(app, '@koishijs/plugin-http')
  if (options.store.kind === 'sqlite') app.plugin(sqlite, { path: options.store.path })
  else app.plugin(mysql, options.store.settings as never)
  let loading = NaN
  if (options.bare) app.command('echo <text:text>').action((_, text) => text)
  else loading = await loadServices(app)
  if (options.fill) {
    await fillStore(app, options.fill)
    await linkUsers(app, options.fill.size)
  }
  if (options.onebot) app.plugin(onebot, options.onebot as onebot.Config)
  await app.start()
  if (options.tickets) await openDesk(app, options.tickets.group)
  report({ loading, ready: performance.now(), bytes: process.resourceUsage().maxRSS * 1024 })
  process.on('message', (question: BotQuestion) => {
    globalThis.gc?.()
    const done =
      question === 'hour'
        ? app.tickets.tick(new Date(Date.now() + 3_600_000))
        : new Promise((resolve) => setTimeout(resolve, 300))
    void done.then(() => report({ loading, ready: 0, bytes: process.memoryUsage.rss() }))
  })
  process.once('SIGTERM', () => process.exit(0))
}

/** Milliseconds from the open database to answers about everybody. */
async function loadServices(app: Context): Promise<number> {
  const plugins = ['access', 'imports', 'outbox', 'conversation', 'ranking', 'tasks', 'importer']
  load(app, 'koishi-plugin-space-schemes', { scheme: 'xinzhou-2022', dir: 'config' })
  const begun = new Promise<number>((resolve) =>
    app.inject(['database'], () => void app.on('ready', () => resolve(performance.now()), true)),
  )
  load(app, 'koishi-plugin-space-roster')
  load(app, 'koishi-plugin-space-scoreboard')
  const done = new Promise<number>((resolve) => app.inject(['scoreboard'], () => resolve(performance.now())))
  const configs: Record<string, object> = { gateway: unlimited, outbox: options.outbox ?? {} }
  if (options.tickets) {
    plugins.push('tickets', 'howto')
    configs['tickets'] = { dir: options.tickets.dir }
  }
  for (const plugin of plugins) {
    load(app, `koishi-plugin-space-${plugin}`, configs[plugin] ?? {})
  }
  await app.start()
  return (await done) - (await begun)
}

/** Makes a group support's. */
async function openDesk(app: Context, channelId: string): Promise<void> {
  await new Promise<void>((resolve) => app.inject(['tickets'], () => resolve()))
  const place = { platform: 'onebot', selfId: benchBot, channelId }
  await app.access.groups.set(place, { purpose: 'support' }, operator)
}

/** Loads a plugin by name, as Koishi's own loader does, once the store is chosen. */
function load(app: Context, name: string, config: object = {}): void {
  const exported = require(name) as { default?: object }
  app.plugin((exported.default ?? exported) as Plugin, config as never)
}

function report(values: BotReport): void {
  if (process.send) process.send(values)
  else writeFileSync(1, `${JSON.stringify(values)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
