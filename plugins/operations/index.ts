import { h, Schema } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from '@koishijs/plugin-server'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-roster'
import { healthOf, isHealthy, lookAt } from './condition'
import type { HealthCondition } from './condition'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { metricsText } from './metrics'
import { settle, unsettledText } from './unsettled'
import { Watch } from './watch'
import type { Translate } from '@space-assistant/core/text/translate'
import * as welcome from './welcome'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export interface Config {
  freshMs: number
  patienceMs: number
  /** How often it is looked whether connections are away and anything can be written. */
  watchMs: number
  /** Language of what staff are told without being asked. */
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  freshMs: Schema.natural().role('ms').default(2_000),
  patienceMs: Schema.natural().role('ms').default(3_000),
  watchMs: Schema.natural().role('ms').min(1).default(30_000),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-operations'

/** How the bot does, for whoever runs it: `/healthz`, `/metrics`, and what only a person can find out. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const watch = new Watch(ctx, config.locale)
  ctx.on('ready', () => void ctx.setInterval(() => void watch.look(), config.watchMs))
  // Neither waits for the database: that it is away is what they are there to tell.
  ctx.inject(['server'], (ctx) => serve(ctx, watch, config))
  ctx.inject(['outbox', 'access', 'roster'], commands)
  ctx.plugin(welcome, { locale: config.locale })
}

function serve(ctx: Context, watch: Watch, { freshMs, patienceMs }: Config): void {
  let last: { at: number; condition: Promise<HealthCondition> } | undefined
  const look = () => {
    const now = Date.now()
    if (!last || Math.abs(now - last.at) > freshMs)
      last = { at: now, condition: lookAt(ctx, watch, patienceMs) }
    return last.condition
  }
  ctx.server.get('/healthz', async (koa) => {
    const condition = await look()
    koa.status = isHealthy(condition) ? 200 : 503
    koa.set('cache-control', 'no-store')
    koa.body = healthOf(condition)
  })
  ctx.server.get('/metrics', async (koa) => {
    const { user, system } = process.cpuUsage()
    koa.set('content-type', 'text/plain; version=0.0.4; charset=utf-8')
    koa.body = metricsText(await look(), {
      residentBytes: process.memoryUsage.rss(),
      cpuSeconds: (user + system) / 1e6,
      startedAt: Date.now() - process.uptime() * 1000,
    })
  })
}

function commands(ctx: Context): void {
  const declare = (
    verb: string,
    answer: (say: Translate, number: number | undefined) => Promise<string>,
  ): void => {
    ctx
      .command(`${words.status}.${verb} [number:text]`, { captureQuote: false })
      .action(async (argv, number) => {
        const session = present(argv.session, 'session')
        const say = sayIn(session)
        const may = ctx.access.check(await ctx.access.viewer(session), { kind: 'announce' })
        if (!may.ok) return h.text(session.text(`space-access.refusal.${may.code}`, may.params))
        return h.text(await answer(say, Number(/\d+/.exec(number ?? '')?.[0]) || undefined))
      })
  }
  declare(words.unknown, (say) => unsettledText(ctx, say))
  declare(words.resend, (say, number) => settle(ctx, say, { number, what: 'resend' }))
  declare(words.arrived, (say, number) => settle(ctx, say, { number, what: 'arrived' }))
}

/** Texts as plain text: Koishi escapes what is filled in. */
function sayIn(session: Session): Translate {
  return (key, params = {}) => {
    const path = key.startsWith('space-') ? key : `space-operations.${key}`
    return h.unescape(session.text(path, params))
  }
}
