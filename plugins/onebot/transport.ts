import { WebSocket } from 'ws'
import type { IncomingMessage } from 'node:http'
import { PlatformSendError } from '@space-assistant/core/delivery/error'
import { judgeOneBot } from '@space-assistant/core/delivery/onebot-codes'

/** The answer to a call (https://github.com/botuniverse/onebot-11/blob/master/communication/ws.md). */
interface Answer {
  status: string
  retcode: number
  data: unknown
  message?: string
  wording?: string
  echo?: unknown
}

interface Pending {
  resolve: (data: unknown) => void
  reject: (error: PlatformSendError) => void
  timer: NodeJS.Timeout
}

const PING_MS = 30_000

/** One live socket to a OneBot implementation: calls out, events in. */
export class Connection {
  private readonly pending = new Map<number, Pending>()
  private readonly ping: NodeJS.Timeout
  private answered = true
  private serial = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly responseTimeout: number,
    onEvent: (payload: Record<string, unknown>) => void,
    onClose: (connection: Connection, code: number) => void,
  ) {
    socket.on('message', (data: Buffer) => {
      const parsed = parse(data)
      if (!parsed) return
      if ('post_type' in parsed) onEvent(parsed)
      else this.settle(parsed as unknown as Answer)
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', (code) => {
      clearInterval(this.ping)
      this.abandon()
      onClose(this, code)
    })
    socket.on('pong', () => (this.answered = true))
    this.ping = setInterval(() => this.probe(), PING_MS)
  }

  /** A peer that vanished without closing (power cut, NAT) is noticed by the missing pong. */
  private probe(): void {
    if (!this.answered) return this.socket.terminate()
    this.answered = false
    this.socket.ping()
  }

  /** Calls an action; rejects with a PlatformSendError and with nothing else. */
  call(action: string, params: object): Promise<unknown> {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(offline())
    const echo = ++this.serial
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(echo)
        reject(failure('unknown', 'no answer in time'))
      }, this.responseTimeout)
      this.pending.set(echo, { resolve, reject, timer })
      this.socket.send(JSON.stringify({ action, params, echo }))
    })
  }

  private settle(answer: Answer): void {
    const pending = typeof answer.echo === 'number' ? this.pending.get(answer.echo) : undefined
    if (!pending) return
    this.pending.delete(answer.echo as number)
    clearTimeout(pending.timer)
    if (answer.retcode === 0) return pending.resolve(answer.data)
    const detail = answer.wording || answer.message || ''
    const verdict = judgeOneBot(answer.retcode, detail)
    pending.reject(new PlatformSendError({ platform: 'onebot', ...verdict, code: answer.retcode, detail }))
  }

  /** What was written before the socket fell may have arrived: unknown, and known at once. */
  private abandon(): void {
    for (const { reject, timer } of this.pending.values()) {
      clearTimeout(timer)
      reject(failure('unknown', 'connection lost'))
    }
    this.pending.clear()
  }

  close(code = 1000): void {
    this.socket.close(code)
  }
}

function failure(outcome: 'rejected' | 'unknown', detail: string): PlatformSendError {
  return new PlatformSendError({ platform: 'onebot', class: 'network', outcome, detail })
}

/** The error of a call while there is no connection: nothing was written. */
export function offline(): PlatformSendError {
  return failure('rejected', 'not connected')
}

function parse(data: Buffer): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(data.toString())
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Opens a forward connection; rejects when it cannot be opened, or not within `timeout`. */
export function dial(endpoint: string, token: string, timeout: number): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(endpoint, {
      headers: token ? { Authorization: `Bearer ${token}` } : {},
      handshakeTimeout: timeout,
      maxPayload: 50 * 2 ** 20,
    })
    socket.once('open', () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** Why a reverse connection is turned away; undefined when it may come in. */
export function objection(request: IncomingMessage, selfId: string, token: string): string | undefined {
  const given =
    request.headers.authorization?.replace(/^(Bearer|Token) /i, '') ||
    new URL(request.url ?? '/', 'http://localhost').searchParams.get('access_token') ||
    ''
  if (token && given !== token) return 'wrong token'
  if (request.headers['x-self-id'] !== selfId) return 'invalid x-self-id'
  if (request.headers['x-client-role'] !== 'Universal') return 'invalid x-client-role'
  return undefined
}
