import { SpaceOneBot } from './bot'
import type { Context } from 'koishi'
import type { Config } from './config'

export { Config } from './config'
export { SpaceOneBot } from './bot'

export const name = 'space-onebot'
export const reusable = true

export function apply(ctx: Context, config: Config): void {
  if (!config.selfId) return
  if (!/^\d+$/.test(config.selfId)) throw new Error('space-onebot: ONEBOT_SELF_ID must be a number')
  if (config.protocol === 'ws' && !/^wss?:\/\//.test(config.endpoint)) {
    throw new Error(
      'space-onebot: ONEBOT_ENDPOINT must begin with ws:// or wss:// when ONEBOT_PROTOCOL is ws',
    )
  }
  new SpaceOneBot(ctx, config)
}
