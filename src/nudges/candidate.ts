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

/**
 * Everybody whom an occasion may concern, one after the other: schools first (the district's digest sums them up), then
 * teachers, then offices. Makes no list of people: a million of them need four megabytes, for the order by school.
 */
export function* candidates(occasion: Occasion, district: NudgeDistrict): Generator<Candidate> {
  const audiences = audiencesOf(occasion)
  // Offices hear of the schools; only what is for teachers and judges alone needs none.
  if (audiences.some((each) => each !== 'teacher' && each !== 'judge')) yield* schoolsOf(district)
  // The start of a phase is told once to somebody who is both; a week's tasks and a school's digest are two things.
  const both = occasion.kind === 'weekly' || !audiences.includes('administrator')
  if (audiences.includes('teacher')) {
    for (const member of district.members) {
      if (member.state !== 'active' || !member.roles.includes('teacher')) continue
      if (both || !member.roles.includes('administrator')) yield { kind: 'teacher', member }
    }
  }
  for (const office of district.offices) if (audiences.includes(audienceOf(office))) yield office
}

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

function* schoolsOf({ members, schools }: NudgeDistrict): Generator<Candidate> {
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
