import { refKey } from './channel'
import type { ChannelRef } from './channel'
import type { GroupPurpose } from '../access/viewer'
import type { School } from '../roster/member'

/** A part of an audience; the whole is all that any part names. */
export type Term =
  | { kind: 'purpose'; purposes: readonly GroupPurpose[] }
  | { kind: 'town'; town: string }
  | { kind: 'stage'; stage: string }
  | { kind: 'school'; school: School }
  /** One group, by its name or number. */
  | { kind: 'group'; key: string }

export interface AnnouncementTarget {
  ref: ChannelRef
  label: string
}

/** A group that staff have set up. */
export interface AudienceGroup extends ChannelRef {
  purpose: GroupPurpose
  school: string
  town: string
}

export interface AudienceWords {
  /** Words for groups of some purposes. */
  purposes: Record<string, readonly GroupPurpose[]>
  /** Stands between two parts. */
  separators: readonly string[]
}

export interface AudienceSources {
  words: AudienceWords
  schools: readonly School[]
  findSchools: (text: string) => School[]
  /** Groups by what staff call them. */
  named: readonly { key: string; name: string }[]
}

/** An audience in words; nothing said means the exchange groups of the administrators. */
export function parseAudience(
  text: string,
  { words, schools, findSchools, named }: AudienceSources,
): { terms: Term[] } | { unknown: string } {
  const [mark = ',', ...others] = words.separators
  let plain = text.normalize('NFKC')
  for (const separator of others) plain = plain.replaceAll(separator, mark)
  const chunks = plain.split(mark).filter((chunk) => chunk.trim())
  if (!chunks.length) return { terms: [{ kind: 'purpose', purposes: ['exchange'] }] }
  const terms: Term[] = []
  const parts = chunks.flatMap((chunk) => {
    // A group's name may have spaces in it.
    const group = named.find(({ name }) => closed(name) === closed(chunk))
    if (group) terms.push({ kind: 'group', key: group.key })
    return group ? [] : chunk.split(/\s+/).filter(Boolean)
  })
  for (const part of parts) {
    const purposes = words.purposes[part]
    const found = schools.some(({ town }) => town === part)
      ? ({ kind: 'town', town: part } as const)
      : schools.some(({ stage }) => stage === part)
        ? ({ kind: 'stage', stage: part } as const)
        : undefined
    const named = purposes || found ? [] : findSchools(part)
    const [school] = named
    if (purposes) terms.push({ kind: 'purpose', purposes })
    else if (found) terms.push(found)
    else if (school && named.length === 1) terms.push({ kind: 'school', school })
    else return { unknown: Array.from(part).slice(0, 20).join('') }
  }
  return { terms }
}

const closed = (name: string) => name.normalize('NFKC').replace(/\s+/g, '')

/** The groups that an audience names, each once, in the order given. Support and staff only by their own words. */
export function groupsOf<G extends AudienceGroup>(
  terms: readonly Term[],
  groups: readonly G[],
  school: (code: string) => School | undefined,
): G[] {
  const seen = new Set<string>()
  return groups.filter((group) => {
    const key = refKey(group)
    if (seen.has(key) || !terms.some((term) => fits(term, group, school(group.school)))) return false
    seen.add(key)
    return true
  })
}

function fits(term: Term, group: AudienceGroup, school: School | undefined): boolean {
  const ofSchools = group.purpose === 'exchange' || group.purpose === 'school'
  switch (term.kind) {
    case 'purpose':
      return term.purposes.includes(group.purpose)
    case 'town':
      return ofSchools && (group.town === term.town || school?.town === term.town)
    case 'stage':
      return group.purpose === 'school' && school?.stage === term.stage
    case 'school':
      return group.purpose === 'school' && group.school === term.school.code
    case 'group':
      return refKey(group) === term.key
  }
}
