import { createHash } from 'node:crypto'
import { PlatformSendError, fetchFailure, sendErrorOf } from '@space-assistant/core/delivery/error'
import { SlidingWindowLimiter, quotas } from '@space-assistant/core/delivery/quota'
import { textLimits } from '@space-assistant/core/delivery/split'
import { judgeWebhook } from '@space-assistant/core/delivery/wecom-codes'
import { WecomSender } from './sender'
import type { Context } from 'koishi'
import type { FailureClass, SendOutcome } from '@space-assistant/core/delivery/error'
import type { WecomAttachment } from './encode'

export interface WebhookConfig {
  name: string
  /** With its key: whoever knows it can write into the group. */
  url: string
  timeout: number
}

const IMAGE_MAX = 2 * 2 ** 20

/** `name=url,name=url` of WECOM_WEBHOOKS; throws with the entry's name, never with its key. */
export function parseWebhooks(text: string): { name: string; url: string }[] {
  const entries = text.split(',').filter((entry) => entry.trim())
  return entries.map((entry, index) => {
    const [, name = '', url = ''] = /^\s*([^=\s]+)\s*=\s*(\S+)\s*$/.exec(entry) ?? []
    if (!/^https?:\/\//.test(url)) {
      throw new Error(
        `space-wecom: WECOM_WEBHOOKS entry ${index + 1} (${name || 'without name'}) must be name=url`,
      )
    }
    return { name, url }
  })
}

/** A group's webhook bot that only speaks (https://developer.work.weixin.qq.com/document/path/91770). */
export class WebhookBot extends WecomSender<WebhookConfig> {
  readonly textLimit = textLimits.webhookText
  private readonly meter = new SlidingWindowLimiter(quotas['wecom-webhook'].channel)

  constructor(ctx: Context, config: WebhookConfig) {
    super(ctx, config, 'wecom-webhook')
    this.selfId = config.name
  }

  override async start(): Promise<void> {
    await super.start()
    this.online()
  }

  async postText(_channelId: string, content: string, markdown: boolean): Promise<void> {
    await this.post(
      markdown ? { msgtype: 'markdown', markdown: { content } } : { msgtype: 'text', text: { content } },
    )
  }

  async postFile(_channelId: string, { kind, name, bytes }: WecomAttachment): Promise<void> {
    if (kind === 'image' && bytes.length <= IMAGE_MAX) {
      const md5 = createHash('md5').update(bytes).digest('hex')
      return this.post({ msgtype: 'image', image: { base64: bytes.toString('base64'), md5 } })
    }
    const media_id = await this.upload(name, bytes)
    await this.post({ msgtype: 'file', file: { media_id } })
  }

  private async post(body: object): Promise<void> {
    // A webhook bot that is too fast is blocked for a whole minute, so it is held back here.
    const now = Date.now()
    if (this.meter.wait(now))
      throw failure('rate', 'rejected', 'the webhook bot has said enough for this minute')
    this.meter.count(now)
    const init = { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }
    await this.exchange(this.config.url, init)
  }

  private async upload(name: string, bytes: Buffer): Promise<string> {
    const url = new URL(this.config.url.replace(/\/send\?/, '/upload_media?'))
    url.searchParams.set('type', 'file')
    const form = new FormData()
    form.append('media', new Blob([new Uint8Array(bytes)]), name)
    try {
      const { media_id } = await this.exchange(url, { body: form })
      if (!media_id) throw failure('server', 'rejected', 'no media_id')
      return media_id
    } catch (error) {
      // Nothing has been said yet.
      const { class: type, code, detail } = sendErrorOf(error, 'wecom-webhook')
      throw failure(type, 'rejected', detail, code)
    }
  }

  private async exchange(url: string | URL, init: RequestInit): Promise<{ media_id?: string }> {
    const answer = await this.fetch(url, init)
    // Refusals come with HTTP 200; anything else was a proxy on the way.
    if (answer.errcode === undefined)
      throw failure('server', 'unknown', 'not an answer of WeCom', answer.status)
    if (answer.errcode === 0) return answer
    const { class: name, outcome } = judgeWebhook(answer.errcode)
    throw failure(name, outcome, answer.errmsg ?? '', answer.errcode)
  }

  private async fetch(url: string | URL, init: RequestInit) {
    try {
      const signal = AbortSignal.timeout(this.config.timeout)
      const response = await fetch(url, { ...init, method: 'POST', signal })
      const body = (await response.json().catch(() => ({}))) as {
        errcode?: number
        errmsg?: string
        media_id?: string
      }
      return { ...body, status: response.status }
    } catch (error) {
      const { code, outcome } = fetchFailure(error)
      throw failure('network', outcome, code || 'no answer in time')
    }
  }
}

function failure(name: FailureClass, outcome: SendOutcome, detail: string, code?: number): PlatformSendError {
  const platform = 'wecom-webhook'
  return new PlatformSendError({
    platform,
    class: name,
    outcome,
    detail,
    ...(code !== undefined && { code }),
  })
}
