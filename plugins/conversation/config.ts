import { Schema } from 'koishi'
import type { Rate } from './limits'
import type { ModelConfig } from './model'
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
  /** A language model that is asked what was not understood; off without an address. */
  model: ModelConfig
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
  model: Schema.object({
    baseUrl: Schema.string().default(''),
    apiKey: Schema.string().role('secret').default(''),
    model: Schema.string().default(''),
    perHour: Schema.natural().default(60),
    patience: Schema.natural().max(6000).default(6000),
  }),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
