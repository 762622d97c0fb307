import type { Standing } from '../ranking/standing'
import type { School } from '../roster/member'
import { activationRate, sumActivation } from '../tasks/activation'
import type { Activation } from '../tasks/activation'
import { rounded } from '../text/figure'
import type { BulletinFacts, BulletinRow, BulletinStamp } from './facts'

export interface FactSources {
  stamp: BulletinStamp
  /** Schools of the whole district in the stamp's window. */
  standing: Standing
  schools: readonly School[]
  /** By school code; a school that is missing has nobody. */
  activations: ReadonlyMap<string, Activation>
  /** Active teachers and those of them with a point in the window, by school code. */
  teachers: ReadonlyMap<string, { members: number; active: number }>
  /** The share that awards ask for, from 0 to 1. */
  award?: number | undefined
  /** The bulletin that was published last, where it was about the same scheme. */
  last?: BulletinFacts | undefined
}

/** Makes the facts of a bulletin: every number that it may say, as it will be shown. */
export function collectFacts(sources: FactSources): BulletinFacts {
  const { stamp, standing, schools, teachers, award, last } = sources
  const ranked = standing.entries(0, standing.size)
  const row = rowMaker(sources)
  const places = new Map(ranked.map((place) => [place.code, place]))
  const rows = [
    ...ranked.flatMap(({ code }) => schools.find((school) => school.code === code) ?? []),
    ...schools.filter(({ code }) => !places.has(code)),
  ].map(row)
  const counts = [...teachers.values()]
  const sum = (of: (count: { members: number; active: number }) => number) =>
    counts.reduce((total, count) => total + of(count), 0)
  const [members, active] = [sum((count) => count.members), sum((count) => count.active)]
  const whole = sumActivation(sources.activations.values())
  const scores = ranked.map(({ score }) => score)
  return {
    stamp,
    numbers: {
      ...{ schools: schools.length, ranked: ranked.length, teachers: members, active },
      activity: members ? floorPercent(active / members) : null,
      mean: scores.length ? rounded(scores.reduce((a, b) => a + b, 0) / scores.length) : null,
      best: scores.length ? rounded(scores[0] ?? 0) : null,
      opened: whole.teachersOpened + whole.studentsOpened,
      spaces: whole.teachers + whole.students,
      activation: percentOf(whole),
      award: award === undefined ? null : floorPercent(award),
      'below-award': award === undefined ? null : countBelow(rows, floorPercent(award)),
      silent: rows.filter(({ silent }) => silent).length,
    },
    rows,
    since: last?.stamp.dataUntil ?? null,
  }
}

function rowMaker({ standing, activations, teachers, last }: FactSources): (school: School) => BulletinRow {
  const before = new Map(last?.rows.map(({ code, rank }) => [code, rank]))
  // While nobody has a point all are first, and whoever is behind later has lost nothing.
  const comparable = (last?.numbers.best ?? 0) > 0
  return ({ code, name, town = '' }) => {
    const place = standing.place(code)
    const old = comparable ? (before.get(code) ?? null) : null
    const count = teachers.get(code)
    const activation = activations.get(code)
    return {
      ...{ code, name, town },
      rank: place?.rank ?? null,
      score: place ? rounded(place.score) : null,
      change: place && old !== null ? old - place.rank : null,
      activation: activation ? percentOf(activation) : null,
      silent: count !== undefined && count.members > 0 && count.active === 0,
    }
  }
}

const countBelow = (rows: readonly BulletinRow[], award: number) =>
  rows.filter(({ activation }) => activation !== null && activation < award).length

function percentOf(activation: Activation): number | null {
  const rate = activationRate(activation)
  return rate === null ? null : floorPercent(rate)
}

/** A share in percent with one decimal, rounded down: 99.97 % never reads as 100 %. */
function floorPercent(share: number): number {
  return Math.floor(share * 1000 + 1e-9) / 10
}
