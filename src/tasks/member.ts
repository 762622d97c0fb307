import type { Day } from '../calendar/day'
import { memberRoles } from '../scheme/scheme'
import type { MemberRole, Scheme } from '../scheme/scheme'
import type { Member } from '../roster/member'
import type { Counts } from './counts'
import { roomOf } from './room'
import type { Room } from './room'
import { targetsOf } from './target'
import type { TargetTask } from './target'

/** What a member still has to do in one role. */
export type MemberTasks =
  | { kind: 'targets'; role: MemberRole; unmet: TargetTask[]; met: TargetTask[] }
  | ({ kind: 'room'; role: MemberRole } & Room)

/** On a day outside the scoring period there is nothing to do. */
export type Closed = { kind: 'closed'; state: 'ahead' | 'over' }

/** Whether the scoring period has not begun or is over on a day. */
export function closedOn({ period }: Pick<Scheme, 'period'>, today: Day): Closed | undefined {
  if (today < period.from) return { kind: 'closed', state: 'ahead' }
  return today > period.to ? { kind: 'closed', state: 'over' } : undefined
}

/** What a member still has to do on a day, for each of the roles that the scheme scores. */
export function memberTasks(
  scheme: Scheme,
  { roles }: Pick<Member, 'roles'>,
  { counts, today }: { counts: Counts; today: Day },
): MemberTasks[] | Closed {
  const closed = closedOn(scheme, today)
  if (closed) return closed
  const scored = memberRoles.filter(
    (role) => roles.includes(role) && scheme.indicators.some((one) => one.role === role),
  )
  return scored.map((role): MemberTasks => {
    if (scheme.tasks === 'room') return { kind: 'room', role, ...roomOf(scheme, role, { counts, today }) }
    const targets = targetsOf(scheme, role, { counts, today })
    return {
      kind: 'targets',
      role,
      unmet: targets.filter(({ missing }) => missing > 0),
      met: targets.filter(({ missing }) => missing === 0),
    }
  })
}
