import { figure } from '@space-assistant/core/scoring/figure'
import { decide, nameFor } from '@space-assistant/core/identity/visibility'
import type { Decision, Scope } from '@space-assistant/core/identity/visibility'
import { schoolOf } from '@space-assistant/core/identity/viewer'
import type { Question } from '@space-assistant/core/ranking/question'
import type { Place, Standing, StandingQuery } from '@space-assistant/core/ranking/standing'
import {
  dataLine,
  emptiness,
  isScored,
  joined,
  key,
  pageLine,
  refuse,
  schoolName,
  scopeName,
  wholeOf,
  windowText,
} from './frame'
import type { Frame } from './frame'
import type { Refusal } from '@space-assistant/core/identity/outcome'
import { what } from './school'

const pageSize = 10

/** A page of a standing, and the asker's own place when it is on another one. */
export function listAnswer(
  frame: Frame,
  question: Question,
  scope: StandingQuery['scope'],
): { text: string; page: number } {
  const decision = decide(frame.viewer, {
    kind: question.of === 'school' ? 'school-standing' : 'member-standing',
    scope: visibleScope(frame, scope),
  })
  if (!decision.allowed) return { text: refuse(frame, decision), page: 1 }
  const nothing = emptiness(frame, question.window) ?? unscored(frame, question)
  if (nothing) return { text: refuse(frame, nothing), page: 1 }
  const standing = frame.ctx.scoreboard.standing(queryOf(question, scope))
  const list = listOf(frame, { standing, scope, decision, question })
  if (list.size === 0 && standing.size > 0)
    return { text: refuse(frame, { code: 'own-school-only', params: {} }), page: 1 }
  if (list.size === 0) return { text: refuse(frame, { code: 'nobody-ranked', params: {} }), page: 1 }
  const pages = Math.ceil(list.size / pageSize)
  const page = Math.min(Math.max(Number(question.page), 1), pages)
  const places = list.page((page - 1) * pageSize, pageSize)
  const text = joined([
    head(frame, { question, scope, size: standing.size }),
    ...places.map((place) => line(frame, question, place)),
    own(frame, { question, standing, shown: places }),
    decision.rows === 'own-school' && frame.say(key('list.own-school-only')),
    pageLine(frame.say, 'ranking', { page, pages }),
    dataLine(frame),
  ])
  return { text, page }
}

function unscored(frame: Frame, { of }: Question): Refusal | undefined {
  if (of === 'school' || isScored(frame, of)) return undefined
  return { code: 'not-scored', params: { role: frame.say(key(`subject.${of}`)) } }
}

function queryOf({ of, window, indicators, stage }: Question, scope: StandingQuery['scope']): StandingQuery {
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

function visibleScope({ ctx }: Frame, scope: StandingQuery['scope']): Scope {
  if (scope.kind !== 'school') return scope
  const town = ctx.roster.school(scope.code)?.town
  return { kind: 'school', school: scope.code, ...(town !== undefined && { town }) }
}

interface Listed {
  standing: Standing
  scope: StandingQuery['scope']
  decision: Decision & { allowed: true }
  question: Question
}

/** The rows that may be shown: all of the standing, or the own school's with their places in it. */
function listOf(frame: Frame, { standing, decision, question }: Listed) {
  const code = schoolOf(frame.viewer)
  if (decision.rows === 'all' || code === undefined) {
    return { size: standing.size, page: (offset: number, count: number) => standing.entries(offset, count) }
  }
  const within = frame.ctx.scoreboard.standing(queryOf({ ...question }, { kind: 'school', code }))
  const shown = within.entries(0, within.size).flatMap((place) => standing.place(place.code) ?? [])
  return { size: shown.length, page: (offset: number, count: number) => shown.slice(offset, offset + count) }
}

function head(
  frame: Frame,
  { question, scope, size }: { question: Question; scope: StandingQuery['scope']; size: number },
) {
  const { say } = frame
  const where = scopeName(frame, scope)
  const of = say(key(`subject.${question.of}`))
  const window = windowText(say, question.window)
  return say(key('list.head'), {
    where,
    of,
    window,
    what: what(frame, question),
    size,
    unit: say(key(`unit.${question.of}`)),
  })
}

/** Scopes whose people need no school behind the name. */
const oneSchool: ReadonlySet<string> = new Set(['own-school', 'school'])

function line(frame: Frame, question: Question, place: Place): string {
  const { say, viewer, ctx } = frame
  const params = { rank: place.rank, score: figure(place.score) }
  if (question.of === 'school') {
    const mine = place.code === schoolOf(viewer) ? say(key('list.mine-school')) : ''
    return say(key('list.line'), { ...params, name: place.name, mine })
  }
  const member = ctx.roster.member(place.code)
  const name = member ? nameFor(viewer, wholeOf(frame, member)) : undefined
  if (name === undefined) return say(key('list.withheld'), params)
  const mine = place.code === viewer.account ? say(key('list.mine')) : ''
  const other = oneSchool.has(question.scope.kind) || place.school === schoolOf(viewer)
  const school = other ? '' : say(key('list.of-school'), { school: schoolName(frame, place.school) })
  return say(key('list.line'), { ...params, name: `${name}${school}`, mine })
}

/** The asker's own place and the two around it, when they are not on the page anyway. */
function own(
  frame: Frame,
  { question, standing, shown }: { question: Question; standing: Standing; shown: Place[] },
): string {
  const code = question.of === 'school' ? schoolOf(frame.viewer) : frame.viewer.account
  if (code === undefined || shown.some((place) => place.code === code) || !standing.place(code)) return ''
  const around = standing
    .around(code, 1)
    .filter((place) => place.code === code || visible(frame, question, place))
  return joined([frame.say(key('list.around')), ...around.map((place) => line(frame, question, place))])
}

function visible(frame: Frame, question: Question, place: Place): boolean {
  if (question.of === 'school') return true
  const member = frame.ctx.roster.member(place.code)
  return member !== undefined && nameFor(frame.viewer, wholeOf(frame, member)) !== undefined
}
