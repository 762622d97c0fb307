import type { Day } from '../calendar/day'
import type { MemberRole } from '../scheme/scheme'
import type { Window } from '../calendar/day'
import type { CapCounter } from './meter'
import type { PackReader } from './pack-reader'
import type { ScoringRule, Ruleset } from './rules'
import type { Pack } from './tallies'

/** Whose points of which days and indicators. */
export interface PointsQuery {
  role: MemberRole
  window: Window
  /** Names in the scheme; all of the role when left out. Unknown ones give no points. */
  indicators?: readonly string[]
}

/** Scaled points of every slot for one query, kept up to date by the board. */
export class ScoreColumn {
  values = new Float64Array(0)
  /** Grows whenever a value changes. */
  version = 0
  /** Set when the board no longer keeps it current. */
  dropped = false
  readonly #wanted: readonly boolean[]
  readonly #from: Day
  readonly #to: Day

  constructor(
    readonly query: PointsQuery,
    rules: Ruleset,
  ) {
    const names = query.indicators && new Set(query.indicators)
    const wanted: boolean[] = []
    for (const [number, rule] of rules.all()) {
      wanted[number] = rule.role === query.role && (!names || names.has(rule.indicator.name))
    }
    this.#wanted = wanted
    this.#from = query.window.from
    this.#to = query.window.to
  }

  wants(indicator: number): boolean {
    return this.#wanted[indicator] === true
  }

  /** Makes room for slots up to `length`; new ones have 0. */
  grow(length: number): void {
    const values = new Float64Array(length)
    values.set(this.values)
    this.values = values
  }

  /** Whether it has no indicator at all, so that everybody has 0. */
  get isEmpty(): boolean {
    return !this.#wanted.includes(true)
  }

  /** Adds to the value of a slot what its points of an indicator and day changed by, if they are asked for. */
  add(slot: number, indicator: number, day: Day, points: number): void {
    if (day < this.#from || day > this.#to || !this.wants(indicator)) return
    this.values[slot]! += points
    this.version++
  }
}

/** Scaled points of a pack under a query's column. */
export function pointsOfPack(pack: Pack, column: ScoreColumn, tools: Tools): number {
  const { reader, rules, meter } = tools
  const { window } = column.query
  let total = 0
  reader.open(pack)
  while (reader.section()) {
    if (column.wants(reader.indicator)) total += meter.sum(rules.of(reader.indicator)!, reader, window)
  }
  return total
}

/** Tells the scaled points of each indicator of a pack that a column wants. */
export function pointsByIndicator(
  pack: Pack,
  column: ScoreColumn,
  tools: Tools,
  take: (rule: ScoringRule, points: number) => void,
): void {
  const { reader, rules, meter } = tools
  reader.open(pack)
  while (reader.section()) {
    const rule = rules.of(reader.indicator)
    if (rule && column.wants(reader.indicator)) take(rule, meter.sum(rule, reader, column.query.window))
  }
}

/** What walking over packs needs; one set per board. */
export interface Tools {
  rules: Ruleset
  reader: PackReader
  meter: CapCounter
}
