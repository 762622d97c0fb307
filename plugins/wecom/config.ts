import { Schema } from 'koishi'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export interface Config {
  /** The bot's id; the conversation bot is off while it is empty. */
  botId: string
  secret: string
  /** The bot's name in groups, to tell it from what is said. */
  botName: string
  /** Empty: WeCom's own address. */
  wsUrl: string
  /** Robots that only speak: `name=url,name=url`. */
  webhooks: string
  timeout: number
  heartbeat: number
  reconnect: number
  /** How often it is looked whether this process is to connect. */
  superviseMs: number
  /** How long a process that says nothing more is still taken for the one that is connected. */
  leadMs: number
  /** Pause after another connection took over; doubles each time. */
  displacedMs: number
}

export const Config: Schema<Config> = Schema.object({
  botId: Schema.string().default(''),
  secret: Schema.string().role('secret').default(''),
  botName: Schema.string().default(''),
  wsUrl: Schema.string().role('link').default(''),
  webhooks: Schema.string().role('secret').default(''),
  timeout: Schema.natural().role('ms').default(10_000),
  heartbeat: Schema.natural().role('ms').default(30_000),
  reconnect: Schema.natural().role('ms').default(1_000),
  superviseMs: Schema.natural().role('ms').default(5_000),
  leadMs: Schema.natural().role('ms').default(60_000),
  displacedMs: Schema.natural().role('ms').default(60_000),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
