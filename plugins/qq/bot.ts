import { randomUUID } from 'node:crypto'
import { Bot, h } from 'koishi'
import { ReplyContexts, qqReplyRules } from '@space-assistant/core/delivery/reply-contexts'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { SeenIds } from '@space-assistant/core/delivery/seen'
import { decodeQQEvent } from './decode'
import { countQqMessages, QqEncoder } from './encode'
import { QQGateway } from './gateway'
import { qqFailure, Rest, TokenKeeper } from './transport'
import type { Context, Fragment, Session, Universal } from 'koishi'
import type { ReplyContext } from '@space-assistant/core/delivery/channel'
import type { Body, QQCarrier } from './encode'
import type { QqMessage, QqNotice } from './decode'
import type { GatewayFrame } from './gateway'
import type { Config } from './config'
import type {} from '@koishijs/plugin-adapter-qq'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-database'
import type { PlatformTrouble } from 'koishi-plugin-space-outbox'

// Koishi's own names for these are ambient const enums, which isolated modules cannot read.
const RECONNECT: Universal.Status = 4
const TEXT: Universal.Channel.Type = 0
const DIRECT: Universal.Channel.Type = 1
const PRIVATE = 'private:'
/** Markup that a row of the outbox holds on every database. */
const LONGEST_REST = 20_000

/** The QQ official bot: groups and private chats, over the WebSocket gateway. */
export class SpaceQq extends Bot<Context, Config> implements QQCarrier {
  static override MessageEncoder = QqEncoder as never

  readonly rest: Rest
  private readonly tokens: TokenKeeper
  private readonly gateway: QQGateway
  private readonly seen = new SeenIds()
  private readonly replies = new ReplyContexts()
  /** The platform's index of a message to its id, for quotations. */
  private readonly indexes = new Map<string, string>()

  constructor(
    ctx: Context,
    readonly settings: Config,
  ) {
    super(ctx, settings, 'qq')
    const { id, secret, tokenUrl, endpoint, timeout, gatewayUrl, intents, retryMin, retryMax } = settings
    this.tokens = new TokenKeeper({
      id,
      secret,
      timeout,
      tokenUrl: tokenUrl || `${endpoint}app/getAppAccessToken`,
    })
    this.rest = new Rest(endpoint, id, this.tokens, timeout)
    this.internal = {}
    // https://bot.q.qq.com/wiki/develop/api-v2/openapi/wss/url_get.html
    const url = async () => gatewayUrl || (await this.rest.call<{ url: string }>('GET', '/gateway')).url
    this.gateway = new QQGateway(
      {
        ...{ url, token: () => this.tokens.get(), intents, timeout, retryMin, retryMax },
        refused: (token) => this.tokens.refused(token),
      },
      {
        ready: (user) => {
          this.user = { id: user.id, ...(user.username && { name: user.username }), isBot: true }
          this.online()
        },
        resumed: () => this.online(),
        event: (frame) => void this.receive(frame),
        lost: (reason, delay) => {
          this.logger.warn('no connection (%s), next attempt in %d ms', reason, delay)
          if (this.isActive) this.status = RECONNECT
        },
        warn: (text) => this.logger.error(text),
        refused: (what) => this.trouble(what),
      },
    )
  }

  override async start(): Promise<void> {
    if (this.isActive) return
    await super.start()
    this.gateway.start()
  }

  override async stop(): Promise<void> {
    this.gateway.stop()
    await super.stop()
  }

  override dispose(): Promise<void> {
    // When the whole app stops, its list of bots is gone before its bots are.
    return (this.ctx.bots as unknown) ? super.dispose() : this.stop()
  }

  override createDirectChannel(userId: string): Promise<Universal.Channel> {
    return Promise.resolve({ id: PRIVATE + userId, type: DIRECT })
  }

  /** The API's path of a conversation. */
  pathOf(channelId: string): string {
    const direct = channelId.startsWith(PRIVATE)
    return direct ? `/v2/users/${channelId.slice(PRIVATE.length)}` : `/v2/groups/${channelId}`
  }

  /** For the outbox: platform messages that some elements come to. */
  countMessages(elements: readonly h[]): number {
    return countQqMessages(elements, this.settings.textLimit)
  }

  override async deleteMessage(channelId: string, messageId: string): Promise<void> {
    await this.rest.call('DELETE', `${this.pathOf(channelId)}/messages/${messageId}`)
  }

  override async createMessage(
    channelId: string,
    content: Fragment,
    _referrer?: unknown,
    options: Universal.SendOptions = {},
  ): Promise<Universal.Message[]> {
    if (options.session) return this.answer(channelId, content, options)
    // Parts count up from the caller's seq, without changing the caller's object.
    const reply = options.reply && { ...options.reply }
    return this.send(channelId, content, reply ? { ...options, reply } : options)
  }

  private async send(
    channelId: string,
    content: Fragment,
    options: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    try {
      return await super.createMessage(channelId, content, undefined, options)
    } catch (error) {
      throw sendErrorOf(error, 'qq')
    }
  }

  /** A direct answer: what the platform refuses is not followed by silence, and what does not fit comes later. */
  private async answer(
    channelId: string,
    content: Fragment,
    options: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    try {
      return await this.send(channelId, content, options)
    } catch (error) {
      const known = sendErrorOf(error, 'qq')
      if (known.class === 'context-expired' && known.sent.length) {
        if (await this.handOver(channelId, content, known.sent.length)) return []
      }
      if (known.class !== 'content' || known.outcome !== 'rejected') throw known
      this.ctx.emit('space/delivery-alert', { bot: this.sid, reason: 'content' })
      const { i18n } = this.ctx
      const notice = i18n.text(options.session?.locales ?? i18n.fallback([]), ['space-qq.refused'], {})
      return this.send(channelId, h.text(h.unescape(notice)), options)
    }
  }

  /** Gives what is left of an answer to the outbox, which says it with the next thing said; false when it cannot. */
  private async handOver(channelId: string, content: Fragment, sentParts: number): Promise<boolean> {
    const markup = h.normalize(content).join('')
    const outbox = this.ctx.get('outbox')
    if (!outbox || markup.length > LONGEST_REST) return false
    const target = { platform: 'qq', selfId: this.selfId, channelId }
    await outbox.enqueue({
      ...{ key: `rest/${randomUUID()}`, target, kind: 'answer', priority: 'answer' },
      ...{ content: markup, sentParts },
    })
    return true
  }

  /** Sends one message; a message that the platform has had already counts as sent. */
  async post(channelId: string, body: Body, options: Universal.SendOptions): Promise<Universal.Message> {
    const reply = this.anchorFor(channelId, options)
    const passive = reply && {
      [reply.kind === 'event' ? 'event_id' : 'msg_id']: reply.id,
      msg_seq: reply.seq,
    }
    const send = () =>
      this.rest.call<{ id?: string; ext_info?: { ref_idx?: string } }>(
        'POST',
        `${this.pathOf(channelId)}/messages`,
        {
          ...body,
          ...passive,
        },
      )
    try {
      const answer = await send().catch((error: unknown) => {
        // The same reply and seq are taken once only, so asking again tells what became of the first.
        if (reply?.kind === 'message' && sendErrorOf(error, 'qq').outcome === 'unknown') return send()
        throw error
      })
      if (answer.ext_info?.ref_idx && answer.id) this.remember(answer.ext_info.ref_idx, answer.id)
      return { ...(answer.id && { id: answer.id }) }
    } catch (error) {
      const known = sendErrorOf(error, 'qq')
      if (known.outcome === 'delivered') return {}
      if (known.class !== 'context-expired' || !reply) throw known
      this.replies.drop(channelId, reply.id)
      // Nothing was shown: what nobody chose an reply for may be the answer to another message.
      if (options.reply) throw known
      return this.post(channelId, body, options)
    }
  }

  private anchorFor(channelId: string, { reply, session }: Universal.SendOptions): ReplyContext | undefined {
    if (reply) {
      this.replies.spend(channelId, reply.id)
      return { ...reply, seq: reply.seq++ }
    }
    if (!session) return
    const preferred = session.messageId ?? (session.qq as { id?: string } | undefined)?.id
    const found = this.replies.take(channelId, preferred, ruleOf(channelId), Date.now())
    // Never silently speak first: that is another right, with another quota.
    if (!found) throw qqFailure('context-expired', 'rejected', undefined, 'nothing left to answer to')
    this.ctx.emit('space/spoken', {
      ...{ platform: 'qq', selfId: this.selfId, channelId },
      ...{ replyId: found.id, messages: 1 },
    })
    return found
  }

  private remember(index: string, id: string): void {
    this.indexes.set(index, id)
    const [oldest = index] = this.indexes.keys()
    if (this.indexes.size > 5000) this.indexes.delete(oldest)
  }

  private async receive(frame: GatewayFrame): Promise<void> {
    const event = decodeQQEvent(frame.t ?? '', frame.d)
    if (!event) return
    if (event.kind === 'message') await this.receiveMessage(event, frame)
    else await this.receiveNotice(event, frame)
  }

  /** Of several processes, all of which the platform tells everything, one handles an event. */
  private async mine(id: string): Promise<boolean> {
    return (await this.ctx.get('leases')?.claimInbound(`qq:${this.selfId}:${id}`)) ?? true
  }

  private async receiveMessage(message: QqMessage, frame: GatewayFrame): Promise<void> {
    if (message.userId === this.selfId || message.ignored) return
    const { now, channelId, messageId } = { ...message, now: Date.now() }
    if (!this.seen.first(messageId, now)) return
    if (message.index) this.remember(message.index, messageId)
    this.hear(channelId, messageId, 'message', now)
    if (!(await this.mine(messageId))) return
    const { elements, quoted } = message
    const content = message.addressed && !message.direct ? [h.at(this.selfId), ...elements] : elements
    const session = this.sessionOf('message', message, frame)
    session.event.user = {
      id: message.userId,
      name: message.username,
      ...(message.unionId && { unionId: message.unionId }),
      avatar: `https://q.qlogo.cn/qqapp/${this.settings.id}/${message.userId}/640`,
    }
    session.event.member = { roles: message.role ? [{ id: message.role }] : [] }
    session.event.message = { id: messageId, elements: content, content: content.join('') }
    if (quoted) {
      const id = this.indexes.get(quoted.index) ?? quoted.index
      session.event.message.quote = { id, content: quoted.content, elements: [h.text(quoted.content)] }
    }
    this.dispatch(session)
  }

  private async receiveNotice(notice: QqNotice, frame: GatewayFrame): Promise<void> {
    const at = Date.now()
    const { kind, channelId } = notice
    if (frame.id && !this.seen.first(frame.id, at)) return
    const ref = { platform: 'qq', selfId: this.selfId, channelId, at }
    if (kind === 'removed') this.ctx.emit('space/channel-mode', { ...ref, mode: 'down' })
    if (kind === 'switched-on') this.ctx.emit('space/channel-mode', { ...ref, mode: 'proactive' })
    if (kind === 'switched-off') this.ctx.emit('space/channel-mode', { ...ref, mode: 'passive-only' })
    // Being added, and the switch, may be answered: with the outer id of the event.
    if (frame.id && (kind === 'added' || kind === 'switched-on')) this.hear(channelId, frame.id, 'event', at)
    if (kind !== 'added' && kind !== 'removed') return
    if (frame.id && !(await this.mine(frame.id))) return
    if (kind === 'removed' && !notice.direct) this.trouble('removed', channelId)
    if (kind === 'added') {
      const { direct } = notice
      this.ctx.emit('space/arrived', { platform: 'qq', selfId: this.selfId, channelId, direct })
    }
    const type = `${notice.direct ? 'friend' : 'guild'}-${kind === 'removed' && notice.direct ? 'deleted' : kind}`
    const session = this.sessionOf(type, notice, frame)
    session.event.user = { id: notice.operatorId }
    if (!notice.direct) session.event.operator = { id: notice.operatorId }
    this.dispatch(session)
  }

  private trouble(what: PlatformTrouble['what'], channelId?: string): void {
    const { selfId } = this
    this.ctx.emit('space/trouble', { platform: 'qq', selfId, what, ...(channelId && { channelId }) })
  }

  private hear(channelId: string, replyId: string, replyKind: ReplyContext['kind'], at: number): void {
    const inbound = { platform: 'qq', selfId: this.selfId, channelId, replyId, replyKind, at }
    this.replies.add(inbound, ruleOf(channelId))
    this.ctx.emit('space/inbound', inbound)
  }

  private sessionOf(type: string, event: QqMessage | QqNotice, frame: GatewayFrame): Session {
    const session = this.session()
    session.type = type
    session.event.timestamp = event.time ?? Date.now()
    session.event.channel = { id: event.channelId, type: event.direct ? DIRECT : TEXT }
    if (!event.direct) session.event.guild = { id: event.channelId }
    if (type === 'message') session.subtype = event.direct ? 'private' : 'group'
    session.setInternal('qq', frame)
    return session
  }
}

function ruleOf(channelId: string) {
  return channelId.startsWith(PRIVATE) ? qqReplyRules.direct : qqReplyRules.group
}
