import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { MessageEncoder } from 'koishi'
import { PlatformSendError, sendErrorOf } from '@space-assistant/core/delivery/error'
import { PartsCounter } from '@space-assistant/core/delivery/parts'
import { splitText } from '@space-assistant/core/delivery/split'
import type { Bot, Context, h, Universal } from 'koishi'

export interface WecomAttachment {
  kind: 'image' | 'file'
  name: string
  bytes: Buffer
}

/** What a bot of WeCom must be able to send for the encoder. */
export interface WecomCarrier extends Bot<Context> {
  textLimit: number
  postText(channelId: string, text: string, markdown: boolean, options: Universal.SendOptions): Promise<void>
  postFile(channelId: string, file: WecomAttachment, options: Universal.SendOptions): Promise<void>
}

/** Turns elements into texts and files, in order; stops at the first refusal. WeCom gives messages no ids. */
export class WecomEncoder extends MessageEncoder<Context, WecomCarrier> {
  private text = ''
  private counter: PartsCounter | undefined

  async flush(): Promise<void> {
    const text = this.text.trim()
    this.text = ''
    for (const part of splitText(text, this.bot.textLimit)) {
      const trimmed = part.replace(/^\n+|\s+$/g, '')
      if (trimmed) await this.deliver(() => this.bot.postText(this.channelId, trimmed, false, this.options))
    }
  }

  private async deliver(act: () => Promise<void>): Promise<void> {
    this.counter ??= new PartsCounter(this.options.parts)
    if (!this.counter.next()) return
    const sent = this.results.map((_, index) => String(index))
    try {
      await act()
    } catch (error) {
      throw sendErrorOf(error, this.bot.platform ?? 'wecom').after(sent)
    }
    this.results.push({})
  }

  private async attach(kind: WecomAttachment['kind'], attrs: Record<string, unknown>): Promise<void> {
    await this.flush()
    await this.deliver(async () => {
      const bytes = await bytesOf(
        typeof attrs['src'] === 'string' ? attrs['src'] : '',
        this.bot.platform ?? 'wecom',
      )
      const name =
        typeof attrs['title'] === 'string' && attrs['title']
          ? attrs['title']
          : kind === 'image'
            ? 'image.png'
            : 'file'
      await this.bot.postFile(this.channelId, { kind, name, bytes }, this.options)
    })
  }

  async visit(element: h): Promise<void> {
    const { type, children } = element
    const attrs = element.attrs as Record<string, unknown>
    switch (type) {
      case 'text':
        this.text += String(attrs['content'])
        return
      case 'br':
        this.text += '\n'
        return
      case 'p':
        if (this.text && !this.text.endsWith('\n')) this.text += '\n'
        await this.render(children)
        this.text += '\n'
        return
      case 'at':
        // Only a webhook bot's own messages can call people, see `<at>` there; here it is a name.
        if (typeof attrs['name'] === 'string') this.text += `@${attrs['name']} `
        return
      case 'markdown': {
        await this.flush()
        const content = String((attrs['content'] as string | undefined) ?? children.join(''))
        return this.deliver(() => this.bot.postText(this.channelId, content, true, this.options))
      }
      case 'img':
      case 'image':
        return this.attach('image', attrs)
      case 'file':
      case 'audio':
      case 'video':
        return this.attach('file', attrs)
      case 'message':
        await this.flush()
        await this.render(children)
        return this.flush()
      case 'quote':
        return
      default:
        return this.render(children)
    }
  }
}

async function bytesOf(src: string, platform: string): Promise<Buffer> {
  const data = /^data:[^,]*;base64,/.exec(src)
  if (data) return Buffer.from(src.slice(data[0].length), 'base64')
  if (src.startsWith('file:')) return readFile(fileURLToPath(src))
  const response = await fetch(src, { signal: AbortSignal.timeout(30_000) }).catch(() => undefined)
  if (response?.ok) return Buffer.from(await response.arrayBuffer())
  const detail = 'the file cannot be fetched'
  throw new PlatformSendError({ platform, class: 'content', outcome: 'rejected', detail })
}
