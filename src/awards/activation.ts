import type { School } from '../roster/member'
import type { PeopleIndex } from '../scoring/people'
import type { Met } from './evidence'

/** Opened spaces of a school as far as they are known. */
export interface KnownActivation {
  /** Teachers and students of grade 3 and up; null while nobody has said how many students there are. */
  total: number | null
  opened: number
  /** Of whom it is not said whether their space is opened. */
  unknown: number
}

/** Of all schools, in one pass over the active teachers, in order of code. */
export function knownActivations(people: PeopleIndex): KnownActivation[] {
  const activations = people.schools.map(studentsOf)
  for (const slot of people.active.teacher) {
    const activation = activations[people.schoolOf[slot] ?? -1]
    const member = people.members[slot]
    if (!activation || !member) continue
    if (activation.total !== null) activation.total++
    if (member.opened) activation.opened++
    else if (member.opened === undefined) activation.unknown++
  }
  return activations
}

function studentsOf({ students, studentsOpened }: School): KnownActivation {
  if (students === undefined) return { total: null, opened: 0, unknown: 0 }
  if (studentsOpened === undefined) return { total: students, opened: 0, unknown: students }
  return { total: students, opened: Math.min(studentsOpened, students), unknown: 0 }
}

/** Share of opened spaces, those that are not known counted as not opened; null when there are none or too little is known. */
export function knownRate({ total, opened }: KnownActivation): number | null {
  return total ? opened / total : null
}

/** Whether at least the share `min` is opened, whatever comes out about those that are not known. */
export function meetsActivation({ total, opened, unknown }: KnownActivation, min: number): Met {
  if (!total) return null
  if (opened / total >= min) return true
  return (opened + unknown) / total < min ? false : null
}

/** How many spaces have yet to be opened to reach the share `min`. */
export function spacesMissing({ total, opened }: KnownActivation, min: number): number | null {
  if (!total) return null
  let missing = Math.max(Math.floor(min * total) - opened, 0)
  while ((opened + missing) / total < min) missing++
  return missing
}
