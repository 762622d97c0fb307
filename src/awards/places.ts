import { orderBy, rankAt } from '../ranking/order'
import type { Order } from '../ranking/order'
import type { AwardTie } from '../scheme/scheme'
import type { Met } from './evidence'

/** How the first N of a ranking come out when several are equal over the last place. */
export interface FirstPlaces {
  first: number
  /** How many have a rank up to N. */
  within: number
  /** How many more than N they are; 0 without a tie over N. */
  overBy: number
  /** The rank that is shared over the last place; undefined without such a tie. */
  tiedRank: number | undefined
}

/** Finds out who is among the first N, given all ranks (standard competition ranking) in any order. */
export function firstPlaces(ranks: Iterable<number>, first: number): FirstPlaces {
  let within = 0
  let last = 0
  for (const rank of ranks) {
    if (rank > first) continue
    within++
    if (rank > last) last = rank
  }
  const overBy = Math.max(within - first, 0)
  return { first, within, overBy, tiedRank: overBy ? last : undefined }
}

/** Whether a rank is among the first N. Whoever shares the place over which there are too many goes by `tie`. */
export function isAmongFirst(rank: number, { first, tiedRank }: FirstPlaces, tie: AwardTie): Met {
  if (rank > first) return false
  if (rank !== tiedRank || tie === 'include') return true
  return tie === 'exclude' ? false : null
}

/** A ranking with the rank of each id; 0 for those that are not in it. */
export interface RankedOrder {
  order: Order
  ranks: Uint32Array
  /** How many units of the order make a point. */
  unit: number
}

/** Ranks ids below `count` by their units, higher first, equal ones in the order given. */
export function rankIds(
  ids: Uint32Array,
  unitsOf: (id: number) => number,
  { count, unit }: { count: number; unit: number },
): RankedOrder {
  const order = orderBy(ids, unitsOf)
  const ranks = new Uint32Array(count)
  let rank = 0
  let last = NaN
  for (let position = 0; position < order.ids.length; position++) {
    const own = order.units[position] ?? NaN
    if (own !== last) rank = position + 1
    last = own
    ranks[order.ids[position] ?? 0] = rank
  }
  return { order, ranks, unit }
}

/** How the first N of a ranking come out; only they are looked at. */
export function firstPlacesOf({ order }: RankedOrder, first: number): FirstPlaces {
  const { units } = order
  let within = Math.min(first, units.length)
  while (within > 0 && within < units.length && units[within] === units[within - 1]) within++
  const overBy = Math.max(within - first, 0)
  return { first, within, overBy, tiedRank: overBy ? rankAt(order, first - 1) : undefined }
}
