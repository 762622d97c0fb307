import { SpaceQq } from './bot'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import type { Context } from 'koishi'
import type { Config } from './config'

export { Config } from './config'
export { SpaceQq } from './bot'

const ENDPOINT = 'https://api.bot.qq.com/'
const SANDBOX = 'https://sandbox.api.sgroup.qq.com/'

export const name = 'space-qq'
export const reusable = true

export function apply(ctx: Context, config: Config): void {
  if (!config.id) return
  if (!config.secret) throw new Error('space-qq: QQ_SECRET must be set when QQ_ID is')
  const endpoint = config.endpoint || (config.sandbox ? SANDBOX : ENDPOINT)
  if (!/^https?:\/\//.test(endpoint)) {
    throw new Error('space-qq: QQ_BASE_URL must begin with http:// or https://')
  }
  ctx.i18n.define('zh-CN', { 'space-qq': zhCN['space-qq'] })
  ctx.i18n.define('en-US', { 'space-qq': enUS['space-qq'] })
  new SpaceQq(ctx, { ...config, endpoint: endpoint.replace(/\/*$/, '/') })
}
