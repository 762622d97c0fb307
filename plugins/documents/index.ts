import { Schema } from 'koishi'
import type { Context } from 'koishi'
import { Documents } from './documents'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export type { Documents, TemplateName } from './documents'

declare module 'koishi' {
  interface Context {
    documents: Documents
  }
}

export interface Config {
  /** Folder of the templates. */
  dir: string
  locale: 'zh-CN' | 'en-US'
}

export const Config: Schema<Config> = Schema.object({
  dir: Schema.string().default('config/templates'),
  locale: Schema.union(['zh-CN', 'en-US'] as const).default('zh-CN'),
})

export const name = 'space-documents'

/** The service that writes files for people to open in Word and Excel. */
export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  ctx.provide('documents')
  ctx.set('documents', new Documents(ctx, config))
}
