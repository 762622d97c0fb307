import type { Audience, Phase, Scheme } from '../scheme/scheme'
import type { Member, School } from '../roster/member'
import { compareCodes } from '../scoring/people'
import type { Occasion } from './occasion'

/** Somebody with a task beyond the roster, or a group of them; `id` names a chat that the caller knows. */
export type Office =
  { kind: 'staff'; id: string } | { kind: 'town'; id: string; town: string } | { kind: 'judge'; id: string }

/** Everybody there is, as of one moment. */
export interface NudgeDistrict {
  scheme: Scheme
  members: readonly Member[]
  schools: readonly School[]
  offices: readonly Office[]
}

/** Somebody whom an occasion may concern; whether there is anything to say is decided later. */
export type Candidate =
  | { kind: 'teacher'; member: Member }
  /** A school, in place of its administrators: its digest is made once. */
  | { kind: 'school'; school: School; administrators: Member[]; members: Member[] }
  | Office

/** A phase that says nothing of it concerns administrators and staff. */
export const defaultConcerns: readonly Audience[] = ['administrator', 'staff']

export function concernsOf({ concerns = defaultConcerns }: Pick<Phase, 'concerns'>): readonly Audience[] {
  return concerns
}

/** Whom an occasion is for; a week's nudge goes to teachers, administrators and staff. */
export function audiencesOf(occasion: Occasion): readonly Audience[] {
  return occasion.kind === 'weekly' ? ['administrator', 'teacher', 'staff'] : concernsOf(occasion.phase)
}

/** Whether an occasion concerns a candidate. The start of a phase is told once to somebody who is both. */
export function isConcerned(occasion: Occasion, candidate: Candidate): boolean {
  const audiences = audiencesOf(occasion)
  if (!audiences.includes(audienceOf(candidate))) return false
  if (candidate.kind !== 'teacher' || occasion.kind === 'weekly' || !audiences.includes('administrator'))
    return true
  return !candidate.member.roles.includes('administrator')
}

/**
 * Everybody whom some occasions may concern, one after the other: schools first (the district's digest sums them up),
 * each followed by those of its administrators who teach, then teachers, then offices. Makes no list of people: a
 * million of them need four megabytes, for the order by school.
 */
export function* candidates(occasions: readonly Occasion[], district: NudgeDistrict): Generator<Candidate> {
  const audiences = new Set(occasions.flatMap(audiencesOf))
  const teachers = audiences.has('teacher')
  // Offices hear of the schools; only what is for teachers and judges alone needs none.
  const bySchool = [...audiences].some((each) => each !== 'teacher' && each !== 'judge')
  if (bySchool) {
    for (const school of schoolsOf(district)) {
      yield school
      if (!teachers) continue
      for (const member of school.administrators) if (teaches(member)) yield { kind: 'teacher', member }
    }
  }
  if (teachers) {
    const codes = new Set(bySchool ? district.schools.map(({ code }) => code) : [])
    for (const member of district.members) {
      if (member.state !== 'active' || !teaches(member)) continue
      if (member.roles.includes('administrator') && codes.has(member.school)) continue
      yield { kind: 'teacher', member }
    }
  }
  for (const office of district.offices) if (audiences.has(audienceOf(office))) yield office
}

const teaches = ({ roles }: Member) => roles.includes('teacher')

export function audienceOf({ kind }: Candidate): Audience {
  switch (kind) {
    case 'school':
      return 'administrator'
    case 'town':
      return 'townOffice'
    default:
      return kind
  }
}

function* schoolsOf({ members, schools }: NudgeDistrict): Generator<Candidate & { kind: 'school' }> {
  const sorted = [...schools].sort((a, b) => compareCodes(a.code, b.code))
  const index = new Map(sorted.map(({ code }, i) => [code, i]))
  // Counting sort: where the members of each school begin, then their numbers.
  const starts = new Uint32Array(sorted.length + 1)
  for (const { school } of members) {
    const at = index.get(school)
    if (at !== undefined) starts[at + 1]!++
  }
  for (let i = 0; i < sorted.length; i++) starts[i + 1]! += starts[i]!
  const order = new Uint32Array(starts[sorted.length]!)
  const next = starts.slice()
  members.forEach(({ school }, number) => {
    const at = index.get(school)
    if (at !== undefined) order[next[at]!++] = number
  })
  for (const [i, school] of sorted.entries()) {
    const own = Array.from(order.subarray(starts[i], starts[i + 1]), (number) => members[number]!).filter(
      ({ state }) => state === 'active',
    )
    const administrators = own.filter(({ roles }) => roles.includes('administrator'))
    yield { kind: 'school', school, administrators, members: own }
  }
}
