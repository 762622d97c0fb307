import { Schema } from 'koishi'
import type { Context } from 'koishi'
import { leasePlugin } from 'koishi-plugin-space-database'
import { SpaceSQLite } from './driver'
import { DatabaseInUseError } from './lock'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export { DatabaseInUseError, SpaceSQLite }

export interface Config {
  path: string
}

export const Config: Schema<Config> = Schema.object({
  path: Schema.string().default('data/space.db'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-sqlite'

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', 'space-sqlite', zhCN)
  ctx.i18n.define('en-US', 'space-sqlite', enUS)
  new SpaceSQLite(ctx, config)
  ctx.plugin(leasePlugin, { exclusive: true })
}
