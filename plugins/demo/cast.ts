import type { Member } from '@space-assistant/core/scoring/member'
import type { Roster } from 'koishi-plugin-space-roster'

/** What a person of the web sandbox plays; whoever is not in the cast is a stranger to the bot. */
export type Part =
  | { kind: 'member'; member: Member; town?: undefined }
  | { kind: 'staff' | 'support'; town?: undefined }
  | { kind: 'town'; town: string }

/** Parts by the names that the sandbox gives its people. */
export type Cast = Record<string, Part>

/** Hands out the parts: administrator and teacher of the first school, staff, the first school's town, support. */
export function castOf(roster: Pick<Roster, 'schools' | 'members'>): Cast {
  const [school] = roster.schools()
  if (!school) throw new Error('the demo needs a school')
  const own = roster.members().filter((member) => member.school === school.code && member.state === 'active')
  const administrator = own.find(({ roles }) => roles.includes('administrator'))
  const teacher = own.find(({ roles }) => !roles.includes('administrator'))
  if (!administrator || !teacher)
    throw new Error(`the demo needs an administrator and a teacher in ${school.name}`)
  return {
    Alice: { kind: 'member', member: administrator },
    Bob: { kind: 'member', member: teacher },
    Carol: { kind: 'staff' },
    Eve: { kind: 'town', town: school.town ?? '' },
    Frank: { kind: 'support' },
  }
}
