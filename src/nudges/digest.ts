import type { Standing, StandingQuery } from '../ranking/standing'
import type { Day } from '../calendar/day'
import { mondayOf } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { School } from '../roster/member'
import { activationRate, sumActivation } from '../tasks/activation'
import type { Activation } from '../tasks/activation'
import type { SchoolTasks } from '../tasks/school'

/** A school's place in the district up to the digest's day, and since a week before (positive: places won). */
export interface SchoolRank {
  rank: number
  size: number
  change?: number
}

/** How many schools a district digest names. */
const NAMED = 8

/** How far behind a school is, without the people. */
export interface SchoolBehind {
  school: School
  members: number
  behind: number
}

/** The week of the whole district. */
export interface DistrictDigest {
  schools: number
  teachers: number
  teachersBehind: number
  /** Schools in which at least one teacher is behind. */
  schoolsBehind: number
  rate: number | null
  /** Those with the largest share of teachers behind, the largest first. */
  worst: SchoolBehind[]
  /** How many schools have opened fewer spaces than awards ask for. */
  belowAward: number
}

/**
 * The day up to which a weekly digest looks: Sunday of the week that is over, so that nobody is behind merely because
 * the week has just begun. In the first week of the period, the day itself.
 */
export function digestDay({ period }: Pick<Scheme, 'period'>, day: Day): Day {
  const sunday = mondayOf(day) - 1
  return sunday < period.from ? day : Math.min(sunday, period.to)
}

/** How far the data reach into the week that a nudge looks back on. */
export type WeekCoverage =
  | { kind: 'covered'; day: Day }
  /** The scoring period begins in this week: nobody can be behind. */
  | { kind: 'first-week' }
  /** `day` is the last day of the week that should be there. */
  | { kind: 'missing'; day: Day }

/**
 * Nobody is named for days whose data have not come: they must reach the week's last working day. Where they end at the
 * weekend, the week is looked at until then.
 */
export function weekCoverage(
  scheme: Pick<Scheme, 'period'>,
  day: Day,
  { dataUntil, isWorkday }: { dataUntil: Day | undefined; isWorkday: (day: Day) => boolean },
): WeekCoverage {
  const last = digestDay(scheme, day)
  if (last >= mondayOf(day)) return { kind: 'first-week' }
  let needed = last
  while (needed > Math.max(mondayOf(last), scheme.period.from) && !isWorkday(needed)) needed--
  if (dataUntil === undefined || dataUntil < needed) return { kind: 'missing', day: last }
  return { kind: 'covered', day: Math.min(last, dataUntil) }
}

/** Place of a school and its change; undefined when it is not ranked. */
export function rankOf(
  code: string,
  { scheme, standing, day }: { scheme: Scheme; standing: (query: StandingQuery) => Standing; day: Day },
): SchoolRank | undefined {
  const { from } = scheme.period
  const until = (to: Day) => standing({ of: 'schools', window: { from, to }, scope: { kind: 'district' } })
  const now = until(day)
  const place = now.place(code)
  if (!place) return
  const earlier = day - 7 >= from ? until(day - 7) : undefined
  // While nobody had a point all were first, and whoever is behind now has lost nothing.
  const change = earlier?.entries(0, 1)[0]?.score ? now.changeSince(earlier, code)?.places : undefined
  return { rank: place.rank, size: now.size, ...(change !== undefined && { change }) }
}

/** Sums up schools one by one and keeps no people. */
export class DistrictSum {
  #schools = 0
  #teachers = 0
  #behind = 0
  #schoolsBehind = 0
  #belowAward = 0
  #activation: Activation = sumActivation([])
  #worst: SchoolBehind[] = []

  constructor(private readonly scheme: Pick<Scheme, 'activation'>) {}

  add({ school, teacher, activation, rate }: SchoolTasks): void {
    const behind = teacher.behind.length
    this.#schools++
    this.#teachers += teacher.members
    this.#behind += behind
    this.#activation = sumActivation([this.#activation, activation])
    if (rate !== null && rate < (this.scheme.activation?.award ?? 0)) this.#belowAward++
    if (!behind) return
    this.#schoolsBehind++
    this.#worst.push({ school, members: teacher.members, behind })
    // Sorting is stable: among equals the order in which schools came, that of their codes.
    this.#worst.sort((a, b) => b.behind / b.members - a.behind / a.members)
    this.#worst.length = Math.min(this.#worst.length, NAMED)
  }

  get digest(): DistrictDigest {
    return {
      schools: this.#schools,
      teachers: this.#teachers,
      teachersBehind: this.#behind,
      schoolsBehind: this.#schoolsBehind,
      rate: activationRate(this.#activation),
      worst: [...this.#worst],
      belowAward: this.#belowAward,
    }
  }
}
