import { Schema } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-database'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Scoreboard } from './scoreboard'
import { defineTables } from './table'

export type { RecordsPlan } from './records-plan'
export type { RecordsQuery, StoredRecord } from './record-query'
export type { Snapshot, SnapshotPlan, SnapshotSubject } from './snapshots'
export { Scoreboard }

declare module 'koishi' {
  interface Context {
    scoreboard: Scoreboard
  }
  interface Events {
    /** After a commit that changed tallies, figures of the platform or rules, here or in another process on the same database. */
    'space/scores-changed'(): void
  }
}

export interface Config {
  pollSeconds: number
}

export const Config: Schema<Config> = Schema.object({
  pollSeconds: Schema.natural().min(1).default(5),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-scoreboard'
export const inject = ['database', 'bulk', 'schemes', 'roster']

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', 'space-scoreboard', zhCN)
  ctx.i18n.define('en-US', 'space-scoreboard', enUS)
  defineTables(ctx)
  ctx.provide('scoreboard')
  ctx.on('ready', async () => {
    await ctx.model.prepared()
    const scoreboard = new Scoreboard(ctx)
    await scoreboard.load()
    ctx.on('space/roster-changed', () => scoreboard.takeRoster())
    ctx.on('space/schemes-changed', () => scoreboard.rescore())
    ctx.setInterval(() => void scoreboard.follow(), config.pollSeconds * 1000)
    ctx.set('scoreboard', scoreboard)
  })
}
