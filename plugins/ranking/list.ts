import { figure } from '@space-assistant/core/text/figure'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { AccessDecision, AccessScope } from '@space-assistant/core/access/visibility'
import { schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { StandingPlace, Standing, StandingQuery } from '@space-assistant/core/ranking/standing'
import {
  rankingDataLine,
  emptiness,
  isScored,
  joinRankingLines,
  rankingKey,
  pageLine,
  rankingRefusal,
  schoolName,
  scopeName,
  wholeOf,
  windowText,
} from './frame'
import type { RankingContext } from './frame'
import type { Refusal } from '@space-assistant/core/access/outcome'
import { what } from './school'

const pageSize = 10
/** Most rows of a part that was asked for. */
const mostRows = 30

/** The beginning or end of a standing, or one place of it. */
export interface ListPart {
  kind: 'top' | 'bottom' | 'nth'
  count: number
}

/** A page of a standing, and the asker's own place when it is on another one. */
export function listAnswer(
  frame: RankingContext,
  question: RankingQuestion,
  scope: StandingQuery['scope'],
  part?: ListPart,
): { text: string; page: number } {
  const decision = decideAccess(frame.viewer, {
    kind: question.of === 'school' ? 'school-standing' : 'member-standing',
    scope: visibleScope(frame, scope),
  })
  if (!decision.allowed) return { text: rankingRefusal(frame, decision), page: 1 }
  const nothing = emptiness(frame, question.window) ?? unscored(frame, question)
  if (nothing) return { text: rankingRefusal(frame, nothing), page: 1 }
  if (question.of !== 'school') readAside(frame, scope.kind === 'school' ? scope.code : undefined)
  const standing = frame.ctx.scoreboard.standing(queryOf(question, scope))
  const list = listOf(frame, { standing, scope, decision, question })
  if (list.size === 0 && standing.size > 0)
    return { text: rankingRefusal(frame, { code: 'own-school-only', params: {} }), page: 1 }
  if (list.size === 0) return { text: rankingRefusal(frame, { code: 'nobody-ranked', params: {} }), page: 1 }
  if (part) return { text: partText(frame, { standing, scope, decision, question }, part), page: 1 }
  const pages = Math.ceil(list.size / pageSize)
  const page = Math.min(Math.max(Number(question.page), 1), pages)
  const places = list.page((page - 1) * pageSize, pageSize)
  const text = joinRankingLines([
    head(frame, { question, scope, size: standing.size }),
    ...places.map((place) => line(frame, question, place)),
    own(frame, { question, standing, shown: places }),
    decision.rows === 'own-school' && frame.say(rankingKey('list.own-school-only')),
    pageLine(frame.say, 'ranking', { page, pages }),
    rankingDataLine(frame),
  ])
  return { text, page }
}

/** Only the rows that were asked for; equal scores at the edge of a place belong to it. */
function partText(frame: RankingContext, listed: Listed, { kind, count }: ListPart): string {
  const { standing, scope, question, decision } = listed
  const list = listOf(frame, listed)
  const rows = Math.min(count, mostRows)
  const offset = kind === 'bottom' ? Math.max(list.size - rows, 0) : kind === 'nth' ? count - 1 : 0
  const places = list.page(offset, kind === 'nth' ? 1 : rows)
  if (!places.length)
    return rankingRefusal(frame, { code: 'no-such-place', params: { size: list.size, rank: count } })
  return joinRankingLines([
    head(frame, { question, scope, size: standing.size }),
    ...places.map((place) => line(frame, question, place)),
    decision.rows === 'own-school' && frame.say(rankingKey('list.own-school-only')),
    rankingDataLine(frame),
  ])
}

function unscored(frame: RankingContext, { of }: RankingQuestion): Refusal | undefined {
  if (of === 'school' || isScored(frame, of)) return undefined
  return { code: 'not-scored', params: { role: frame.say(rankingKey(`subject.${of}`)) } }
}

function queryOf(
  { of, window, indicators, stage }: RankingQuestion,
  scope: StandingQuery['scope'],
): StandingQuery {
  const { from, to } = window
  const subject = of === 'school' ? 'schools' : of === 'teacher' ? 'teachers' : 'administrators'
  return {
    of: subject,
    window: { from, to },
    scope,
    ...(indicators && { indicators }),
    ...(stage && { stage }),
  }
}

function visibleScope({ ctx }: RankingContext, scope: StandingQuery['scope']): AccessScope {
  if (scope.kind !== 'school') return scope
  const town = ctx.roster.school(scope.code)?.town
  return { kind: 'school', school: scope.code, ...(town !== undefined && { town }) }
}

interface Listed {
  standing: Standing
  scope: StandingQuery['scope']
  decision: AccessDecision & { allowed: true }
  question: RankingQuestion
}

/** The rows that may be shown: all of the standing, or the own school's with their places in it. */
function listOf(frame: RankingContext, { standing, decision, question }: Listed) {
  const code = schoolOfViewer(frame.viewer)
  if (decision.rows === 'all' || code === undefined) {
    return { size: standing.size, page: (offset: number, count: number) => standing.entries(offset, count) }
  }
  const within = frame.ctx.scoreboard.standing(queryOf({ ...question }, { kind: 'school', code }))
  const shown = within.entries(0, within.size).flatMap((place) => standing.place(place.code) ?? [])
  return { size: shown.length, page: (offset: number, count: number) => shown.slice(offset, offset + count) }
}

function head(
  frame: RankingContext,
  { question, scope, size }: { question: RankingQuestion; scope: StandingQuery['scope']; size: number },
) {
  const { say } = frame
  const where = scopeName(frame, scope)
  const of = say(rankingKey(`subject.${question.of}`))
  const window = windowText(say, question.window)
  return say(rankingKey('list.head'), {
    where,
    of,
    window,
    what: what(frame, question),
    size,
    unit: say(rankingKey(`unit.${question.of}`)),
  })
}

/** Scopes whose people need no school behind the name. */
const oneSchool: ReadonlySet<string> = new Set(['own-school', 'school'])

function line(frame: RankingContext, question: RankingQuestion, place: StandingPlace): string {
  const { say, viewer, ctx } = frame
  const params = { rank: place.rank, score: figure(place.score) }
  if (question.of === 'school') {
    const mine = place.code === schoolOfViewer(viewer) ? say(rankingKey('list.mine-school')) : ''
    return say(rankingKey('list.line'), { ...params, name: place.name, mine })
  }
  const member = ctx.roster.member(place.code)
  const name = member ? nameFor(viewer, wholeOf(frame, member)) : undefined
  if (name === undefined) return say(rankingKey('list.withheld'), params)
  const mine = place.code === viewer.account ? say(rankingKey('list.mine')) : ''
  const other = oneSchool.has(question.scope.kind) || place.school === schoolOfViewer(viewer)
  const school = other ? '' : say(rankingKey('list.of-school'), { school: schoolName(frame, place.school) })
  return say(rankingKey('list.line'), { ...params, name: `${name}${school}`, mine })
}

/** The asker's own place and the two around it, when they are not on the page anyway. */
function own(
  frame: RankingContext,
  { question, standing, shown }: { question: RankingQuestion; standing: Standing; shown: StandingPlace[] },
): string {
  const code = question.of === 'school' ? schoolOfViewer(frame.viewer) : frame.viewer.account
  if (code === undefined || shown.some((place) => place.code === code) || !standing.place(code)) return ''
  const around = standing
    .around(code, 1)
    .filter((place) => place.code === code || visible(frame, question, place))
  return joinRankingLines([
    frame.say(rankingKey('list.around')),
    ...around.map((place) => line(frame, question, place)),
  ])
}

function visible(frame: RankingContext, question: RankingQuestion, place: StandingPlace): boolean {
  if (question.of === 'school') return true
  const member = frame.ctx.roster.member(place.code)
  return member !== undefined && nameFor(frame.viewer, wholeOf(frame, member)) !== undefined
}
