import { figure, rounded } from '@space-assistant/core/scoring/figure'
import { formatDay, mondayOf } from '@space-assistant/core/scheme/calendar'
import type { Day } from '@space-assistant/core/scheme/calendar'
import { isStaff } from '@space-assistant/core/identity/viewer'
import type { Refusal } from '@space-assistant/core/identity/outcome'
import { refusalCodes } from '@space-assistant/core/identity/visibility'
import type { Viewer } from '@space-assistant/core/identity/viewer'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import type { MemberRole, Window } from '@space-assistant/core/scheme/scheme'
import type { Member } from '@space-assistant/core/scoring/member'
import type { Context, Session } from 'koishi'
import words from './words.json'

/** Text of a message key in plain form. */
export type Say = (key: string, params?: object) => string

/** The services that an answer is made from, taken out of the context once: looking them up there is slow. */
export type Services = Pick<Context, 'roster' | 'scoreboard' | 'schemes' | 'identity' | 'gateway'>

/** Everything an answer is made with. */
export interface Frame {
  ctx: Services
  session: Session
  say: Say
  viewer: Viewer
  today: Day
}

export const key = (name: string) => `space-ranking.${name}`

/** The sentence of a refusal, of this plugin or of the rules of who may know what. */
export function refuse({ say }: Frame, { code, params }: Refusal): string {
  return say(visibility.has(code) ? `space-identity.refusal.${code}` : key(`refusal.${code}`), params)
}

const visibility: ReadonlySet<string> = new Set(refusalCodes)

/** A window by the name that was used for it, with its days. */
export function windowText(say: Say, window: QuestionWindow): string {
  const days = { from: formatDay(window.from), to: formatDay(window.to) }
  if (window.kind === 'named') return say(key('window.named'), { name: window.name, ...days })
  if (window.kind === 'dates' && window.from === window.to) return say(key('window.day'), days)
  return say(key(`window.${window.kind}`), days)
}

/** What a scope is called. */
export function scopeName(frame: Frame, scope: StandingQuery['scope']): string {
  if (scope.kind === 'district') return frame.say(key('district'))
  return scope.kind === 'town' ? scope.town : schoolName(frame, scope.code)
}

export function schoolName({ ctx }: Frame, code: string): string {
  return ctx.roster.school(code)?.name ?? code
}

export function wholeOf({ ctx }: Frame, member: Member) {
  return { ...ctx.identity.whose(member), name: member.name }
}

/** The same window as it stood at the end of the week before the data ends; undefined when it had not begun or is over. */
export function lastWeek(window: Window, dataUntil: Day): Window | undefined {
  const to = mondayOf(dataUntil) - 1
  if (window.to <= to || to < window.from || window.to - window.from < 7) return undefined
  return { from: window.from, to }
}

/** How far apart two scores are as both are shown, so that readers who subtract find the same. */
export function gapText(say: Say, a: number, b: number): string {
  const gap = Math.abs(rounded(a) - rounded(b))
  return gap === 0 ? say(key('gap.tiny')) : figure(gap)
}

/** Why a window can have no points, if so. */
export function emptiness(frame: Frame, window: QuestionWindow): Refusal | undefined {
  const { dataUntil } = frame.ctx.scoreboard
  if (dataUntil === undefined)
    return { code: isStaff(frame.viewer) ? 'no-data-staff' : 'no-data', params: {} }
  const { period } = frame.ctx.schemes.active
  if (window.to < period.from || window.from > period.to) {
    return { code: 'outside-period', params: { from: formatDay(period.from), to: formatDay(period.to) } }
  }
  if (window.from > dataUntil) {
    return { code: 'not-yet', params: { window: windowText(frame.say, window), until: formatDay(dataUntil) } }
  }
}

/** Whether the scheme has anything that this role can get points for. */
export function isScored({ ctx }: Frame, role: MemberRole): boolean {
  return ctx.schemes.active.indicators.some((indicator) => indicator.role === role)
}

/** The last line of every answer with figures. */
export function dataLine({ ctx, say }: Frame): string {
  const { dataUntil } = ctx.scoreboard
  return dataUntil === undefined ? '' : say(key('data-until'), { day: formatDay(dataUntil) })
}

/** The line under a page of several. */
export function pageLine(
  say: Say,
  command: keyof typeof words.commands,
  { page, pages }: { page: number; pages: number },
): string {
  if (pages <= 1) return ''
  return say(key(page < pages ? 'list.page' : 'list.last-page'), {
    page,
    pages,
    command: words.commands[command],
  })
}

export function joined(lines: readonly (string | undefined | false)[]): string {
  return lines.filter(Boolean).join('\n')
}
