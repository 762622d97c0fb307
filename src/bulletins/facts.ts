import type { Day, Window } from '../calendar/day'
import { rounded } from '../text/figure'

/** What the numbers of a bulletin were made from; figures of one stamp agree with each other. */
export interface BulletinStamp {
  window: Window
  dataUntil: Day
  /** Id and name of the scheme, and the number of the adoption that put it in force. */
  scheme: string
  schemeName: string
  version: number
  /** Names the state of the imports: another one means other data. */
  imports: string
}

/** Numbers about the whole district, in the order in which they are told. Shares are in percent. */
export const bulletinNumbers = [
  'schools',
  'ranked',
  'teachers',
  'active',
  'activity',
  'mean',
  'best',
  'opened',
  'spaces',
  'activation',
  'award',
  'below-award',
  'silent',
] as const
export type BulletinNumber = (typeof bulletinNumbers)[number]

/** One school in a bulletin. Everything is as it is shown: two decimals at most. */
export interface BulletinRow {
  code: string
  name: string
  town: string
  /** Null for a school that is not ranked. */
  rank: number | null
  score: number | null
  /** Places won (positive) or lost since the last bulletin; null for schools that were not ranked in it. */
  change: number | null
  /** Opened spaces in percent, rounded down to one decimal; null where nobody has one to open. */
  activation: number | null
  /** Has teachers, and nobody of them has a point in the window. */
  silent: boolean
}

/** Everything that a bulletin may say, as numbers. Picture, text, table and document are made from this alone. */
export interface BulletinFacts {
  stamp: BulletinStamp
  /** Null where a number does not exist, such as a threshold that the scheme does not have. */
  numbers: Readonly<Record<BulletinNumber, number | null>>
  /** The ranked in order of their places, then the others in order of code. */
  rows: readonly BulletinRow[]
  /** Day until which the last bulletin's data went; null for the first one. */
  since: Day | null
}

/** Schools that won places since the last bulletin, most first. */
export function risersOf({ rows }: BulletinFacts, most = 3): BulletinRow[] {
  return rows
    .filter(({ change }) => change !== null && change > 0)
    .sort((a, b) => (b.change ?? 0) - (a.change ?? 0))
    .slice(0, most)
}

/** Schools below what awards ask for, the lowest first. */
export function belowAwardOf({ rows, numbers }: BulletinFacts): BulletinRow[] {
  const { award } = numbers
  if (award === null) return []
  return rows
    .filter(({ activation }) => activation !== null && activation < award)
    .sort((a, b) => (a.activation ?? 0) - (b.activation ?? 0))
}

/** Ranked schools none of whose teachers has a point. */
export function silentOf({ rows }: BulletinFacts): BulletinRow[] {
  return rows.filter(({ silent }) => silent)
}

/** The first places, those that share the last of them included. */
export function firstOf({ rows }: BulletinFacts, most = 10): BulletinRow[] {
  return rows.filter(({ rank }) => rank !== null && rank <= most)
}

/** The last places in their order; none where they would be among the first. */
export function lastOf({ rows }: BulletinFacts, most = 5): BulletinRow[] {
  const ranked = rows.filter(({ rank }) => rank !== null)
  return ranked.slice(-most).filter(({ rank }) => (rank ?? 0) > 10)
}

/** A number that is one in both facts and differs. */
export interface FactChange {
  /** A number's key, or a school's code with what differs: `S1 rank`. */
  key: string
  /** The school's name; undefined for numbers of the district. */
  school?: string
  field: BulletinNumber | 'rank' | 'score' | 'activation'
  before: number | null
  after: number | null
}

const compared = ['rank', 'score', 'activation'] as const

/** What is different in later facts: the district's numbers first, then school by school. */
export function compareFacts(before: BulletinFacts, after: BulletinFacts): FactChange[] {
  const changes: FactChange[] = []
  for (const field of bulletinNumbers) {
    const [old, fresh] = [before.numbers[field], after.numbers[field]]
    if (old !== fresh) changes.push({ key: field, field, before: old, after: fresh })
  }
  const known = new Map(before.rows.map((row) => [row.code, row]))
  const names = new Map([...before.rows, ...after.rows].map(({ code, name }) => [code, name]))
  const fresh = new Map(after.rows.map((row) => [row.code, row]))
  for (const [code, school] of names) {
    for (const field of compared) {
      const [old, now] = [known.get(code)?.[field] ?? null, fresh.get(code)?.[field] ?? null]
      if (old !== now) changes.push({ key: `${code} ${field}`, school, field, before: old, after: now })
    }
  }
  return changes
}

/** Every number that the facts hold, as it is written. */
export function* factFigures({ numbers, rows }: BulletinFacts): Generator<number> {
  for (const value of Object.values(numbers)) if (value !== null) yield value
  for (const { rank, score, change, activation } of rows) {
    for (const value of [rank, score, change, activation]) if (value !== null) yield Math.abs(rounded(value))
  }
}
