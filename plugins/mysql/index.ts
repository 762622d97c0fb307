import { Schema } from 'koishi'
import type { Context } from 'koishi'
import { leasePlugin } from 'koishi-plugin-space-database'
import { SpaceMySQL } from './driver'
import type { Config as DriverConfig } from './driver'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export { SpaceMySQL }

export type Config = DriverConfig

export const Config: Schema<Config> = Schema.object({
  host: Schema.string().default('127.0.0.1'),
  port: Schema.natural().max(65535).default(3306),
  user: Schema.string().default('root'),
  password: Schema.string().role('secret').default(''),
  database: Schema.string().default('space'),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-mysql'

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', 'space-mysql', zhCN)
  ctx.i18n.define('en-US', 'space-mysql', enUS)
  new SpaceMySQL(ctx, config)
  ctx.plugin(leasePlugin, { exclusive: false })
}
