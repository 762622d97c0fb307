import type { DemoPerson } from '@space-assistant/core/office/contract/demo'
import type { Member } from '@space-assistant/core/roster/member'
import type { RosterService } from 'koishi-plugin-space-roster'

/** What a person of the demo plays; whoever is not in the cast is a stranger to the bot. */
export type Part =
  | { kind: 'member'; member: Member; town?: undefined }
  | { kind: 'staff' | 'support'; town?: undefined }
  | { kind: 'town'; town: string }

export type Cast = Record<Exclude<DemoPerson, 'stranger'>, Part>

/**
 * Hands out the parts: an administrator who teaches too, a busy teacher of the same school, staff, the office of the
 * school's town, support. `points` gives a teacher's points.
 */
export function castOf(
  roster: Pick<RosterService, 'schools' | 'members'>,
  points: (account: string) => number,
): Cast {
  const active = roster.members().filter(({ state }) => state === 'active')
  const administrator = active.find(({ roles }) => roles.length > 1)
  const school = roster.schools().find(({ code }) => code === administrator?.school)
  const [, , teacher] = active
    .filter((member) => member.school === school?.code && !member.roles.includes('administrator'))
    .sort((a, b) => points(b.account) - points(a.account))
  if (!administrator || !school || !teacher)
    throw new Error('the demo needs a school with an administrator and teachers')
  return {
    administrator: { kind: 'member', member: administrator },
    teacher: { kind: 'member', member: teacher },
    staff: { kind: 'staff' },
    town: { kind: 'town', town: school.town ?? '' },
    support: { kind: 'support' },
  }
}
