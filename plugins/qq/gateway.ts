import { QQ } from '@koishijs/plugin-adapter-qq'
import { WebSocket } from 'ws'
import { backoff } from '@space-assistant/core/delivery/backoff'
import { PlatformSendError } from '@space-assistant/core/delivery/error'

/** https://bot.q.qq.com/wiki/develop/api-v2/dev-prepare/interface-framework/event-emit.html */
export interface GatewayFrame {
  op: number
  id?: string
  s?: number
  t?: string
  d?: unknown
}

export interface GatewayOptions {
  url: () => Promise<string>
  token: () => Promise<string>
  /** The platform does not take this token any more. */
  refused: (token: string) => void
  /** Milliseconds within which a connection must have been let in. */
  timeout: number
  /** Event masks to ask for, the fullest first; the next is tried when the platform refuses one. */
  intents: readonly number[]
  retryMin: number
  retryMax: number
}

export interface GatewayEvents {
  ready: (user: { id: string; username?: string }) => void
  resumed: () => void
  event: (frame: GatewayFrame) => void
  lost: (reason: string, delay: number) => void
  /** Something staff must know: an intent without permission, a bot taken off the shelf. */
  warn: (text: string) => void
  /** The platform lets nobody in with these credentials, or not this bot any more. */
  refused: (what: 'login-refused' | 'banned') => void
}

// After these the old session can be resumed; after every other 4xxx it is dead.
const resumable = new Set([4008, 4009])
const refusedIntents = new Set([4013, 4014])
const banned = new Set([4914, 4915])
const NO_AUTHENTICATION = 4004
const BANNED_RETRY_MS = 600_000

/** The connection to QQ's gateway: identifies, resumes, beats, and comes back whatever happens. */
export class QQGateway {
  private socket: WebSocket | undefined
  private session = ''
  private seq: number | null = null
  private beat: NodeJS.Timeout | undefined
  private retry: NodeJS.Timeout | undefined
  private opening: NodeJS.Timeout | undefined
  private token = ''
  private acknowledged = true
  private attempt = 0
  private level = 0
  private stopped = true

  constructor(
    private readonly options: GatewayOptions,
    private readonly events: GatewayEvents,
  ) {}

  start(): void {
    if (!this.stopped) return
    this.stopped = false
    void this.connect()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.retry)
    clearTimeout(this.opening)
    clearInterval(this.beat)
    this.socket?.close(1000)
    this.socket = undefined
  }

  private async connect(): Promise<void> {
    try {
      const socket = new WebSocket(await this.options.url(), { handshakeTimeout: 10_000 })
      if (this.stopped) return socket.terminate()
      this.socket = socket
      // Also a platform that takes connections and then says nothing is one that is down.
      this.opening = setTimeout(() => this.renew(socket, 'not let in in time'), this.options.timeout)
      socket.on('message', (data: Buffer) => void this.receive(socket, data))
      socket.on('error', () => socket.terminate())
      socket.on('close', (code) => this.closed(socket, code))
    } catch (error) {
      if (error instanceof PlatformSendError && (error.class === 'auth' || error.class === 'banned')) {
        this.events.warn(error.message)
        this.events.refused(error.class === 'auth' ? 'login-refused' : 'banned')
      }
      this.again(error instanceof Error ? error.message : 'error')
    }
  }

  private async receive(socket: WebSocket, data: Buffer): Promise<void> {
    const frame = parse(data)
    if (!frame || socket !== this.socket) return
    switch (frame.op as QQ.Opcode) {
      case QQ.Opcode.HELLO:
        return this.hello(socket, (frame.d as { heartbeat_interval: number }).heartbeat_interval)
      case QQ.Opcode.HEARTBEAT_ACK:
        this.acknowledged = true
        return
      case QQ.Opcode.RECONNECT:
        return this.renew(socket, 'asked to reconnect')
      case QQ.Opcode.INVALID_SESSION:
        this.forget()
        return this.renew(socket, 'session is invalid')
      case QQ.Opcode.DISPATCH:
        return this.dispatch(frame)
      default:
        return
    }
  }

  private async hello(socket: WebSocket, interval: number): Promise<void> {
    clearInterval(this.beat)
    this.acknowledged = true
    this.beat = setInterval(() => this.pulse(socket), interval)
    try {
      this.token = await this.options.token()
      const token = `QQBot ${this.token}`
      const resume = { token, session_id: this.session, seq: this.seq }
      const identify = { token, intents: this.options.intents[this.level], shard: [0, 1] }
      if (this.session) this.send(socket, { op: QQ.Opcode.RESUME, d: resume })
      else this.send(socket, { op: QQ.Opcode.IDENTIFY, d: identify })
    } catch {
      this.renew(socket, 'no access token')
    }
  }

  private pulse(socket: WebSocket): void {
    if (!this.acknowledged) return this.renew(socket, 'heartbeat was not answered')
    this.acknowledged = false
    this.send(socket, { op: QQ.Opcode.HEARTBEAT, d: this.seq })
  }

  private dispatch(frame: GatewayFrame): void {
    if (frame.s !== undefined) this.seq = frame.s
    if (frame.t === 'READY') {
      const { session_id, user } = frame.d as { session_id: string; user: { id: string; username?: string } }
      this.session = session_id
      this.admitted()
      return this.events.ready(user)
    }
    if (frame.t === 'RESUMED') {
      this.admitted()
      return this.events.resumed()
    }
    this.events.event(frame)
  }

  private admitted(): void {
    clearTimeout(this.opening)
    this.attempt = 0
  }

  private send(socket: WebSocket, frame: GatewayFrame): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }

  private forget(): void {
    this.session = ''
    this.seq = null
  }

  /** Gives the socket up at once, without waiting for a close that a dead peer would never answer. */
  private renew(socket: WebSocket, reason: string): void {
    if (socket !== this.socket) return
    this.socket = undefined
    socket.terminate()
    this.again(reason)
  }

  private closed(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return
    this.socket = undefined
    if (code >= 4000 && !resumable.has(code)) this.forget()
    if (code === NO_AUTHENTICATION) this.options.refused(this.token)
    if (refusedIntents.has(code)) {
      this.level = Math.min(this.level + 1, this.options.intents.length - 1)
      this.events.warn(`intents are refused with ${code}, asking for ${this.options.intents[this.level]}`)
    }
    if (banned.has(code)) this.events.refused('banned')
    if (banned.has(code)) this.events.warn(`the platform does not let this bot connect (${code})`)
    this.again(`closed with ${code}`, banned.has(code) ? BANNED_RETRY_MS : undefined)
  }

  private again(reason: string, fixed?: number): void {
    clearInterval(this.beat)
    clearTimeout(this.opening)
    clearTimeout(this.retry)
    if (this.stopped) return
    const { retryMin, retryMax } = this.options
    const delay = fixed ?? backoff(this.attempt++, retryMin, retryMax, Math.random())
    this.events.lost(reason, delay)
    this.retry = setTimeout(() => void this.connect(), delay)
  }
}

function parse(data: Buffer): GatewayFrame | undefined {
  try {
    const frame: unknown = JSON.parse(data.toString())
    return typeof frame === 'object' && frame !== null && 'op' in frame ? (frame as GatewayFrame) : undefined
  } catch {
    return undefined
  }
}
