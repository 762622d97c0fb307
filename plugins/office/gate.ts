import { gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import { officeContract } from '@space-assistant/core/office/contract'
import type { OfficeRefusal, OfficeRoute } from '@space-assistant/core/office/contract'
import { isPageHost, isPageOrigin, requestAddress } from '@space-assistant/core/office/origin'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type { PageSessions } from './sessions'
import { readJson } from './body'
import type { HttpExchange } from './exchange'
import type { PageSettings } from './settings'
import { todayOf } from './visit'
import type { OfficeAsker, OfficeVisit, PageLocale, RouteHandlers, RouteOutcome, RouteRefusal } from './visit'

export const cookieName = 'space_session'
/** A header that no form and no other site can send without being asked. */
const OWN_HEADER = 'x-space-page'
const BODY_BYTES = 512 * 1024
const SMALL_BYTES = 1024
const gzipped = promisify(gzip)

/** What every request passes before anything of it is looked at: host, origin, own header, session, and only then the body. */
export class PageGate {
  private handlers: Partial<RouteHandlers> = {}

  constructor(
    private readonly ctx: Context,
    private readonly parts: { sessions: PageSessions; settings: PageSettings },
  ) {}

  /** Takes over routes; gives back how to let them go. */
  answer(handlers: Partial<RouteHandlers>): () => void {
    Object.assign(this.handlers, handlers)
    return () => {
      const left = Object.entries(this.handlers).filter(([route]) => !Object.hasOwn(handlers, route))
      this.handlers = Object.fromEntries(left)
    }
  }

  /** Answers one call. */
  async serve(koa: HttpExchange, route: string): Promise<void> {
    const refusal = this.foreign(koa, { writes: true })
    if (refusal) return this.refuse(koa, refusal)
    try {
      const visit = await this.visit(koa)
      if (!isRoute(route) || !this.handlers[route])
        return this.refuse(koa, { status: 404, code: 'no-such-route' })
      if (!visit.asker && !isOpenRoute(route)) {
        return this.refuse(koa, { status: 401, code: 'signed-out' })
      }
      await this.call(koa, route, visit)
    } catch (error) {
      // Whatever it was, nothing of it is told: it may name people.
      this.ctx.logger('space-office').warn('%s: %s', route, error instanceof Error ? error.name : 'error')
      this.refuse(koa, { status: 503, code: 'unavailable' })
    }
  }

  /** Who sends something else than a call; undefined once a refusal has been given. */
  async admit(koa: HttpExchange): Promise<OfficeAsker | undefined> {
    const refusal = this.foreign(koa, { writes: true })
    if (refusal) {
      this.refuse(koa, refusal)
      return undefined
    }
    const { asker } = await this.visit(koa)
    if (!asker) this.refuse(koa, { status: 401, code: 'signed-out' })
    return asker
  }

  /** Sends what has come of something, or why nothing did. */
  async answerWith(koa: HttpExchange, visit: OfficeVisit, outcome: RouteOutcome<unknown>): Promise<void> {
    if (outcome.ok) await this.send(koa, outcome.value)
    else this.refuse(koa, this.refusalOf(visit.locale, outcome))
  }

  /** Why a request is not of this page, if so. `writes`: only the page's own code may send it. */
  foreign(koa: HttpExchange, { writes }: { writes: boolean }): GateRefusal | undefined {
    const { settings } = this.parts
    const addresses = { url: settings.url, port: this.ctx.server.port ?? 0 }
    const host = koa.get('host')
    koa.set('cache-control', 'no-store')
    koa.set('x-content-type-options', 'nosniff')
    if (!isPageHost(host, addresses)) return { status: 421, code: 'foreign-host' }
    if (writes) {
      if (!isPageOrigin(koa.get('origin') || undefined, host, addresses))
        return { status: 403, code: 'foreign-origin' }
      return koa.get(OWN_HEADER) ? undefined : { status: 403, code: 'foreign-origin' }
    }
    // A browser that can say where a request comes from does; a cookie never comes with one of another site.
    const site = koa.get('sec-fetch-site')
    return site && site !== 'same-origin' && site !== 'none'
      ? { status: 403, code: 'foreign-origin' }
      : undefined
  }

  /** Who asks, with the rights of now. */
  async visit(koa: HttpExchange): Promise<OfficeVisit> {
    const { sessions, settings } = this.parts
    const secure = settings.url.startsWith('https:')
    const visit: OfficeVisit = {
      locale: localeOf(koa.get('accept-language')),
      address: requestAddress(koa.req.socket.remoteAddress, koa.get('x-forwarded-for'), settings.proxies),
      device: Array.from(koa.get('user-agent')).slice(0, 60).join(''),
      keep: (token) => {
        // The proxy in front speaks TLS, so that this connection does not know of it.
        koa.cookies.secure = secure
        const options = { httpOnly: true, sameSite: 'strict', secure, path: '/', overwrite: true } as const
        koa.cookies.set(cookieName, token ?? null, options)
      },
    }
    const session = await sessions.find(koa.cookies.get(cookieName))
    if (!session) return visit
    const { platform, selfId, userId, id } = session
    const who = { platform, selfId, userId }
    const viewer = await this.ctx.access.viewer({ ...who, isDirect: true })
    return { ...visit, asker: { ...visit, viewer, who, session: id, today: todayOf() } }
  }

  refuse(koa: HttpExchange, { status, code, text, path }: GateRefusal): void {
    const locale = localeOf(koa.get('accept-language'))
    koa.status = status
    koa.body = {
      code,
      text: text ?? this.sentence(locale, code, {}),
      ...(path !== undefined && { path }),
    } satisfies OfficeRefusal
  }

  private async call<R extends OfficeRoute>(koa: HttpExchange, route: R, visit: OfficeVisit): Promise<void> {
    const body = await readJson(koa.req, BODY_BYTES)
    if (!body.ok) return this.refuse(koa, { status: body.code === 'too-large' ? 413 : 400, code: body.code })
    const parsed = officeContract[route].input.safeParse(body.value)
    if (!parsed.success) {
      const path = parsed.error.issues[0]?.path.join('.') ?? ''
      return this.refuse(koa, { status: 422, code: 'wrong-input', path })
    }
    const handle = this.handlers[route] as (asker: unknown, input: unknown) => Promise<RouteOutcome<unknown>>
    const outcome = await handle(isOpenRoute(route) ? visit : visit.asker, parsed.data)
    await this.answerWith(koa, visit, outcome)
  }

  private refusalOf(locale: PageLocale, { code, params, text }: RouteRefusal): GateRefusal {
    const status = accessCodes.has(code) ? 403 : /^(no-such|unknown|nobody)/.test(code) ? 404 : 409
    return { status, code, text: text ?? this.sentence(locale, code, params) }
  }

  private sentence(locale: PageLocale, code: string, params: object): string {
    const path = `${accessCodes.has(code) ? 'space-access' : 'space-office'}.refusal.${code}`
    return h.unescape(this.ctx.i18n.text([locale], [path], params))
  }

  private async send(koa: HttpExchange, value: unknown): Promise<void> {
    if (value instanceof Uint8Array) {
      koa.set('content-type', 'application/octet-stream')
      koa.body = Buffer.from(value)
      return
    }
    const text = Buffer.from(JSON.stringify(value ?? {}))
    koa.set('content-type', 'application/json; charset=utf-8')
    koa.set('vary', 'accept-encoding')
    if (text.length < SMALL_BYTES || !/\bgzip\b/.test(koa.get('accept-encoding'))) {
      koa.body = text
      return
    }
    koa.set('content-encoding', 'gzip')
    koa.body = await gzipped(text, { level: 4 })
  }
}

export interface GateRefusal {
  status: number
  code: string
  text?: string
  path?: string
}

const accessCodes: ReadonlySet<string> = new Set(accessRefusalCodes)

function isRoute(route: string): route is OfficeRoute {
  return Object.hasOwn(officeContract, route)
}

/** Whether a route is answered without a session, too. */
function isOpenRoute(route: OfficeRoute): boolean {
  return 'open' in officeContract[route]
}

/** Chinese unless the browser would rather have English. */
export function localeOf(languages: string): PageLocale {
  const first = /\b(zh|en)\b/i.exec(languages)?.[1]?.toLowerCase()
  return first === 'en' ? 'en-US' : 'zh-CN'
}
