import type { Window } from '../../calendar/day'
import { CapCounter } from '../meter'
import { PackReader } from '../pack-reader'
import type { ScoringRule, Ruleset } from '../rules'
import type { Pack } from '../tallies'
import type { Engine } from './engine'
import type { LineSetup } from './setup'
import type { SliceResult } from './slice'

/** What points are computed by: `numbers` are those of the scheme's indicators in the dictionary. */
export interface PointsQuery {
  rules: Ruleset
  numbers: readonly number[]
  window: Window
}

/** Scaled points in an engine's memory, `member x indicator` in the scheme's order. */
export interface PointsTable {
  address: number
  indicators: number
}

export function newPointsTable(engine: Engine, members: number, indicators: number): PointsTable {
  return { address: engine.calls.take(members * indicators * 8), indicators }
}

/** Members whose points are to be added up from some slices of a file; little, because it is sent to another thread. */
export interface PointsTask {
  /** Addresses of the slices and of a query. */
  slices: readonly number[]
  query: number
  /** How many members there are, and in a group as a power of two. */
  members: number
  shift: number
  /** Members, from the first of a group on. */
  from: number
  to: number
}

/** What is asked for all members of a counted file. */
export function pointsTask(
  { shift, accounts }: LineSetup,
  slices: readonly SliceResult[],
  query: number,
): PointsTask {
  const members = accounts.count
  return { slices: slices.map(({ address }) => address), query, members, shift, from: 0, to: members }
}

/** Computes the points of members from what was counted. */
export function addPoints(engine: Engine, { slices, query, members, shift, from, to }: PointsTask): void {
  const last = Math.ceil(to / (1 << shift))
  engine.calls.addPoints(query, engine.putWords(slices), slices.length, shift, members, from >> shift, last)
}

/** Puts the rules into an engine's memory; answers the address of its `Query`. */
export function putQuery(
  engine: Engine,
  { rules, numbers, window }: PointsQuery,
  table: PointsTable,
): number {
  const { period, years } = rules
  const known = new Map<Int32Array, number>()
  const putTable = (values: Int32Array) => {
    const address = known.get(values) ?? engine.putWords(values)
    known.set(values, address)
    return address
  }
  const list = engine.calls.take(numbers.length * RULE)
  for (const [index, number] of numbers.entries()) {
    const rule = rules.of(number)
    if (rule) putRule(engine, list + index * RULE, rule, putTable)
  }
  const [from, to] = [window.from - period.from, window.to - period.from]
  return engine.putWords([list, numbers.length, putTable(years), from, to, table.address])
}

/** Bytes of a `Rule` of the engine. */
const RULE = 32

function putRule(
  engine: Engine,
  at: number,
  rule: ScoringRule,
  putTable: (values: Int32Array) => number,
): void {
  const buckets = rule.cap ? putTable(rule.cap.buckets) : 0
  const runs = rule.steps ? engine.putDoubles(rule.pointsByRun) : 0
  engine.doubles.set([rule.each, rule.times], at / 8)
  engine.words.set([buckets, runs, Math.max(rule.pointsByRun.length - 1, 0), 1], at / 4 + 4)
}

/** Computes the points of packs, member by member. */
export function addPackPoints(
  engine: Engine,
  packs: readonly Pack[],
  { rules, numbers, window }: PointsQuery,
  table: PointsTable,
): void {
  const places = new Map(numbers.map((number, indicator) => [number, indicator]))
  const meter = new CapCounter(rules)
  const reader = new PackReader()
  const first = table.address / 8
  const { doubles } = engine
  for (const [member, pack] of packs.entries()) {
    reader.open(pack)
    while (reader.section()) {
      const rule = rules.of(reader.indicator)
      const place = places.get(reader.indicator)
      if (!rule || place === undefined) continue
      doubles[first + member * table.indicators + place] = meter.sum(rule, reader, window)
    }
  }
}
