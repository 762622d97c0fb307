import type { Standing, StandingQuery } from '../ranking/standing'
import type { Day } from '../calendar/day'
import type { Audience } from '../scheme/scheme'
import type { Member } from '../roster/member'
import type { Counts } from '../tasks/counts'
import { schoolTasks } from '../tasks/school'
import type { SchoolTasks } from '../tasks/school'
import { audienceOf, audiencesOf } from './candidate'
import type { Candidate, NudgeDistrict, Office } from './candidate'
import { digestDay, DistrictSum, rankOf } from './digest'
import { missingOfOffice, missingOfSchool, missingOfTeacher, openTasks } from './missing'
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
  ask?: AskGoal
}

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

  constructor(
    readonly occasion: Occasion,
    private readonly sources: PlanSources,
  ) {
    this.#sum = new DistrictSum(sources.district.scheme)
    this.#ask = sources.ask ?? (() => undefined)
  }

  /** `known` answers for every subject of `subjectsOf(candidate)`. */
  *decide(candidate: Candidate, known: (subject: Subject) => KnownNudge): Generator<NudgeVerdict> {
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
    content: () => NudgeContent | undefined,
  ): NudgeVerdict {
    const silent = (reason: SilenceReason): NudgeVerdict => ({ silence: { audience, subject, reason } })
    const silenced = silencedBy(settings, this.occasion)
    if (silenced) return silent(silenced)
    if (!reachable) return silent('no-channel')
    const said = content()
    if (!said) return silent('nothing-missing')
    const key = `${this.occasion.key}/${audience}/${subjectKey(subject)}`
    return { nudge: { key, audience, subject, content: said } }
  }

  #teacher(member: Member): NudgeContent | undefined {
    const { occasion, sources } = this
    const counts = sources.counts(member.account)
    if (occasion.kind === 'weekly') {
      const { scheme } = sources.district
      const tasks = openTasks(member, 'teacher', { scheme, counts, day: occasion.day })
      return tasks && { kind: 'own-tasks', member, tasks }
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
    if (!audiencesOf(this.occasion).includes('administrator')) return
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
    const { occasion, sources } = this
    return occasion.kind === 'weekly' ? digestDay(sources.district.scheme, occasion.day) : occasion.day
  }

  #schoolContent(
    { school }: SchoolCandidate,
    tasks: SchoolTasks | undefined,
    member: Member | undefined,
  ): NudgeContent | undefined {
    const { occasion, sources } = this
    const { scheme } = sources.district
    if (occasion.kind !== 'weekly') {
      return this.#phase(missingOfSchool(tasks, school.code, this.#question(occasion)), { school })
    }
    if (!tasks) return
    const day = this.#day
    const rank = rankOf(school.code, { scheme, standing: sources.standing, day })
    const counts = member && sources.counts(member.account)
    const own = member && counts && openTasks(member, 'administrator', { scheme, counts, day: occasion.day })
    return { kind: 'school-digest', tasks, day, ...(rank && { rank }), ...(own && { own }) }
  }

  #office(office: Office): NudgeContent | undefined {
    const { occasion } = this
    if (occasion.kind === 'weekly') {
      const { digest } = this.#sum
      return office.kind === 'staff' && digest.schools
        ? { kind: 'district-digest', digest, day: this.#day }
        : undefined
    }
    const question = this.#question(occasion)
    const behind = office.kind === 'town' ? this.#townsOpen.has(office.town) : this.#townsOpen.size > 0
    return this.#phase(missingOfOffice(audienceOf(office), office.id, behind, question))
  }

  #question({ phase, day }: Occasion & { kind: 'phase-start' | 'phase-deadline' }) {
    return { phase, day, scheme: this.sources.district.scheme, ask: this.#ask }
  }

  #phase(missing: MissingGoal, more: { school?: SchoolCandidate['school'] } = {}): NudgeContent | undefined {
    const { occasion } = this
    if (!missing.open || occasion.kind === 'weekly') return
    const moment = occasion.kind === 'phase-start' ? 'start' : occasion.daysLeft
    return { kind: 'phase', phase: occasion.phase, moment, missing, ...more }
  }
}
