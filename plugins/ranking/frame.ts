import type { Translate } from '@space-assistant/core/text/translate'
import { figure, rounded } from '@space-assistant/core/text/figure'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { accessRefusalCodes } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { StandingQuery } from '@space-assistant/core/ranking/standing'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import type { MemberRole } from '@space-assistant/core/scheme/scheme'
import type { Member } from '@space-assistant/core/roster/member'
import type { Context, Session } from 'koishi'
import words from './words.json'

/** The services that an answer is made from, taken out of the context once: looking them up there is slow. */
export type RankingServices = Pick<Context, 'roster' | 'scoreboard' | 'schemes' | 'access' | 'conversation'>

/** Everything an answer is made with. */
export interface RankingContext {
  ctx: RankingServices
  session: Session
  say: Translate
  viewer: Viewer
  /** Whether the answer is for the asker in private although it was asked in a group. */
  aside: boolean
  today: Day
}

/** What is said where it was asked; an answer about persons goes to the asker alone. */
export async function handOverRanking(
  frame: RankingContext,
  answer: Promise<string> | string,
): Promise<string> {
  const text = await answer
  return frame.aside ? frame.ctx.conversation.answerAside(frame.session, text) : text
}

export const rankingKey = (name: string) => `space-ranking.${name}`

/** The sentence of a refusal, of this plugin or of the rules of who may know what. */
export function rankingRefusal({ say }: RankingContext, { code, params }: Refusal): string {
  return say(visibility.has(code) ? `space-access.refusal.${code}` : rankingKey(`refusal.${code}`), params)
}

const visibility: ReadonlySet<string> = new Set(accessRefusalCodes)

/** A window by the name that was used for it, with its days. */
export function windowText(say: Translate, window: QuestionWindow): string {
  const days = { from: formatDay(window.from), to: formatDay(window.to) }
  if (window.kind === 'named') return say(rankingKey('window.named'), { name: window.name, ...days })
  if (window.kind === 'dates' && window.from === window.to) return say(rankingKey('window.day'), days)
  return say(rankingKey(`window.${window.kind}`), days)
}

/** What a scope is called. */
export function scopeName(frame: RankingContext, scope: StandingQuery['scope']): string {
  if (scope.kind === 'district') return frame.say(rankingKey('district'))
  return scope.kind === 'town' ? scope.town : schoolName(frame, scope.code)
}

export function schoolName({ ctx }: RankingContext, code: string): string {
  return ctx.roster.school(code)?.name ?? code
}

export function wholeOf({ ctx }: RankingContext, member: Member) {
  return { ...ctx.access.whose(member), name: member.name }
}

/** How far apart two scores are as both are shown, so that readers who subtract find the same. */
export function gapText(say: Translate, a: number, b: number): string {
  const gap = Math.abs(rounded(a) - rounded(b))
  return gap === 0 ? say(rankingKey('gap.tiny')) : figure(gap)
}

/** Why a window can have no points, if so. */
export function emptiness(frame: RankingContext, window: QuestionWindow): Refusal | undefined {
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
  return undefined
}

/** Whether the scheme has anything that this role can get points for. */
export function isScored({ ctx }: RankingContext, role: MemberRole): boolean {
  return ctx.schemes.active.indicators.some((indicator) => indicator.role === role)
}

/** The last line of every answer with figures. */
export function rankingDataLine({ ctx, say }: RankingContext): string {
  const { dataUntil } = ctx.scoreboard
  return dataUntil === undefined ? '' : say(rankingKey('data-until'), { day: formatDay(dataUntil) })
}

/** The line under a page of several. */
export function pageLine(
  say: Translate,
  command: keyof typeof words.commands,
  { page, pages }: { page: number; pages: number },
): string {
  if (pages <= 1) return ''
  return say(rankingKey(page < pages ? 'list.page' : 'list.last-page'), {
    page,
    pages,
    command: words.commands[command],
  })
}

export function joinRankingLines(lines: readonly (string | undefined | false)[]): string {
  return lines.filter(Boolean).join('\n')
}
