import { figure } from '@space-assistant/core/scoring/figure'
import { decide, nameFor } from '@space-assistant/core/identity/visibility'
import type { Scope } from '@space-assistant/core/identity/visibility'
import type { Member, School } from '@space-assistant/core/scoring/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { districtTasks, schoolTasks } from '@space-assistant/core/tasks/school'
import type { Behind, SchoolTasks } from '@space-assistant/core/tasks/school'
import { dataLine, joined, key, refusal } from './frame'
import type { Frame } from './frame'
import { closed } from './own'

const shownNames = 30
const shownSchools = 8

/** Who of a school still has something to do; masked where others read along. */
export function schoolAnswer(frame: Frame, code: string): string {
  const { ctx, say, viewer } = frame
  const school = ctx.roster.school(code)
  if (!school) return say(key('no-own-school'))
  const scope: Scope = {
    kind: 'school',
    school: code,
    ...(school.town !== undefined && { town: school.town }),
  }
  const decision = decide(viewer, { kind: 'member-list', scope })
  if (!decision.allowed) return refusal(frame, decision)
  const tasks = tasksOf(frame, [school])
  const [own] = tasks
  if (!own || own.kind === 'closed')
    return own ? closed(say, own, ctx.schemes.active.period) : say(key('no-own-school'))
  const { teacher, administrator } = own
  return joined([
    say(key(`school.${ctx.schemes.active.tasks}`), {
      school: school.name,
      members: teacher.members,
      behind: teacher.behind.length,
    }),
    names(frame, teacher.behind),
    administrator.behind.length > 0 &&
      say(key('school.administrators'), { count: administrator.behind.length }),
    decision.masked && teacher.behind.length > 0 && say(key('school.masked')),
    dataLine(frame),
  ])
}

/** How a town or the district stands; only counts and schools. */
export function areaAnswer(frame: Frame, where: string, town: string | undefined): string {
  const { ctx, say, viewer } = frame
  const scope: Scope = town === undefined ? { kind: 'district' } : { kind: 'town', town }
  const decision = decide(viewer, { kind: 'member-list', scope })
  if (!decision.allowed) return refusal(frame, decision)
  const schools = ctx.roster.schools().filter((school) => town === undefined || school.town === town)
  const all = tasksOf(frame, schools)
  const shut = all.find((each) => each.kind === 'closed')
  if (shut) return closed(say, shut, ctx.schemes.active.period)
  const sum = districtTasks(
    all.filter((each) => each.kind === 'school'),
    ctx.schemes.active,
  )
  const worst = sum.behind.slice(0, shownSchools).map(({ school, teacher }) => {
    return say(key('area.school'), {
      school: school.name,
      behind: teacher.behind.length,
      members: teacher.members,
    })
  })
  return joined([
    say(key(`area.${ctx.schemes.active.tasks}`), {
      where,
      members: sum.teachers,
      behind: sum.teachersBehind,
    }),
    worst.length > 0 && say(key('area.worst'), { schools: worst.join(say(key('and'))) }),
    sum.rate !== null && say(key('area.activation'), { rate: figure(Math.floor(sum.rate * 1000) / 10) }),
    sum.belowAward.length > 0 && say(key('area.below-award'), { count: sum.belowAward.length }),
    dataLine(frame),
  ])
}

function tasksOf({ ctx, today }: Frame, schools: readonly School[]) {
  const { board } = ctx.scoreboard
  const counts = new BoardCounts(board)
  const bySchool = new Map<string, Member[]>(schools.map((school) => [school.code, []]))
  for (const member of ctx.roster.members()) bySchool.get(member.school)?.push(member)
  return schools.map((school): SchoolTasks | { kind: 'closed'; state: 'ahead' | 'over' } => {
    const members = bySchool.get(school.code) ?? []
    return schoolTasks(school, members, {
      scheme: board.scheme,
      counts: (account) => counts.of(account),
      today,
    })
  })
}

function names({ ctx, say, viewer }: Frame, behind: readonly Behind[]): string {
  const shown = behind.slice(0, shownNames).flatMap(({ member, unmet }) => {
    const name = nameFor(viewer, { ...ctx.identity.whose(member), name: member.name })
    if (name === undefined) return []
    return [unmet.length ? say(key('school.name'), { name, count: unmet.length }) : name]
  })
  if (!shown.length) return ''
  const more = behind.length > shown.length ? say(key('school.more'), { count: behind.length }) : ''
  return shown.join(say(key('and'))) + more
}
