import { memberRoles } from '../scheme/scheme'
import type { MemberRole } from '../scheme/scheme'
import type { Member, School } from '../roster/member'
import { present } from '../text/present'

/** Plain code point order (of UTF-16 text, where `<` would put U+FF10 behind an emoji). */
export function compareCodes(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return surrogatesLast(x) - surrogatesLast(y)
  }
  return a.length - b.length
}

function surrogatesLast(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** Names (of towns, of stages) numbered, and the number of each school's, -1 without. */
export interface Grouping {
  index: ReadonlyMap<string, number>
  ofSchool: Int32Array
}

/**
 * The people and schools of one district as columns: each account has a slot, a number that it keeps as long as
 * the board lives, and each school an index in order of code.
 */
export class PeopleIndex {
  readonly accounts: string[] = []
  /** By slot; undefined for accounts that are not in the roster (any more). */
  members: (Member | undefined)[] = []
  /** In order of code. */
  schools: School[] = []
  /** School index by slot, -1 without. */
  schoolOf = new Int32Array(0)
  /** Slots of active members of a role, in order of account. */
  active: Record<MemberRole, Uint32Array> = { administrator: new Uint32Array(0), teacher: new Uint32Array(0) }
  towns: Grouping = { index: new Map(), ofSchool: new Int32Array(0) }
  stages: Grouping = { index: new Map(), ofSchool: new Int32Array(0) }
  /** Every school index, for groups that are single schools. */
  itself = new Int32Array(0)
  /** Distinct active accounts by school index. */
  headcounts = new Uint32Array(0)
  /** Grows with every roster. */
  version = 0
  readonly #slots = new Map<string, number>()
  /** By school index; made when first asked for. */
  #accountsOf: readonly string[][] | undefined
  /** School index by code. */
  schoolIndexes: ReadonlyMap<string, number> = new Map()

  slot(account: string): number | undefined {
    return this.#slots.get(account)
  }

  /** The slot of an account, a new one when it has none. */
  ensure(account: string): number {
    const known = this.#slots.get(account)
    if (known !== undefined) return known
    const slot = this.accounts.push(account) - 1
    this.#slots.set(account, slot)
    return slot
  }

  school(code: string): School | undefined {
    return this.schools[this.schoolIndexes.get(code) ?? -1]
  }

  schoolIndex(code: string): number | undefined {
    return this.schoolIndexes.get(code)
  }

  /** Accounts of a school, active or not. */
  accountsOf(code: string): readonly string[] {
    this.#accountsOf ??= this.#groupAccounts()
    return this.#accountsOf[this.schoolIndexes.get(code) ?? -1] ?? []
  }

  #groupAccounts(): string[][] {
    const groups: string[][] = this.schools.map(() => [])
    for (const [slot, school] of this.schoolOf.entries()) groups[school]?.push(this.accounts[slot] ?? '')
    return groups
  }

  /** Replaces roster and schools. A school that only members name is made from its code. */
  set(members: readonly Member[], schools: readonly School[]): void {
    this.#setSchools(members, schools)
    this.#accountsOf = undefined
    for (const { account } of members) this.ensure(account)
    this.members = new Array<Member | undefined>(this.accounts.length)
    this.schoolOf = new Int32Array(this.accounts.length).fill(-1)
    this.headcounts = new Uint32Array(this.schools.length)
    const active: { account: string; slot: number; roles: readonly MemberRole[] }[] = []
    for (const member of members) {
      const { account, roles } = member
      const slot = this.ensure(account)
      const school = present(this.schoolIndexes.get(member.school), 'the index of a school')
      this.members[slot] = member
      this.schoolOf[slot] = school
      if (member.state !== 'active') continue
      this.headcounts[school] = (this.headcounts[school] ?? 0) + 1
      active.push({ account, slot, roles })
    }
    active.sort((a, b) => compareCodes(a.account, b.account))
    for (const role of memberRoles) {
      const own = active.filter(({ roles }) => roles.includes(role))
      this.active[role] = Uint32Array.from(own, ({ slot }) => slot)
    }
    this.version++
  }

  #setSchools(members: readonly Member[], schools: readonly School[]): void {
    const byCode = new Map<string, School>()
    for (const school of schools) byCode.set(school.code, school)
    for (const { school } of members) {
      if (!byCode.has(school)) byCode.set(school, { code: school, name: school })
    }
    this.schools = [...byCode.values()].sort((a, b) => compareCodes(a.code, b.code))
    this.towns = groupBy(this.schools, ({ town }) => town)
    this.stages = groupBy(this.schools, ({ stage }) => stage)
    this.itself = Int32Array.from(this.schools.keys())
    this.schoolIndexes = new Map(this.schools.map((school, index) => [school.code, index]))
  }
}

function groupBy(schools: readonly School[], nameOf: (school: School) => string | undefined): Grouping {
  const index = new Map<string, number>()
  const ofSchool = Int32Array.from(schools, (school) => {
    const name = nameOf(school)
    if (name === undefined) return -1
    const known = index.get(name) ?? index.size
    index.set(name, known)
    return known
  })
  return { index, ofSchool }
}
