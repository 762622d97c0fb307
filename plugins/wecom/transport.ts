import { WSClient } from '@wecom/aibot-node-sdk'
import { PlatformSendError, sendErrorOf } from '@space-assistant/core/delivery/error'
import { judgeWecom } from '@space-assistant/core/delivery/wecom-codes'
import type { FailureClass, SendOutcome } from '@space-assistant/core/delivery/error'

export interface LinkOptions {
  botId: string
  secret: string
  /** Empty: WeCom's own. */
  wsUrl: string
  heartbeat: number
  reconnect: number
}

export interface LinkEvents {
  online: () => void
  lost: () => void
  /** Another connection with the same bot id took over. */
  displaced: () => void
  /** The SDK gave up; only a new link helps. */
  dead: (reason: string) => void
  /** Nothing comes back any more; the SDK's own pings take a minute and a half to notice. */
  silent: () => void
  message: (body: unknown, requestId: string) => void
  /** Somebody opens the chat with the bot, for the first time today. */
  entered: (body: unknown, requestId: string) => void
}

type Kind = 'image' | 'file' | 'voice' | 'video'

/** So many frames in a row that nobody acknowledges, with nothing else heard in between: there is nobody any more. */
const UNHEARD = 2

// The SDK logs whole frames, with ids and texts: none of it may reach a log.
const silent = { debug() {}, info() {}, warn() {}, error() {} }

/**
 * One long connection of @wecom/aibot-node-sdk (https://developer.work.weixin.qq.com/document/path/101463): its
 * refusals, time-outs and closes as PlatformSendError.
 */
export class Link {
  private readonly client: WSClient
  /** Callbacks of which an answer was not acknowledged in time; see `reply`. */
  private readonly tainted = new Set<string>()
  private unheard = 0

  constructor(
    { botId, secret, wsUrl, heartbeat, reconnect }: LinkOptions,
    private readonly events: LinkEvents,
  ) {
    this.client = new WSClient({
      botId,
      secret,
      ...(wsUrl && { wsUrl }),
      heartbeatInterval: heartbeat,
      reconnectInterval: reconnect,
      maxReconnectAttempts: -1,
      maxAuthFailureAttempts: 3,
      logger: silent,
    })
    let displaced = false
    this.client.on('authenticated', () => events.online())
    this.client.on('event.disconnected_event', () => (displaced = true))
    this.client.on('disconnected', () => (displaced ? events.displaced() : events.lost()))
    this.client.on('message', (frame) => {
      this.unheard = 0
      events.message(frame.body, frame.headers.req_id)
    })
    this.client.on('event.enter_chat', (frame) => {
      this.unheard = 0
      events.entered(frame.body, frame.headers.req_id)
    })
    this.client.on('error', ({ name }) => {
      if (name === 'WSAuthFailureError' || name === 'WSReconnectExhaustedError') events.dead(name)
    })
    this.client.connect()
  }

  close(): void {
    this.client.disconnect()
    this.client.removeAllListeners()
  }

  /**
   * Answers a callback. Acknowledgements carry nothing but the callback's id, so after one that came too late nobody
   * could tell which answer the next one belongs to: from then on this callback is not answered any more.
   */
  async reply(requestId: string, streamId: string, content: string): Promise<void> {
    if (this.tainted.has(requestId))
      throw wecomFailure('context-expired', 'rejected', 'an earlier answer hangs')
    try {
      await this.heard(this.client.replyStream({ headers: { req_id: requestId } }, streamId, content, true))
    } catch (error) {
      if (sendErrorOf(error, 'wecom').outcome === 'unknown') this.tainted.add(requestId)
      throw error
    }
  }

  /** Greets whoever has just opened the chat, within five seconds. */
  async welcome(requestId: string, content: string): Promise<void> {
    const body = { msgtype: 'text' as const, text: { content } }
    await this.heard(this.client.replyWelcome({ headers: { req_id: requestId } }, body))
  }

  /** Speaks first in a conversation; markdown is the only kind of text that is taken. */
  async say(chatId: string, direct: boolean, content: string): Promise<void> {
    const body = { chat_type: direct ? 1 : 2, msgtype: 'markdown' as const, markdown: { content } }
    await this.heard(this.client.sendMessage(chatId, body))
  }

  async sendMedia(
    chatId: string,
    direct: boolean,
    kind: Kind,
    bytes: Buffer,
    filename: string,
  ): Promise<void> {
    // Nothing has been said while a file is on its way up: whatever happens then, it did not arrive.
    const uploaded = this.heard(this.client.uploadMedia(bytes, { type: kind, filename }))
    const { media_id } = await uploaded.catch((error: unknown) => {
      const { class: name, code, detail } = sendErrorOf(error, 'wecom')
      return Promise.reject(wecomFailure(name, 'rejected', detail, code))
    })
    const body = { chat_type: direct ? 1 : 2, msgtype: kind, [kind]: { media_id } }
    await this.heard(
      this.client.sendMessage(chatId, body as unknown as Parameters<WSClient['sendMessage']>[1]),
    )
  }

  /** The answer to frames, or why there is none as PlatformSendError. */
  private async heard<T>(answer: Promise<T>): Promise<T> {
    try {
      const value = await answer
      this.unheard = 0
      return value
    } catch (error) {
      this.unheard = isUnacknowledged(error) ? this.unheard + 1 : 0
      if (this.unheard === UNHEARD) this.events.silent()
      throw explainWecomError(error)
    }
  }

  /** The decrypted bytes of a received file; its address lives for five minutes. */
  async download(url: string, aeskey?: string): Promise<{ buffer: Buffer; filename?: string | undefined }> {
    return this.client.downloadFile(url, aeskey)
  }
}

/** What the SDK's rejections mean: a plain frame is a refusal, an Error says by its words whether it was written. */
export function explainWecomError(error: unknown): PlatformSendError {
  const frame = error as { errcode?: unknown; errmsg?: unknown } | undefined
  if (typeof frame?.errcode === 'number') {
    const detail = typeof frame.errmsg === 'string' ? frame.errmsg : ''
    return new PlatformSendError({
      platform: 'wecom',
      ...judgeWecom(frame.errcode),
      code: frame.errcode,
      detail,
    })
  }
  const text = error instanceof Error ? error.message : ''
  const code = /"errcode":\s*(-?\d+)/.exec(text)?.[1]
  if (code) {
    return new PlatformSendError({ platform: 'wecom', ...judgeWecom(Number(code)), code: Number(code) })
  }
  if (text.includes('not connected')) return wecomFailure('network', 'rejected', 'not connected')
  if (text.includes('exceeds max')) return wecomFailure('rate', 'rejected', 'queue is full')
  if (text.includes('too large')) return wecomFailure('content', 'rejected', 'file is too large')
  if (isUnacknowledged(error)) return wecomFailure('network', 'unknown', 'not acknowledged in time')
  return wecomFailure('network', 'unknown', text.includes('cancelled') ? 'connection lost' : 'error')
}

function isUnacknowledged(error: unknown): boolean {
  return error instanceof Error && error.message.includes('ack timeout')
}

export function wecomFailure(
  name: FailureClass,
  outcome: SendOutcome,
  detail: string,
  code?: number,
): PlatformSendError {
  return new PlatformSendError({
    platform: 'wecom',
    class: name,
    outcome,
    detail,
    ...(code !== undefined && { code }),
  })
}
