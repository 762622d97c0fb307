import { formatDay } from '@space-assistant/core/calendar/day'
import type { Day, Window } from '@space-assistant/core/calendar/day'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Picture } from '@space-assistant/core/pictures/shape'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import type { Translate } from '@space-assistant/core/text/translate'
import type { Context } from 'koishi'

export const pictureKinds = ['list', 'place', 'trend', 'card'] as const
export type PictureKind = (typeof pictureKinds)[number]
export const pictureSubjects = ['school', 'teacher', 'administrator'] as const
export type PictureSubject = (typeof pictureSubjects)[number]

/** What a picture is asked to show, understood: whose list, or one school's (or person's) place, trend, report card. */
export interface PictureAsk {
  kind: PictureKind
  of: PictureSubject
  scope: StandingQuery['scope']
  /** School code or account; not for lists. */
  code?: string
  stage?: string
  indicators?: readonly string[]
  window: Window
  /** How the window was called, such as this week. */
  windowName?: string
}

export type PictureServices = Pick<Context, 'roster' | 'scoreboard' | 'schemes' | 'access'>

/** Who asks, where, when, and in which language. */
export interface PictureContext {
  ctx: PictureServices
  viewer: Viewer
  today: Day
  say: Translate
}

/** A picture with its three main facts in words, and the whole answer in words for when it cannot be sent. */
export interface PictureAnswer {
  picture: Picture
  caption: string
  whole: string
}

/** A key of this plugin's texts. */
export const pictureKey = (name: string) => `space-pictures.${name}`

/** A window by its name and days. */
export function pictureWindowText({ ctx, say }: PictureContext, { window, windowName }: PictureAsk): string {
  const days = { from: formatDay(window.from), to: formatDay(window.to) }
  const { period } = ctx.schemes.active
  if (windowName !== undefined) return windowName
  if (window.from === period.from && window.to >= Math.min(period.to, ctx.scoreboard.dataUntil ?? 0))
    return say(pictureKey('period'), { ...days, to: formatDay(lastDay({ ctx }, window)) })
  return say(pictureKey(window.from === window.to ? 'day' : 'days'), days)
}

/** The last day of a window that data have come for. */
export function lastDay({ ctx }: Pick<PictureContext, 'ctx'>, window: Window): Day {
  return Math.min(window.to, ctx.scoreboard.dataUntil ?? window.to)
}

/** What stands below every picture: data date, window, rules. */
export function pictureFooter(context: PictureContext, ask: PictureAsk): string[] {
  const { ctx, say } = context
  const { dataUntil } = ctx.scoreboard
  const { name: scheme } = ctx.schemes.active
  return [
    dataUntil === undefined ? '' : say(pictureKey('footer.data'), { day: formatDay(dataUntil) }),
    say(pictureKey('footer.window'), { window: pictureWindowText(context, ask) }),
    say(pictureKey('footer.rules'), { scheme, version: ctx.schemes.version }),
  ]
}

/** The query of the standing that a picture is about. */
export function pictureQuery({ of, scope, stage, indicators, window }: PictureAsk): StandingQuery {
  const subject = `${of}s` as const
  return {
    ...{ of: subject, window: { from: window.from, to: window.to }, scope },
    ...(indicators && { indicators }),
    ...(stage !== undefined && { stage }),
  }
}

/** The same standing at the end of the week before, where somebody had a point then; with its last day. */
export function earlierStanding({ ctx }: PictureContext, query: StandingQuery) {
  const { dataUntil } = ctx.scoreboard
  const window = dataUntil === undefined ? undefined : windowWeekBefore(query.window, dataUntil)
  if (!window) return undefined
  const standing = ctx.scoreboard.standing({ ...query, window })
  return standing.entries(0, 1)[0]?.score ? { standing, day: window.to } : undefined
}

/** What an organisation is called in a heading. */
export function pictureScopeName({ ctx, say }: PictureContext, scope: StandingQuery['scope']): string {
  if (scope.kind === 'district') return say(pictureKey('district'))
  return scope.kind === 'town' ? scope.town : (ctx.roster.school(scope.code)?.name ?? scope.code)
}
