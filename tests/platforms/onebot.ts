import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { Logins } from './logins'
import { Replies } from './replies'
import type { Patience } from './replies'

/** A segment of a OneBot v11 message. */
export interface Segment {
  type: string
  data: Record<string, unknown>
}

/** A message or file that arrived in a group or private chat of the made-up QQ. */
export interface Delivered {
  id: string
  group?: string
  user?: string
  text: string
  segments: Segment[]
  file?: { name: string; bytes: Buffer }
}

export interface Call {
  action: string
  params: Record<string, unknown>
  fault?: Fault | undefined
}

/** What goes wrong with a call. `delivered`: the message arrives in the group all the same. */
export type Fault =
  | { kind: 'refuse'; retcode: number; wording?: string; delivered?: boolean }
  /** Answered so many milliseconds later, or never. */
  | { kind: 'stall'; delivered?: boolean; late?: number }
  | { kind: 'drop'; delivered?: boolean }

export interface Options {
  selfId?: string
  token?: string
}

export interface SayOptions extends Patience {
  nickname?: string
  card?: string
  role?: 'member' | 'admin' | 'owner'
  /** Begin with @bot. */
  at?: boolean
  /** Quote the message with this id. */
  quote?: string
  /** Use this message id (to push the same message twice). */
  id?: number
}

/** A OneBot v11 implementation on loopback, as NapCat is one; close() it when done. */
export async function startFakeOneBot(options: Options = {}): Promise<FakeOneBot> {
  const fake = new FakeOneBot(options)
  await fake.listen()
  return fake
}

export class FakeOneBot {
  readonly selfId: string
  readonly calls: Call[] = []
  readonly delivered: Delivered[] = []
  /** Ids of messages that were taken back. */
  readonly recalled: string[] = []
  /** Sockets that asked with a wrong token. */
  refusedSockets = 0
  /** Connections that logged in. */
  logins = 0
  /** Asked before each call is answered; undefined means that all is well. */
  fault: (call: Call) => Fault | undefined = () => undefined
  /** Told of each message in the moment in which it arrives. */
  onDelivered: (text: string) => void = () => undefined

  private readonly token: string | undefined
  private readonly replies = new Replies()
  private readonly messages = new Map<number, { segments: Segment[]; sender: object; group?: number }>()
  private readonly files = new Map<string, Buffer>()
  private readonly live = new Set<WebSocket>()
  private readonly frozen = new Set<WebSocket>()
  private readonly waiting = new Logins()
  private server!: Server
  private sockets!: WebSocketServer
  private ids = 1000

  constructor(options: Options) {
    this.selfId = options.selfId ?? '10001'
    this.token = options.token
  }

  async listen(port = 0): Promise<void> {
    this.server = createServer((request, response) => {
      const file = this.files.get(request.url ?? '')
      response.writeHead(file ? 200 : 404).end(file)
    })
    this.sockets = new WebSocketServer({ server: this.server, maxPayload: 50 * 2 ** 20 })
    this.sockets.on('connection', (socket, request) => this.welcome(socket, request))
    await new Promise<void>((resolve) => this.server.listen(port, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get endpoint(): string {
    return `ws://127.0.0.1:${this.port}`
  }

  /** Configuration of the plugin for a forward connection to this implementation. */
  get config() {
    return {
      selfId: this.selfId,
      protocol: 'ws' as const,
      endpoint: this.endpoint,
      token: this.token ?? '',
      responseTimeout: 2000,
      retryMin: 20,
      retryMax: 200,
      answerGapMin: 0,
      answerGapMax: 0,
    }
  }

  private welcome(socket: WebSocket, request: IncomingMessage): void {
    if (this.token && request.headers.authorization !== `Bearer ${this.token}`) {
      this.refusedSockets++
      socket.send(JSON.stringify({ status: 'failed', retcode: 1403, message: 'token verification failed' }))
      return socket.close(1008)
    }
    this.serve(socket)
    this.greet(socket)
  }

  /** Connects to a bot that listens (ws-reverse); resolves with the code when the bot closes, see `closed`. */
  async dial(
    url: string,
    headers: Record<string, string> = {},
  ): Promise<{ socket: WebSocket; closed: Promise<number> }> {
    const socket = new WebSocket(url, {
      headers: {
        'X-Self-ID': this.selfId,
        'X-Client-Role': 'Universal',
        ...(this.token && { Authorization: `Bearer ${this.token}` }),
        ...headers,
      },
    })
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    const opened = new Promise<void>((resolve, reject) => socket.on('open', resolve).on('error', reject))
    this.serve(socket)
    await opened
    this.greet(socket)
    return { socket, closed }
  }

  private serve(socket: WebSocket): void {
    this.live.add(socket)
    socket.on('close', () => this.live.delete(socket))
    socket.on('error', () => this.live.delete(socket))
    socket.on('message', (data: Buffer) => {
      const { action, params, echo } = JSON.parse(data.toString()) as Call & { echo: unknown }
      this.answer(socket, { action, params: params ?? {} }, echo)
    })
  }

  private greet(socket: WebSocket): void {
    this.push({ post_type: 'meta_event', meta_event_type: 'lifecycle', sub_type: 'connect' }, socket)
  }

  private answer(socket: WebSocket, call: Call, echo: unknown): void {
    call.fault = this.fault(call)
    this.calls.push(call)
    const { fault } = call
    const data = !fault || fault.delivered ? this.perform(call) : undefined
    if (fault?.kind === 'stall') {
      const reply = { status: 'ok', retcode: 0, data, echo }
      if (fault.late) setTimeout(() => socket.send(JSON.stringify(reply)), fault.late)
      return
    }
    if (fault?.kind === 'drop') return socket.terminate()
    const failed =
      fault ?? (data === undefined ? { retcode: 1404, wording: 'unsupported action' } : undefined)
    const body = failed
      ? {
          status: 'failed',
          retcode: failed.retcode,
          data: null,
          message: failed.wording,
          wording: failed.wording,
        }
      : { status: 'ok', retcode: 0, data }
    socket.send(JSON.stringify({ ...body, echo }))
    if (call.action === 'get_login_info' && !failed) {
      this.logins++
      this.waiting.happened()
    }
  }

  private perform({ action, params }: Call): unknown {
    switch (action) {
      case 'set_friend_add_request':
      case 'set_group_add_request':
        return {}
      case 'get_login_info':
        return { user_id: Number(this.selfId), nickname: 'assistant' }
      case 'send_group_msg':
        return this.arrive({ group: String(params['group_id']) }, params['message'] as Segment[])
      case 'send_private_msg':
        return this.arrive({ user: String(params['user_id']) }, params['message'] as Segment[])
      case 'upload_group_file':
        return this.receiveFile({ group: String(params['group_id']) }, params)
      case 'upload_private_file':
        return this.receiveFile({ user: String(params['user_id']) }, params)
      case 'delete_msg':
        return this.withdraw(Number(params['message_id']))
      case 'get_msg':
        return this.stored(Number(params['message_id']))
      case 'get_group_file_url':
      case 'get_private_file_url':
        return { url: `http://127.0.0.1:${this.port}${String(params['file_id'])}` }
      case 'get_group_info':
        return { group_id: Number(params['group_id']), group_name: `group ${String(params['group_id'])}` }
      default:
        return undefined
    }
  }

  private withdraw(id: number): object | undefined {
    if (!this.messages.delete(id)) return undefined
    this.recalled.push(String(id))
    return {}
  }

  private arrive(where: { group?: string; user?: string }, segments: Segment[], file?: Delivered['file']) {
    const id = this.ids++
    this.messages.set(id, {
      segments,
      sender: { user_id: Number(this.selfId), nickname: 'assistant' },
      ...(where.group && { group: Number(where.group) }),
    })
    const message = { id: String(id), ...where, segments, text: textOf(segments), ...(file && { file }) }
    this.delivered.push(message)
    this.onDelivered(message.text)
    this.replies.arrived(placeOf(where), message.text)
    return { message_id: id }
  }

  private receiveFile(where: { group?: string; user?: string }, params: Record<string, unknown>) {
    const name = String(params['name'])
    const source = String(params['file'])
    const bytes = Buffer.from(source.replace(/^base64:\/\//, ''), 'base64')
    this.arrive(where, [{ type: 'file', data: { file: name } }], { name, bytes })
    return { file_id: `/${this.ids}` }
  }

  private stored(id: number): unknown {
    const message = this.messages.get(id)
    if (!message) return undefined
    return {
      message_id: id,
      time: Math.floor(Date.now() / 1000),
      message_type: message.group ? 'group' : 'private',
      ...(message.group && { group_id: message.group }),
      sender: message.sender,
      message: message.segments,
    }
  }

  /** Pushes an event to the bot as it is, or to one socket only. */
  push(event: Record<string, unknown>, only?: WebSocket): void {
    const data = JSON.stringify({
      time: Math.floor(Date.now() / 1000),
      self_id: Number(this.selfId),
      ...event,
    })
    for (const socket of only ? [only] : this.live) socket.send(data)
  }

  /** Resolves once a bot has logged in (again, when `times` is more than 1). */
  online(times = 1): Promise<void> {
    return this.waiting.until(() => this.logins >= times && this.live.size > 0)
  }

  /** A member says something in a group; the texts of what the bot says there until it falls silent. */
  async say(
    group: string,
    user: string,
    text: string | Segment[],
    options: SayOptions = {},
  ): Promise<string[]> {
    return this.speak({ group }, user, text, options)
  }

  /** The same in a private chat. */
  async whisper(user: string, text: string | Segment[], options: SayOptions = {}): Promise<string[]> {
    return this.speak({ user }, user, text, options)
  }

  private async speak(
    where: { group?: string; user?: string },
    user: string,
    text: string | Segment[],
    options: SayOptions,
  ): Promise<string[]> {
    await this.online()
    const segments: Segment[] = typeof text === 'string' ? [{ type: 'text', data: { text } }] : [...text]
    if (options.at) segments.unshift({ type: 'at', data: { qq: this.selfId } })
    if (options.quote) segments.unshift({ type: 'reply', data: { id: options.quote } })
    const id = options.id ?? this.ids++
    const sender = {
      user_id: Number(user),
      nickname: options.nickname ?? `user ${user}`,
      card: options.card ?? '',
      role: options.role ?? 'member',
    }
    this.messages.set(id, { segments, sender, ...(where.group && { group: Number(where.group) }) })
    return this.replies.after(placeOf(where), options, () =>
      this.push({
        post_type: 'message',
        message_type: where.group ? 'group' : 'private',
        sub_type: where.group ? 'normal' : 'friend',
        message_id: id,
        user_id: Number(user),
        ...(where.group && { group_id: Number(where.group) }),
        message: segments,
        raw_message: textOf(segments),
        sender,
      }),
    )
  }

  /** A member uploads a file to a group: as NapCat shows it (a message), or as Lagrange does (a notice). */
  async sayFile(
    group: string,
    user: string,
    file: { name: string; bytes: Uint8Array },
    options: SayOptions & { as?: 'message' | 'notice' | 'both' } = {},
  ): Promise<string[]> {
    await this.online()
    const { path, segment } = this.offer(file)
    const notice = () =>
      this.push({
        post_type: 'notice',
        notice_type: 'group_upload',
        group_id: Number(group),
        user_id: Number(user),
        file: { id: path, name: file.name, size: file.bytes.length, busid: 102 },
      })
    if (options.as === 'notice') return this.replies.after(placeOf({ group }), options, notice)
    if (options.as === 'both') notice()
    return this.say(group, user, [segment], options)
  }

  /** A person sends a file in private, perhaps with a text in the same message. */
  async whisperFile(
    user: string,
    file: { name: string; bytes: Uint8Array },
    { text, ...options }: SayOptions & { text?: string } = {},
  ): Promise<string[]> {
    const said: Segment[] = text === undefined ? [] : [{ type: 'text', data: { text } }]
    return this.whisper(user, [...said, this.offer(file).segment], options)
  }

  /** Makes a file ready to be fetched. */
  private offer({ name, bytes }: { name: string; bytes: Uint8Array }): { path: string; segment: Segment } {
    const path = `/file-${this.ids++}`
    this.files.set(path, Buffer.from(bytes))
    const data = { file: name, file_id: path, file_size: String(bytes.length) }
    return { path, segment: { type: 'file', data } }
  }

  /** The texts that arrived in a group, in order. */
  texts(group: string): string[] {
    return this.delivered.filter((message) => message.group === group).map((message) => message.text)
  }

  /** The account has been taken into a group. */
  joined(group: string): void {
    const who = { user_id: Number(this.selfId), operator_id: 1 }
    this.push({ post_type: 'notice', notice_type: 'group_increase', group_id: Number(group), ...who })
  }

  /** The account has been thrown out of a group. */
  thrownOut(group: string): void {
    const who = { user_id: Number(this.selfId), operator_id: 1 }
    const type = { notice_type: 'group_decrease', sub_type: 'kick_me' }
    this.push({ post_type: 'notice', ...type, group_id: Number(group), ...who })
  }

  /** Cuts all connections without a goodbye. */
  cut(): void {
    for (const socket of this.live) socket.terminate()
    this.live.clear()
  }

  /** Falls silent on the connections of now, as when its power fails: it reads nothing, answers nothing, closes nothing. */
  freeze(): void {
    for (const socket of this.live) {
      socket.pause()
      this.frozen.add(socket)
    }
    this.live.clear()
  }

  async close(): Promise<void> {
    for (const socket of this.frozen) socket.terminate()
    this.cut()
    this.sockets.close()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

function placeOf(where: { group?: string; user?: string }): string {
  return where.group ? `group:${where.group}` : `private:${where.user}`
}

function textOf(segments: Segment[]): string {
  return segments
    .map(({ type, data }) => {
      if (type === 'text') return String(data['text'])
      if (type === 'at') return `@${String(data['qq'])} `
      if (type === 'file') return `[file ${String(data['file'])}]`
      return type === 'reply' ? '' : `[${type}]`
    })
    .join('')
}
