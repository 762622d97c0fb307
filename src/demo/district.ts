import type { MemberRole } from '../scheme/scheme'
import type { MemberState } from '../roster/member'
import type { Member, School } from '../roster/member'
import { Random } from './random'
import words from './words.json'
import { present } from '../text/present'

export interface DemoOptions {
  /** 1 is 12 schools in 3 towns with 300 members; 42 is 504 schools with 12,600; up to 1,000. */
  size?: number
  seed?: number
}

export interface DemoDistrict {
  seed: number
  schools: readonly School[]
  /** In order of school; in a school administrators come first. */
  members: readonly Member[]
  /** For each member the index of the school in `schools`. */
  schoolOf: Uint32Array
}

export const defaultSeed = 20220310

const DISTRICT = 1
const BOTH_ROLES_SHARE = 0.5
const LARGE_SCHOOL = 24

/** A made-up district, the same for the same options. */
export function makeDistrict({ size = 1, seed = defaultSeed }: DemoOptions = {}): DemoDistrict {
  const random = new Random(seed, DISTRICT)
  const schools: School[] = []
  const members: Member[] = []
  const schoolOf: number[] = []
  for (let unit = 0; unit < size; unit++) {
    for (const plan of words.schools) {
      const index = schools.length
      schools.push(makeSchool(index, townName(unit * 3 + plan.town), plan, random))
      for (let place = 0; place < plan.members; place++) {
        members.push(makeMember(index, place, plan.members, random))
        schoolOf.push(index)
      }
    }
  }
  return { seed, schools, members, schoolOf: Uint32Array.from(schoolOf) }
}

/**
 * The roster some months later: every fiftieth teacher has moved to the next school and every seventieth has
 * retired. Accounts stay.
 */
export function laterMembers(district: DemoDistrict): Member[] {
  return district.members.map((member, index) => {
    if (member.state !== 'active' || member.roles.includes('administrator')) return member
    if (index % 50 === 23) {
      const next = ((district.schoolOf[index] ?? 0) + 1) % district.schools.length
      return { ...member, school: district.schools[next]?.code ?? member.school }
    }
    return index % 70 === 31 ? { ...member, state: 'retired' } : member
  })
}

function townName(index: number): string {
  const { townFirst, townSecond, townSuffix } = words
  // Steps without a common divisor with the lists' lengths visit every pair before one comes again.
  const second = index * 7 + Math.floor(index / townFirst.length) * 3 + 5
  return pickInTurn(townFirst, index) + pickInTurn(townSecond, second) + pickInTurn(townSuffix, index)
}

function pickInTurn(list: readonly string[], index: number): string {
  return present(list[index % list.length], 'a part of the name of a town')
}

function makeSchool(
  index: number,
  town: string,
  plan: { name: string; stage: string; members: number },
  random: Random,
): School {
  const students = plan.members * random.whole(11, 16)
  const studentsOpened = Math.round(students * (0.84 + 0.16 * random.next()))
  return {
    code: `42${String(index + 1).padStart(5, '0')}`,
    name: plan.name.replace('{town}', town.slice(0, -1)),
    town,
    stage: plan.stage,
    students,
    studentsOpened,
    studentsTookPart: Math.round(studentsOpened * (0.35 + 0.5 * random.next())),
  }
}

function makeMember(school: number, place: number, size: number, random: Random): Member {
  const administrators = size >= LARGE_SCHOOL ? 2 : 1
  const roles: MemberRole[] = place < administrators ? ['administrator'] : ['teacher']
  if (place < administrators && random.chance(BOTH_ROLES_SHARE)) roles.push('teacher')
  const given = random.chance(0.75)
    ? random.pick(words.given) + random.pick(words.given)
    : random.pick(words.given)
  return {
    account: accountOf(school, place),
    name: random.pick(words.surnames) + given,
    school: `42${String(school + 1).padStart(5, '0')}`,
    roles,
    state: roles[0] === 'teacher' ? stateOf(random.next()) : 'active',
    subject: roles.includes('teacher') ? random.pick(words.subjects) : undefined,
    opened: random.chance(0.93),
  }
}

function stateOf(draw: number): MemberState {
  if (draw < 0.02) return 'retired'
  return draw < 0.035 ? 'departed' : 'active'
}

/** Three forms, as platforms have them: mostly letters and digits, some with leading zeros, some of 16 digits. */
function accountOf(school: number, place: number): string {
  const number = String(school + 1).padStart(5, '0') + String(place + 1).padStart(3, '0')
  switch ((school * 7 + place) % 20) {
    case 3:
      return `00${number}`
    case 11:
      return `42011700${number}`
    default:
      return `t${number}`
  }
}
