import { bucketWindow } from '../calendar/bucket'
import type { Day } from '../calendar/day'
import type { MemberRole, Scheme } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { Member, School } from '../roster/member'
import { activationOf, activationRate, sumActivation } from './activation'
import type { Activation } from './activation'
import type { Counts } from './counts'
import { closedOn } from './member'
import type { Closed } from './member'
import { targetsOf } from './target'
import type { TargetTask } from './target'

/** A member with something left to do. */
export interface Behind {
  member: Member
  /** Unmet targets; empty in a scheme of room, where behind means that nothing was counted this week. */
  unmet: TargetTask[]
}

export interface RoleTasks {
  /** Active members of the role. */
  members: number
  /** In the order in which the members were given. */
  behind: Behind[]
}

/** How a school stands on a day. For a digest of a finished week, ask with the last day of that week. */
export interface SchoolTasks {
  kind: 'school'
  school: School
  teacher: RoleTasks
  administrator: RoleTasks
  activation: Activation
  /** Share of opened spaces, 0 to 1; null when the school has nobody. */
  rate: number | null
}

export interface TasksQuery {
  scheme: Scheme
  /** The counts of a member; may be one object that is turned from member to member. */
  counts: (account: string) => Counts
  today: Day
}

/** `members` may hold other schools' members too; they are passed over. */
export function schoolTasks(
  school: School,
  members: readonly Member[],
  query: TasksQuery,
): SchoolTasks | Closed {
  const closed = closedOn(query.scheme, query.today)
  if (closed) return closed
  const own = members.filter((member) => member.school === school.code && member.state === 'active')
  const activation = activationOf(school, own)
  return {
    kind: 'school',
    school,
    teacher: roleTasks('teacher', own, query),
    administrator: roleTasks('administrator', own, query),
    activation,
    rate: activationRate(activation),
  }
}

function roleTasks(role: MemberRole, members: readonly Member[], query: TasksQuery): RoleTasks {
  const own = members.filter(({ roles }) => roles.includes(role))
  const behind = own.flatMap((member) => behindOf(member, role, query) ?? [])
  return { members: own.length, behind }
}

function behindOf(
  member: Member,
  role: MemberRole,
  { scheme, counts, today }: TasksQuery,
): Behind | undefined {
  const own = counts(member.account)
  switch (scheme.tasks) {
    case 'targets': {
      const unmet = targetsOf(scheme, role, { counts: own, today }).filter(({ missing }) => missing > 0)
      return unmet.length ? { member, unmet } : undefined
    }
    case 'room': {
      const week: Window = bucketWindow('week', today, scheme.period)
      const indicators = scheme.indicators.filter((indicator) => indicator.role === role)
      const idle = indicators.length > 0 && indicators.every(({ name }) => own.counted(name, week) === 0)
      return idle ? { member, unmet: [] } : undefined
    }
  }
}

/** How the whole district, or some of its schools, stands. */
export interface DistrictTasks {
  teachers: number
  teachersBehind: number
  administrators: number
  administratorsBehind: number
  activation: Activation
  rate: number | null
  /** The schools with teachers behind, the largest share first, then by code as they were given. */
  behind: SchoolTasks[]
  /** Schools whose activation is below what awards ask for, the lowest first. */
  belowAward: SchoolTasks[]
}

/** Sums up schools; whoever is given decides whether it is the district, a town or a stage. */
export function districtTasks(
  schools: readonly SchoolTasks[],
  scheme: Pick<Scheme, 'activation'>,
): DistrictTasks {
  const sum = (of: (school: SchoolTasks) => number) =>
    schools.reduce((total, school) => total + of(school), 0)
  const activation = sumActivation(schools.map((school) => school.activation))
  const share = ({ teacher }: SchoolTasks) => teacher.behind.length / teacher.members
  const award = scheme.activation?.award ?? 0
  return {
    teachers: sum(({ teacher }) => teacher.members),
    teachersBehind: sum(({ teacher }) => teacher.behind.length),
    administrators: sum(({ administrator }) => administrator.members),
    administratorsBehind: sum(({ administrator }) => administrator.behind.length),
    activation,
    rate: activationRate(activation),
    behind: schools.filter(({ teacher }) => teacher.behind.length > 0).sort((a, b) => share(b) - share(a)),
    belowAward: schools
      .filter(({ rate }) => rate !== null && rate < award)
      .sort((a, b) => (a.rate ?? 0) - (b.rate ?? 0)),
  }
}
