import { decideAccess } from '@space-assistant/core/access/visibility'
import { isStaff, townsOf } from '@space-assistant/core/access/viewer'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { windowWeekBefore } from '@space-assistant/core/ranking/week-before'
import type { Member, School } from '@space-assistant/core/roster/member'
import { activationOf, activationRate, sumActivation } from '@space-assistant/core/tasks/activation'
import { BoardCounts } from '@space-assistant/core/tasks/counts'
import { schoolTasks } from '@space-assistant/core/tasks/school'
import type { SchoolTasks } from '@space-assistant/core/tasks/school'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-tickets'
import type { OfficeAsker, RouteHandlers } from '../visit'
import { answered, declined } from './answers'
import { activationFiguresOf } from './school'
import { personOf } from './tickets'

type Cockpit = OfficeAnswer<'cockpit'>

const SHOWN = 10
const MOVED = 5

/** One school with its people and what they have left to do; `tasks` is absent outside the scoring period. */
interface Looked {
  school: School
  members: readonly Member[]
  tasks: SchoolTasks | undefined
  active: number
}

/** The state of a district or a town at a glance. */
export function cockpitRoutes(ctx: Context): RouteHandlers<'cockpit'> {
  return {
    async cockpit(asker, { town: wanted }) {
      const { viewer } = asker
      const town = wanted ?? (isStaff(viewer) ? undefined : townsOf(viewer)[0])
      const scope = town === undefined ? ({ kind: 'district' } as const) : ({ kind: 'town', town } as const)
      const decision = decideAccess(viewer, { kind: 'member-list', scope })
      if (!decision.allowed) return declined(decision.code, decision.params)
      const schools = ctx.roster.schools().filter((school) => town === undefined || school.town === town)
      if (!schools.length && town !== undefined) return declined('no-such-town')
      const looked = lookAtSchools(ctx, asker, schools)
      const waiting = isStaff(viewer) && town === undefined ? await waitingFor(ctx, asker) : undefined
      return answered({ ...figuresOf(ctx, looked), town: town ?? '', ...(waiting && { waiting }) })
    },
  }
}

function lookAtSchools(ctx: Context, { today }: OfficeAsker, schools: readonly School[]): Looked[] {
  const { board, dataUntil } = ctx.scoreboard
  const bySchool = new Map<string, Member[]>(schools.map(({ code }) => [code, []]))
  for (const member of ctx.roster.members()) bySchool.get(member.school)?.push(member)
  const counts = new BoardCounts(board)
  const week = { from: (dataUntil ?? today) - 6, to: dataUntil ?? today }
  const points = board.column({ role: 'teacher', window: week })
  return schools.map((school) => {
    const members = bySchool.get(school.code) ?? []
    const tasks = schoolTasks(school, members, {
      scheme: board.scheme,
      counts: (account) => counts.of(account),
      today,
    })
    const active = members.filter(({ account, state, roles }) => {
      const slot = board.people.slot(account)
      return (
        state === 'active' &&
        roles.includes('teacher') &&
        slot !== undefined &&
        (points.values[slot] ?? 0) > 0
      )
    })
    return { school, members, tasks: tasks.kind === 'closed' ? undefined : tasks, active: active.length }
  })
}

function figuresOf(ctx: Context, looked: readonly Looked[]): Omit<Cockpit, 'town' | 'waiting'> {
  const { dataUntil } = ctx.scoreboard
  const activation = sumActivation(looked.map(({ school, members }) => activationOf(school, members)))
  const open = looked.some(({ tasks }) => tasks)
  return {
    ...(dataUntil !== undefined && { dataUntil: formatDay(dataUntil) }),
    teachers: activation.teachers,
    ...(open && { behind: looked.reduce((sum, each) => sum + behindIn(each), 0) }),
    active: looked.reduce((sum, { active }) => sum + active, 0),
    activation: activationFiguresOf(ctx, activation),
    behindSchools: behindSchools(looked),
    belowAward: belowAward(ctx, looked),
    moved: movedSchools(ctx, looked),
    towns: townLines(ctx, looked),
  }
}

const behindIn = ({ tasks }: Looked) => tasks?.teacher.behind.length ?? 0

function behindSchools(looked: readonly Looked[]): Cockpit['behindSchools'] {
  return looked
    .flatMap(({ school: { code, name }, tasks }) => {
      const { behind = [], members = 0 } = tasks?.teacher ?? {}
      return behind.length ? [{ code, name, behind: behind.length, members }] : []
    })
    .sort((a, b) => b.behind / b.members - a.behind / a.members || b.behind - a.behind)
    .slice(0, SHOWN)
}

function belowAward({ schemes }: Context, looked: readonly Looked[]): Cockpit['belowAward'] {
  const award = schemes.active.activation?.award ?? 0
  return looked
    .flatMap(({ school, members }) => {
      const rate = activationRate(activationOf(school, members))
      return rate !== null && rate < award ? [{ code: school.code, name: school.name, rate }] : []
    })
    .sort((a, b) => a.rate - b.rate)
    .slice(0, SHOWN)
}

/** The schools that have won and lost the most places since the end of last week. */
function movedSchools({ scoreboard, schemes }: Context, looked: readonly Looked[]): Cockpit['moved'] {
  const window = schemes.active.period
  const before =
    scoreboard.dataUntil === undefined ? undefined : windowWeekBefore(window, scoreboard.dataUntil)
  if (!before) return []
  const query = { of: 'schools', scope: { kind: 'district' } } as const
  const now = scoreboard.standing({ ...query, window })
  const then = scoreboard.standing({ ...query, window: before })
  const moved = looked.flatMap(({ school: { code, name } }) => {
    const change = now.changeSince(then, code)?.places
    return change ? [{ code, name, rank: now.place(code)?.rank ?? 0, change }] : []
  })
  const sorted = moved.sort((a, b) => b.change - a.change)
  return sorted.length > 2 * MOVED ? [...sorted.slice(0, MOVED), ...sorted.slice(-MOVED)] : sorted
}

function townLines({ scoreboard, schemes }: Context, looked: readonly Looked[]): Cockpit['towns'] {
  const towns = new Map<string, Looked[]>()
  for (const each of looked) {
    const { town } = each.school
    if (town !== undefined) towns.set(town, [...(towns.get(town) ?? []), each])
  }
  const standing = scoreboard.standing({
    of: 'schools',
    scope: { kind: 'district' },
    window: schemes.active.period,
  })
  return [...towns].map(([town, own]) => {
    const activation = sumActivation(own.map(({ school, members }) => activationOf(school, members)))
    const ranks = own.flatMap(({ school }) => standing.place(school.code)?.rank ?? [])
    return {
      town,
      schools: own.length,
      teachers: activation.teachers,
      behind: own.reduce((sum, each) => sum + behindIn(each), 0),
      rate: activationRate(activation),
      ...(ranks.length && { best: Math.min(...ranks) }),
    }
  })
}

async function waitingFor(ctx: Context, asker: OfficeAsker): Promise<Cockpit['waiting']> {
  const [requests, tickets, unsettled] = await Promise.all([
    ctx.access.requests(asker.viewer),
    ctx.tickets.queue({ viewer: asker.viewer, origin: personOf(ctx, asker) }),
    ctx.outbox.unsettled(),
  ])
  return {
    requests: requests.length,
    tickets: tickets.ok ? tickets.value.length : 0,
    unsettled: unsettled.length,
    rules: rulesWait(ctx),
  }
}

function rulesWait({ schemes }: Context): boolean {
  try {
    return schemes.pending().kind !== 'nothing'
  } catch {
    // Files that cannot be read wait for somebody, too.
    return true
  }
}
