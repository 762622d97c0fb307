import { describe, expect, it } from 'vitest'
import { appearance, decideAccess, nameFor } from '@space-assistant/core/access/visibility'
import type { AccessRequest } from '@space-assistant/core/access/visibility'
import type { Grant, ConversationPlace, Viewer } from '@space-assistant/core/access/viewer'

// S1 and S2 lie in town East, S3 in town West.
const colleague = { account: 'c1', school: 'S1', town: 'East' }
const neighbour = { account: 'n2', school: 'S2', town: 'East' }
const stranger = { account: 'x3', school: 'S3', town: 'West' }

const who: Record<string, { account?: string; grants: Grant[] }> = {
  staff: { grants: [{ kind: 'staff' }] },
  support: { grants: [{ kind: 'support' }] },
  east: { grants: [{ kind: 'town', town: 'East' }] },
  admin1: { account: 'a1', grants: [{ kind: 'administrator', school: 'S1', account: 'a1' }] },
  teacher1: { account: 't1', grants: [{ kind: 'teacher', school: 'S1', account: 't1' }] },
  judge: { account: 'j3', grants: [{ kind: 'judge', account: 'j3' }] },
  retired: { account: 'r1', grants: [] },
  nobody: { grants: [] },
}

const places: Record<string, ConversationPlace> = {
  private: { kind: 'private' },
  exchange: { kind: 'group', purpose: 'exchange' },
  school1: { kind: 'group', purpose: 'school', school: 'S1' },
  school2: { kind: 'group', purpose: 'school', school: 'S2' },
  support: { kind: 'group', purpose: 'support' },
  staff: { kind: 'group', purpose: 'staff' },
  unknown: { kind: 'group', purpose: 'unknown' },
}

const questions: Record<string, AccessRequest> = {
  'own figures': { kind: 'own-figures' },
  "a colleague's figures": { kind: 'member-figures', member: colleague },
  "figures at a neighbour's": { kind: 'member-figures', member: neighbour },
  'figures in another town': { kind: 'member-figures', member: stranger },
  "a colleague's records": { kind: 'member-records', member: colleague },
  "records at a neighbour's": { kind: 'member-records', member: neighbour },
  'names of S1': { kind: 'member-list', scope: { kind: 'school', school: 'S1', town: 'East' } },
  'names of S2': { kind: 'member-list', scope: { kind: 'school', school: 'S2', town: 'East' } },
  'names of East': { kind: 'member-list', scope: { kind: 'town', town: 'East' } },
  'names of the district': { kind: 'member-list', scope: { kind: 'district' } },
  'teachers of S1': { kind: 'member-standing', scope: { kind: 'school', school: 'S1', town: 'East' } },
  'teachers of S2': { kind: 'member-standing', scope: { kind: 'school', school: 'S2', town: 'East' } },
  'teachers of East': { kind: 'member-standing', scope: { kind: 'town', town: 'East' } },
  'teachers of West': { kind: 'member-standing', scope: { kind: 'town', town: 'West' } },
  'teachers of the district': { kind: 'member-standing', scope: { kind: 'district' } },
  'score of S1': { kind: 'school-figures', scope: { kind: 'school', school: 'S1' } },
  'score of S3': { kind: 'school-figures', scope: { kind: 'school', school: 'S3' } },
  'schools of East': { kind: 'school-standing', scope: { kind: 'town', town: 'East' } },
  'schools of the district': { kind: 'school-standing', scope: { kind: 'district' } },
  students: { kind: 'student-names', scope: { kind: 'school', school: 'S1' } },
  'codes of S1': { kind: 'codes', school: 'S1' },
  'codes of S2': { kind: 'codes', school: 'S2' },
  'confirm a colleague': { kind: 'confirm-binding', member: colleague },
  'confirm a neighbour': { kind: 'confirm-binding', member: neighbour },
  'unbind a colleague': { kind: 'unbind', member: colleague },
  import: { kind: 'import' },
  'import history': { kind: 'import-history' },
  rescore: { kind: 'rescore' },
  groups: { kind: 'groups' },
  grants: { kind: 'grants' },
  announce: { kind: 'announce' },
  tickets: { kind: 'tickets' },
}

// What each may know or do in private. yes: everything; own: own place and own school's rows; otherwise the refusal:
// B not-bound, A no-account, S staff-only, P support-only, O own-school-only, T own-town-only, D schools-only,
// C administrators-only, R own-records-only, N students-never-named.
const inPrivate = `
                          staff support east admin1 teacher1 judge retired nobody
own figures               A     A       A    yes    yes      yes   yes     B
a colleague's figures     yes   D       yes  yes    yes      D     D       B
figures at a neighbour's  yes   D       yes  O      O        D     D       B
figures in another town   yes   D       T    O      O        D     D       B
a colleague's records     yes   D       yes  yes    R        D     D       B
records at a neighbour's  yes   D       yes  O      O        D     D       B
names of S1               yes   D       yes  yes    yes      D     D       B
names of S2               yes   D       yes  O      O        D     D       B
names of East             yes   D       yes  O      O        D     D       B
names of the district     yes   D       T    O      O        D     D       B
teachers of S1            yes   D       yes  yes    yes      D     D       B
teachers of S2            yes   D       yes  O      O        D     D       B
teachers of East          yes   D       yes  own    own      D     D       B
teachers of West          yes   D       T    own    own      D     D       B
teachers of the district  yes   D       T    own    own      D     D       B
score of S1               yes   yes     yes  yes    yes      yes   yes     B
score of S3               yes   yes     yes  yes    yes      yes   yes     B
schools of East           yes   yes     yes  yes    yes      yes   yes     B
schools of the district   yes   yes     yes  yes    yes      yes   yes     B
students                  N     N       N    N      N        N     N       N
codes of S1               yes   C       C    yes    C        C     C       B
codes of S2               yes   C       C    C      C        C     C       B
confirm a colleague       yes   C       C    yes    C        C     C       B
confirm a neighbour       yes   C       C    C      C        C     C       B
unbind a colleague        yes   C       C    yes    C        C     C       B
import                    yes   S       S    S      S        S     S       B
import history            yes   S       S    S      S        S     S       B
rescore                   yes   S       S    S      S        S     S       B
groups                    yes   S       S    S      S        S     S       B
grants                    yes   S       S    S      S        S     S       B
announce                  yes   S       S    S      S        S     S       B
tickets                   yes   yes     P    P      P        P     P       B
`

const letters: Record<string, string> = {
  B: 'not-bound',
  A: 'no-account',
  S: 'staff-only',
  P: 'support-only',
  O: 'own-school-only',
  T: 'own-town-only',
  D: 'schools-only',
  C: 'administrators-only',
  R: 'own-records-only',
  N: 'students-never-named',
}

/** School whose people are meant; 'many' when of several schools; undefined when the answer names nobody. */
const named: Record<string, string> = {
  "a colleague's figures": 'S1',
  "figures at a neighbour's": 'S2',
  'figures in another town': 'S3',
  "a colleague's records": 'S1',
  "records at a neighbour's": 'S2',
  'names of S1': 'S1',
  'names of S2': 'S2',
  'names of East': 'many',
  'names of the district': 'many',
  'teachers of S1': 'S1',
  'teachers of S2': 'S2',
  'teachers of East': 'many',
  'teachers of West': 'many',
  'teachers of the district': 'many',
  'confirm a colleague': 'S1',
  'confirm a neighbour': 'S2',
  'unbind a colleague': 'S1',
}

const publicFigures = ['score of S1', 'score of S3', 'schools of East', 'schools of the district']
const privateOnly = ['codes of S1', 'codes of S2']
const amongStaff = ['import', 'import history', 'rescore', 'grants', 'announce']

function expected(question: string, role: string, cell: string, place: string) {
  if (role === 'nobody' && publicFigures.includes(question)) {
    const known = place !== 'private' && place !== 'unknown'
    return known ? { allowed: true, masked: false, rows: 'all' } : refusal('not-bound')
  }
  if (cell !== 'yes' && cell !== 'own') return refusal(letters[cell]!)
  if (place !== 'private' && privateOnly.includes(question)) return refusal('private-only')
  if (place !== 'private' && place !== 'staff' && amongStaff.includes(question))
    return refusal('private-only')
  const school = cell === 'own' ? 'S1' : named[question]
  const home = place === 'school1' ? 'S1' : place === 'school2' ? 'S2' : undefined
  const masked = school !== undefined && place !== 'private' && school !== home
  return { allowed: true, masked, rows: cell === 'own' ? 'own-school' : 'all' }
}

const refusal = (code: string) => ({ allowed: false, code, params: {} })

const lines = inPrivate.trim().split('\n')
const roles = lines[0]!.trim().split(/\s+/)
const cases = lines.slice(1).flatMap((line) => {
  const question = line.slice(0, 26).trim()
  const cells = line.slice(26).trim().split(/\s+/)
  return roles.flatMap((role, i) =>
    Object.keys(places).map((place) => [role, question, place, cells[i]!] as const),
  )
})

describe('who may know what, where', () => {
  it('covers every role, question and kind of group', () => {
    expect(cases).toHaveLength(
      Object.keys(who).length * Object.keys(questions).length * Object.keys(places).length,
    )
    expect(new Set(cases.map((c) => c[1]))).toEqual(new Set(Object.keys(questions)))
    expect(roles).toEqual(Object.keys(who))
  })

  it.each(cases)('%s asks for %s, place %s', (role, question, place, cell) => {
    const viewer: Viewer = { ...who[role]!, place: places[place]! }
    expect(decideAccess(viewer, questions[question]!)).toEqual(expected(question, role, cell, place))
  })
})

describe('how a person appears', () => {
  const view = (role: string, place: string): Viewer => ({ ...who[role]!, place: places[place]! })

  it.each([
    ['teacher1', 'private', colleague, 'named'],
    ['teacher1', 'school1', colleague, 'named'],
    ['teacher1', 'exchange', colleague, 'masked'],
    ['teacher1', 'unknown', colleague, 'masked'],
    ['teacher1', 'school2', colleague, 'masked'],
    ['teacher1', 'private', neighbour, 'withheld'],
    ['teacher1', 'school2', neighbour, 'withheld'],
    ['east', 'private', neighbour, 'named'],
    ['east', 'exchange', neighbour, 'masked'],
    ['east', 'private', stranger, 'withheld'],
    ['staff', 'private', stranger, 'named'],
    ['staff', 'exchange', stranger, 'masked'],
    ['staff', 'staff', stranger, 'masked'],
    ['staff', 'school1', colleague, 'named'],
    ['support', 'support', colleague, 'withheld'],
    ['nobody', 'school1', colleague, 'withheld'],
  ] as const)('%s in %s', (role, place, member, how) => {
    expect(appearance(view(role, place), member)).toBe(how)
  })

  it('never masks or withholds the asker', () => {
    const viewer = view('teacher1', 'exchange')
    expect(appearance(viewer, { account: 't1', school: 'S1' })).toBe('named')
    expect(nameFor(viewer, { account: 't1', school: 'S1', name: '欧阳修' })).toBe('欧阳修')
  })

  it('gives the name as it may be read', () => {
    const member = { ...colleague, name: '欧阳修' }
    expect(nameFor(view('admin1', 'private'), member)).toBe('欧阳修')
    expect(nameFor(view('admin1', 'exchange'), member)).toBe('欧阳*')
    expect(nameFor(view('judge', 'private'), member)).toBeUndefined()
  })

  it('keeps a member without a known town from every town office', () => {
    expect(appearance(view('east', 'private'), { account: 'q', school: 'S9' })).toBe('withheld')
  })
})

it('lets no administrator confirm the own binding', () => {
  const viewer: Viewer = { ...who['admin1']!, place: places['private']! }
  const member = { account: 'a1', school: 'S1', town: 'East' }
  expect(decideAccess(viewer, { kind: 'confirm-binding', member })).toEqual(refusal('administrators-only'))
})
