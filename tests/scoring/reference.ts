// A slow second implementation of the scoring rules, written from the description of the domain with plain objects and
// one action at a time. It shares nothing with src/scoring but the types.
import type { Indicator, MemberRole, Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Member, School } from '@space-assistant/core/roster/member'

export interface Done {
  account: string
  indicator: string
  day: number
  count: number
}

const dateOf = (day: number) => new Date(day * 86_400_000)

/** Name of the bucket that a day lies in. */
function bucketName(per: string, day: number, scheme: Scheme): string {
  const date = dateOf(day)
  switch (per) {
    case 'day':
      return date.toISOString().slice(0, 10)
    case 'week':
      return isoWeek(date)
    case 'month':
      return date.toISOString().slice(0, 7)
    case 'year':
      return `year ${scoringYear(day, scheme)}`
    default:
      return 'period'
  }
}

/** ISO 8601 week name: the week belongs to the year of its Thursday. */
export function isoWeek(date: Date): string {
  const thursday = new Date(date)
  thursday.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7) + 3)
  const january1 = Date.UTC(thursday.getUTCFullYear(), 0, 1)
  const week = 1 + Math.floor((thursday.getTime() - january1) / (7 * 86_400_000))
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, '0')}`
}

function scoringYear(day: number, scheme: Scheme): number {
  const start = dateOf(scheme.period.from)
  let year = 0
  while (
    Date.UTC(start.getUTCFullYear() + year + 1, start.getUTCMonth(), start.getUTCDate()) / 86_400_000 <=
    day
  ) {
    year++
  }
  return year
}

/** Points of one member on one indicator by day. */
export function pointsByDay(scheme: Scheme, indicator: Indicator, done: Done[]): Map<number, number> {
  const { from, to } = scheme.period
  const days = new Map<number, number>()
  for (const { day, count } of done) if (day >= from && day <= to) days.set(day, (days.get(day) ?? 0) + count)
  const points = new Map<number, number>()
  const { rule } = indicator
  if (rule.kind === 'streak') {
    for (let day = from; day <= to; day++) {
      if (!days.get(day)) continue
      let run = 1
      while (days.get(day - run) && scoringYear(day - run, scheme) === scoringYear(day, scheme)) run++
      const reached = rule.steps.filter((step) => step.from <= run).sort((a, b) => b.from - a.from)
      points.set(day, reached[0]?.points ?? 0)
    }
    return points
  }
  const used = new Map<string, number>()
  for (const [day, count] of [...days].sort(([a], [b]) => a - b)) {
    for (let action = 0; action < count; action++) {
      if (rule.cap) {
        const bucket = bucketName(rule.cap.per, day, scheme)
        if ((used.get(bucket) ?? 0) >= rule.cap.times) break
        used.set(bucket, (used.get(bucket) ?? 0) + 1)
      }
      points.set(day, (points.get(day) ?? 0) + rule.points)
    }
  }
  return points
}

export class Reference {
  constructor(
    readonly scheme: Scheme,
    readonly members: Member[],
    readonly schools: School[],
    readonly done: Done[],
  ) {}

  points(account: string, role: MemberRole, window: Window, indicators?: readonly string[]): number {
    let total = 0
    for (const indicator of this.scheme.indicators) {
      if (indicator.role !== role || (indicators && !indicators.includes(indicator.name))) continue
      const own = this.done.filter((each) => each.account === account && each.indicator === indicator.name)
      for (const [day, points] of pointsByDay(this.scheme, indicator, own)) {
        if (day >= window.from && day <= window.to) total += points
      }
    }
    return total
  }

  active(role: MemberRole): Member[] {
    return this.members.filter((member) => member.state === 'active' && member.roles.includes(role))
  }

  schoolScore(code: string, window: Window, indicators?: readonly string[]): number | null {
    const staff = (role: MemberRole) => this.active(role).filter((member) => member.school === code)
    if (!staff('teacher').length) return null
    let score = 0
    for (const { role } of this.scheme.schoolScore) {
      const members = staff(role)
      const sum = members.reduce(
        (total, { account }) => total + this.points(account, role, window, indicators),
        0,
      )
      if (members.length) score += sum / members.length
    }
    return round(score)
  }

  /** Places in order: rank, code, score. */
  standing(
    of: 'schools' | MemberRole,
    window: Window,
    passes: (school: School) => boolean,
  ): [number, string, number][] {
    const school = (code: string) => this.schools.find((each) => each.code === code)!
    const scored: [string, number][] = []
    if (of === 'schools') {
      for (const each of this.schools.filter(passes)) {
        const score = this.schoolScore(each.code, window)
        if (score !== null) scored.push([each.code, score])
      }
    } else {
      for (const member of this.active(of)) {
        if (passes(school(member.school)))
          scored.push([member.account, round(this.points(member.account, of, window))])
      }
    }
    scored.sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    return scored.map(([code, score]) => [
      1 + scored.filter(([, other]) => other > score).length,
      code,
      score,
    ])
  }
}

export function round(score: number): number {
  return Math.round(score * 1e6) / 1e6
}
