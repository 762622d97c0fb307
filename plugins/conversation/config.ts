import { Schema } from 'koishi'
import type { Rate } from './limits'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { Patience } from './startup'

export interface Config {
  /** Longest message in characters. */
  maxLength: number
  person: Rate
  group: Rate
  /** Milliseconds that a person's next message waits for the one before at most. */
  patience: number
  /** Most messages of one reply. */
  maxParts: number
  /** How long and how much is kept that is said while the bot loads. */
  startup: Patience
  /** Servers of the own network that attachments may be fetched from: `host` or `host:port`, comma separated. */
  trustedHosts: string
}

const rate = (times: number, seconds: number): Schema<Rate> =>
  Schema.object({ times: Schema.natural().default(times), seconds: Schema.natural().default(seconds) })

export const Config: Schema<Config> = Schema.object({
  maxLength: Schema.natural().default(4000),
  person: rate(20, 60),
  group: rate(300, 60),
  patience: Schema.natural().default(20_000),
  maxParts: Schema.natural().default(4),
  startup: Schema.object({
    ms: Schema.natural().default(60_000),
    messages: Schema.natural().default(1000),
    each: Schema.natural().default(10),
  }),
  trustedHosts: Schema.string().default(''),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
