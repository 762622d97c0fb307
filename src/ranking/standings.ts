import type { Window } from '../scheme/scheme'
import type { Board } from '../scoring/board'
import type { Column } from '../scoring/column'
import { filterOrder, orderBy, splitBySchool } from './order'
import type { Order } from './order'
import { makeStanding } from './standing'
import type { Standing, StandingQuery } from './standing'

const MICRO = 1_000_000
/** Orders and standings kept; above it the ones not asked for longest go. */
const KEPT = 4096

interface Kept<T> {
  value: T
  /** What it was made from: a change of any of these makes it stale. */
  roster: number
  columns: readonly Column[]
  versions: readonly number[]
}

interface Ordered {
  order: Order
  bySchool: Order[] | undefined
}

/**
 * Every ranking of one board, made when first asked for and kept until a tally that matters for it changes. District
 * lists are sorted once per window; towns, stages and schools are cut out of them.
 */
export class Standings {
  readonly #orders = new Map<string, Kept<Ordered>>()
  readonly #standings = new Map<string, Kept<Standing>>()

  constructor(readonly board: Board) {}

  of(query: StandingQuery): Standing {
    const base = `${query.of} ${query.window.from} ${query.window.to} ${query.indicators ? JSON.stringify(query.indicators) : ''}`
    const key = `${base}|${scopeKey(query)}|${query.stage ?? ''}`
    const known = this.#fresh(this.#standings, key)
    if (known) return known
    const ordered = this.#ordered(base, query)
    const order = this.#cut(ordered, query)
    const standing = makeStanding(query, order, this.board, this.#unit(query))
    this.#keep(this.#standings, key, { value: standing, ...this.#sources(query) })
    return standing
  }

  #ordered(key: string, query: StandingQuery): Ordered {
    const known = this.#fresh(this.#orders, key)
    if (known) return known
    const value = { order: this.#sort(query), bySchool: undefined }
    this.#keep(this.#orders, key, { value, ...this.#sources(query) })
    return value
  }

  #sort({ of, window, indicators }: StandingQuery): Order {
    const { board } = this
    const { people } = board
    if (of === 'schools') {
      const scores = board.schoolScores(window, indicators)
      const ranked = Uint32Array.from(scores.keys()).filter((index) => scores[index]!.score !== null)
      return orderBy(ranked, (index) => Math.round(scores[index]!.score! * MICRO))
    }
    const role = of === 'teachers' ? 'teacher' : 'administrator'
    const { values } = board.column(pointsQuery(role, window, indicators))
    const { scale } = board.rules
    if (scale <= MICRO) return orderBy(people.active[role], (slot) => values[slot]!)
    return orderBy(people.active[role], (slot) => Math.round((values[slot]! / scale) * MICRO))
  }

  #cut(ordered: Ordered, { of, scope, stage }: StandingQuery): Order {
    const { people } = this.board
    let { order } = ordered
    const schoolOf = (id: number) => (of === 'schools' ? id : people.schoolOf[id]!)
    if (scope.kind === 'school') {
      const index = people.schoolIndex(scope.code) ?? -1
      if (of === 'schools') order = filterOrder(order, (id) => id === index)
      else
        order = (ordered.bySchool ??= splitBySchool(order, people))[index] ?? filterOrder(order, () => false)
    } else if (scope.kind === 'town') {
      order = filterOrder(order, (id) => people.schools[schoolOf(id)]!.town === scope.town)
    }
    if (stage !== undefined) {
      order = filterOrder(order, (id) => people.schools[schoolOf(id)]!.stage === stage)
    }
    return order
  }

  /** How many units of an order make one point. */
  #unit({ of }: StandingQuery): number {
    return of === 'schools' ? MICRO : Math.min(this.board.rules.scale, MICRO)
  }

  #sources({ of, window, indicators }: StandingQuery): Omit<Kept<unknown>, 'value'> {
    const { board } = this
    const columns =
      of === 'schools'
        ? board.scheme.schoolScore.map(({ role }) => board.column(pointsQuery(role, window, indicators)))
        : [board.column(pointsQuery(of === 'teachers' ? 'teacher' : 'administrator', window, indicators))]
    return { roster: board.people.version, columns, versions: columns.map(({ version }) => version) }
  }

  #fresh<T>(kept: Map<string, Kept<T>>, key: string): T | undefined {
    const entry = kept.get(key)
    if (!entry) return
    const { roster, columns, versions } = entry
    const current = columns.every((column, i) => !column.dropped && column.version === versions[i])
    if (roster === this.board.people.version && current) return entry.value
    kept.delete(key)
    return
  }

  #keep<T>(kept: Map<string, Kept<T>>, key: string, entry: Kept<T>): void {
    kept.set(key, entry)
    if (kept.size <= KEPT) return
    for (const oldest of kept.keys()) {
      kept.delete(oldest)
      break
    }
  }
}

function pointsQuery(role: 'teacher' | 'administrator', window: Window, indicators?: readonly string[]) {
  return indicators ? { role, window, indicators } : { role, window }
}

function scopeKey({ scope }: StandingQuery): string {
  switch (scope.kind) {
    case 'district':
      return ''
    case 'town':
      return `town ${scope.town}`
    case 'school':
      return `school ${scope.code}`
  }
}
