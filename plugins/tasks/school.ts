import { figure } from '@space-assistant/core/text/figure'
import { readAside } from '@space-assistant/core/access/aside'
import { decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { AccessScope } from '@space-assistant/core/access/visibility'
import type { Member, School } from '@space-assistant/core/roster/member'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { districtTasks, schoolTasks } from '@space-assistant/core/tasks/school'
import type { Behind, SchoolTasks } from '@space-assistant/core/tasks/school'
import { taskDataLine, joinTaskLines, taskKey, taskRefusal } from './frame'
import type { TaskContext } from './frame'
import { closed } from './own'

const shownNames = 30
const shownSchools = 8

/** Who of a school still has something to do; for the asker alone where others than the school read along. */
export function answerSchoolTasks(frame: TaskContext, code: string): string {
  const { ctx, say, viewer } = frame
  const school = ctx.roster.school(code)
  if (!school) return say(taskKey('no-own-school'))
  const scope: AccessScope = {
    kind: 'school',
    school: code,
    ...(school.town !== undefined && { town: school.town }),
  }
  const decision = decideAccess(viewer, { kind: 'member-list', scope })
  if (!decision.allowed) return taskRefusal(frame, decision)
  const tasks = tasksOf(frame, [school])
  const [own] = tasks
  if (!own || own.kind === 'closed')
    return own ? closed(say, own, ctx.schemes.active.period) : say(taskKey('no-own-school'))
  readAside(frame, code)
  const { teacher, administrator } = own
  return joinTaskLines([
    say(taskKey(`school.${ctx.schemes.active.tasks}`), {
      school: school.name,
      members: teacher.members,
      behind: teacher.behind.length,
    }),
    names(frame, teacher.behind),
    administrator.behind.length > 0 &&
      say(taskKey('school.administrators'), { count: administrator.behind.length }),
    taskDataLine(frame),
  ])
}

/** How a town or the district stands; only counts and schools. */
export function areaAnswer(frame: TaskContext, where: string, town: string | undefined): string {
  const { ctx, say, viewer } = frame
  const scope: AccessScope = town === undefined ? { kind: 'district' } : { kind: 'town', town }
  const decision = decideAccess(viewer, { kind: 'member-list', scope })
  if (!decision.allowed) return taskRefusal(frame, decision)
  const schools = ctx.roster.schools().filter((school) => town === undefined || school.town === town)
  const all = tasksOf(frame, schools)
  const shut = all.find((each) => each.kind === 'closed')
  if (shut) return closed(say, shut, ctx.schemes.active.period)
  const sum = districtTasks(
    all.filter((each) => each.kind === 'school'),
    ctx.schemes.active,
  )
  const worst = sum.behind.slice(0, shownSchools).map(({ school, teacher }) => {
    return say(taskKey('area.school'), {
      school: school.name,
      behind: teacher.behind.length,
      members: teacher.members,
    })
  })
  return joinTaskLines([
    say(taskKey(`area.${ctx.schemes.active.tasks}`), {
      where,
      members: sum.teachers,
      behind: sum.teachersBehind,
    }),
    worst.length > 0 && say(taskKey('area.worst'), { schools: worst.join(say(taskKey('and'))) }),
    sum.rate !== null && say(taskKey('area.activation'), { rate: figure(Math.floor(sum.rate * 1000) / 10) }),
    sum.belowAward.length > 0 && say(taskKey('area.below-award'), { count: sum.belowAward.length }),
    taskDataLine(frame),
  ])
}

function tasksOf({ ctx, today }: TaskContext, schools: readonly School[]) {
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

function names({ ctx, say, viewer }: TaskContext, behind: readonly Behind[]): string {
  const shown = behind.slice(0, shownNames).flatMap(({ member, unmet }) => {
    const name = nameFor(viewer, { ...ctx.access.whose(member), name: member.name })
    if (name === undefined) return []
    return [unmet.length ? say(taskKey('school.name'), { name, count: unmet.length }) : name]
  })
  if (!shown.length) return ''
  const more = behind.length > shown.length ? say(taskKey('school.more'), { count: behind.length }) : ''
  return shown.join(say(taskKey('and'))) + more
}
