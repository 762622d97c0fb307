import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import type { Member, School } from '@space-assistant/core/roster/member'
import { memberColumns, sameColumns, schoolColumns } from './columns'
import type { SaidMember } from './columns'

/** What a roster or schools file would change, against what is known now. Rows without a difference are left out. */
export interface RosterPlan {
  kind: 'roster'
  schools: School[]
  members: Member[]
  /** All that the file says, without what is known from elsewhere. */
  said: { schools: School[]; members: SaidMember[] }
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
  const members = new Map<string, SaidMember>()
  for (const row of rows) {
    const { schoolCode: code, account, name, roles, state, subject, opened } = row
    say(schools, code, { code, name: row.schoolName, town: row.town, stage: row.stage })
    say(members, account, { account, name, school: code, roles, state, subject, opened })
  }
  return planOf(schools, members, known)
}

export function planSchools(rows: readonly SchoolRow[], known: KnownRoster): RosterPlan {
  const schools = new Map<string, School>()
  for (const row of rows) {
    const { code, name, town, stage, students, studentsOpened, studentsTookPart } = row
    say(schools, code, { code, name, town, stage, students, studentsOpened, studentsTookPart })
  }
  return planOf(schools, new Map(), known)
}

/** Of two rows about the same, the later one counts, cell by cell. */
function say<T extends object>(said: Map<string, T>, key: string, given: T): void {
  said.set(key, over(said.get(key), given))
}

/** What is given, over what was known before; a cell without a value says nothing. */
function over<T extends object>(before: T | undefined, given: T): T {
  const merged = { ...before, ...given }
  if (before) for (const key in before) merged[key] ??= before[key]
  return merged
}

function planOf(
  schools: Map<string, School>,
  members: Map<string, SaidMember>,
  known: KnownRoster,
): RosterPlan {
  return planSaid({ schools: [...schools.values()], members: [...members.values()] }, known)
}

/** What a file says, against what is known by now. */
export function planSaid(said: RosterPlan['said'], known: KnownRoster): RosterPlan {
  const plan: RosterPlan = {
    kind: 'roster',
    schools: [],
    members: [],
    said,
    summary: {
      schools: { added: 0, changed: 0, same: 0 },
      members: { added: 0, changed: 0, moved: 0, same: 0 },
    },
  }
  for (const given of said.schools) {
    const before = known.school(given.code)
    const school = over(before, given)
    const outcome = compare(before && schoolColumns(before), schoolColumns(school))
    plan.summary.schools[outcome]++
    if (outcome !== 'same') plan.schools.push(school)
  }
  for (const given of said.members) {
    const before = known.member(given.account)
    const said = over<SaidMember>(before, given)
    const member = { ...said, state: said.state ?? 'active' }
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
