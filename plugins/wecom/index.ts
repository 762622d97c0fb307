import { SpaceWecom } from './bot'
import { parseWebhooks, WebhookBot } from './webhook-bot'
import type { Context } from 'koishi'
import type { Config } from './config'

export { Config } from './config'
export { SpaceWecom } from './bot'
export { parseWebhooks, WebhookBot } from './webhook-bot'

export const name = 'space-wecom'
export const reusable = true

export function apply(ctx: Context, config: Config): void {
  for (const { name, url } of parseWebhooks(config.webhooks)) {
    new WebhookBot(ctx, { name, url, timeout: config.timeout })
  }
  if (!config.botId) return
  if (!config.secret) throw new Error('space-wecom: WECOM_BOT_SECRET must be set when WECOM_BOT_ID is')
  new SpaceWecom(ctx, config)
}
