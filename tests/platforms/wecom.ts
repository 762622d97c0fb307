import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer } from 'ws'
import { Logins } from './logins'
import { Replies } from './replies'
import type { WebSocket } from 'ws'
import type { Patience } from './replies'

export interface WecomCall {
  cmd: string
  requestId: string
  body: Record<string, unknown>
  fault?: WecomFault | undefined
}

/** What goes wrong with a frame or webhook post. `delivered`: it takes effect all the same. */
export type WecomFault =
  | { kind: 'refuse'; errcode: number; errmsg?: string; delivered?: boolean }
  | { kind: 'stall'; delivered?: boolean; late?: number }
  | { kind: 'drop'; delivered?: boolean }

export interface WecomDelivered {
  /** chatid, userid or `webhook:KEY`. */
  place: string
  text: string
  body: Record<string, unknown>
  via: 'reply' | 'send' | 'webhook'
  file?: { name: string; bytes: Buffer }
}

export interface WecomSay extends Patience {
  id?: string
  /** Without the mention in front (a file or picture). */
  bare?: boolean
  quote?: string
  mixed?: Record<string, unknown>[]
  file?: { name: string; bytes: Uint8Array }
}

/** WeCom on loopback: the long connection of a bot, and the webhook of webhookBots; close() it when done. */
export async function startFakeWecom(): Promise<FakeWecom> {
  const fake = new FakeWecom()
  await fake.listen()
  return fake
}

export class FakeWecom {
  readonly botId = 'aib-1'
  readonly secret = 'wecom-secret'
  readonly calls: WecomCall[] = []
  readonly delivered: WecomDelivered[] = []
  /** Chats and persons in which the bot may speak first: those who have spoken to it. */
  readonly spoken = new Set<string>()
  logins = 0
  failedLogins = 0
  fault: (call: WecomCall) => WecomFault | undefined = () => undefined
  /** Told of each message in the moment in which it arrives. */
  onDelivered: (text: string) => void = () => undefined

  private readonly replies = new Replies()
  /** Whoever has opened the chat, and may be greeted once. */
  private readonly entered = new Map<string, string>()
  private readonly requests = new Map<string, string>()
  private readonly files = new Map<string, { name: string; bytes: Buffer }>()
  private readonly uploads = new Map<string, { name: string; chunks: Map<number, Buffer> }>()
  private readonly media = new Map<string, { name: string; bytes: Buffer }>()
  private readonly waiting = new Logins()
  private live: WebSocket | undefined
  private server!: Server
  private sockets!: WebSocketServer
  private serial = 0

  async listen(): Promise<void> {
    this.server = createServer((request, response) => void this.serve(request, response))
    this.sockets = new WebSocketServer({ server: this.server, maxPayload: 50 * 2 ** 20 })
    this.sockets.on('connection', (socket) => {
      socket.on('message', (data: Buffer) => this.frame(socket, data))
      socket.on('close', () => {
        if (this.live === socket) this.live = undefined
      })
    })
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  /** Configuration of the plugin for this bot. */
  get config() {
    return {
      botId: this.botId,
      secret: this.secret,
      botName: '',
      wsUrl: `ws://127.0.0.1:${this.port}`,
      timeout: 2000,
      reconnect: 20,
      superviseMs: 30,
      displacedMs: 100,
    }
  }

  /** The address of a group's webhookBot. */
  webhook(key: string): string {
    return `http://127.0.0.1:${this.port}/cgi-bin/webhook/send?key=${key}`
  }

  // ---- long connection ----

  private frame(socket: WebSocket, data: Buffer): void {
    const {
      cmd,
      headers,
      body = {},
    } = JSON.parse(data.toString()) as {
      cmd: string
      headers: { req_id: string }
      body?: Record<string, unknown>
    }
    const reply = (errcode: number, more: object = {}) =>
      socket.send(JSON.stringify({ headers: { req_id: headers.req_id }, errcode, errmsg: 'x', ...more }))
    if (cmd === 'ping') return reply(0)
    if (cmd === 'aibot_subscribe') return this.subscribe(socket, body, reply)
    const call: WecomCall = { cmd, requestId: headers.req_id, body }
    call.fault = this.fault(call)
    this.calls.push(call)
    const { fault } = call
    const result = !fault || fault.delivered ? this.perform(call) : undefined
    if (fault?.kind === 'drop') return socket.terminate()
    if (fault?.kind === 'stall') {
      if (fault.late) setTimeout(() => reply(0), fault.late)
      return
    }
    if (fault) return reply(fault.errcode)
    if (typeof result === 'number') return reply(result)
    reply(0, { body: result ?? {} })
  }

  private subscribe(
    socket: WebSocket,
    body: Record<string, unknown>,
    reply: (errcode: number) => void,
  ): void {
    if (body['secret'] !== this.secret) {
      this.failedLogins++
      return reply(40001)
    }
    // Only the newest connection lives; the other is told and thrown out.
    if (this.live) {
      const event = { msgtype: 'event', event: { eventtype: 'disconnected_event' } }
      const headers = { req_id: `event_${++this.serial}` }
      this.live.send(JSON.stringify({ cmd: 'aibot_event_callback', headers, body: event }))
    }
    this.live = socket
    this.logins++
    reply(0)
    this.waiting.happened()
  }

  private perform({ cmd, requestId, body }: WecomCall): object | number {
    switch (cmd) {
      case 'aibot_respond_msg': {
        const place = this.requests.get(requestId)
        if (!place) return 846605
        const { content = '' } = (body['stream'] ?? {}) as { content?: string }
        return this.arrive({ place, text: content, body, via: 'reply' })
      }
      case 'aibot_respond_welcome_msg': {
        const place = this.entered.get(requestId)
        this.entered.delete(requestId)
        if (!place) return 846605
        const { content = '' } = (body['text'] ?? {}) as { content?: string }
        return this.arrive({ place, text: content, body, via: 'reply' })
      }
      case 'aibot_send_msg':
        return this.say1(body)
      case 'aibot_upload_media_init': {
        const upload_id = `upload-${++this.serial}`
        this.uploads.set(upload_id, { name: String(body['filename']), chunks: new Map() })
        return { upload_id }
      }
      case 'aibot_upload_media_chunk': {
        const bytes = Buffer.from(String(body['base64_data']), 'base64')
        this.uploads.get(String(body['upload_id']))?.chunks.set(Number(body['chunk_index']), bytes)
        return {}
      }
      case 'aibot_upload_media_finish': {
        const upload = this.uploads.get(String(body['upload_id']))
        if (!upload) return 40007
        const media_id = `media-${++this.serial}`
        const chunks = [...upload.chunks].sort(([a], [b]) => a - b).map(([, bytes]) => bytes)
        this.media.set(media_id, { name: upload.name, bytes: Buffer.concat(chunks) })
        return { media_id, type: 'file' }
      }
      default:
        return 40008
    }
  }

  private say1(body: Record<string, unknown>): object | number {
    const place = String(body['chatid'])
    if (!this.spoken.has(place)) return 93006
    const kind = String(body['msgtype'])
    if (kind === 'text') return 40008
    const content = body[kind] as { content?: string; media_id?: string }
    const file = content.media_id ? this.media.get(content.media_id) : undefined
    const text = file ? `[${kind} ${file.name}]` : (content.content ?? '')
    return this.arrive({ place, text, body, via: 'send', ...(file && { file }) })
  }

  private arrive(message: WecomDelivered): object | number {
    if (Buffer.byteLength(message.text) > 20480) return 40058
    this.delivered.push(message)
    this.onDelivered(message.text)
    this.replies.arrived(message.place, message.text)
    return {}
  }

  online(times = 1): Promise<void> {
    return this.waiting.until(() => this.logins >= times && Boolean(this.live))
  }

  /** A member says something to the bot in a group (`@assistant text`); the texts of what it answers. */
  async say(chat: string, user: string, text: string, options: WecomSay = {}): Promise<string[]> {
    const content = options.bare ? text : `@assistant ${text}`
    return this.speak(chat, { chattype: 'group', chatid: chat }, user, content, options)
  }

  async whisper(user: string, text: string, options: WecomSay = {}): Promise<string[]> {
    return this.speak(user, { chattype: 'single' }, user, text, options)
  }

  private async speak(place: string, chat: object, user: string, content: string, options: WecomSay) {
    await this.online()
    this.spoken.add(place)
    const req_id = `callback_${++this.serial}`
    this.requests.set(req_id, place)
    const body = {
      msgid: options.id ?? `msg-${++this.serial}`,
      aibotid: this.botId,
      from: { userid: user },
      create_time: Math.floor(Date.now() / 1000),
      ...chat,
      ...(options.quote && { quote: { msgtype: 'text', text: { content: options.quote } } }),
      ...this.content(content, options),
    }
    const frame = { cmd: 'aibot_msg_callback', headers: { req_id }, body }
    return this.replies.after(place, options, () => this.live?.send(JSON.stringify(frame)))
  }

  private content(content: string, { mixed, file }: WecomSay): object {
    if (file) return { msgtype: 'file', file: this.encrypted(file) }
    if (mixed)
      return { msgtype: 'mixed', mixed: { msg_item: [{ msgtype: 'text', text: { content } }, ...mixed] } }
    return { msgtype: 'text', text: { content } }
  }

  /** The address and key of an encrypted file, as it is handed to bots. */
  encrypted({ name, bytes }: { name: string; bytes: Uint8Array }): { url: string; aeskey: string } {
    const key = randomBytes(32)
    const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
    const padding = 32 - (bytes.length % 32)
    const padded = Buffer.concat([bytes, Buffer.alloc(padding, padding)])
    const path = `/file/${++this.serial}`
    this.files.set(path, { name, bytes: Buffer.concat([cipher.update(padded), cipher.final()]) })
    return { url: `http://127.0.0.1:${this.port}${path}`, aeskey: key.toString('base64') }
  }

  /** Somebody opens the chat with the bot. */
  async enter(user: string): Promise<string[]> {
    await this.online()
    const req_id = `event_${++this.serial}`
    this.entered.set(req_id, user)
    const event = { eventtype: 'enter_chat' }
    const body = {
      msgid: `msg-${this.serial}`,
      aibotid: this.botId,
      from: { userid: user },
      msgtype: 'event',
      event,
    }
    const frame = { cmd: 'aibot_event_callback', headers: { req_id }, body }
    return this.replies.after(user, { wait: 3000 }, () => this.live?.send(JSON.stringify(frame)))
  }

  /** Cuts the connection without a goodbye. */
  cut(): void {
    this.live?.terminate()
    this.live = undefined
  }

  /** Falls silent on the connection of now, as when a wire breaks: it reads nothing, answers nothing, closes nothing. */
  freeze(): void {
    this.live?.pause()
    this.live = undefined
  }

  // ---- webhookBots and files over HTTP ----

  /** Closes every connection to the webhookBots; in the middle of a call too. */
  hangUp(): void {
    this.server.closeAllConnections()
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const raw = Buffer.concat(chunks)
    const url = new URL(request.url ?? '/', 'http://localhost')
    const file = this.files.get(url.pathname)
    if (file) {
      const name = encodeURIComponent(file.name)
      response.writeHead(200, { 'content-disposition': `attachment; filename*=UTF-8''${name}` })
      return void response.end(file.bytes)
    }
    const key = url.searchParams.get('key') ?? ''
    const upload = url.pathname.endsWith('upload_media')
    const body = upload ? {} : (JSON.parse(raw.toString()) as Record<string, unknown>)
    const call: WecomCall = { cmd: upload ? 'webhook_upload' : 'webhook', requestId: key, body }
    call.fault = this.fault(call)
    this.calls.push(call)
    const { fault } = call
    const result =
      !fault || fault.delivered ? this.webhookBot(key, upload ? raw : undefined, body) : undefined
    if (fault?.kind === 'drop') return void response.socket?.destroy()
    if (fault?.kind === 'stall') return
    const errcode = fault ? fault.errcode : typeof result === 'number' ? result : 0
    response.writeHead(200, { 'content-type': 'application/json' })
    const more = typeof result === 'object' ? result : {}
    response.end(
      JSON.stringify({ errcode, errmsg: errcode ? `invalid webhook url, key=${key}` : 'ok', ...more }),
    )
  }

  private webhookBot(key: string, raw: Buffer | undefined, body: Record<string, unknown>): object | number {
    if (raw) {
      const media_id = `webhook-media-${++this.serial}`
      const start = raw.indexOf('\r\n\r\n') + 4
      const name = /filename="([^"]+)"/.exec(raw.subarray(0, start).toString())?.[1] ?? ''
      this.media.set(media_id, { name, bytes: raw.subarray(start, raw.lastIndexOf('\r\n--')) })
      return { media_id }
    }
    const kind = String(body['msgtype'])
    const content = body[kind] as { content?: string; media_id?: string; base64?: string; md5?: string }
    if (Buffer.byteLength(content.content ?? '') > (kind === 'text' ? 2048 : 4096)) return 40058
    const image = content.base64 ? Buffer.from(content.base64, 'base64') : undefined
    if (image && createHash('md5').update(image).digest('hex') !== content.md5) return 93018
    const file = image ? { name: 'image', bytes: image } : this.media.get(content.media_id ?? '')
    const text = file ? `[${kind} ${file.name}]` : (content.content ?? '')
    this.delivered.push({ place: `webhook:${key}`, text, body, via: 'webhook', ...(file && { file }) })
    this.onDelivered(text)
    return {}
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
