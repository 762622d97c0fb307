import { dayOf } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type {
  OfficeAnswer,
  OfficeContract,
  OfficeInput,
  OfficeRoute,
} from '@space-assistant/core/office/contract'
import type { Context } from 'koishi'
import type { ChatRef } from 'koishi-plugin-space-access'
import { h } from 'koishi'

export type PageLocale = 'zh-CN' | 'en-US'

/** One request of a browser, signed in or not. */
export interface OfficeVisit {
  locale: PageLocale
  /** Where it comes from, for limits. */
  address: string
  /** What the browser says it is, shortened. */
  device: string
  asker?: OfficeAsker
  /** Hands the browser a token, or takes it away. */
  keep(token: string | undefined): void
}

/** Somebody signed in, with the rights of this moment. */
export interface OfficeAsker extends OfficeVisit {
  viewer: Viewer
  who: ChatRef
  session: number
  today: Day
}

/** A failure that somebody has caused, with the sentence for it where another part of the bot has one. */
export interface RouteRefusal {
  ok: false
  code: string
  params: Record<string, string | number>
  text?: string
}

export type RouteOutcome<T> = { ok: true; value: T } | RouteRefusal

type OpenRoute = {
  [R in OfficeRoute]: OfficeContract[R] extends { open: true } ? R : never
}[OfficeRoute]

export type RouteHandler<R extends OfficeRoute> = (
  asker: R extends OpenRoute ? OfficeVisit : OfficeAsker,
  input: OfficeInput<R>,
) => Promise<RouteOutcome<OfficeAnswer<R>>>

/** Routes that a part of the bot answers. */
export type RouteHandlers<R extends OfficeRoute = OfficeRoute> = { [K in R]: RouteHandler<K> }

/** Gives a refusal of another part of the bot the sentence that the chat has for it. */
export function worded<T>(
  ctx: Context,
  { locale }: OfficeVisit,
  { outcome, from }: { outcome: RouteOutcome<T>; from: string },
): RouteOutcome<T> {
  if (outcome.ok) return outcome
  const path = `${from}.${outcome.code}`
  const text = h.unescape(ctx.i18n.text([locale], [path], outcome.params))
  return text === path ? outcome : { ...outcome, text }
}

export const todayOf = (now = new Date()): Day => dayOf(now)
