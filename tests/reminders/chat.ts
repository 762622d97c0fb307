// A platform on which the bot may speak first: it records what is sent, refuses where it is told to, and lets people
// talk. Used by the tests of everything that goes through the outbox.
import type { Context, h } from 'koishi'
import { Bot, MessageEncoder } from 'koishi'
import { PlatformSendError } from '@space-assistant/core/delivery/error'
import type { FailureClass, SendOutcome } from '@space-assistant/core/delivery/error'
import type {} from 'koishi-plugin-space-outbox'

export interface Sent {
  channelId: string
  text: string
  id: string
}

export type Refusal = { class: FailureClass; outcome?: SendOutcome; code?: number }

class Recorder extends MessageEncoder<Context, ChatBot> {
  private text = ''

  async flush(): Promise<void> {
    const text = this.text.trim()
    this.text = ''
    if (!text) return
    await this.bot.deliver(this.channelId, text, !this.options.session && !this.options.reply)
    const id = String(this.bot.sent.length)
    this.bot.sent.push({ channelId: this.channelId, text, id })
    this.results.push({ id })
  }

  async visit({ type, attrs, children }: h): Promise<void> {
    if (type === 'text') this.text += attrs['content'] as string
    else if (type === 'br') this.text += '\n'
    else if (type === 'at' && attrs['type'] === 'all') this.text += '[all]'
    else if (type === 'img' || type === 'image' || type === 'file') this.text += `[${type}]`
    else if (type === 'p') {
      await this.render(children)
      this.text += '\n'
    } else await this.render(children)
  }
}

export class ChatBot extends Bot<Context> {
  static override MessageEncoder = Recorder as never

  readonly sent: Sent[] = []
  readonly deleted: string[] = []
  /** What happens to messages, by conversation. */
  readonly refusals = new Map<string, Refusal>()
  canDelete = true

  constructor(ctx: Context, { platform = 'chat', selfId = 'bot' } = {}) {
    super(ctx, {}, platform)
    this.selfId = selfId
    this.internal = {}
    this.user = { id: selfId, name: 'bot' }
    this.online()
  }

  async deliver(channelId: string, _text: string, proactive: boolean): Promise<void> {
    await Promise.resolve()
    const refusal = this.refusals.get(channelId)
    if (!refusal || !proactive) return
    throw new PlatformSendError({
      platform: this.platform ?? '',
      outcome: 'rejected',
      detail: 'refused',
      ...refusal,
    })
  }

  override async deleteMessage(_channelId: string, messageId: string): Promise<void> {
    await Promise.resolve()
    if (!this.canDelete) {
      const platform = this.platform ?? ''
      throw new PlatformSendError({ platform, class: 'content', outcome: 'rejected', detail: 'not here' })
    }
    this.deleted.push(messageId)
  }

  /** Somebody says something, in private or in a group; what came back there, joined. */
  async say(userId: string, content: string, group?: string): Promise<string> {
    const channelId = group ?? `private:${userId}`
    const before = this.sent.length
    const session = this.session({
      type: 'message',
      timestamp: Date.now(),
      user: { id: userId, name: userId },
      channel: { id: channelId, type: group ? 0 : 1 },
      ...(group && { guild: { id: group } }),
      message: { id: `in-${Math.random()}` },
    })
    session.content = content
    const done = new Promise<void>((resolve) => {
      const off = this.ctx.on('middleware', (finished) => {
        if (finished.id !== session.id) return
        off()
        resolve()
      })
    })
    this.dispatch(session)
    await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 4000))])
    const replies = this.sent.slice(before).filter((each) => each.channelId === channelId)
    return replies.map(({ text }) => text).join('\n---\n')
  }

  to(channelId: string): string[] {
    return this.sent.filter((each) => each.channelId === channelId).map(({ text }) => text)
  }
}
