/** Ranked members or schools, best first; `units` are the scores as whole numbers, so that equal means equal. */
export interface Order {
  /** Slots of members or indexes of schools. */
  ids: Uint32Array
  units: Float64Array
}

/** Up to so many times as many scores as there are ranked, they are counted rather than compared. */
const SPARSE = 4

/**
 * Sorts by score, higher first, equal ones in the order given (which is that of the codes). Low scores are counted.
 * Else score and position share one number where they fit, because plain numbers sort ten times faster.
 */
export function orderBy(ids: Uint32Array, unitsOf: (id: number) => number): Order {
  const size = ids.length
  const units = new Float64Array(size)
  let most = 0
  let least = 0
  for (let i = 0; i < size; i++) {
    const value = unitsOf(ids[i]!)
    units[i] = value
    if (value > most) most = value
    if (value < least) least = value
  }
  if (least >= 0 && most <= size * SPARSE) return sortCounted(ids, units, most)
  const fits = least >= 0 && (most + 1) * size <= Number.MAX_SAFE_INTEGER
  return fits ? sortPacked(ids, units) : sortPlain(ids, units)
}

function sortCounted(ids: Uint32Array, units: Float64Array, most: number): Order {
  const size = ids.length
  // How many are better than each score, by how far it is from the best: where the next one of that score goes.
  const places = new Uint32Array(most + 2)
  for (let i = 0; i < size; i++) places[most - units[i]! + 1]!++
  for (let i = 1; i < places.length; i++) places[i]! += places[i - 1]!
  const order: Order = { ids: new Uint32Array(size), units: new Float64Array(size) }
  for (let i = 0; i < size; i++) {
    const value = units[i]!
    const place = places[most - value]!++
    order.ids[place] = ids[i]!
    order.units[place] = value
  }
  return order
}

function sortPacked(ids: Uint32Array, units: Float64Array): Order {
  const size = ids.length
  const keys = new Float64Array(size)
  for (let i = 0; i < size; i++) keys[i] = units[i]! * size + (size - 1 - i)
  keys.sort()
  const order: Order = { ids: new Uint32Array(size), units: new Float64Array(size) }
  for (let i = 0; i < size; i++) {
    const key = keys[size - 1 - i]!
    const value = Math.floor(key / size)
    order.units[i] = value
    order.ids[i] = ids[size - 1 - (key - value * size)]!
  }
  return order
}

function sortPlain(ids: Uint32Array, units: Float64Array): Order {
  const positions = Array.from(ids.keys()).sort((a, b) => units[b]! - units[a]! || a - b)
  return {
    ids: Uint32Array.from(positions, (position) => ids[position]!),
    units: Float64Array.from(positions, (position) => units[position]!),
  }
}

/** Standard competition rank (1, 2, 2, 4) of a position: one more than how many have a better score. */
export function rankAt({ units }: Order, position: number): number {
  const own = units[position]!
  // Most often nobody has the same score.
  if (position === 0 || units[position - 1] !== own) return position + 1
  let low = 0
  let high = position
  while (low < high) {
    const middle = (low + high) >> 1
    if (units[middle]! > own) low = middle + 1
    else high = middle
  }
  return low + 1
}

/** Where somebody stands in an order, from 0 on; -1 for those who do not. */
export type Positions = (id: number) => number

/** The positions of an order of ids below `count`: a column where most ids are in it, else only those that are. */
export function positionsOf({ ids }: Order, count: number): Positions {
  if (ids.length * 8 < count) {
    const known = new Map<number, number>()
    for (let position = 0; position < ids.length; position++) known.set(ids[position]!, position)
    return (id) => known.get(id) ?? -1
  }
  const positions = new Int32Array(count).fill(-1)
  for (let position = 0; position < ids.length; position++) positions[ids[position]!] = position
  return (id) => positions[id] ?? -1
}

/** The part of an order that passes, still in order. */
export function filterOrder(order: Order, passes: (id: number) => boolean): Order {
  const positions: number[] = []
  for (let i = 0; i < order.ids.length; i++) if (passes(order.ids[i]!)) positions.push(i)
  return pick(order, positions)
}

/**
 * An order cut into one per group, in one go. Whoever is in it belongs to a school by `schoolOf`, and the school to a
 * group by `groupOf`; negative groups are left out.
 */
export function splitOrder({ ids, units }: Order, schoolOf: Int32Array, groupOf: Int32Array): Order[] {
  const size = ids.length
  const groups = groupOf.reduce((most, group) => Math.max(most, group), -1) + 1
  const own = new Int32Array(size)
  // One place too far, because writing a group's entries moves its start to its end, where the next one's is.
  const starts = new Uint32Array(groups + 2)
  for (let i = 0; i < size; i++) {
    const group = groupOf[schoolOf[ids[i]!]!]!
    own[i] = group
    if (group >= 0) starts[group + 2]!++
  }
  for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!
  const whole: Order = { ids: new Uint32Array(size), units: new Float64Array(size) }
  for (let i = 0; i < size; i++) {
    const group = own[i]!
    if (group < 0) continue
    const place = starts[group + 1]!++
    whole.ids[place] = ids[i]!
    whole.units[place] = units[i]!
  }
  return Array.from({ length: groups }, (_, group) => {
    const [from, to] = [starts[group], starts[group + 1]]
    return { ids: whole.ids.subarray(from, to), units: whole.units.subarray(from, to) }
  })
}

function pick(order: Order, positions: number[]): Order {
  const ids = new Uint32Array(positions.length)
  const units = new Float64Array(positions.length)
  for (let i = 0; i < positions.length; i++) {
    ids[i] = order.ids[positions[i]!]!
    units[i] = order.units[positions[i]!]!
  }
  return { ids, units }
}
