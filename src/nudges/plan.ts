import type { Standing, StandingQuery } from '../ranking/standing'
import { mondayOf } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Audience } from '../scheme/scheme'
import type { Member } from '../roster/member'
import type { Counts } from '../tasks/counts'
import { schoolTasks } from '../tasks/school'
import type { SchoolTasks } from '../tasks/school'
import { audienceOf, isConcerned } from './candidate'
import type { Candidate, NudgeDistrict, Office } from './candidate'
import { DistrictSum, rankOf, weekCoverage } from './digest'
import type { WeekCoverage } from './digest'
import { missingOfOffice, missingOfSchool, missingOfTeacher, openTasks, tasksOfThisWeek } from './missing'
import type { AskGoal, MissingGoal } from './missing'
import { subjectKey } from './nudge'
import type { KnownNudge, NudgeContent, SilenceReason, Subject, NudgeVerdict } from './nudge'
import type { Occasion } from './occasion'
import { silencedBy } from './settings'

export interface PlanSources {
  district: Pick<NudgeDistrict, 'scheme'>
  /** The counts of a member; may be one object that is turned from member to member. */
  counts: (account: string) => Counts
  standing: (query: StandingQuery) => Standing
  /** Last day with data; undefined without any. */
  dataUntil: Day | undefined
  isWorkday: (day: Day) => boolean
  ask?: AskGoal
}

/** A phase's figures are said as long as the data are at most so many days old. */
const FRESH_DAYS = 7

type SchoolCandidate = Candidate & { kind: 'school' }

/** The subjects of which something must be known before a candidate is decided. */
export function* subjectsOf(candidate: Candidate): Generator<Subject> {
  switch (candidate.kind) {
    case 'teacher':
      yield { kind: 'member', account: candidate.member.account }
      return
    case 'school':
      for (const { account } of candidate.administrators) yield { kind: 'member', account }
      yield { kind: 'school', code: candidate.school.code }
      return
    default:
      yield { kind: 'office', id: candidate.id }
  }
}

/**
 * Decides for one occasion who is told what. Candidates are to come in the order of `candidates`: the district's digest
 * holds the schools that were decided before it.
 */
export class NudgePlan {
  readonly #sum: DistrictSum
  /** Towns with a school that has not reached a phase's goals; undefined stands for schools without a town. */
  readonly #townsOpen = new Set<string | undefined>()
  readonly #ask: AskGoal
  readonly #week: WeekCoverage

  constructor(
    readonly occasion: Occasion,
    private readonly sources: PlanSources,
  ) {
    this.#sum = new DistrictSum(sources.district.scheme)
    this.#ask = sources.ask ?? (() => undefined)
    this.#week = weekCoverage(sources.district.scheme, occasion.day, sources)
  }

  /** `known` answers for every subject of `subjectsOf(candidate)`. */
  *decide(candidate: Candidate, known: (subject: Subject) => KnownNudge): Generator<NudgeVerdict> {
    if (candidate.kind !== 'school' && !isConcerned(this.occasion, candidate)) return
    switch (candidate.kind) {
      case 'teacher': {
        const subject: Subject = { kind: 'member', account: candidate.member.account }
        yield this.#verdict('teacher', subject, known(subject), () => this.#teacher(candidate.member))
        return
      }
      case 'school':
        yield* this.#school(candidate, known)
        return
      case 'staff':
      case 'town':
      case 'judge': {
        const subject: Subject = { kind: 'office', id: candidate.id }
        yield this.#verdict(audienceOf(candidate), subject, known(subject), () => this.#office(candidate))
      }
    }
  }

  #verdict(
    audience: Audience,
    subject: Subject,
    { settings, reachable }: KnownNudge,
    content: () => NudgeContent | 'no-data' | undefined,
  ): NudgeVerdict {
    const silent = (reason: SilenceReason): NudgeVerdict => ({ silence: { audience, subject, reason } })
    const silenced = silencedBy(settings, this.occasion)
    if (silenced) return silent(silenced)
    if (!reachable) return silent('no-channel')
    const said = content()
    if (!said) return silent('nothing-missing')
    if (said === 'no-data') return silent('no-data')
    const key = `${this.occasion.key}/${audience}/${subjectKey(subject)}`
    return { nudge: { key, audience, subject, content: said } }
  }

  #teacher(member: Member): NudgeContent | 'no-data' | undefined {
    const { occasion, sources } = this
    const counts = sources.counts(member.account)
    if (occasion.kind === 'weekly') {
      const { scheme } = sources.district
      const tasks = openTasks(member, 'teacher', { scheme, counts, day: occasion.day })
      if (!tasks || this.#week.kind !== 'missing') return tasks && { kind: 'own-tasks', member, tasks }
      const fresh = tasksOfThisWeek(tasks)
      return fresh ? { kind: 'own-tasks', member, tasks: fresh } : 'no-data'
    }
    return this.#phase(missingOfTeacher(member, counts, this.#question(occasion)))
  }

  /** Administrators in private; the school's group stands in when none of them can be reached. */
  *#school(candidate: SchoolCandidate, known: (subject: Subject) => KnownNudge): Generator<NudgeVerdict> {
    const { school, administrators } = candidate
    const tasks = this.#tasksOf(candidate)
    if (tasks) this.#sum.add(tasks)
    if (this.occasion.kind !== 'weekly') {
      const { behind, activation } = missingOfSchool(tasks, school.code, this.#question(this.occasion))
      if (behind || activation !== undefined) this.#townsOpen.add(school.town)
    }
    if (!isConcerned(this.occasion, candidate)) return
    const group: Subject = { kind: 'school', code: school.code }
    if (!administrators.length) {
      yield { silence: { audience: 'administrator', subject: group, reason: 'nobody-there' } }
      return
    }
    let told = false
    let unreached = false
    for (const member of administrators) {
      const subject: Subject = { kind: 'member', account: member.account }
      const content = () => this.#schoolContent(candidate, tasks, member)
      const verdict = this.#verdict('administrator', subject, known(subject), content)
      if ('nudge' in verdict) told = true
      else unreached ||= verdict.silence.reason === 'no-channel'
      yield verdict
    }
    if (told || !unreached) return
    yield this.#verdict('administrator', group, known(group), () =>
      this.#schoolContent(candidate, tasks, undefined),
    )
  }

  #tasksOf({ school, members }: SchoolCandidate): SchoolTasks | undefined {
    const { counts, district } = this.sources
    const tasks = schoolTasks(school, members, { scheme: district.scheme, counts, today: this.#day })
    return tasks.kind === 'school' ? tasks : undefined
  }

  get #day(): Day {
    const { occasion } = this
    const week = this.#week
    return occasion.kind === 'weekly' && 'day' in week ? week.day : occasion.day
  }

  #schoolContent(
    { school, members }: SchoolCandidate,
    tasks: SchoolTasks | undefined,
    member: Member | undefined,
  ): NudgeContent | 'no-data' | undefined {
    const { occasion, sources } = this
    const { scheme } = sources.district
    if (occasion.kind !== 'weekly') {
      return this.#phase(missingOfSchool(tasks, school.code, this.#question(occasion)), { school })
    }
    if (!tasks || this.#week.kind === 'first-week') return
    if (this.#week.kind === 'missing' || !this.#hasWeek(members)) return 'no-data'
    const day = this.#day
    const rank = rankOf(school.code, { scheme, standing: sources.standing, day })
    const counts = member && sources.counts(member.account)
    const own = member && counts && openTasks(member, 'administrator', { scheme, counts, day: occasion.day })
    return { kind: 'school-digest', tasks, day, ...(rank && { rank }), ...(own && { own }) }
  }

  /** Whether anything at all is known of a school's week: one without a single record may just not be in the file. */
  #hasWeek(members: readonly Member[]): boolean {
    const { counts, district } = this.sources
    const window = { from: mondayOf(this.#day), to: this.#day }
    return members.some(({ account }) => {
      const own = counts(account)
      return district.scheme.indicators.some(({ name }) => own.actions(name, window) > 0)
    })
  }

  #office(office: Office): NudgeContent | undefined {
    const { occasion } = this
    if (occasion.kind === 'weekly') return office.kind === 'staff' ? this.#district() : undefined
    const question = this.#question(occasion)
    const behind = office.kind === 'town' ? this.#townsOpen.has(office.town) : this.#townsOpen.size > 0
    const id = office.kind === 'town' ? office.town : office.id
    return this.#phase(missingOfOffice(audienceOf(office), id, behind, question))
  }

  #district(): NudgeContent | undefined {
    const { digest } = this.#sum
    const { dataUntil } = this.sources
    const week = this.#week
    if (!digest.schools || week.kind === 'first-week') return undefined
    if (week.kind === 'covered') return { kind: 'district-digest', digest, day: week.day }
    return { kind: 'import-missing', day: week.day, ...(dataUntil !== undefined && { until: dataUntil }) }
  }

  #question({ phase, day, kind }: Occasion & { kind: 'phase-start' | 'phase-deadline' }) {
    const { district, dataUntil } = this.sources
    const isCounted = dataUntil !== undefined && dataUntil >= day - FRESH_DAYS
    const isStart = kind === 'phase-start'
    return { phase, day, scheme: district.scheme, isStart, isCounted, ask: this.#ask }
  }

  #phase(missing: MissingGoal, more: { school?: SchoolCandidate['school'] } = {}): NudgeContent | undefined {
    const { occasion } = this
    if (!missing.open || occasion.kind === 'weekly') return
    const moment = occasion.kind === 'phase-start' ? 'start' : occasion.daysLeft
    return { kind: 'phase', phase: occasion.phase, moment, missing, ...more }
  }
}
