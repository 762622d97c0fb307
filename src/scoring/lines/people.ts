import { compareCodes } from '../people'
import type { MemberRole } from '../../scheme/scheme'
import type { Member, School } from '../../roster/member'
import type { Engine } from './engine'
import { putAccounts, putLines } from './texts'
import type { Accounts, Lines } from './texts'

/** The people and schools of a district in an engine's memory. */
export interface EnginePeople {
  accounts: Accounts
  names: Lines
  /** Addresses: by member the index of the school (a word) and the roles (a byte). */
  schoolOf: number
  roles: number
  /** In order of code. */
  schools: School[]
}

/** Bits of a member's roles; of those who are not active there are none. */
export const roleBits: Record<MemberRole, number> & { active: number } = {
  teacher: 1,
  administrator: 2,
  active: 4,
}

export function roleByte({ state, roles }: Pick<Member, 'state' | 'roles'>): number {
  if (state !== 'active') return 0
  return roles.reduce((bits, role) => bits | roleBits[role], roleBits.active)
}

/** Schools in order of code, and the index of each. */
export function inOrder(schools: Iterable<School>): { schools: School[]; indexes: Map<string, number> } {
  const sorted = [...schools].sort((a, b) => compareCodes(a.code, b.code))
  return { schools: sorted, indexes: new Map(sorted.map(({ code }, index) => [code, index])) }
}

/** Puts people into an engine's memory; every school that a member names must be among the schools. */
export function putPeople(
  engine: Engine,
  members: readonly Member[],
  schools: Iterable<School>,
): EnginePeople {
  const sorted = inOrder(schools)
  const accounts = putAccounts(
    engine,
    members.map(({ account }) => account),
  )
  const names = putLines(
    engine,
    members.map(({ name }) => name),
  )
  const schoolOf = engine.putWords(members.map(({ school }) => sorted.indexes.get(school)!))
  const roles = engine.put(Uint8Array.from(members, roleByte))
  return { accounts, names, schoolOf, roles, schools: sorted.schools }
}
