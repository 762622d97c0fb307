import { MessageEncoder } from 'koishi'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { withoutLinks } from '@space-assistant/core/delivery/link-free'
import { PartsCounter } from '@space-assistant/core/delivery/parts'
import { byteLength, splitText } from '@space-assistant/core/delivery/split'
import { bytesOf, fileTypes, upload } from './upload'
import type { Bot, Context, h, Universal } from 'koishi'
import type { Rest } from './transport'

/** https://bot.q.qq.com/wiki/develop/api-v2/server-inter/message/send-receive/send.html */
export type Body =
  | { msg_type: 0; content: string }
  | { msg_type: 2; markdown: { content: string } }
  | { msg_type: 7; media: { file_info: string }; content?: string }

/** What a bot of QQ must be able to do for the encoder. */
export interface QQCarrier extends Bot<Context> {
  rest: Rest
  settings: { textLimit: number; timeout: number }
  pathOf(channelId: string): string
  post(channelId: string, body: Body, options: Universal.SendOptions): Promise<Universal.Message>
}

/** More parts than this go out as a file: an inbound message may be answered five times only. */
export const MAX_PARTS = 4

/** The parts of a text, trimmed; blank ones are left out. */
export function textParts(text: string, limit: number): string[] {
  const clean = withoutLinks(text).trim()
  return splitText(clean, limit)
    .map((part) => part.replace(/^\n+|\s+$/g, ''))
    .filter(Boolean)
}

/** The first parts, the last of them marked as cut. */
function shortened(parts: readonly string[], limit: number): string[] {
  const kept = parts.slice(0, MAX_PARTS)
  const last = splitText(kept.at(-1) ?? '', limit - byteLength('…'))[0] ?? ''
  return [...kept.slice(0, -1), `${last}…`]
}

const mediaKinds: Readonly<Record<string, keyof typeof fileTypes>> = {
  img: 'image',
  image: 'image',
  audio: 'audio',
  video: 'video',
  file: 'file',
}

/** Messages of the QQ API that some elements come to, as the encoder would make them. */
export function countQqMessages(elements: readonly h[], limit: number): number {
  let [count, text, picture] = [0, '', false]
  const flush = () => {
    const parts = textParts(text, limit).length
    const texts = parts > MAX_PARTS ? 1 : parts
    count += picture ? Math.max(1, texts) : texts
    text = ''
    picture = false
  }
  const visit = ({ type, attrs, children }: h): void => {
    const kind = mediaKinds[type]
    if (type === 'text') text += String(attrs['content'])
    else if (type === 'br') text += '\n'
    else if (type === 'at') text += typeof attrs['name'] === 'string' ? `@${attrs['name']} ` : ''
    else if (kind || type === 'markdown') {
      flush()
      if (kind === 'image') picture = true
      else count++
    } else if (type !== 'quote') {
      if (type === 'message') flush()
      children.forEach(visit)
      if (type === 'message') flush()
      else if (type === 'p') text += '\n'
    }
  }
  elements.forEach(visit)
  flush()
  return count
}

/** Turns elements into messages of the QQ API, stops at the first refusal and tells what had been sent before. */
export class QqEncoder extends MessageEncoder<Context, QQCarrier> {
  private text = ''
  private markdown = ''
  private fileInfo = ''
  private counter: PartsCounter | undefined

  async flush(): Promise<void> {
    const { text, markdown, fileInfo } = this
    this.text = this.markdown = this.fileInfo = ''
    if (markdown) return this.deliver({ msg_type: 2, markdown: { content: withoutLinks(markdown) } })
    const parts = await this.partsOf(text)
    if (fileInfo) {
      const [caption, ...rest] = parts
      await this.deliver({
        msg_type: 7,
        media: { file_info: fileInfo },
        ...(caption && { content: caption }),
      })
      parts.splice(0, Infinity, ...rest)
    }
    for (const content of parts) await this.deliver({ msg_type: 0, content })
  }

  /** A text that needs too many messages is handed over as a file, or cut where files are not taken. */
  private async partsOf(text: string): Promise<string[]> {
    const limit = this.bot.settings.textLimit
    const parts = textParts(text, limit)
    if (parts.length <= MAX_PARTS) return parts
    try {
      const bytes = Buffer.from(`\ufeff${text}`)
      const media = { type: fileTypes.file, name: 'message.txt', bytes }
      const fileInfo = await upload(
        this.bot.rest,
        this.bot.pathOf(this.channelId),
        media,
        this.bot.settings.timeout,
      )
      await this.deliver({ msg_type: 7, media: { file_info: fileInfo } })
      return []
    } catch (error) {
      if (sendErrorOf(error, 'qq').outcome !== 'rejected') throw error
      return shortened(parts, limit)
    }
  }

  private get parts(): PartsCounter {
    return (this.counter ??= new PartsCounter(this.options.parts))
  }

  private get sent(): string[] {
    return this.results.map((result) => result.id ?? '')
  }

  private async deliver(body: Body): Promise<void> {
    if (!this.parts.next()) return
    const { sent } = this
    try {
      this.results.push(await this.bot.post(this.channelId, body, this.options))
    } catch (error) {
      throw sendErrorOf(error, 'qq').after(sent)
    }
  }

  private async attach(kind: keyof typeof fileTypes, attrs: Record<string, unknown>): Promise<void> {
    const src = attrs['src'] ?? attrs['url']
    if (typeof src !== 'string' || !src) return
    await this.flush()
    const { sent } = this
    // Its place counts, but there is nothing to bring up.
    if (!this.parts.wanted) {
      this.fileInfo = 'not wanted'
      return kind === 'image' ? undefined : this.flush()
    }
    try {
      const bytes = await bytesOf(src)
      const name =
        typeof attrs['title'] === 'string' && attrs['title'] ? attrs['title'] : `${kind}-${bytes.length}`
      const media = { type: fileTypes[kind], name, bytes }
      this.fileInfo = await upload(
        this.bot.rest,
        this.bot.pathOf(this.channelId),
        media,
        this.bot.settings.timeout,
      )
    } catch (error) {
      throw sendErrorOf(error, 'qq').after(sent)
    }
    // Only a picture carries a text of its own.
    if (kind !== 'image') await this.flush()
  }

  async visit(element: h): Promise<void> {
    const { type, children } = element
    const attrs = element.attrs as Record<string, unknown>
    const kind = mediaKinds[type]
    if (kind) return this.attach(kind, attrs)
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
        if (typeof attrs['name'] === 'string') this.text += `@${attrs['name']} `
        return
      case 'markdown':
        await this.flush()
        this.markdown = String((attrs['content'] as string | undefined) ?? children.join(''))
        return this.flush()
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
