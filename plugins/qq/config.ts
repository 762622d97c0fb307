import { Schema } from 'koishi'
import { textLimits } from '@space-assistant/core/delivery/split'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export interface Config {
  /** The bot's app id; the adapter is off while it is empty. */
  id: string
  secret: string
  sandbox: boolean
  endpoint: string
  /** Empty: `app/getAppAccessToken` of the endpoint. */
  tokenUrl: string
  /** Empty: asked from the endpoint. */
  gatewayUrl: string
  /** Event masks, the fullest first; the next is tried when the platform refuses one. */
  intents: number[]
  /** Bytes of one text message. */
  textLimit: number
  /** Milliseconds until a request without an answer counts as unknown. */
  timeout: number
  retryMin: number
  retryMax: number
}

// Full group messages come with bit 24 or bit 25, the sources do not agree; bit 26 are buttons.
const INTENTS = [7 << 24, 3 << 25, 1 << 25]

export const Config: Schema<Config> = Schema.object({
  id: Schema.string().default(''),
  secret: Schema.string().role('secret').default(''),
  sandbox: Schema.boolean().default(false),
  endpoint: Schema.string().role('link').default(''),
  tokenUrl: Schema.string().role('link').default(''),
  gatewayUrl: Schema.string().role('link').default(''),
  intents: Schema.array(Schema.natural()).default(INTENTS),
  textLimit: Schema.natural().min(100).default(textLimits.qq),
  timeout: Schema.natural().role('ms').default(10_000),
  retryMin: Schema.natural().role('ms').default(1_000),
  retryMax: Schema.natural().role('ms').default(60_000),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
