import { createHash, timingSafeEqual } from 'node:crypto'
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

export interface OneBotTimes {
  /** Until a call without an answer counts as unknown. */
  responseTimeout: number
  /** How often the other side is asked whether it is there, and how long it may think about it. */
  heartbeat: number
}

/** One live socket to a OneBot implementation: calls out, events in. */
export class OneBotConnection {
  private readonly pending = new Map<number, Pending>()
  private readonly ticks: NodeJS.Timeout
  /** A ping is under way; nothing was heard since. */
  private probing: NodeJS.Timeout | undefined
  private serial = 0

  constructor(
    private readonly socket: WebSocket,
    private readonly times: OneBotTimes,
    onEvent: (payload: Record<string, unknown>) => void,
    onClose: (connection: OneBotConnection, code: number) => void,
  ) {
    socket.on('message', (data: Buffer) => {
      this.heard()
      const parsed = parse(data)
      if (!parsed) return
      // A refused login is said without being asked.
      if ('post_type' in parsed || !('echo' in parsed)) onEvent(parsed)
      else this.settle(parsed as unknown as Answer)
    })
    socket.on('error', () => socket.terminate())
    socket.on('close', (code) => {
      clearInterval(this.ticks)
      this.heard()
      this.abandon()
      onClose(this, code)
    })
    socket.on('pong', () => this.heard())
    this.ticks = setInterval(() => this.probe(), times.heartbeat)
    if (socket.isPaused) socket.resume()
  }

  /** A peer that vanished without closing (power cut, NAT) is noticed by the missing pong. */
  private probe(): NodeJS.Timeout {
    if (this.probing) return this.probing
    this.socket.ping()
    return (this.probing = setTimeout(() => this.socket.terminate(), this.times.heartbeat))
  }

  private heard(): void {
    clearTimeout(this.probing)
    this.probing = undefined
  }

  /** Calls an action; rejects with a PlatformSendError and with nothing else. */
  call(action: string, params: object): Promise<unknown> {
    if (this.socket.readyState !== WebSocket.OPEN) return Promise.reject(offline())
    const echo = ++this.serial
    return new Promise((resolve, reject) => {
      this.socket.send(JSON.stringify({ action, params, echo }))
      const probe = this.probe()
      const timer = setTimeout(() => {
        this.pending.delete(echo)
        reject(failure('unknown', 'no answer in time'))
        // Not even a pong since: what comes next must not be written to nobody. Bytes that wait here only take long.
        if (this.probing === probe && !this.socket.bufferedAmount) this.socket.terminate()
      }, this.times.responseTimeout)
      this.pending.set(echo, { resolve, reject, timer })
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
      // What comes with the handshake, such as a refusal, must wait until somebody listens.
      socket.pause()
      resolve(socket)
    })
    socket.once('error', reject)
  })
}

/** Compared in a time that says nothing about how much of it is right; without a token nobody comes in. */
function isSameToken(given: string, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return token !== '' && timingSafeEqual(digest(given), digest(token))
}

/** Why a reverse connection is turned away; undefined when it may come in. */
export function objection(request: IncomingMessage, selfId: string, token: string): string | undefined {
  const given =
    request.headers.authorization?.replace(/^(Bearer|Token) /i, '') ||
    new URL(request.url ?? '/', 'http://localhost').searchParams.get('access_token') ||
    ''
  if (!isSameToken(given, token)) return 'wrong token'
  if (request.headers['x-self-id'] !== selfId) return 'invalid x-self-id'
  if (request.headers['x-client-role'] !== 'Universal') return 'invalid x-client-role'
  return undefined
}
