import type { Day } from '../calendar/day'
import { ScoreColumn, pointsOfPack } from './column'
import type { PointsQuery, Tools } from './column'
import type { Pack } from './tallies'

/** Bytes of columns that are kept, and how many; above either the one not asked for longest is dropped. */
const MOST_BYTES = 64 << 20
const MOST = 96
/** However long columns are. */
const LEAST = 8

/** The columns of a board that were asked for, kept current until they are dropped. */
export class Columns {
  readonly #columns = new Map<string, ScoreColumn>()
  /** The same ones, as a list to go over. */
  #list: readonly ScoreColumn[] = []

  constructor(private readonly tools: Tools) {}

  /** The column of a query if it is there. */
  known(query: PointsQuery): ScoreColumn | undefined {
    return this.#columns.get(keyOf(query))
  }

  /** The column of a query, computed from the packs (by slot) if it is not there. */
  of(query: PointsQuery, packs: readonly Pack[]): ScoreColumn {
    const key = keyOf(query)
    let column = this.#columns.get(key)
    if (column) this.#columns.delete(key)
    else column = this.#compute(query, packs)
    if (column.values.length < packs.length) column.grow(packs.length)
    this.#columns.set(key, column)
    this.#forget(Math.max(LEAST, Math.min(MOST, Math.floor(MOST_BYTES / (8 * packs.length + 1)))))
    this.#list = [...this.#columns.values()]
    return column
  }

  /** Makes room for slots up to `length`. */
  grow(length: number): void {
    for (const column of this.#list) if (column.values.length < length) column.grow(length)
  }

  /** Takes in that the points of a member on an indicator and day have changed. */
  add(slot: number, indicator: number, day: Day, points: number): void {
    for (const column of this.#list) column.add(slot, indicator, day, points)
  }

  drop(): void {
    this.#forget(0)
    this.#list = []
  }

  #compute(query: PointsQuery, packs: readonly Pack[]): ScoreColumn {
    const column = new ScoreColumn(query, this.tools.rules)
    column.grow(packs.length)
    if (column.isEmpty) return column
    for (let slot = 0; slot < packs.length; slot++) {
      column.values[slot] = pointsOfPack(packs[slot]!, column, this.tools)
    }
    return column
  }

  #forget(most: number): void {
    for (const [oldest, column] of this.#columns) {
      if (this.#columns.size <= most) break
      column.dropped = true
      this.#columns.delete(oldest)
    }
  }
}

function keyOf({ role, window, indicators }: PointsQuery): string {
  return `${role} ${window.from} ${window.to}${indicators ? ` ${JSON.stringify(indicators)}` : ''}`
}
