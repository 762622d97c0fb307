import type { QuotaRule } from '../scheme/scheme'

/** How far a quota is used by one town, nominating school or stage. */
export interface QuotaMeter {
  /** The town, school or stage. */
  group: string
  /** Places; undefined is without limit. */
  places: number | undefined
  /** Reserves that may be nominated beside them. */
  reserve: number
  used: number
  /** How many are nominated beyond places and reserve. */
  over: number
}

/** The meter of one group with so many nominees. Reserves are a share of the places, rounded down. */
export function quotaMeter(rule: QuotaRule | undefined, group: string, used: number): QuotaMeter {
  const own = rule && Object.hasOwn(rule.places, group) ? rule.places[group] : rule?.each
  if (!rule || own === undefined) return { group, places: undefined, reserve: 0, used, over: 0 }
  const reserve = Math.floor(own * rule.reserve + 1e-9)
  return { group, places: own, reserve, used, over: Math.max(used - own - reserve, 0) }
}

/** Which of a group's nominees, in the order in which they were nominated, are reserves. */
export function isReserve({ places }: Pick<QuotaMeter, 'places'>, position: number): boolean {
  return places !== undefined && position >= places
}

/** A share that a notice asks for, such as at least 35 % of a kind; it warns and never refuses. */
export function isShareBelow(part: number, whole: number, least: number): boolean {
  return whole > 0 && part / whole < least
}
