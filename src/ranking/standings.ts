import type { MemberRole } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { Board } from '../scoring/board'
import type { ScoreColumn } from '../scoring/column'
import { filterOrder, orderBy, splitOrder } from './order'
import type { Order } from './order'
import { makeStanding, memberSubjects, schoolSubjects } from './standing'
import type { Standing, StandingQuery, StandingSource } from './standing'

const MICRO = 1_000_000
/** District lists kept; above it the one not asked for longest goes. */
const KEPT = 64

/** The list of a whole district for one window, and what was cut out of it. */
interface Base {
  query: Pick<StandingQuery, 'of' | 'window' | 'indicators'>
  order: Order
  /** What it was made from: a change of any of these makes it stale, and all that was cut from it. */
  roster: number
  columns: readonly ScoreColumn[]
  versions: readonly number[]
  parts: Map<string, readonly Order[]>
  standings: Map<string, Standing>
  source: StandingSource
}

/**
 * Every ranking of one board, made when first asked for and kept until a tally that matters for it changes. District
 * lists are sorted once per window; towns, stages and schools are cut out of them.
 */
export class Standings {
  readonly #bases = new Map<string, Base>()
  /** The one asked for last: whoever asks for one place asks for more on the same list. */
  #latest: Base | undefined

  constructor(readonly board: Board) {}

  of(query: StandingQuery): Standing {
    const base = this.#base(query)
    const key = scopeKey(query)
    let standing = base.standings.get(key)
    if (!standing) {
      standing = makeStanding(query, this.#cut(base, query), base.source)
      base.standings.set(key, standing)
    }
    return standing
  }

  #base(query: StandingQuery): Base {
    const latest = this.#latest
    if (latest && asksTheSame(latest.query, query) && this.#isFresh(latest)) return latest
    return (this.#latest = this.#find(query))
  }

  #find(query: StandingQuery): Base {
    const { of, window, indicators } = query
    const key = `${of} ${window.from} ${window.to}${indicators ? JSON.stringify(indicators) : ''}`
    const known = this.#bases.get(key)
    if (known && this.#isFresh(known)) return known
    this.#bases.delete(key)
    const order = this.#sort(query)
    const columns = this.#columns(query)
    const versions = columns.map(({ version }) => version)
    const roster = this.board.people.version
    const { board } = this
    const source: StandingSource = {
      board,
      subjects: of === 'schools' ? schoolSubjects(board.people) : memberSubjects(board.people),
      unit: of === 'schools' ? MICRO : Math.min(board.rules.scale, MICRO),
    }
    const found = { order, roster, columns, versions, parts: new Map(), standings: new Map(), source }
    const base: Base = { query: { of, window, indicators }, ...found }
    this.#bases.set(key, base)
    const [oldest = key] = this.#bases.keys()
    if (this.#bases.size > KEPT) this.#bases.delete(oldest)
    return base
  }

  #isFresh({ roster, columns, versions }: Base): boolean {
    if (roster !== this.board.people.version) return false
    return columns.every(({ dropped, version }, index) => !dropped && version === versions[index])
  }

  #columns({ of, window, indicators }: StandingQuery): ScoreColumn[] {
    const { board } = this
    const roles = of === 'schools' ? board.scheme.schoolScore.map(({ role }) => role) : [roleOf(of)]
    return roles.map((role) => board.column(pointsQuery(role, window, indicators)))
  }

  #sort({ of, window, indicators }: StandingQuery): Order {
    const { board } = this
    const { people } = board
    if (of === 'schools') {
      const scores = board.schoolScores(window, indicators)
      const scoreAt = (index: number) => scores[index]?.score ?? null
      const ranked = Uint32Array.from(scores.keys()).filter((index) => scoreAt(index) !== null)
      return orderBy(ranked, (index) => Math.round((scoreAt(index) ?? 0) * MICRO))
    }
    const role = roleOf(of)
    const { values } = board.column(pointsQuery(role, window, indicators))
    const { scale } = board.rules
    if (scale <= MICRO) return orderBy(people.active[role], (slot) => values[slot] ?? 0)
    // One division of whole numbers, so that halves are halves.
    return orderBy(people.active[role], (slot) => Math.round((values[slot] ?? 0) / (scale / MICRO)))
  }

  #cut(base: Base, { of, scope, stage }: StandingQuery): Order {
    const { people } = this.board
    const part = (kind: string, groupOfSchool: Int32Array, group: number | undefined): Order => {
      let parts = base.parts.get(kind)
      if (!parts) {
        const schoolOf = of === 'schools' ? people.itself : people.schoolOf
        parts = splitOrder(base.order, schoolOf, groupOfSchool)
        base.parts.set(kind, parts)
      }
      return parts[group ?? -1] ?? nobody
    }
    const { towns, stages } = people
    switch (scope.kind) {
      case 'district':
        return stage === undefined ? base.order : part('stage', stages.ofSchool, stages.index.get(stage))
      case 'town':
        return this.#ofStage(part('town', towns.ofSchool, towns.index.get(scope.town)), of, stage)
      case 'school': {
        const order = part('school', people.itself, people.schoolIndexes.get(scope.code))
        return this.#ofStage(order, of, stage)
      }
    }
  }

  #ofStage(order: Order, of: StandingQuery['of'], stage: string | undefined): Order {
    if (stage === undefined) return order
    const { stages, schoolOf } = this.board.people
    const wanted = stages.index.get(stage)
    return filterOrder(
      order,
      (id) => stages.ofSchool[of === 'schools' ? id : (schoolOf[id] ?? -1)] === wanted,
    )
  }
}

/** For sure; other lists of the same indicators may be the same too. */
function asksTheSame(a: Base['query'], b: Base['query']): boolean {
  const sameWindow = a.window.from === b.window.from && a.window.to === b.window.to
  return sameWindow && a.of === b.of && a.indicators === b.indicators
}

const nobody: Order = { ids: new Uint32Array(0), units: new Float64Array(0) }

function roleOf(of: 'teachers' | 'administrators'): MemberRole {
  return of === 'teachers' ? 'teacher' : 'administrator'
}

function pointsQuery(role: MemberRole, window: Window, indicators?: readonly string[]) {
  return indicators ? { role, window, indicators } : { role, window }
}

function scopeKey({ scope, stage = '' }: StandingQuery): string {
  switch (scope.kind) {
    case 'district':
      return stage
    case 'town':
      return `town ${scope.town} ${stage}`
    case 'school':
      return `school ${scope.code} ${stage}`
  }
}
