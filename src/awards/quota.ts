import type { QuotaRule, ShareRule } from '../scheme/scheme'

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
export function quotaMeter(
  rule: Omit<QuotaRule, 'shares'> | undefined,
  group: string,
  used: number,
): QuotaMeter {
  const own = rule && Object.hasOwn(rule.places, group) ? rule.places[group] : rule?.each
  if (!rule || own === undefined) return { group, places: undefined, reserve: 0, used, over: 0 }
  const reserve = Math.floor(own * rule.reserve + 1e-9)
  return { group, places: own, reserve, used, over: Math.max(used - own - reserve, 0) }
}

/** Which of a group's nominees, in the order in which they were nominated, are reserves. */
export function isReserve({ places }: Pick<QuotaMeter, 'places'>, position: number): boolean {
  return places !== undefined && position >= places
}

/** How large a part of the nominees is of a kind that a notice asks for. */
export interface ShareMeter {
  name: string
  /** From 0 to 1. */
  least: number
  part: number
  whole: number
  isBelow: boolean
}

/** Where a nominee's school stands. */
export interface SharePlace {
  school: string
  town?: string | undefined
  stage?: string | undefined
}

/** The shares that a notice asks for, such as at least 35 % of rural teachers; below it is a warning, never a refusal. */
export function shareMeters(rules: readonly ShareRule[], nominees: readonly SharePlace[]): ShareMeter[] {
  const whole = nominees.length
  return rules.map(({ name, least, towns, stages, schools }) => {
    const isOfKind = ({ school, town = '', stage = '' }: SharePlace) =>
      schools.includes(school) || towns.includes(town) || stages.includes(stage)
    const part = nominees.filter(isOfKind).length
    return { name, least, part, whole, isBelow: whole > 0 && part / whole < least }
  })
}
