import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { Logins } from './logins'
import { Replies } from './replies'
import type { WebSocket } from 'ws'
import type { Patience } from './replies'

/** A call of the HTTP API. */
export interface QqCall {
  method: string
  path: string
  body: Record<string, unknown>
  fault?: QqFault | undefined
}

/** What goes wrong with a call. `delivered`: it takes effect all the same. */
export type QqFault =
  | {
      kind: 'refuse'
      status?: number
      code?: number
      err?: number
      html?: boolean
      delivered?: boolean
      /** So many milliseconds later. */
      late?: number
    }
  | { kind: 'stall'; delivered?: boolean }
  | { kind: 'drop'; delivered?: boolean }

export interface QqDelivered {
  id: string
  /** Group openid or person's openid. */
  place: string
  text: string
  body: Record<string, unknown>
  file?: { name: string; type: number; bytes: Buffer }
}

export interface QqOptions {
  secret?: string
  /** Groups whose owner lets the bot speak first; the others refuse it. */
  proactive?: string[]
  heartbeat?: number
  /** A person's id in a group: the same as in private, or another in each group as the documentation says. */
  ids?: 'equal' | 'different'
  /** Say the id that is a person's everywhere. */
  unions?: boolean
}

export interface QqSay extends Patience {
  /** Said while no bot is connected. */
  down?: boolean
  /** @bot; in a group without it the message is seen only when the group hands over everything. */
  at?: boolean
  /** The group hands over all messages (GROUP_MESSAGE_CREATE). */
  full?: boolean
  /** Leave the own marker out of the content, as the platform sometimes does. */
  marker?: 'kept' | 'missing'
  id?: string
  username?: string
  role?: 'owner' | 'admin' | 'member'
  bot?: boolean
  mentions?: Record<string, unknown>[]
  attachments?: Record<string, unknown>[]
  quote?: string
  /** Without the old field group_id. */
  bare?: boolean
}

interface ReplyContext {
  place: string
  at: number
  used: Set<number>
}

/** The QQ bot platform on loopback: token endpoint, API and gateway; close() it when done. */
export async function startFakeQq(options: QqOptions = {}): Promise<FakeQq> {
  const fake = new FakeQq(options)
  await fake.listen()
  return fake
}

export class FakeQq {
  readonly appId = '102000001'
  readonly selfId = '14000000000000000001'
  readonly calls: QqCall[] = []
  readonly delivered: QqDelivered[] = []
  /** Codes of the messages that the platform refused by its own rules. */
  readonly refusals: number[] = []
  readonly proactive: Set<string>
  /** Ids of messages that were taken back. */
  readonly recalled: string[] = []
  /** Frames that bots sent to the gateway. */
  readonly frames: { op: number; d?: unknown }[] = []
  tokensGiven = 0
  logins = 0
  resumes = 0
  /** Connections that were not welcomed. */
  ignored = 0
  /** Answer whoever connects to the gateway; else it is taken in and hears nothing. */
  welcoming = true
  /** A file that the platform has had before: it wants no parts of it. */
  known: Buffer | undefined
  /** Answer heartbeats. */
  acknowledging = true
  /** Asked before each call is answered; undefined means that all is well. */
  fault: (call: QqCall) => QqFault | undefined = () => undefined
  /** Told of each message in the moment in which it arrives. */
  onDelivered: (text: string) => void = () => undefined
  /** Close code for an identify with these intents; undefined lets them in. */
  intentsFault: (intents: number) => number | undefined = () => undefined
  /** Answer of the token endpoint instead of a token. */
  tokenFault: (() => { status?: number; body: object } | undefined) | undefined
  /** Milliseconds to add to the platform's clock. */
  skew = 0

  private readonly secret: string
  private readonly heartbeat: number
  private readonly replies = new Replies()
  private readonly contexts = new Map<string, ReplyContext>()
  private readonly arrivals = new Map<string, number>()
  private readonly uploads = new Map<string, { name: string; type: number; parts: Map<number, Buffer> }>()
  private readonly ready = new Set<WebSocket>()
  private readonly waiting = new Logins()
  private readonly sessions = new Set<string>()
  /** Events by their number, for connections that are resumed. */
  private readonly pushed = new Map<number, string>()
  private tokens = new Set<string>()
  private server!: Server
  private sockets!: WebSocketServer
  private serial = 0

  private readonly ids: 'equal' | 'different'
  private readonly unions: boolean

  constructor(options: QqOptions) {
    this.ids = options.ids ?? 'equal'
    this.unions = options.unions ?? true
    this.secret = options.secret ?? 'qq-secret'
    this.heartbeat = options.heartbeat ?? 30_000
    this.proactive = new Set(options.proactive ?? [])
  }

  async listen(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response))
    this.sockets = new WebSocketServer({ server: this.server })
    this.sockets.on('connection', (socket) => this.welcome(socket))
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/`
  }

  /** Configuration of the plugin for this platform. */
  get config() {
    return {
      id: this.appId,
      secret: this.secret,
      endpoint: this.url,
      timeout: 2000,
      retryMin: 20,
      retryMax: 200,
    }
  }

  // ---- HTTP ----

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await read(request)
    const path = request.url ?? '/'
    if (path.startsWith('/cos/')) return this.store(path, raw, response)
    const body = (raw.length ? JSON.parse(raw.toString()) : {}) as Record<string, unknown>
    if (path === '/app/getAppAccessToken') return this.giveToken(body, response)
    const call: QqCall = { method: request.method ?? 'GET', path, body }
    call.fault = this.fault(call)
    this.calls.push(call)
    const token = request.headers.authorization?.replace(/^QQBot /, '') ?? ''
    if (!this.tokens.has(token))
      return send(response, 401, { code: 11244, message: 'token not exist or expire' })
    this.answer(call, response)
  }

  private answer(call: QqCall, response: ServerResponse): void {
    const { fault } = call
    const result = !fault || fault.delivered ? this.perform(call) : undefined
    if (fault?.kind === 'stall') return
    if (fault?.kind === 'refuse' && fault.late) {
      const { late, ...now } = fault
      return void setTimeout(() => this.answer({ ...call, fault: now }, response), late)
    }
    if (fault?.kind === 'drop') return void response.socket?.destroy()
    if (fault?.html) {
      response.writeHead(fault.status ?? 413, { 'content-type': 'text/html' })
      return void response.end('<html><h1>413 Request Entity Too Large</h1></html>')
    }
    if (fault)
      return send(response, fault.status ?? 400, {
        ...{ code: fault.code, err_code: fault.err, message: 'refused', trace_id: 't' },
      })
    if (typeof result === 'number')
      return send(response, 400, { code: result, err_code: result, message: 'refused' })
    send(response, 200, result ?? {})
  }

  private giveToken(body: Record<string, unknown>, response: ServerResponse): void {
    const fault = this.tokenFault?.()
    if (fault) return send(response, fault.status ?? 200, fault.body)
    if (body['clientSecret'] !== this.secret)
      return send(response, 200, { code: 100016, message: 'invalid appid or secret' })
    const token = `token-${++this.tokensGiven}`
    this.tokens.add(token)
    send(response, 200, { access_token: token, expires_in: '7200' })
  }

  /** All access tokens stop working. */
  expireTokens(): void {
    this.tokens = new Set()
  }

  /** The answer's body, or the code of a refusal. */
  private perform({ method, path, body }: QqCall): object | number {
    const [, place = '', what = ''] = /^\/v2\/(?:groups|users)\/([^/]+)\/(\w+)/.exec(path) ?? []
    if (path === '/gateway') return { url: this.url.replace('http', 'ws') }
    if (method === 'DELETE') return this.withdraw(path.split('/').at(-1) ?? '')
    switch (what) {
      case 'messages':
        return this.receive(place, body)
      case 'upload_prepare':
        return this.prepare(body)
      case 'upload_part_finish':
        return this.finishPart(body)
      case 'files':
        return this.merge(body)
      default:
        return 404
    }
  }

  /** Takes a message back, within two minutes. */
  private withdraw(id: string): object | number {
    const at = this.arrivals.get(id)
    if (at === undefined || this.recalled.includes(id)) return 306002
    if (Date.now() + this.skew - at > 120_000) return 306005
    this.recalled.push(id)
    return {}
  }

  private receive(place: string, body: Record<string, unknown>): object | number {
    const refusal = this.objection(place, body)
    if (refusal) {
      this.refusals.push(refusal)
      return refusal
    }
    const media = body['media'] as { file_info?: string } | undefined
    const upload = media?.file_info ? this.uploads.get(media.file_info) : undefined
    const file = upload && { name: upload.name, type: upload.type, bytes: assembled(upload.parts) }
    const markdown = body['markdown'] as { content?: string } | undefined
    const text = String((body['content'] as string | undefined) ?? markdown?.content ?? '')
    const id = `ROBOT1.0_out${++this.serial}`
    const shown = file ? `[${file.type === 1 ? 'image' : `file ${file.name}`}]${text}` : text
    this.delivered.push({ id, place, text: shown, body, ...(file && { file }) })
    this.arrivals.set(id, Date.now() + this.skew)
    this.onDelivered(shown)
    this.replies.arrived(place, shown)
    return { id, timestamp: new Date().toISOString(), ext_info: { ref_idx: `REFIDX_${id}` } }
  }

  private objection(place: string, body: Record<string, unknown>): number | undefined {
    const content = String((body['content'] as string | undefined) ?? '')
    if (/https?:\/\/|[\w-]\.\p{L}{2,}/iu.test(content)) return 40054010
    if (Buffer.byteLength(content) > 4000) return 40054007
    const id = (body['msg_id'] ?? body['event_id']) as string | undefined
    if (!id) return this.proactive.has(place) ? undefined : 40034105
    const reply = this.contexts.get(id)
    if (!reply || reply.place !== place) return 40034024
    const seq = Number(body['msg_seq'] ?? 1)
    if (reply.used.has(seq)) return 40054005
    if (Date.now() + this.skew - reply.at > 300_000) return 40034025
    if (reply.used.size >= 5) return 40034026
    reply.used.add(seq)
    return undefined
  }

  private prepare(body: Record<string, unknown>): object {
    const upload_id = `upload-${++this.serial}`
    const size = Number(body['file_size'])
    const block = Math.max(1, Math.min(5 * 2 ** 20, Math.ceil(size / 2)))
    const count = Math.max(1, Math.ceil(size / block))
    this.uploads.set(upload_id, {
      name: String(body['file_name']),
      type: Number(body['file_type']),
      parts: new Map(this.known ? [[1, this.known]] : []),
    })
    if (this.known) return { file_info: upload_id, ttl: 3600 }
    const parts = Array.from({ length: count }, (_, position) => ({
      index: position + 1,
      presigned_url: `${this.url}cos/${upload_id}/${position + 1}?sign=secret`,
    }))
    return { upload_id, block_size: String(block), parts }
  }

  private store(path: string, bytes: Buffer, response: ServerResponse): void {
    const [, , id = '', index] = path.replace(/\?.*/, '').split('/')
    this.uploads.get(id)?.parts.set(Number(index), bytes)
    response.writeHead(200).end()
  }

  private finishPart(body: Record<string, unknown>): object | number {
    const part = this.uploads.get(String(body['upload_id']))?.parts.get(Number(body['part_index']))
    if (!part) return 40093001
    return createHash('md5').update(part).digest('hex') === body['md5'] ? {} : 40093003
  }

  private merge(body: Record<string, unknown>): object | number {
    if (typeof body['file_data'] === 'string') {
      const id = `inline-${++this.serial}`
      const bytes = Buffer.from(body['file_data'], 'base64')
      this.uploads.set(id, { name: '', type: Number(body['file_type']), parts: new Map([[1, bytes]]) })
      return { file_info: id, ttl: 3600 }
    }
    return this.uploads.has(String(body['upload_id']))
      ? { file_info: body['upload_id'], ttl: 3600 }
      : 40093004
  }

  // ---- gateway ----

  private welcome(socket: WebSocket): void {
    socket.on('close', () => this.ready.delete(socket))
    if (!this.welcoming) return void this.ignored++
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as { op: number; d?: Record<string, unknown> }
      this.frames.push(frame)
      if (frame.op === 1 && this.acknowledging) socket.send(JSON.stringify({ op: 11 }))
      if (frame.op === 2) this.identify(socket, frame.d ?? {})
      if (frame.op === 6) this.resume(socket, frame.d ?? {})
    })
    socket.send(JSON.stringify({ op: 10, d: { heartbeat_interval: this.heartbeat } }))
  }

  private identify(socket: WebSocket, { token, intents }: Record<string, unknown>): void {
    const code = this.tokens.has(String(token).replace(/^QQBot /, ''))
      ? this.intentsFault(Number(intents))
      : 4004
    if (code) return socket.close(code)
    const session_id = `session-${++this.serial}`
    this.sessions.add(session_id)
    this.admit(socket, 'READY', {
      version: 1,
      session_id,
      user: { id: this.selfId, username: 'assistant', bot: true },
    })
    this.logins++
    this.waiting.happened()
  }

  /** What was pushed behind the given number comes again; without the number there is nothing to go on from. */
  private resume(socket: WebSocket, { session_id, seq }: Record<string, unknown>): void {
    if (!this.sessions.has(String(session_id))) return socket.send(JSON.stringify({ op: 9, d: false }))
    if (typeof seq !== 'number' || seq > this.serial) return socket.close(4007)
    this.resumes++
    for (const [s, frame] of this.pushed) if (s > seq) socket.send(frame)
    this.admit(socket, 'RESUMED', '')
  }

  private admit(socket: WebSocket, t: string, d: unknown): void {
    this.ready.add(socket)
    socket.send(JSON.stringify({ op: 0, s: ++this.serial, t, d }))
  }

  /** The platform forgets all sessions: a resume is answered with op 9. */
  forgetSessions(): void {
    this.sessions.clear()
  }

  /** Sends a frame other than an event (op 7, op 9) to every bot. */
  command(op: number, d?: unknown): void {
    for (const socket of this.ready) socket.send(JSON.stringify({ op, d }))
  }

  /** Closes every connection with a code, or cuts it. */
  disconnect(code?: number): void {
    for (const socket of this.ready) {
      if (code) socket.close(code)
      else socket.terminate()
    }
    this.ready.clear()
  }

  /** Closes every connection of the HTTP API, idle or in the middle of a call. */
  hangUp(): void {
    this.server.closeAllConnections()
  }

  get connected(): boolean {
    return this.ready.size > 0
  }

  /** Pushes an event with its outer id, which may be answered in `place`. */
  event(t: string, d: Record<string, unknown>, place?: string): string {
    const id = `${t}:${++this.serial}`
    if (place) this.contexts.set(id, { place, at: Date.now() + this.skew, used: new Set() })
    const s = ++this.serial
    const frame = JSON.stringify({ op: 0, s, t, id, d })
    this.pushed.set(s, frame)
    for (const socket of this.ready) socket.send(frame)
    return id
  }

  online(times = 1): Promise<void> {
    return this.waiting.until(() => this.logins >= times && this.ready.size > 0)
  }

  /** A member says something in a group; the texts of what the bot says there until it falls silent. */
  async say(group: string, user: string, text: string, options: QqSay = {}): Promise<string[]> {
    if (!options.down) await this.online()
    const at = options.at ?? !options.full
    const type = options.full ? 'GROUP_MESSAGE_CREATE' : 'GROUP_AT_MESSAGE_CREATE'
    const own = {
      id: 'OWNOPENID',
      member_openid: 'OWNOPENID',
      username: 'assistant',
      bot: true,
      is_you: true,
    }
    const marker = at && options.full && options.marker !== 'missing' ? '<@OWNOPENID> ' : at ? ' ' : ''
    const mentions = [...(at && options.full ? [own] : []), ...(options.mentions ?? [])]
    const place = { group_openid: group, ...(!options.bare && { group_id: group }) }
    return this.speak(
      group,
      type,
      { ...this.message(user, marker + text, options, { mentions, group }), ...place },
      options,
    )
  }

  /** The same in a private chat. */
  async whisper(user: string, text: string, options: QqSay = {}): Promise<string[]> {
    await this.online()
    const message = this.message(user, text, options, { mentions: [], group: '' })
    const author = { id: user, user_openid: user, ...this.unionOf(user) }
    return this.speak(user, 'C2C_MESSAGE_CREATE', { ...message, author }, options)
  }

  /** A person's id as a group's bot sees it. */
  memberId(user: string, group: string): string {
    if (this.ids === 'equal') return user
    return createHash('md5').update(`${group}/${user}`).digest('hex').toUpperCase()
  }

  private unionOf(user: string): { union_openid?: string } {
    return this.unions ? { union_openid: `UNION${user}` } : {}
  }

  private message(
    user: string,
    content: string,
    options: QqSay,
    { mentions, group }: { mentions: Record<string, unknown>[]; group: string },
  ) {
    const member = group ? this.memberId(user, group) : user
    const id = options.id ?? `ROBOT1.0_in${++this.serial}`
    const { username = `user ${user}`, role = 'member', bot = false, attachments, quote } = options
    const ext = [`msg_idx=REFIDX_${id}`, ...(quote ? [`ref_msg_idx=REFIDX_${quote}`] : [])]
    return {
      id,
      content,
      timestamp: new Date().toISOString(),
      author: {
        ...{ id: member, member_openid: member, ...this.unionOf(user) },
        ...{ username, bot, member_role: role },
      },
      message_type: 0,
      message_scene: { source: 'default', ext },
      ...(mentions.length && { mentions }),
      ...(attachments && { attachments }),
      ...(quote && { msg_elements: [{ msg_idx: `REFIDX_${quote}`, content: 'quoted' }] }),
    }
  }

  private speak(
    place: string,
    type: string,
    data: { id: string } & Record<string, unknown>,
    options: QqSay,
  ): Promise<string[]> {
    if (!this.contexts.has(data.id)) {
      this.contexts.set(data.id, { place, at: Date.now() + this.skew, used: new Set() })
    }
    return this.replies.after(place, options, () => void this.event(type, { ...data }))
  }

  /** The owner turns the switch "the bot may speak first". */
  turnSwitch(group: string, on: boolean): string {
    if (on) this.proactive.add(group)
    else this.proactive.delete(group)
    const data = { timestamp: Math.floor(Date.now() / 1000), group_openid: group, op_member_openid: 'OWNER' }
    return this.event(on ? 'GROUP_MSG_RECEIVE' : 'GROUP_MSG_REJECT', data, group)
  }

  texts(place: string): string[] {
    return this.delivered.filter((message) => message.place === place).map((message) => message.text)
  }

  async close(): Promise<void> {
    for (const socket of this.sockets.clients) socket.terminate()
    this.sockets.close()
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-tps-trace-id': 'trace-1' })
  response.end(JSON.stringify(body))
}

function assembled(parts: Map<number, Buffer>): Buffer {
  return Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes))
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
