import { Schema } from 'koishi'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

/** How the page is reached and what it may take. */
export interface PageSettings {
  /** The address that people type when a proxy stands before the bot, with its scheme; empty: this machine only. */
  url: string
  /** How many proxies in front are trusted to say whom they serve; 0: nobody is. */
  proxies: number
  /** Where `npm run build` leaves the page. */
  dir: string
  /** Where files are kept while they come in. */
  uploads: string
  /** The largest file that is taken. */
  maxMegabytes: number
}

export const pageSettings: Schema<PageSettings> = Schema.object({
  url: Schema.string().default(''),
  proxies: Schema.natural().max(5).default(0),
  dir: Schema.string().default('plugins/office/page/dist'),
  uploads: Schema.string().default('data/uploads'),
  maxMegabytes: Schema.natural().min(1).max(2048).default(1024),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
