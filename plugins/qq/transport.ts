import { backoff } from '@space-assistant/core/delivery/backoff'
import { PlatformSendError, fetchFailure } from '@space-assistant/core/delivery/error'
import { judgeQq, judgeQqToken } from '@space-assistant/core/delivery/qq-codes'
import type { FailureClass, SendOutcome } from '@space-assistant/core/delivery/error'

export interface Credentials {
  id: string
  secret: string
  /** https://bot.q.qq.com/wiki/develop/api-v2/dev-prepare/interface-framework/api-use.html */
  tokenUrl: string
  timeout: number
}

const MARGIN_MS = 50_000

/**
 * The access token, fetched when somebody needs it and the known one is about to expire: there is no chain of
 * timers that one failure could end. A failure is remembered for a growing while, so that a wrong secret does not
 * hammer the platform.
 */
export class TokenKeeper {
  private token = ''
  private until = 0
  private failures = 0
  private retryAt = 0
  private failure: PlatformSendError | undefined
  private running: Promise<string> | undefined

  constructor(
    private readonly credentials: Credentials,
    private readonly now = Date.now,
  ) {}

  get(): Promise<string> {
    if (this.token && this.now() < this.until) return Promise.resolve(this.token)
    if (this.failure && this.now() < this.retryAt) return Promise.reject(this.failure)
    this.running ??= this.fetch().finally(() => (this.running = undefined))
    return this.running
  }

  /** The platform refused this token: the next `get` fetches another one. */
  refused(token: string): void {
    if (token === this.token) this.until = 0
  }

  private async fetch(): Promise<string> {
    const { id, secret, tokenUrl, timeout } = this.credentials
    try {
      const { body } = await exchange(tokenUrl, { appId: id, clientSecret: secret }, timeout)
      const answer = body as
        { access_token?: string; expires_in?: number | string; code?: number } | undefined
      const verdict = judgeQqToken(answer?.code)
      if (verdict || !answer?.access_token)
        throw qqFailure(verdict?.class ?? 'auth', 'rejected', answer?.code)
      this.failures = 0
      this.failure = undefined
      this.token = answer.access_token
      this.until = this.now() + Number(answer.expires_in ?? 0) * 1000 - MARGIN_MS
      return this.token
    } catch (error) {
      // Whatever became of this request, the message that waits for the token was not sent.
      const known = error instanceof PlatformSendError ? error : qqFailure('network', 'rejected')
      this.failure = new PlatformSendError({ ...known, outcome: 'rejected', detail: 'no access token' })
      const [min, max] = known.class === 'auth' ? [5_000, 300_000] : [1_000, 30_000]
      this.retryAt = this.now() + backoff(this.failures++, min, max, Math.random())
      throw this.failure
    }
  }
}

interface Reply {
  status: number
  body: unknown
  trace: string | undefined
}

/** The HTTP API of the QQ bot platform; throws PlatformSendError and nothing else. */
export class Rest {
  constructor(
    private readonly endpoint: string,
    private readonly appId: string,
    private readonly tokens: TokenKeeper,
    private readonly timeout: number,
  ) {}

  async call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, data?: object): Promise<T> {
    try {
      return (await this.once(method, path, data)) as T
    } catch (error) {
      // An expired or revoked token: nothing was done, so the call is repeated with a fresh one, once.
      if (
        !(error instanceof PlatformSendError) ||
        error.class !== 'auth' ||
        error.detail === 'no access token'
      ) {
        throw error
      }
      return (await this.once(method, path, data)) as T
    }
  }

  private async once(method: string, path: string, data?: object): Promise<unknown> {
    const token = await this.tokens.get()
    const headers = { Authorization: `QQBot ${token}`, 'X-Union-Appid': this.appId }
    const reply = await exchange(new URL(path, this.endpoint), data, this.timeout, { method, headers })
    const body = reply.body as
      { code?: number; err_code?: number; message?: string; trace_id?: string } | undefined
    const code = body?.err_code || body?.code || undefined
    const accepted = reply.status >= 200 && reply.status < 300
    if (accepted && !code) return reply.body
    const verdict = judgeQq(reply.status, code)
    if (verdict.class === 'auth') this.tokens.refused(token)
    throw new PlatformSendError({
      ...verdict,
      platform: 'qq',
      code: code ?? reply.status,
      detail: body?.message ?? '',
      ...(reply.trace && { trace: reply.trace }),
    })
  }
}

/** Bytes to a storage address that the platform has signed. */
export async function put(url: string, bytes: Uint8Array, timeout: number): Promise<void> {
  const { status } = await exchange(url, bytes, timeout, { method: 'PUT' })
  if (status < 200 || status >= 300) throw qqFailure('server', 'rejected', status)
}

async function exchange(
  url: string | URL,
  data: object | undefined,
  timeout: number,
  init: { method?: string; headers?: Record<string, string> } = {},
): Promise<Reply> {
  const raw = data instanceof Uint8Array
  try {
    const response = await fetch(url, {
      method: init.method ?? 'POST',
      headers: { ...init.headers, ...(data && !raw && { 'Content-Type': 'application/json' }) },
      ...(data && { body: raw ? Buffer.from(data) : JSON.stringify(data) }),
      signal: AbortSignal.timeout(timeout),
    })
    const text = await response.text()
    const trace = response.headers.get('x-tps-trace-id') ?? undefined
    return { status: response.status, body: parse(text), trace }
  } catch (error) {
    const { code, outcome } = fetchFailure(error)
    throw qqFailure('network', outcome, undefined, code || nameOf(error))
  }
}

/** A body of HTML (a proxy's 413 or 502) is no answer of the platform. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'error'
}

export function qqFailure(
  name: FailureClass,
  outcome: SendOutcome,
  code?: number,
  detail = '',
): PlatformSendError {
  return new PlatformSendError({
    platform: 'qq',
    class: name,
    outcome,
    detail,
    ...(code !== undefined && { code }),
  })
}
