// `space awards` once more, written from the notices alone: no index, no order kept, everything counted by looking
// through all there is.

export interface PlainSchool {
  code: string
  name: string
  stage: string
  students: number | null
  studentsOpened: number | null
}
export interface PlainMember {
  account: string
  name: string
  school: string
  roles: ('administrator' | 'teacher')[]
  active: boolean
  opened: boolean | null
}
export interface PlainRecord {
  account: string
  indicator: string
  /** Days since 1970. */
  day: number
  times: number
}
export interface PlainSheet {
  nominee: string
  judge: string
  unit: string
  points: number[]
}
export interface PlainDistrict {
  schools: PlainSchool[]
  members: PlainMember[]
  records: PlainRecord[]
  nominees: Record<string, string[]>
  sheets: Record<string, PlainSheet[]>
}
export interface PlainSettings {
  first: number
  tie: 'include' | 'exclude' | 'staff'
  among: 'all' | 'eligible'
  /** Last day that is looked at. */
  until: number
}

type Met = boolean | null
interface Scored {
  code: string
  school: string
  score: number
}

export const dayOfText = (text: string) => Date.parse(`${text}T00:00:00Z`) / 86_400_000
/** 1970-01-01 was a Thursday, so weeks begin on the days that are 4 more than a multiple of 7. */
const weekOf = (day: number) => Math.floor((day - 4) / 7)
const micro = (value: number) => Math.round(value * 1e6) / 1e6

const weekly: Record<string, { points: number; times: number }> = {
  资源建设: { points: 1, times: 5 },
  教学成果: { points: 5, times: 1 },
  校园办公: { points: 1, times: 10 },
}

/** Points of one teacher of Xinzhou on days of the award window: caps by week and by year, the run of logins. */
function xinzhouPoints(account: string, { records }: PlainDistrict, until: number): number {
  const [from, to] = [dayOfText('2022-03-10'), Math.min(dayOfText('2022-05-31'), until)]
  const own = records.filter((one) => one.account === account).sort((a, b) => a.day - b.day)
  let sum = 0
  for (const [indicator, { points, times }] of Object.entries(weekly)) {
    const used: Record<number, number> = {}
    for (const one of own.filter((record) => record.indicator === indicator)) {
      for (let at = 0; at < one.times; at++) {
        const week = weekOf(one.day)
        used[week] = (used[week] ?? 0) + 1
        if (used[week] <= times && one.day >= from && one.day <= to) sum += points
      }
    }
  }
  const formed = own.find(({ indicator }) => indicator === '班级组建')
  if (formed && formed.day >= from && formed.day <= to) sum += 50
  const logins = new Set(own.filter(({ indicator }) => indicator === '空间登录').map(({ day }) => day))
  for (const day of logins) {
    let run = 1
    while (logins.has(day - run)) run++
    if (day >= from && day <= to) sum += run >= 8 ? 2 : 1
  }
  return sum
}

/** Shishou: a teacher's indicator is counted once a day, an administrator's once in the period. */
function shishouPoints(
  account: string,
  role: PlainMember['roles'][number],
  district: PlainDistrict,
  until: number,
) {
  const indicators =
    role === 'teacher' ? ['主题教育', '资源上传', '备课'] : ['年级管理', '班级管理', '课程管理']
  const own = district.records.filter(
    (one) => one.account === account && indicators.includes(one.indicator) && one.day <= until,
  )
  const counted = own.map(({ indicator, day }) => (role === 'teacher' ? `${indicator} ${day}` : indicator))
  return new Set(counted).size
}

function activation(school: PlainSchool, { members }: PlainDistrict): { value: number | null; met: Met } {
  if (school.students === null) return { value: null, met: null }
  const teachers = members.filter(
    (one) => one.active && one.school === school.code && one.roles.includes('teacher'),
  )
  const total = teachers.length + school.students
  if (!total) return { value: null, met: null }
  const opened = teachers.filter((one) => one.opened === true).length + (school.studentsOpened ?? 0)
  const unknown =
    teachers.filter((one) => one.opened === null).length +
    (school.studentsOpened === null ? school.students : 0)
  const met = opened / total >= 0.9 ? true : (opened + unknown) / total < 0.9 ? false : null
  return { value: micro(opened / total), met }
}

const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length

/** Ranks by counting who is better. */
class PlainRanking {
  constructor(
    readonly scored: Scored[],
    readonly settings: PlainSettings,
  ) {}
  rank(code: string): number {
    const own = this.scored.find((one) => one.code === code)!
    return 1 + this.scored.filter(({ score }) => score > own.score).length
  }
  get overBy(): number {
    const within = this.scored.filter(({ code }) => this.rank(code) <= this.settings.first).length
    return Math.max(within - this.settings.first, 0)
  }
  met(code: string): Met {
    const { first, tie } = this.settings
    const rank = this.rank(code)
    if (rank > first) return false
    const sharing = this.scored.filter((one) => this.rank(one.code) === rank).length
    const fits = rank + sharing - 1 <= first
    return fits || tie === 'include' ? true : tie === 'exclude' ? false : null
  }
}

const all = (conditions: { met: Met }[]): Met =>
  conditions.some(({ met }) => met === false)
    ? false
    : conditions.some(({ met }) => met === null)
      ? null
      : true

export function plainXinzhou(district: PlainDistrict, settings: PlainSettings) {
  const { schools, members } = district
  const inside = schools.filter(({ stage }) => stage !== '职校')
  const teachers = members.filter(
    (one) => one.active && one.roles.includes('teacher') && inside.some(({ code }) => code === one.school),
  )
  const people = teachers.map((one): Scored => {
    return {
      code: one.account,
      school: one.school,
      score: xinzhouPoints(one.account, district, settings.until),
    }
  })
  const scoredSchools = inside.flatMap(({ code }): Scored[] => {
    const own = people.filter(({ school }) => school === code)
    return own.length ? [{ code, school: code, score: micro(mean(own.map(({ score }) => score))) }] : []
  })
  const stageCondition = (code: string) => {
    const stage = schools.find((one) => one.code === code)!.stage
    return { kind: 'notStage', needed: ['职校'], value: stage || null, met: stage ? true : null }
  }
  const ranked = (name: string, subject: 'school' | 'teacher', scored: Scored[]) => {
    const ranking = new PlainRanking(scored, settings)
    const candidates = scored.map((one) => {
      const rank = ranking.rank(one.code)
      const conditions = [
        stageCondition(one.school),
        { kind: 'rank', needed: settings.first, value: rank, met: ranking.met(one.code) },
      ]
      return candidate(district, subject, { ...one, rank, conditions })
    })
    return award({ name, subject, settings, overBy: ranking.overBy, candidates, rubric: [] })
  }
  return [
    ranked('深度应用优秀学校', 'school', scoredSchools),
    ranked('深度应用优秀个人', 'teacher', people),
    judged(district, settings, { name: '优秀教师空间', subject: 'teacher' }),
    judged(district, settings, { name: '优秀学校空间', subject: 'school' }),
  ]
}

export function plainShishou(district: PlainDistrict, settings: PlainSettings) {
  const { schools, members } = district
  const withRole = (role: PlainMember['roles'][number], school?: string) =>
    members.filter(
      (one) => one.active && one.roles.includes(role) && (school === undefined || one.school === school),
    )
  const scoreOf = (role: PlainMember['roles'][number]) => (one: PlainMember) =>
    shishouPoints(one.account, role, district, settings.until)
  const eligible = (code: string) =>
    settings.among === 'all' ||
    activation(
      schools.find((one) => one.code === code)!,
      district,
    ).met === true
  const scoredSchools = schools.flatMap(({ code }): Scored[] => {
    const [teachers, administrators] = [withRole('teacher', code), withRole('administrator', code)]
    if (!teachers.length || !eligible(code)) return []
    const score = mean(administrators.map(scoreOf('administrator'))) + mean(teachers.map(scoreOf('teacher')))
    return [{ code, school: code, score: micro(score) }]
  })
  const schoolRanking = new PlainRanking(scoredSchools, settings)
  const activationOf = (school: string) => {
    return {
      kind: 'activation',
      needed: 0.9,
      ...activation(
        schools.find((one) => one.code === school)!,
        district,
      ),
    }
  }
  const rankOf = (ranking: PlainRanking, code: string) => {
    return { kind: 'rank', needed: settings.first, value: ranking.rank(code), met: ranking.met(code) }
  }
  const judgement = (needed: string) => ({ kind: 'judgement', needed, value: null, met: null })
  const ofSchools = scoredSchools.map((one) => {
    const conditions = [activationOf(one.code), rankOf(schoolRanking, one.code), judgement('应用有特色')]
    return candidate(district, 'school', { ...one, rank: schoolRanking.rank(one.code), conditions })
  })
  const ofAdministrators = withRole('administrator').flatMap(({ account, school }) => {
    const own = scoredSchools.find(({ code }) => code === school)
    if (!own) return []
    const conditions = [activationOf(school), rankOf(schoolRanking, school)]
    const rank = schoolRanking.rank(school)
    return [
      candidate(district, 'administrator', { code: account, school, score: own.score, rank, conditions }),
    ]
  })
  const teachers = withRole('teacher').map((one): Scored => {
    return { code: one.account, school: one.school, score: scoreOf('teacher')(one) }
  })
  const teacherRanking = new PlainRanking(teachers, settings)
  const ofTeachers = teachers.map((one) => {
    const conditions = [rankOf(teacherRanking, one.code), judgement('应用效果良好')]
    return candidate(district, 'teacher', { ...one, rank: teacherRanking.rank(one.code), conditions })
  })
  const { overBy } = schoolRanking
  return [
    award({ name: '应用示范学校', subject: 'school', settings, overBy, candidates: ofSchools, rubric: [] }),
    award({
      name: '优秀管理员',
      subject: 'administrator',
      settings,
      overBy,
      candidates: ofAdministrators,
      rubric: [],
    }),
    award({
      ...{ name: '优秀教师', subject: 'teacher', settings, overBy: teacherRanking.overBy },
      ...{ candidates: ofTeachers, rubric: [] },
    }),
  ]
}

type Candidate = ReturnType<typeof candidate>
const keyOf = (one: Candidate) => JSON.stringify(Object.values(one)[0])

function candidate(
  { schools, members }: PlainDistrict,
  subject: string,
  of: {
    code: string
    school: string
    score: number | null
    rank: number | null
    conditions: { kind: string; needed: unknown; value: unknown; met: Met }[]
  },
) {
  const { code, ...rest } = of
  const isSchool = subject === 'school'
  const name = isSchool
    ? schools.find((one) => one.code === code)!.name
    : members.find((one) => one.account === code)!.name
  return {
    [isSchool ? 'code' : 'account']: code,
    name,
    ...rest,
    selected: all(of.conditions),
  }
}

function award(of: {
  name: string
  subject: string
  settings: PlainSettings
  overBy: number
  candidates: Candidate[]
  rubric: object[]
}) {
  const { settings, candidates, ...rest } = of
  const sorted = [...candidates]
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .sort((a, b) => (a.rank ?? 9e9) - (b.rank ?? 9e9))
  return {
    ...rest,
    first: settings.first,
    population: candidates.length,
    candidates: sorted,
  }
}

function judged(
  district: PlainDistrict,
  settings: PlainSettings,
  { name, subject }: { name: string; subject: string },
) {
  const results = (district.nominees[name] ?? []).map((nominee) => {
    const school =
      subject === 'school' ? nominee : district.members.find((one) => one.account === nominee)!.school
    const schoolName = district.schools.find(({ code }) => code === school)!.name
    const own = (district.sheets[name] ?? []).filter((one) => one.nominee === nominee)
    const counted = own.filter(({ unit }) => unit !== school && unit !== schoolName)
    const totals = counted
      .map(({ points }) => points.reduce((sum, one) => sum + one, 0))
      .sort((a, b) => a - b)
    const trimmed = totals.length >= 5
    const kept = trimmed ? totals.slice(1, -1) : totals
    const spread = totals.length ? totals[totals.length - 1]! - totals[0]! : null
    const criteria = (counted[0]?.points ?? []).map((_, at) =>
      micro(mean(counted.map(({ points }) => points[at]!))),
    )
    return {
      ...{ nominee, school, sheets: own.length, counted: totals.length, trimmed, spread, criteria },
      score: kept.length ? micro(mean(kept)) : null,
      isRanked: totals.length >= 3,
      flags: [...(totals.length < 3 ? ['too-few'] : []), ...((spread ?? 0) > 20 ? ['spread'] : [])],
    }
  })
  type Result = (typeof results)[number]
  const isBetter = (a: Result, b: Result) => {
    if (a.score !== b.score) return a.score! > b.score!
    const at = a.criteria.findIndex((one, index) => one !== b.criteria[index])
    return at >= 0 && a.criteria[at]! > b.criteria[at]!
  }
  const ranked = results.filter(({ isRanked }) => isRanked)
  const rankOf = (one: Result) =>
    one.isRanked ? 1 + ranked.filter((other) => isBetter(other, one)).length : null
  const isMixed = ranked.some(({ trimmed }) => trimmed) && ranked.some(({ trimmed }) => !trimmed)
  const { first, tie } = settings
  const metOf = (rank: number | null): Met => {
    if (rank === null) return null
    if (rank > first) return false
    const sharing = ranked.filter((one) => rankOf(one) === rank).length
    if (rank + sharing - 1 <= first || tie === 'include') return true
    return tie === 'exclude' ? false : null
  }
  const candidates = results.map((one) => {
    const rank = rankOf(one)
    const conditions = [{ kind: 'rubric', needed: name, value: one.score, met: metOf(rank) }]
    return candidate(district, subject, {
      code: one.nominee,
      school: one.school,
      score: one.score,
      rank,
      conditions,
    })
  })
  const key = subject === 'school' ? 'code' : 'account'
  const rubric = [...results]
    .sort((a, b) => (a.nominee < b.nominee ? -1 : 1))
    .sort((a, b) => (rankOf(a) ?? 9e9) - (rankOf(b) ?? 9e9))
    .map((one) => {
      const { nominee, sheets, counted, trimmed, score, spread, flags } = one
      const more = isMixed && one.isRanked ? ['both-sides'] : []
      return {
        [key]: nominee,
        sheets,
        counted,
        trimmed,
        score,
        rank: rankOf(one),
        spread,
        flags: [...flags, ...more],
      }
    })
  const within = ranked.filter((one) => (rankOf(one) ?? Infinity) <= first).length
  return award({ name, subject, settings, overBy: Math.max(within - first, 0), candidates, rubric })
}
