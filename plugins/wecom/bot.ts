import { randomUUID } from 'node:crypto'
import { h } from 'koishi'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { SeenIds } from '@space-assistant/core/delivery/seen'
import { markdownOf } from '@space-assistant/core/delivery/markdown'
import { textLimits } from '@space-assistant/core/delivery/split'
import { decodeEntry, decodeWecomMessage } from './decode'
import { WecomSender } from './sender'
import { Supervisor } from './supervisor'
import { wecomFailure } from './transport'
import type { Context, Session, Universal } from 'koishi'
import type { WecomMessage } from './decode'
import type { WecomAttachment } from './encode'
import type { Config } from './config'
import type {} from 'koishi-plugin-space-database'
import type {} from 'koishi-plugin-space-outbox'

// Koishi's own names for these are ambient const enums, which isolated modules cannot read.
const RECONNECT: Universal.Status = 4
const TEXT: Universal.Channel.Type = 0
const DIRECT: Universal.Channel.Type = 1
const PRIVATE = 'private:'
const MAX_FILE = 20 * 2 ** 20

/** The WeCom bot of conversations (aibot, long connection). */
export class SpaceWecom extends WecomSender<Config> {
  readonly textLimit = textLimits.wecom
  private readonly supervisor: Supervisor
  private readonly seen = new SeenIds()
  /** Callbacks that were answered: only one answer goes that way, what follows is said anew. */
  private readonly answered = new SeenIds(24 * 3_600_000)

  constructor(ctx: Context, config: Config) {
    super(ctx, config, 'wecom')
    this.selfId = config.botId
    this.supervisor = new Supervisor(config, {
      lead: async () => (await ctx.serial('space/lead', `wecom:${config.botId}`, config.leadMs)) !== 'follow',
      online: () => this.online(),
      lost: (reason) => {
        this.logger.warn('no connection (%s)', reason)
        const what = reason === 'WSAuthFailureError' ? 'login-refused' : undefined
        if (what) ctx.emit('space/trouble', { platform: 'wecom', selfId: config.botId, what })
        if (this.isActive) this.status = RECONNECT
      },
      message: (body, requestId) => void this.receive(body, requestId),
      entered: (body, requestId) => this.enter(body, requestId),
    })
  }

  override async start(): Promise<void> {
    if (this.isActive) return
    await super.start()
    this.supervisor.start()
  }

  override async stop(): Promise<void> {
    this.supervisor.stop()
    await super.stop()
  }

  override createDirectChannel(userId: string): Promise<Universal.Channel> {
    return Promise.resolve({ id: PRIVATE + userId, type: DIRECT })
  }

  async postText(
    channelId: string,
    given: string,
    markdown: boolean,
    options: Universal.SendOptions,
  ): Promise<void> {
    const text = markdown ? given : markdownOf(given)
    const requestId = requestOf(options.session)
    if (requestId && this.answered.first(requestId, Date.now())) {
      try {
        return await this.link.reply(requestId, randomUUID(), text)
      } catch (error) {
        // Too old or not answerable (events): nothing was shown, so it may be said anew.
        const known = sendErrorOf(error, 'wecom')
        if (known.class !== 'context-expired' || known.outcome !== 'rejected') throw known
      }
    }
    const { id, direct } = target(channelId)
    await this.link.say(id, direct, text)
  }

  async postFile(channelId: string, file: WecomAttachment): Promise<void> {
    const { id, direct } = target(channelId)
    await this.link.sendMedia(id, direct, file.kind, file.bytes, file.name)
  }

  private get link() {
    if (!this.supervisor.link) throw wecomFailure('network', 'rejected', 'not connected')
    return this.supervisor.link
  }

  private async receive(body: unknown, requestId: string): Promise<void> {
    const message = decodeWecomMessage(body, this.selfId, this.config.botName)
    const now = Date.now()
    if (!message || !this.seen.first(message.messageId, now)) return
    this.ctx.emit('space/inbound', {
      ...{ platform: 'wecom', selfId: this.selfId, channelId: message.channelId },
      ...{ replyId: requestId, replyKind: 'message', at: now },
    })
    const leases = this.ctx.get('leases')
    if (leases && !(await leases.claimInbound(`wecom:${this.selfId}:${message.messageId}`))) return
    await this.fetchMedia(message.elements)
    this.dispatch(this.sessionOf(message, requestId))
  }

  private enter(body: unknown, requestId: string): void {
    const userId = decodeEntry(body)
    if (!userId) return
    const ref = { platform: 'wecom', selfId: this.selfId, channelId: PRIVATE + userId }
    const welcome = (text: string) => this.link.welcome(requestId, text)
    this.ctx.emit('space/arrived', { ...ref, direct: true, welcome })
  }

  private sessionOf(message: WecomMessage, requestId: string): Session {
    const { channelId, direct, userId, username, elements, quoted } = message
    const session = this.session()
    session.type = 'message'
    session.subtype = direct ? 'private' : 'group'
    session.event.timestamp = message.time ?? Date.now()
    session.event.channel = { id: channelId, type: direct ? DIRECT : TEXT }
    if (!direct) session.event.guild = { id: channelId }
    session.event.user = { id: userId, ...(username && { name: username }) }
    session.event.member = { roles: [] }
    session.event.message = { id: message.messageId, elements, content: elements.join('') }
    // A quotation comes without the id of what is quoted.
    if (quoted !== undefined) {
      session.event.message.quote = { id: '', content: quoted, elements: [h.text(quoted)] }
    }
    session.setInternal('wecom', { requestId })
    return session
  }

  /** Files come encrypted and for five minutes: they are fetched at once and handed on as data. */
  private async fetchMedia(elements: readonly h[]): Promise<void> {
    for (const element of h.select([...elements], 'file,img,video')) {
      const { url, aeskey, filename } = element.attrs as Record<string, string | undefined>
      element.attrs = {}
      if (!url) continue
      try {
        const { buffer, filename: named } = await this.link.download(url, aeskey)
        if (buffer.length > MAX_FILE) continue
        const src = `data:application/octet-stream;base64,${buffer.toString('base64')}`
        element.attrs = { src, title: filename ?? named ?? '', size: buffer.length }
      } catch {
        this.logger.warn('a received file could not be fetched')
      }
    }
  }
}

function target(channelId: string): { id: string; direct: boolean } {
  const direct = channelId.startsWith(PRIVATE)
  return { id: direct ? channelId.slice(PRIVATE.length) : channelId, direct }
}

function requestOf(session: unknown): string | undefined {
  return (session as { wecom?: { requestId?: string } } | undefined)?.wecom?.requestId
}
