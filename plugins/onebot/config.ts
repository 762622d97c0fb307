import { Schema } from 'koishi'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export interface Config {
  /** The bot's own QQ number; the adapter is off while it is empty. */
  selfId: string
  /** `ws`: connect to the implementation; `ws-reverse`: wait for it at `path`. */
  protocol: 'ws' | 'ws-reverse'
  endpoint: string
  path: string
  token: string
  /** Milliseconds until a call without an answer counts as unknown. */
  responseTimeout: number
  /** Milliseconds between two questions whether the other side is still there. */
  heartbeat: number
  retryMin: number
  retryMax: number
  /** Whether requests of friends are granted, and invitations into groups: only those that staff have set up, all, none. */
  friends: 'always' | 'never'
  invitations: 'known' | 'always' | 'never'
  /** Between two direct answers, at least and at most. */
  answerGapMin: number
  answerGapMax: number
  /** Messages older than this are not answered any more. */
  maxAge: number
  /** Whether files may be sent through the implementation's upload actions. */
  files: boolean
}

export const Config: Schema<Config> = Schema.object({
  selfId: Schema.string().default(''),
  protocol: Schema.union(['ws', 'ws-reverse'] as const).default('ws-reverse'),
  endpoint: Schema.string().default(''),
  path: Schema.string().default('/onebot'),
  token: Schema.string().role('secret').default(''),
  responseTimeout: Schema.natural().role('ms').default(15_000),
  heartbeat: Schema.natural().role('ms').default(30_000),
  retryMin: Schema.natural().role('ms').default(1_000),
  retryMax: Schema.natural().role('ms').default(30_000),
  friends: Schema.union(['always', 'never'] as const).default('always'),
  invitations: Schema.union(['known', 'always', 'never'] as const).default('known'),
  answerGapMin: Schema.natural().role('ms').default(200),
  answerGapMax: Schema.natural().role('ms').default(600),
  maxAge: Schema.natural().role('ms').default(43_200_000),
  files: Schema.boolean().default(true),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })
