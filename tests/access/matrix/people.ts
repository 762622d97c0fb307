import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import type { Grant, GroupPurpose } from '@space-assistant/core/access/viewer'

export const schools: SchoolRow[] = [
  { row: 1, code: 'S1', name: '青铺小学', town: '青铺镇', stage: '小学', students: 97, studentsOpened: 90 },
  { row: 2, code: 'S2', name: '清港小学', town: '青铺镇', stage: '小学', students: 50, studentsOpened: 20 },
  { row: 3, code: 'S3', name: '白滩中学', town: '白滩镇', stage: '初中', students: 300, studentsOpened: 280 },
  { row: 4, code: 'S4', name: '石桥教学点', town: '白滩镇', stage: '小学', students: 9, studentsOpened: 9 },
]

/** Nobody's name is part of another's, nor of any word of the bot. 冉秋实 is a name of two people. */
const names: Record<string, string[]> = {
  S1: ['裴若川', '冉秋实', '欧阳叔夜', '褚砚', '宓凡星', '郗蔚然'],
  S2: ['芮听澜', '冉秋实', '漆雕霁', '阚朗月', '逄越'],
  S3: ['晏拾光', '司徒望舒', '滕青禾', '隗凌', '仝见山'],
  S4: ['濮阳知秋'],
}

/** The first of a school is its administrator, and teaches. The last of the first two has retired. */
export const people: RosterRow[] = Object.entries(names).flatMap(([schoolCode, list]) =>
  list.map((name, at): RosterRow => ({
    row: at + 1,
    account: `${schoolCode.slice(1)}00${at + 1}`,
    name,
    schoolCode,
    schoolName: schoolCode,
    roles: at === 0 ? ['administrator', 'teacher'] : ['teacher'],
    state: at === list.length - 1 && list.length > 4 && schoolCode < 'S3' ? 'retired' : 'active',
    opened: at % 2 === 0,
  })),
)

export interface MatrixRole {
  /** The roster account to which the chat account is bound. */
  account?: string
  grant?: Extract<Grant, { kind: 'staff' | 'support' | 'town' }>
  /** Whose figures the role may know. */
  knows: (of: { school: string; town: string | undefined }) => boolean
}

const nobody = () => false

export const matrixRoles: Record<string, MatrixRole> = {
  stranger: { knows: nobody },
  retired: { account: '1006', knows: nobody },
  teacher: { account: '1003', knows: ({ school }) => school === 'S1' },
  colleague: { account: '3003', knows: ({ school }) => school === 'S3' },
  administrator: { account: '1001', knows: ({ school }) => school === 'S1' },
  'only teacher': { account: '4001', knows: ({ school }) => school === 'S4' },
  'town office': { grant: { kind: 'town', town: '青铺镇' }, knows: ({ town }) => town === '青铺镇' },
  support: { grant: { kind: 'support' }, knows: nobody },
  staff: { grant: { kind: 'staff' }, knows: () => true },
}

export interface MatrixPlace {
  group?: string
  purpose?: GroupPurpose
  school?: string
}

export const matrixPlaces: Record<string, MatrixPlace> = {
  private: {},
  exchange: { group: '70001', purpose: 'exchange' },
  'school S1': { group: '70002', purpose: 'school', school: 'S1' },
  'school S3': { group: '70003', purpose: 'school', school: 'S3' },
  support: { group: '70004', purpose: 'support' },
  staff: { group: '70005', purpose: 'staff' },
  unknown: { group: '70006' },
}

const townOf = new Map(schools.map(({ code, town }) => [code, town]))

/** Names that the role may not read where it stands: in private those it may not know, in a group all but its own school's there. */
export function forbiddenNames(role: MatrixRole, place: MatrixPlace): string[] {
  const allowed = people.filter(({ account, schoolCode }) => {
    if (account === role.account) return true
    if (!role.knows({ school: schoolCode, town: townOf.get(schoolCode) })) return false
    return !place.group || (place.purpose === 'school' && place.school === schoolCode)
  })
  const readable = new Set(allowed.map(({ name }) => name))
  return [...new Set(people.map(({ name }) => name))].filter((name) => !readable.has(name))
}

export const everyName: readonly string[] = [...new Set(people.map(({ name }) => name))]
