import { memberStates } from '@space-assistant/core/roster/member'
import type { Member, School } from '@space-assistant/core/roster/member'
import type { MemberRow, StoredSchoolRow } from './table'

/** What a roster says of a member: one without a column for it says nothing about who is active. */
export type SaidMember = Omit<Member, 'state'> & { state?: Member['state'] | undefined }

const roleSets = [
  [],
  ['administrator'],
  ['teacher'],
  ['administrator', 'teacher'],
] as const satisfies readonly Member['roles'][]

export function memberFromRow(row: MemberRow): Member {
  const { account, name, school, roles, state, subject, opened } = row
  return {
    account,
    name,
    school,
    roles: roleSets[roles] ?? [],
    // Nothing is said of the state by rosters without a column for it.
    state: state === null ? 'active' : (memberStates.find((known) => known === state) ?? 'departed'),
    ...(subject !== null && { subject }),
    ...(opened !== null && { opened: opened === 1 }),
  }
}

export function memberColumns(member: SaidMember): Omit<MemberRow, 'import'> {
  const { account, name, school, roles, state = null, subject = null, opened } = member
  const mask = (roles.includes('administrator') ? 1 : 0) + (roles.includes('teacher') ? 2 : 0)
  return {
    account,
    name,
    school,
    roles: mask,
    state,
    subject,
    opened: opened === undefined ? null : Number(opened),
  }
}

export function schoolFromRow(row: StoredSchoolRow): School {
  const school: School = { code: row.code, name: row.name }
  if (row.town !== null) school.town = row.town
  if (row.stage !== null) school.stage = row.stage
  if (row.students !== null) school.students = row.students
  if (row.studentsOpened !== null) school.studentsOpened = row.studentsOpened
  if (row.studentsTookPart !== null) school.studentsTookPart = row.studentsTookPart
  return school
}

export function schoolColumns(school: School): Omit<StoredSchoolRow, 'import'> {
  const { code, name, town = null, stage = null } = school
  const { students = null, studentsOpened = null, studentsTookPart = null } = school
  return { code, name, town, stage, students, studentsOpened, studentsTookPart }
}

/** Whether two rows say the same, wherever they come from. */
export function sameColumns(a: object, b: object): boolean {
  const other = b as Record<string, unknown>
  return Object.entries(a).every(([key, value]) => other[key] === value)
}
