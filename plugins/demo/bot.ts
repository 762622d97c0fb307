import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Bot, h, MessageEncoder } from 'koishi'
import type { Context, Fragment, Universal } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import type { DemoRooms } from './rooms'

// Koishi's own names for these are ambient const enums, which isolated modules cannot read.
const TEXT: Universal.Channel.Type = 0
const DIRECT: Universal.Channel.Type = 1
const breaks = new Set(['p', 'br', 'message'])
const images: Record<string, string> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp' }

/** Turns what the bot says into lines of a room. */
class DemoEncoder extends MessageEncoder<Context, DemoBot> {
  private text = ''
  private pictures: string[] = []
  private files: string[] = []

  async flush(): Promise<void> {
    const text = this.text.trim()
    if (!text && !this.pictures.length && !this.files.length) return
    const { rooms, selfId } = this.bot
    const number = rooms.add(this.channelId, { by: selfId, text, pictures: this.pictures, files: this.files })
    this.results.push({ id: String(number) })
    this.text = ''
    this.pictures = []
    this.files = []
    await Promise.resolve()
  }

  async visit({ type, attrs, children }: h): Promise<void> {
    const source = String(attrs['src'] ?? attrs['url'] ?? '')
    if (type === 'text') this.text += String(attrs['content'])
    else if (type === 'at') this.text += `@${String(attrs['name'] ?? attrs['id'] ?? '')} `
    else if (type === 'img' || type === 'image') this.pictures.push(await dataAddress(source))
    else if (type === 'file') this.files.push(String(attrs['title'] ?? attrs['name'] ?? 'file'))
    else {
      await this.render(children)
      if (breaks.has(type)) this.text += '\n'
    }
  }
}

async function dataAddress(source: string): Promise<string> {
  if (!source.startsWith('file:')) return source.startsWith('data:') ? source : ''
  const path = fileURLToPath(source)
  return `data:${images[extname(path)] ?? 'image/png'};base64,${(await readFile(path)).toString('base64')}`
}

/** Who speaks, and in which room. A private room is the person's own. */
export interface DemoSeat {
  userId: string
  name: string
  /** Absent in private. */
  group?: string
}

/** The demo's own chat platform: inside this process, with rooms that the page shows. */
export class DemoBot extends Bot<Context> {
  constructor(
    ctx: Context,
    readonly rooms: DemoRooms,
  ) {
    super(ctx, {}, 'demo')
    this.selfId = 'space'
    this.user = { id: 'space', name: 'space' }
  }

  override async start(): Promise<void> {
    await super.start()
    this.online()
  }

  override dispose(): Promise<void> {
    // When the whole app stops, its list of bots is gone before its bots are.
    return (this.ctx.bots as unknown) ? super.dispose() : this.stop()
  }

  override createMessage(
    channelId: string,
    content: Fragment,
    referrer?: unknown,
    options?: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    return new DemoEncoder(this, channelId, referrer, options).send(content)
  }

  override createDirectChannel(userId: string): Promise<Universal.Channel> {
    return Promise.resolve({ id: privateRoom(userId), type: DIRECT })
  }

  /** Somebody says something. */
  hear({ userId, name, group }: DemoSeat, text: string): void {
    const room = group ?? privateRoom(userId)
    const id = String(this.rooms.add(room, { by: userId, text, pictures: [], files: [] }))
    const at = Date.now()
    const channel = { platform: 'demo', selfId: this.selfId, channelId: room }
    this.ctx.emit('space/inbound', { ...channel, replyId: id, replyKind: 'message', at })
    const session = this.session({
      type: 'message',
      timestamp: at,
      user: { id: userId, name },
      channel: { id: room, type: group === undefined ? DIRECT : TEXT },
      ...(group !== undefined && { guild: { id: group } }),
      message: { id, content: h.escape(text), elements: h.parse(h.escape(text)) },
    })
    this.dispatch(session)
  }
}

/** The room of somebody with the bot alone. */
export const privateRoom = (userId: string) => `private:${userId}`
