import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'
import type { Board } from '../scoring/board'
import type { PeopleIndex } from '../scoring/people'
import { positionsOf, rankAt } from './order'
import type { Order, Positions } from './order'
import { present } from '../text/present'

export type StandingSubject = 'schools' | 'teachers' | 'administrators'
export type RankingScope =
  { kind: 'district' } | { kind: 'town'; town: string } | { kind: 'school'; code: string }

export interface StandingQuery {
  of: StandingSubject
  window: Window
  /** Only the points of these indicators (names in the scheme); all when left out. */
  indicators?: readonly string[] | undefined
  scope: RankingScope
  stage?: string | undefined
}

export interface StandingPlace {
  rank: number
  /** School code or account. */
  code: string
  name: string
  /** Code of the own school; for schools the code itself. */
  school: string
  /** Rounded to 6 decimals. */
  score: number
}

/** A ranking, as of the data that was there when it was asked for; its places never change. */
export interface Standing {
  query: StandingQuery
  /** How many are ranked. */
  size: number
  /** Last day with any tally on the board (now, not when the standing was made); undefined without data. */
  readonly asOf: Day | undefined
  entries(offset: number, count: number): StandingPlace[]
  /** Undefined when the code is not ranked here. */
  place(code: string): StandingPlace | undefined
  /** The place of the code and up to `n` before and after it in the list; empty when it is not ranked. */
  around(code: string, n: number): StandingPlace[]
  /** The nearest place with a better score and how many points are missing; undefined for the first and the unranked. */
  ahead(code: string): { place: StandingPlace; missing: number } | undefined
  /** Places gained (positive) or lost and points won since an earlier standing; undefined when unranked in either. */
  changeSince(earlier: Standing, code: string): { places: number; score: number } | undefined
}

/** What standings of one roster need: `unit` is how many units of the order make a point. */
export interface StandingSource {
  board: Board
  subjects: Subjects
  unit: number
}

/** A standing over an order of slots or school indexes. */
export function makeStanding(query: StandingQuery, order: Order, source: StandingSource): Standing {
  return new BoardStanding(query, order, source)
}

class BoardStanding implements Standing {
  readonly size: number
  /** By slot or school index, made when first asked for. */
  #positions: Positions | undefined

  constructor(
    readonly query: StandingQuery,
    readonly order: Order,
    readonly source: StandingSource,
  ) {
    this.size = order.ids.length
  }

  get asOf(): Day | undefined {
    return this.source.board.dataUntil
  }

  entries(offset: number, count: number): StandingPlace[] {
    const places: StandingPlace[] = []
    const end = Math.min(offset + count, this.size)
    for (let position = Math.max(offset, 0); position < end; position++) places.push(this.#at(position))
    return places
  }

  place(code: string): StandingPlace | undefined {
    const position = this.#position(code)
    return position < 0 ? undefined : this.#at(position)
  }

  around(code: string, n: number): StandingPlace[] {
    const position = this.#position(code)
    if (position < 0) return []
    const from = Math.max(position - n, 0)
    return this.entries(from, position + n + 1 - from)
  }

  ahead(code: string): { place: StandingPlace; missing: number } | undefined {
    const own = this.#position(code)
    if (own < 0) return
    const { units } = this.order
    let position = own
    while (position >= 0 && units[position] === units[own]) position--
    if (position < 0) return
    return {
      place: this.#at(position),
      missing: ((units[position] ?? 0) - (units[own] ?? 0)) / this.source.unit,
    }
  }

  changeSince(earlier: Standing, code: string): { places: number; score: number } | undefined {
    const now = this.place(code)
    const then = earlier.place(code)
    if (!now || !then) return
    const micro = 1_000_000
    const score = Math.round(now.score * micro) - Math.round(then.score * micro)
    return { places: then.rank - now.rank, score: score / micro }
  }

  #position(code: string): number {
    const id = this.source.subjects.id(code)
    if (id === undefined) return -1
    this.#positions ??= positionsOf(this.order, this.source.subjects.count)
    return this.#positions(id)
  }

  #at(position: number): StandingPlace {
    const id = present(this.order.ids[position], 'the subject at a place of the ranking')
    const score = (this.order.units[position] ?? 0) / this.source.unit
    const { code, name, school } = this.source.subjects.describe(id)
    return { rank: rankAt(this.order, position), code, name, school, score }
  }
}

/** Who stands behind the numbers of an order, as the roster was when this was made. */
export interface Subjects {
  id(code: string): number | undefined
  /** One more than the largest number. */
  count: number
  describe(id: number): { code: string; name: string; school: string }
}

export function schoolSubjects(people: PeopleIndex): Subjects {
  const { schools } = people
  const indexes = people.schoolIndexes
  return {
    id: (code) => indexes.get(code),
    count: schools.length,
    describe: (id) => {
      const { code, name } = present(schools[id], 'a ranked school')
      return { code, name, school: code }
    },
  }
}

export function memberSubjects(people: PeopleIndex): Subjects {
  const { members } = people
  return {
    id: (code) => people.slot(code),
    count: people.accounts.length,
    describe: (id) => {
      const { account, name, school } = present(members[id], 'a ranked member')
      return { code: account, name, school }
    },
  }
}
