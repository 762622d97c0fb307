import { Schema } from 'koishi'
import type { Context } from 'koishi'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { Schemes, SchemesError } from './schemes'
import { defineAdoptionTable } from './table'

export type { ConfigFolder, SchemeFileState } from './folder'
export type { PendingScheme } from './schemes'
export type { AdoptionRow } from './table'
export { Schemes, SchemesError }

declare module 'koishi' {
  interface Context {
    schemes: Schemes
  }
  interface Events {
    /** After other rules were put in force, here or by another process on the same database, or the words of config/ were read anew. */
    'space/schemes-changed'(): void | Promise<void>
    /** There are no rules: none were ever adopted and the scheme's file has mistakes or is not there. */
    'space/config-refused'(error: SchemesError): void
  }
}

export interface Config {
  scheme: string
  dir: string
  pollSeconds: number
}

export const Config: Schema<Config> = Schema.object({
  scheme: Schema.string().default('xinzhou-2022'),
  dir: Schema.string().default('config'),
  pollSeconds: Schema.natural().min(1).default(5),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-schemes'
export const inject = ['database', 'bulk']

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', 'space-schemes', zhCN)
  ctx.i18n.define('en-US', 'space-schemes', enUS)
  defineAdoptionTable(ctx)
  ctx.provide('schemes')
  ctx.on('ready', () => begin(ctx, config))
}

async function begin(ctx: Context, config: Config): Promise<void> {
  await ctx.model.prepared()
  try {
    const schemes = new Schemes(ctx, config)
    await schemes.start()
    ctx.setInterval(() => void follow(ctx, schemes), config.pollSeconds * 1000)
    ctx.set('schemes', schemes)
  } catch (error) {
    if (!(error instanceof SchemesError)) throw error
    ctx.logger('space-schemes').error(error.message)
    ctx.emit('space/config-refused', error)
  }
}

async function follow(ctx: Context, schemes: Schemes): Promise<void> {
  try {
    await schemes.follow()
  } catch (error) {
    ctx.logger('space-schemes').warn('cannot ask for news: %s', (error as Error).message)
  }
}

export default { name, inject, Config, apply }
