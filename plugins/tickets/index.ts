import { resolve } from 'node:path'
import { Schema } from 'koishi'
import type { Context, Session } from 'koishi'
import * as commands from './talk/commands'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Tickets } from './service'

export type { Doer, Done, TicketCommand } from './acting'
export type { Asker, Origin } from './asker'
export type { ReportDraft } from './filing'
export type { Filed } from './intake'
export type { Look } from './reading'
export type { TicketRow } from './table'
export type { Tickets } from './service'

declare module 'koishi' {
  interface Context {
    tickets: Tickets
  }
  interface Events {
    /** Asked before a question is made a report: the answer of whoever knows one, undefined when a person is needed. */
    'space/question'(session: Session, text: string): Promise<string | undefined>
  }
}

export interface Config {
  /** Folder of attachments; empty means `tickets` in the data folder. */
  dir: string
  /** Name of the WeCom group robot that gets a copy of every card. */
  webhook: string
  maxMegabytes: number
  maxFiles: number
  /** Times of day at which what waits too long is told. */
  digest: string[]
  weekly: string
  retentionDays: number
  tickSeconds: number
}

export const Config: Schema<Config> = Schema.object({
  dir: Schema.string().default(''),
  webhook: Schema.string().default('support'),
  maxMegabytes: Schema.natural().min(1).max(100).default(10),
  maxFiles: Schema.natural().min(1).max(20).default(9),
  digest: Schema.array(Schema.string().pattern(/^\d{1,2}:\d{2}$/)).default(['9:00', '14:30']),
  weekly: Schema.string()
    .pattern(/^\d{1,2}:\d{2}$/)
    .default('8:45'),
  retentionDays: Schema.natural().min(1).default(365),
  tickSeconds: Schema.natural().min(1).default(20),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-tickets'
export const { inject } = Tickets

/** Issue reports from the group to support and back. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const dir = config.dir || resolve(ctx.baseDir, process.env['DATA_DIR'] ?? 'data', 'tickets')
  const { webhook, tickSeconds, retentionDays } = config
  ctx.plugin(Tickets, {
    ...{ dir: resolve(ctx.baseDir, dir), webhook, tickSeconds },
    files: { megabytes: config.maxMegabytes, count: config.maxFiles },
    times: { digest: config.digest.map(minuteOf), weekly: minuteOf(config.weekly), retentionDays },
  })
  ctx.plugin(commands)
}

function minuteOf(text: string): number {
  const [hour, minute] = text.split(':').map(Number)
  return (hour ?? 0) * 60 + (minute ?? 0)
}
