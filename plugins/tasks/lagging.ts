import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { AccessScope } from '@space-assistant/core/access/visibility'
import { isStaff, schoolOfViewer, townsOf } from '@space-assistant/core/access/viewer'
import { formatDay, parseDay } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Member } from '@space-assistant/core/roster/member'
import type { IntentOf } from '@space-assistant/core/understanding/intent'
import { joinTaskLines, taskDataLine, taskKey, taskRefusal } from './frame'
import type { TaskContext } from './frame'
import { answerSchoolTasks } from './school'

const shownNames = 30

/** Who has no point for something in a window. Nobody is named for days whose data have not come. */
export function laggingAnswer(frame: TaskContext, intent: IntentOf<'lagging'>): string {
  const { ctx, say, viewer } = frame
  const scope = scopeOf(frame, intent.where)
  if (!scope) return say(taskKey('no-own-school'))
  const decision = decideAccess(viewer, { kind: 'member-list', scope })
  if (!decision.allowed) return taskRefusal(frame, decision)
  // Who is behind with everything together is what the tasks of the school say.
  const everything = !intent.indicators && intent.from === undefined && intent.to === undefined
  if (everything && scope.kind === 'school' && intent.role !== 'administrator')
    return answerSchoolTasks(frame, scope.school)
  const window = windowOf(frame, intent)
  const missing = beyondData(frame, window)
  if (missing !== undefined) return missing
  const role = intent.role ?? 'teacher'
  const members = ctx.roster
    .members()
    .filter(
      (member) => member.state === 'active' && member.roles.includes(role) && belongs(frame, member, scope),
    )
  const { board } = ctx.scoreboard
  const { indicators } = intent
  const query = { role, window, ...(indicators && { indicators }) }
  const behind = members.filter(({ account }) => board.points(account, query) <= 0)
  const params = {
    where: nameOfScope(frame, scope),
    what: indicators?.slice(0, 3).join(say(taskKey('and'))) ?? say(taskKey('lagging.anything')),
    from: formatDay(window.from),
    to: formatDay(window.to),
    role: say(taskKey(`role.${role}`)),
    members: members.length,
    behind: behind.length,
  }
  if (!behind.length) return joinTaskLines([say(taskKey('lagging.none'), params), taskDataLine(frame)])
  if (scope.kind === 'school') readAside(frame, scope.school)
  return joinTaskLines([
    say(taskKey('lagging.head'), params),
    scope.kind === 'school' ? names(frame, behind) : schools(frame, behind),
    taskDataLine(frame),
  ])
}

/** What is said instead of names when the data do not reach the end of what was asked. */
function beyondData({ ctx, say, viewer }: TaskContext, { from, to }: Window): string | undefined {
  const { dataUntil } = ctx.scoreboard
  if (dataUntil === undefined) return say(taskKey('no-data'))
  if (dataUntil >= to) return undefined
  const params = { day: formatDay(dataUntil), from: formatDay(from), to: formatDay(to) }
  return say(taskKey(isStaff(viewer) ? 'lagging.data-short-staff' : 'lagging.data-short'), params)
}

/** Until the end of the data where no end was said. */
function windowOf({ ctx, today }: TaskContext, { from, to }: IntentOf<'lagging'>): Window {
  const { period } = ctx.schemes.active
  const dataUntil = ctx.scoreboard.dataUntil ?? today
  const begin = from === undefined ? undefined : parseDay(from)
  const end = to === undefined ? undefined : parseDay(to)
  return { from: begin ?? period.from, to: Math.min(end ?? dataUntil, Math.max(today, dataUntil)) }
}

function scopeOf({ ctx, viewer }: TaskContext, where: IntentOf<'lagging'>['where']): AccessScope | undefined {
  const { place } = viewer
  const own = schoolOfViewer(viewer) ?? (place.kind === 'group' ? place.school : undefined)
  const school = (code: string): AccessScope => {
    const town = ctx.roster.school(code)?.town
    return { kind: 'school', school: code, ...(town !== undefined && { town }) }
  }
  if (where?.startsWith('school:')) return school(where.slice('school:'.length))
  if (where?.startsWith('town:')) return { kind: 'town', town: where.slice('town:'.length) }
  if (where === 'district' || where === 'city') return { kind: 'district' }
  const town = townsOf(viewer)[0] ?? (own === undefined ? undefined : ctx.roster.school(own)?.town)
  if (where === 'own-town' || (where === undefined && own === undefined && town !== undefined))
    return town === undefined ? undefined : { kind: 'town', town }
  if (own !== undefined) return school(own)
  return where === undefined && isStaff(viewer) ? { kind: 'district' } : undefined
}

function belongs({ ctx }: TaskContext, member: Member, scope: AccessScope): boolean {
  if (scope.kind === 'district') return true
  if (scope.kind === 'school') return member.school === scope.school
  return ctx.roster.school(member.school)?.town === scope.town
}

function nameOfScope({ ctx, say }: TaskContext, scope: AccessScope): string {
  if (scope.kind === 'district') return say(taskKey('district'))
  return scope.kind === 'town' ? scope.town : (ctx.roster.school(scope.school)?.name ?? scope.school)
}

function names({ ctx, say, viewer }: TaskContext, behind: readonly Member[]): string {
  const shown = behind.slice(0, shownNames).flatMap((member) => {
    return nameFor(viewer, { ...ctx.access.whose(member), name: member.name }) ?? []
  })
  const more = behind.length > shown.length ? say(taskKey('school.more'), { count: behind.length }) : ''
  return shown.join(say(taskKey('and'))) + more
}

/** Beyond one school only how many of each, most first. */
function schools({ ctx, say }: TaskContext, behind: readonly Member[]): string {
  const counts = new Map<string, number>()
  for (const { school } of behind) counts.set(school, (counts.get(school) ?? 0) + 1)
  const most = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 10)
  return most
    .map(([code, count]) =>
      say(taskKey('lagging.school'), { school: ctx.roster.school(code)?.name ?? code, count }),
    )
    .join(say(taskKey('and')))
}
