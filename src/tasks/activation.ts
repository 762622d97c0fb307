import type { Scheme } from '../scheme/scheme'
import type { Member, School } from '../roster/member'

/** How many spaces are opened, out of how many. Sums of several schools are made with `sumActivation`. */
export interface Activation {
  teachers: number
  teachersOpened: number
  students: number
  studentsOpened: number
  /** Teachers of whom the roster does not say; they are counted as not opened. */
  teachersUnknown: number
  /** Schools that have not said how many students they have; their students are in no figure. */
  schoolsUnknown: number
}

/** Of one school: its active teachers, and the students of grade 3 and up that its row in the table of schools gives. */
export function activationOf(school: School, members: Iterable<Member>): Activation {
  const activation: Activation = {
    teachers: 0,
    teachersOpened: 0,
    students: school.students ?? 0,
    studentsOpened: school.students === undefined ? 0 : Math.min(school.studentsOpened ?? 0, school.students),
    teachersUnknown: 0,
    schoolsUnknown: school.students === undefined ? 1 : 0,
  }
  for (const member of members) {
    if (member.school !== school.code || member.state !== 'active' || !member.roles.includes('teacher'))
      continue
    activation.teachers++
    if (member.opened) activation.teachersOpened++
    if (member.opened === undefined) activation.teachersUnknown++
  }
  return activation
}

export function sumActivation(activations: Iterable<Activation>): Activation {
  const sum: Activation = {
    teachers: 0,
    teachersOpened: 0,
    students: 0,
    studentsOpened: 0,
    teachersUnknown: 0,
    schoolsUnknown: 0,
  }
  for (const one of activations) {
    for (const key of Object.keys(sum) as (keyof Activation)[]) sum[key] += one[key]
  }
  return sum
}

/** Opened spaces as a share of all, from 0 to 1; null when there is nobody to open one. */
export function activationRate(activation: Activation): number | null {
  const total = activation.teachers + activation.students
  return total ? (activation.teachersOpened + activation.studentsOpened) / total : null
}

/** How a rate stands to the scheme's thresholds; undefined when the scheme has none. */
export function activationState(
  rate: number | null,
  { activation }: Pick<Scheme, 'activation'>,
): 'reached' | 'enough-for-awards' | 'behind' | undefined {
  if (!activation) return undefined
  if (rate === null || rate < activation.award) return 'behind'
  return rate < activation.goal ? 'enough-for-awards' : 'reached'
}
