import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import type { Member, School } from '@space-assistant/core/scoring/member'
import { memberColumns, sameColumns, schoolColumns } from './columns'

/** What a roster or schools file would change, against what is known now. Rows without a difference are left out. */
export interface RosterPlan {
  kind: 'roster'
  schools: School[]
  members: Member[]
  summary: {
    schools: { added: number; changed: number; same: number }
    /** `moved` of the changed ones go to another school. */
    members: { added: number; changed: number; moved: number; same: number }
  }
}

export interface KnownRoster {
  member(account: string): Member | undefined
  school(code: string): School | undefined
}

/** Cells that the file does not give keep what is known. */
export function planRoster(rows: readonly RosterRow[], known: KnownRoster): RosterPlan {
  const schools = new Map<string, School>()
  const members = new Map<string, Member>()
  for (const row of rows) {
    const { schoolCode: code, account, name, roles, state } = row
    const before = members.get(account) ?? known.member(account)
    mergeSchool(schools, known, { code, name: row.schoolName, town: row.town, stage: row.stage })
    const { subject = before?.subject, opened = before?.opened } = row
    members.set(account, {
      account,
      name,
      school: code,
      roles,
      state,
      ...(subject !== undefined && { subject }),
      ...(opened !== undefined && { opened }),
    })
  }
  return planOf(schools, members, known)
}

export function planSchools(rows: readonly SchoolRow[], known: KnownRoster): RosterPlan {
  const schools = new Map<string, School>()
  for (const row of rows) {
    const { code, name, town, stage, students, studentsOpened, studentsTookPart } = row
    mergeSchool(schools, known, { code, name, town, stage, students, studentsOpened, studentsTookPart })
  }
  return planOf(schools, new Map(), known)
}

type Given<T> = { [K in keyof T]: T[K] | undefined } & { code: string; name: string }

function mergeSchool(schools: Map<string, School>, known: KnownRoster, given: Given<School>): void {
  const before = schools.get(given.code) ?? known.school(given.code)
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  schools.set(given.code, { ...before, ...present, code: given.code, name: given.name })
}

function planOf(schools: Map<string, School>, members: Map<string, Member>, known: KnownRoster): RosterPlan {
  const plan: RosterPlan = {
    kind: 'roster',
    schools: [],
    members: [],
    summary: {
      schools: { added: 0, changed: 0, same: 0 },
      members: { added: 0, changed: 0, moved: 0, same: 0 },
    },
  }
  for (const school of schools.values()) {
    const before = known.school(school.code)
    const outcome = compare(before && schoolColumns(before), schoolColumns(school))
    plan.summary.schools[outcome]++
    if (outcome !== 'same') plan.schools.push(school)
  }
  for (const member of members.values()) {
    const before = known.member(member.account)
    const outcome = compare(before && memberColumns(before), memberColumns(member))
    plan.summary.members[outcome]++
    if (before && before.school !== member.school) plan.summary.members.moved++
    if (outcome !== 'same') plan.members.push(member)
  }
  return plan
}

function compare(before: object | undefined, after: object): 'added' | 'changed' | 'same' {
  if (!before) return 'added'
  return sameColumns(before, after) ? 'same' : 'changed'
}
