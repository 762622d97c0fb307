import { h } from 'koishi'
import { OneBot, OneBotBot } from 'koishi-plugin-adapter-onebot'
import { backoff } from '@space-assistant/core/delivery/backoff'
import { SeenIds } from '@space-assistant/core/delivery/seen'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { AnswerGate } from './answer-gate'
import {
  accountState,
  decodeMembership,
  decodeOfflineFile,
  decodeOneBotMessage,
  decodeRequest,
  decodeStored,
  decodeUpload,
} from './decode'
import { SpaceOneBotEncoder } from './encode'
import { answerRequest } from './requests'
import { Takeovers } from './takeovers'
import { OneBotConnection, dial, objection, offline } from './transport'
import type { Context, Fragment, Session, Universal } from 'koishi'
import type { WebSocket } from 'ws'
import type { Config } from './config'
import type { DecodedMessage, OneBotMembership, OneBotRequest } from './decode'
import type {} from '@koishijs/plugin-server'
import type {} from 'koishi-plugin-space-database'
import type {} from 'koishi-plugin-space-outbox'
import { present } from '@space-assistant/core/text/present'

// Koishi's own names for these are ambient const enums, which isolated modules cannot read.
const RECONNECT: Universal.Status = 4
const TEXT: Universal.Channel.Type = 0
const DIRECT: Universal.Channel.Type = 1

/** The stock calls without its error, whose text quotes the whole request. */
class Calls extends OneBot.Internal {
  constructor(private readonly owner: SpaceOneBot) {
    super(owner)
    // `_get` is private in the stock class; all of its actions go through it.
    Object.defineProperty(this, '_get', {
      value: (action: string, params: object = {}) => this.owner.call(action, params),
    })
  }
}

/**
 * The OneBot v11 bot of koishi-plugin-adapter-onebot with its own connection: reconnects, checks the token of those
 * who connect to it, forgets stale sockets, answers for what was in flight, sees files and drops what comes twice.
 */
export class SpaceOneBot extends OneBotBot<Context> {
  static override inject = []
  static override MessageEncoder = SpaceOneBotEncoder

  /** False once the implementation has said that it knows no file uploads. */
  canUpload: boolean
  private connection: OneBotConnection | undefined
  private attempt = 0
  private timer: NodeJS.Timeout | undefined
  private readonly seen = new SeenIds()
  private readonly takeovers = new Takeovers()
  private readonly gate: AnswerGate
  /** The group through which somebody who is no friend has written: answers must name it. */
  private readonly through = new Map<string, string>()
  /** The account is connected, as far as the implementation has said: its socket may be open without. */
  private accountOnline = true
  private readonly settings: Config

  constructor(ctx: Context, config: Config) {
    // A protocol that the stock constructor does not know keeps it from opening a connection of its own.
    super(ctx, { selfId: config.selfId, advanced: {}, protocol: 'none' } as unknown as OneBotBot.Config)
    this.settings = config
    this.canUpload = config.files
    this.gate = new AnswerGate({ min: config.answerGapMin, max: config.answerGapMax })
    this.internal = new Calls(this)
    if (config.protocol === 'ws-reverse') ctx.inject(['server'], (inner) => this.listen(inner))
  }

  /** Calls an action of the implementation; throws PlatformSendError. */
  call(action: string, given: object): Promise<unknown> {
    const { user_id } = given as { user_id?: unknown }
    const group = action === 'send_private_msg' ? this.through.get(String(user_id)) : undefined
    const params = group ? { ...given, group_id: Number(group) } : given
    return this.connection?.call(action, params) ?? Promise.reject(offline())
  }

  override async start(): Promise<void> {
    if (this.isActive) return
    await super.start()
    if (this.settings.protocol === 'ws') void this.connect()
  }

  override async stop(): Promise<void> {
    clearTimeout(this.timer)
    const { connection } = this
    this.connection = undefined
    connection?.close()
    await super.stop()
  }

  override dispose(): Promise<void> {
    // When the whole app stops, its list of bots is gone before its bots are.
    return (this.ctx.bots as unknown) ? super.dispose() : this.stop()
  }

  private async connect(): Promise<void> {
    const { endpoint, token, responseTimeout } = this.settings
    try {
      const socket = await dial(endpoint, token, responseTimeout)
      if (!this.isActive) return socket.terminate()
      this.accept(socket)
    } catch (error) {
      this.reconnect(error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'error')
    }
  }

  private reconnect(reason: string): void {
    if (!this.isActive) return
    this.status = RECONNECT
    const delay = backoff(this.attempt++, this.settings.retryMin, this.settings.retryMax, Math.random())
    this.logger.warn('no connection (%s), next attempt in %d ms', reason, delay)
    this.timer = setTimeout(() => void (this.isActive && this.connect()), delay)
  }

  private listen(ctx: Context): void {
    if (!this.settings.token) {
      this.logger.error(
        'ONEBOT_TOKEN is empty: no connection is let in, as anybody could pose as the account',
      )
    }
    const layer = ctx.server.ws(this.settings.path, (socket, request) => {
      const reason = objection(request, this.settings.selfId, this.settings.token)
      if (reason) {
        this.logger.warn('connection refused: %s', reason)
        return socket.close(1008, reason)
      }
      if (!this.isActive) return socket.close(1001)
      if (this.connection && !this.takeovers.allow(Date.now())) {
        this.logger.error('two clients of this account connect in turn: the one that is here stays')
        this.ctx.emit('space/trouble', { platform: 'onebot', selfId: this.selfId, what: 'two-connections' })
        return socket.close(1008, 'another connection of this account is live')
      }
      this.accept(socket)
    })
    ctx.on('dispose', () => layer.close())
  }

  private accept(socket: WebSocket): void {
    const former = this.connection
    if (former) this.logger.warn('another connection of this account takes the place of the one before')
    this.connection = new OneBotConnection(
      socket,
      this.settings,
      (payload) => void this.receive(payload).catch((error) => this.complain(error)),
      (closed, code) => this.lost(closed, code),
    )
    former?.close()
    void this.initialize()
  }

  private lost(closed: OneBotConnection, code: number): void {
    // A stale socket says nothing about the one that took its place.
    if (this.connection !== closed) return
    this.connection = undefined
    if (this.settings.protocol === 'ws') return this.reconnect(`closed with ${code}`)
    if (this.isActive) this.status = RECONNECT
  }

  override async initialize(): Promise<void> {
    const connection = this.connection
    try {
      const login = (await this.internal.getLoginInfo()) as { user_id?: number | string; nickname?: string }
      // Stopped, or replaced by a newer connection meanwhile.
      if (this.connection !== connection) return
      if (String(login.user_id) !== this.settings.selfId) {
        this.logger.error('the implementation is logged in as another account than ONEBOT_SELF_ID')
        return connection?.close(1008)
      }
      this.user = { ...this.user, id: this.settings.selfId, ...(login.nickname && { name: login.nickname }) }
      this.attempt = 0
      this.accountOnline = true
      this.online()
    } catch (error) {
      this.complain(error)
      const { class: name } = sendErrorOf(error, 'onebot')
      if (name === 'auth' || name === 'banned') this.trouble('login-refused')
      // Half a login is worth nothing; the next connection tries again.
      connection?.close()
    }
  }

  private trouble(what: 'login-refused' | 'account-offline' | 'account-online'): void {
    this.ctx.emit('space/trouble', { platform: 'onebot', selfId: this.selfId, what })
  }

  /** Nothing that is sent now would arrive, though the socket stands. */
  private follow(state: 'online' | 'offline'): void {
    const online = state === 'online'
    if (online === this.accountOnline) return
    this.accountOnline = online
    this.logger[online ? 'info' : 'error'](online ? 'the account is online again' : 'the account is offline')
    if (online) this.online()
    else if (this.isActive) this.status = RECONNECT
    this.trouble(online ? 'account-online' : 'account-offline')
  }

  private complain(error: unknown): void {
    this.logger.warn(sendErrorOf(error, 'onebot').message)
  }

  override async createMessage(
    channelId: string,
    content: Fragment,
    referrer?: unknown,
    options?: Universal.SendOptions,
  ): Promise<Universal.Message[]> {
    const direct = options?.session !== undefined
    if (direct) await this.gate.pass()
    try {
      const sent = await super.createMessage(channelId, content, referrer, options)
      const { selfId } = this
      if (direct)
        this.ctx.emit('space/spoken', { platform: 'onebot', selfId, channelId, messages: sent.length })
      return sent
    } catch (error) {
      throw sendErrorOf(error, 'onebot')
    }
  }

  private async receive(payload: Record<string, unknown>): Promise<void> {
    if (!('post_type' in payload)) {
      const code = Number(payload['retcode'])
      this.logger.error('the implementation refuses the connection (%d): check ONEBOT_TOKEN', code)
      return this.trouble('login-refused')
    }
    const state = accountState(payload)
    if (state) this.follow(state)
    if (payload['post_type'] === 'meta_event') return
    const request = decodeRequest(payload)
    if (request) return this.answerRequest(request)
    const membership = decodeMembership(payload, this.selfId)
    if (membership) await this.receiveMembership(membership, payload)
    const decoded = decodeOneBotMessage(payload) ?? decodeUpload(payload) ?? decodeOfflineFile(payload)
    if (decoded) return this.receiveMessage(decoded, payload)
    await OneBot.dispatchSession(this, payload as never)
  }

  /** Back in a group, what was refused there may be said again. */
  private async receiveMembership(
    { kind, channelId }: OneBotMembership,
    payload: Record<string, unknown>,
  ): Promise<void> {
    const ref = { platform: 'onebot', selfId: this.selfId, channelId }
    const mode = kind === 'left' ? 'down' : 'proactive'
    this.ctx.emit('space/channel-mode', { ...ref, at: Date.now(), mode })
    const event = `${kind}:${channelId}:${String(payload['time'])}`
    if (!(await this.mine(event))) return
    if (kind === 'left') this.ctx.emit('space/trouble', { ...ref, what: 'removed' })
    else this.ctx.emit('space/arrived', { ...ref, direct: kind === 'befriended' })
  }

  /** Of several processes that hear the same, one handles an event. */
  private async mine(event: string): Promise<boolean> {
    return (await this.ctx.get('leases')?.claimInbound(`onebot:${this.selfId}:${event}`)) ?? true
  }

  private async answerRequest(request: OneBotRequest): Promise<void> {
    const { ctx, selfId, settings } = this
    const answer = await answerRequest(ctx, selfId, { request, settings })
    if (answer) await this.call(answer.action, answer.params)
    const what = `${request.kind}-${answer ? 'granted' : 'left'}` as const
    ctx.emit('space/trouble', { platform: 'onebot', selfId, what })
  }

  /** Ids repeat from group to group, so what was said counts too; NapCat shows a file as a message and as a notice. */
  private isNew({ channelId, userId, messageId, elements }: DecodedMessage): boolean {
    const first = (key: string) => this.seen.first(key, Date.now())
    if (!first([channelId, userId, messageId, elements.join('')].join(' '))) return false
    const fileId = elements.find((element) => element.type === 'file')?.attrs['fileId'] as string | undefined
    return !fileId || first(`file:${channelId}:${fileId}`)
  }

  private async receiveMessage(message: DecodedMessage, payload: Record<string, unknown>): Promise<void> {
    if (message.userId === this.selfId) return
    const now = Date.now()
    if (!this.isNew(message)) return
    if (message.throughGroup) this.through.set(message.userId, message.throughGroup)
    if (message.time !== undefined && now - message.time > this.settings.maxAge) {
      return this.logger.warn('a message of %d hours ago is not answered', (now - message.time) / 3_600_000)
    }
    this.ctx.emit('space/inbound', {
      ...{ platform: 'onebot', selfId: this.selfId, channelId: message.channelId },
      ...{ replyId: message.messageId, replyKind: 'message', at: now },
    })
    const { channelId, messageId } = message
    if (!(await this.mine(`${channelId}:${messageId}`))) return
    const session = this.sessionOf(message, now)
    await Promise.all([this.quote(session, message), this.locateFiles(message)])
    present(session.event.message, 'message').content = message.elements.join('')
    session.setInternal('onebot', payload)
    if (payload['notice_type'] === 'group_upload') this.ctx.emit('onebot/group-upload', session)
    this.dispatch(session)
  }

  private sessionOf(message: DecodedMessage, now: number): Session {
    const direct = !message.groupId
    return this.session({
      type: 'message',
      subtype: direct ? 'private' : 'group',
      timestamp: message.time ?? now,
      user: { id: message.userId, name: message.nickname },
      member: { nick: message.card, roles: message.role ? [{ id: message.role }] : [] },
      channel: { id: message.channelId, type: direct ? DIRECT : TEXT },
      ...(message.groupId && { guild: { id: message.groupId } }),
      message: { id: message.messageId, elements: message.elements },
    })
  }

  /** A quotation keeps its id also when the quoted message cannot be fetched any more. */
  private async quote(session: Session, { quoteId }: DecodedMessage): Promise<void> {
    if (!quoteId) return
    const stored = decodeStored(
      await this.call('get_msg', { message_id: Number(quoteId) }).catch(() => undefined),
    )
    const own = !stored.userId && (await this.isOwn(session.channelId ?? '', quoteId))
    present(session.event.message, 'message').quote = {
      id: quoteId,
      elements: stored.elements,
      content: stored.elements.join(''),
      ...((stored.userId || own) && { user: { id: stored.userId ?? this.selfId } }),
    }
  }

  /** Whether the bot itself said it, when the implementation has forgotten. */
  private async isOwn(channelId: string, messageId: string): Promise<boolean> {
    const target = { platform: 'onebot', selfId: this.selfId, channelId }
    return Boolean(await this.ctx.get('outbox')?.sentAs(target, messageId))
  }

  // https://github.com/botuniverse/onebot-11 knows no files; both calls are extensions of go-cqhttp.
  private async locateFiles({ elements, groupId, userId }: DecodedMessage): Promise<void> {
    for (const element of h.select(elements, 'file')) {
      const { src, fileId: file_id, busid } = element.attrs as Record<string, string | undefined>
      if (src || !file_id) continue
      const action = groupId ? 'get_group_file_url' : 'get_private_file_url'
      const where = groupId ? { group_id: Number(groupId), busid } : { user_id: Number(userId) }
      const answer = await this.call(action, { ...where, file_id }).catch((error: unknown) =>
        this.complain(error),
      )
      element.attrs['src'] = (answer as { url?: string } | undefined)?.url ?? ''
    }
  }
}

declare module 'koishi' {
  interface Events {
    /** A file was put into a group; the session holds it as an element `<file src title size>`. */
    'onebot/group-upload'(session: Session): void
  }
}
