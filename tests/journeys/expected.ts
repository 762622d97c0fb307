// What the answers must be, from the demo generator's actions and the slow reference of tests/scoring: nothing of
// src/formats, src/scoring or src/ranking has a part in it.
import { activity, NO_VALUE } from '@space-assistant/core/demo/activity'
import type { DemoDistrict } from '@space-assistant/core/demo/district'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import type { School } from '@space-assistant/core/roster/member'
import { Reference, round } from '../scoring/reference'
import type { Done } from '../scoring/reference'

export interface Placed {
  rank: number
  code: string
  score: number
}

/** Everything that members did in a window, valid or not. */
export function doneIn(
  district: DemoDistrict,
  scheme: Scheme,
  window: Window,
): (Done & { valid: boolean })[] {
  const done: (Done & { valid: boolean })[] = []
  for (const actions of activity(district, scheme, { window })) {
    for (let at = 0; at < actions.length; at++) {
      const indicator = scheme.indicators[actions.indicator[at]!]!
      const least = indicator.requirement?.conditions[0]?.min ?? 0
      const value = actions.value[at]!
      done.push({
        account: district.members[actions.member[at]!]!.account,
        indicator: indicator.name,
        day: actions.day,
        count: actions.count[at]!,
        valid: value === NO_VALUE || value >= least,
      })
    }
  }
  return done
}

export class Expected {
  private readonly references: Map<string, Reference>

  constructor(
    private readonly district: DemoDistrict,
    private readonly scheme: Scheme,
    readonly done: readonly (Done & { valid: boolean })[],
  ) {
    const schoolOf = new Map(district.members.map(({ account, school }) => [account, school]))
    this.references = new Map(
      district.schools.map((school) => {
        const own = done.filter(({ account, valid }) => valid && schoolOf.get(account) === school.code)
        const members = district.members.filter((member) => member.school === school.code)
        return [school.code, new Reference(scheme, members, [school], own)]
      }),
    )
  }

  get dataUntil(): number {
    return Math.max(...this.done.map(({ day }) => day))
  }

  schools(window: Window, passes: (school: School) => boolean = () => true): Placed[] {
    return placed(
      this.district.schools.filter(passes).flatMap(({ code }) => {
        const score = this.references.get(code)!.schoolScore(code, window)
        return score === null ? [] : [{ code, score }]
      }),
    )
  }

  /** Places in the whole district. */
  teachers(window: Window): Placed[] {
    return placed(
      [...this.references.values()].flatMap((reference) =>
        reference.active('teacher').map(({ account }) => {
          return { code: account, score: round(reference.points(account, 'teacher', window)) }
        }),
      ),
    )
  }

  /** The answer to "/排名 本校", word for word. */
  ownSchool(code: string): string {
    const { period } = this.scheme
    const all = this.schools(period)
    const school = this.district.schools.find((each) => each.code === code)!
    const at = all.findIndex((each) => each.code === code)
    const own = all[at]!
    const name = (placed: Placed) => this.district.schools.find((each) => each.code === placed.code)!.name
    // What is shown has to add up: the difference is of the figures as they are shown.
    const cents = (placed: Placed) => Math.round(placed.score * 100)
    const gap = (other: Placed) => figure(Math.abs(cents(other) - cents(own)) / 100)
    const before = all[at - 1]
    const after = all[at + 1]
    const rankIn = (placed: Placed[]) =>
      `第 ${placed.find((each) => each.code === code)!.rank} 名（共 ${placed.length} 所）`
    const sunday = this.dataUntil - ((this.dataUntil + 3) % 7) - 1
    const earlier = this.schools({ from: period.from, to: sunday })
    const moved = rankOf(earlier, code) - own.rank
    // The data of the tests are years old.
    const since = ` ${dateOf(sunday)} `
    const towards = moved > 0 ? `比${since}升 ${moved} 名` : `比${since}降 ${-moved} 名`
    // While nobody had a point all were first.
    const change = earlier[0]!.score === 0 ? '' : `，${moved === 0 ? `与${since}持平` : towards}`
    const town = this.schools(period, (each) => each.town === school.town)
    const stage = this.schools(period, (each) => each.stage === school.stage)
    return [
      `${school.name} 本期 ${figure(own.score)} 分，全区${rankIn(all)}${change}`,
      `${school.town}${rankIn(town)}、${school.stage}${rankIn(stage)}`,
      [
        before &&
          `前面是${name(before)}（第 ${before.rank} 名，${figure(before.score)} 分，差 ${gap(before)} 分）`,
        after &&
          `后面是${name(after)}（第 ${after.rank} 名，${figure(after.score)} 分，少 ${gap(after)} 分）`,
      ]
        .filter(Boolean)
        .join('；'),
      `数据截至 ${dateOf(this.dataUntil)}。`,
    ].join('\n')
  }
}

function dateOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10)
}

export function figure(score: number): string {
  return String(Math.round(score * 100) / 100)
}

function rankOf(places: Placed[], code: string): number {
  return places.find((each) => each.code === code)!.rank
}

function placed(scored: { code: string; score: number }[]): Placed[] {
  return scored
    .sort((a, b) => b.score - a.score || (a.code < b.code ? -1 : 1))
    .map((each) => ({ ...each, rank: 1 + scored.filter(({ score }) => score > each.score).length }))
}
