import { Bot } from 'koishi'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { WecomEncoder } from './encode'
import type { Context, Fragment, Universal } from 'koishi'
import type { WecomAttachment, WecomCarrier } from './encode'

/** What the bot of conversations and the webhook bots of groups have in common: how they speak, and how they end. */
export abstract class WecomSender<T> extends Bot<Context, T> implements WecomCarrier {
  static override MessageEncoder = WecomEncoder as never

  abstract readonly textLimit: number

  constructor(ctx: Context, config: T, platform: 'wecom' | 'wecom-webhook') {
    super(ctx, config, platform)
    this.internal = {}
  }

  abstract postText(
    channelId: string,
    text: string,
    markdown: boolean,
    options: Universal.SendOptions,
  ): Promise<void>

  abstract postFile(channelId: string, file: WecomAttachment, options: Universal.SendOptions): Promise<void>

  override async createMessage(
    channelId: string,
    content: Fragment,
    referrer?: unknown,
    options?: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    try {
      return await super.createMessage(channelId, content, referrer, options)
    } catch (error) {
      throw sendErrorOf(error, this.platform ?? 'wecom')
    }
  }

  override dispose(): Promise<void> {
    // When the whole app stops, its list of bots is gone before its bots are.
    return (this.ctx.bots as unknown) ? super.dispose() : this.stop()
  }
}
