// The conditions of awards as slowly and plainly as they can be written, to compare the real ones with.
import type { Member, School } from '@space-assistant/core/roster/member'
import type { Award, AwardCondition } from '@space-assistant/core/scheme/scheme'

export interface PlainWorld {
  members: readonly Member[]
  schools: readonly School[]
  /** Points of teachers in the window, by account. */
  points: Readonly<Record<string, number>>
}

export interface PlainCandidate {
  code: string
  rank: number
  score: number
  met: (boolean | null)[]
  selected: boolean | null
}

interface Scored {
  code: string
  school: string
  score: number
}

export function plainCandidates(award: Award, world: PlainWorld): { list: PlainCandidate[]; overBy: number } {
  const rank = award.conditions.find(
    (one): one is Extract<AwardCondition, { kind: 'rank' }> => one.kind === 'rank',
  )!
  const narrowed = world.schools.filter((school) => takesPart(school, award, world))
  const scored = rank.of === 'school' ? schoolScores(narrowed, world) : teacherScores(narrowed, world)
  const rankOf = (score: number) => 1 + scored.filter((other) => other.score > score).length
  const within = scored.filter(({ score }) => rankOf(score) <= rank.first).length
  const overBy = Math.max(within - rank.first, 0)
  const tied = Math.max(0, ...scored.map(({ score }) => rankOf(score)).filter((one) => one <= rank.first))
  const subjects: Scored[] =
    award.subject === 'school' || rank.of !== 'school'
      ? scored
      : active(world, 'administrator').flatMap(({ account, school }) => {
          const own = scored.find(({ code }) => code === school)
          return own ? [{ code: account, school, score: own.score }] : []
        })
  const list = subjects.map(({ code, school, score }): PlainCandidate => {
    const place = rankOf(score)
    const met = award.conditions.map((condition) => {
      if (condition.kind === 'rank') {
        if (place > rank.first) return false
        if (!overBy || place < tied || award.tie === 'include') return true
        return award.tie === 'exclude' ? false : null
      }
      if (condition.kind === 'not-stage') return stageOf(school, world) === undefined ? null : true
      if (condition.kind === 'activation') return activation(school, condition.min, world)
      return null
    })
    const selected = met.includes(false) ? false : met.includes(null) ? null : true
    return { code, rank: place, score, met, selected }
  })
  list.sort((a, b) => a.rank - b.rank || (a.code < b.code ? -1 : 1))
  return { list, overBy }
}

function stageOf(code: string, { schools }: PlainWorld) {
  return schools.find((school) => school.code === code)?.stage
}

function takesPart(school: School, award: Award, world: PlainWorld): boolean {
  for (const condition of award.conditions) {
    if (condition.kind === 'not-stage' && school.stage && condition.stages.includes(school.stage))
      return false
    if (condition.kind !== 'activation' || award.among === 'all') continue
    if (activation(school.code, condition.min, world) !== true) return false
  }
  return true
}

function active({ members }: PlainWorld, role: 'teacher' | 'administrator') {
  return members.filter(({ state, roles }) => state === 'active' && roles.includes(role))
}

function teacherScores(schools: readonly School[], world: PlainWorld): Scored[] {
  return active(world, 'teacher')
    .filter(({ school }) => schools.some(({ code }) => code === school))
    .map(({ account, school }) => ({ code: account, school, score: world.points[account] ?? 0 }))
}

function schoolScores(schools: readonly School[], world: PlainWorld): Scored[] {
  return schools.flatMap(({ code }) => {
    const own = active(world, 'teacher').filter(({ school }) => school === code)
    if (!own.length) return []
    const sum = own.reduce((all, { account }) => all + (world.points[account] ?? 0), 0)
    return [{ code, school: code, score: Math.round((sum / own.length) * 1e6) / 1e6 }]
  })
}

function activation(code: string, min: number, world: PlainWorld): boolean | null {
  const school = world.schools.find((one) => one.code === code)
  const teachers = active(world, 'teacher').filter((one) => one.school === code)
  if (school?.students === undefined) return null
  const total = teachers.length + school.students
  if (!total) return null
  const unknownStudents = school.studentsOpened === undefined ? school.students : 0
  const opened = teachers.filter((one) => one.opened).length + (school.studentsOpened ?? 0)
  const unknown = teachers.filter((one) => one.opened === undefined).length + unknownStudents
  if (opened / total >= min) return true
  return (opened + unknown) / total < min ? false : null
}
