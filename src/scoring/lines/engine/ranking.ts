// The rankings of a district's members by points, and what its schools' scores are made of.
import { take } from './memory'

/** 8 bytes: where a text stands. */
@unmanaged
export class Text {
  address: usize
  length: u32
}
export const TEXT: usize = 8

@unmanaged
export class People {
  size: u32
  /** By member: texts, number of the school, and a bit for each role of those who are active. */
  accounts: usize
  names: usize
  schools: usize
  roles: usize
  /** By school: its code. */
  codes: usize
  schoolCount: u32
  /** All members in order of account; made when first needed. */
  order: usize
}

/** Where each of some texts stands that are ended by a line end each. */
export function splitLines(lines: usize, size: usize, count: u32): usize {
  const list = take(<usize>count * TEXT)
  let start = lines
  let text = list
  for (const end = lines + size; start < end; text += TEXT) {
    let at = start
    while (load<u8>(at) != 10) at++
    changetype<Text>(text).address = start
    changetype<Text>(text).length = <u32>(at - start)
    start = at + 1
  }
  return list
}

/** Scaled points, member x indicator, and the role of each indicator. */
@unmanaged
export class Table {
  points: usize
  perMember: u32
  roles: usize
  /** What scaled points are divided by to have no more decimals than a score; scores are compared as they are rounded. */
  divisor: u32
}

@unmanaged
export class Ranking {
  size: u32
  members: usize
  /** By member: whole numbers in which equal scores are equal. */
  units: usize
  /** By place. */
  ranks: usize
}

export function memberAt(list: usize, index: u32): u32 {
  return load<u32>(list + ((<usize>index) << 2))
}

/** Standard competition ranking (1, 2, 2, 4) of the active members of a role; equal ones in order of account. */
export function rank(people: People, table: Table, role: u32): Ranking {
  const ranking = changetype<Ranking>(take(offsetof<Ranking>()))
  ranking.members = take((<usize>people.size) << 2)
  ranking.units = take((<usize>people.size) << 3)
  ranking.ranks = take((<usize>people.size) << 2)
  if (!people.order) people.order = orderOf(people)
  for (let place: u32 = 0; place < people.size; place++) {
    const member = memberAt(people.order, place)
    if (!(load<u8>(people.roles + member) & role)) continue
    store<u32>(ranking.members + ((<usize>ranking.size) << 2), member)
    ranking.size++
    const points = pointsOf(table, role, member)
    const units = table.divisor <= 1 ? points : Math.floor(points / <f64>table.divisor + 0.5)
    store<f64>(ranking.units + ((<usize>member) << 3), units)
  }
  sort(ranking.members, ranking.size, people, ranking.units)
  let rank: u32 = 1
  let last: f64 = -1
  for (let place: u32 = 0; place < ranking.size; place++) {
    const units = load<f64>(ranking.units + ((<usize>memberAt(ranking.members, place)) << 3))
    if (units != last) rank = place + 1
    last = units
    store<u32>(ranking.ranks + ((<usize>place) << 2), rank)
  }
  return ranking
}

/** Scaled points of those who have a role's bit, added up by school, and behind them how many these are; both f64. */
export function sumSchools(people: People, table: Table, role: u32): usize {
  const sums = take((<usize>people.schoolCount) << 4)
  const counts = sums + ((<usize>people.schoolCount) << 3)
  for (let member: u32 = 0; member < people.size; member++) {
    if (!(load<u8>(people.roles + member) & role)) continue
    const at = (<usize>memberAt(people.schools, member)) << 3
    store<f64>(sums + at, load<f64>(sums + at) + pointsOf(table, role, member))
    store<f64>(counts + at, load<f64>(counts + at) + 1)
  }
  return sums
}

/** Scaled points of a member in an indicator. */
export function pointsAt(table: Table, member: u32, indicator: u32): f64 {
  return load<f64>(table.points + ((<usize>member * table.perMember + indicator) << 3))
}

function pointsOf(table: Table, role: u32, member: u32): f64 {
  let sum: f64 = 0
  for (let indicator: u32 = 0; indicator < table.perMember; indicator++) {
    if (load<u8>(table.roles + indicator) == role) sum += pointsAt(table, member, indicator)
  }
  return sum
}

function orderOf(people: People): usize {
  const order = take((<usize>people.size) << 2)
  for (let member: u32 = 0; member < people.size; member++) store<u32>(order + ((<usize>member) << 2), member)
  sort(order, people.size, people, 0)
  return order
}

/** Stable: by units, the highest first, or by account when there are none. */
function sort(list: usize, size: u32, people: People, units: usize): void {
  const spare = take((<usize>size) << 2)
  for (let run: u32 = 1; run < size; run *= 2) {
    for (let from: u32 = 0; from + run < size; from += run * 2) {
      merge(list, spare, from, from + run, min(from + run * 2, size), people, units)
    }
  }
}

/** Merges two neighbouring runs; where they are in order already there is nothing to do. */
function merge(
  list: usize,
  spare: usize,
  from: u32,
  middle: u32,
  to: u32,
  people: People,
  units: usize,
): void {
  if (!isBehind(people, units, memberAt(list, middle - 1), memberAt(list, middle))) return
  memory.copy(spare, list + ((<usize>from) << 2), (<usize>(middle - from)) << 2)
  let one: u32 = 0
  const end = middle - from
  let other = middle
  for (let place = from; one < end; place++) {
    const isOther = other < to && isBehind(people, units, memberAt(spare, one), memberAt(list, other))
    const member = isOther ? memberAt(list, other++) : memberAt(spare, one++)
    store<u32>(list + ((<usize>place) << 2), member)
  }
}

function isBehind(people: People, units: usize, one: u32, other: u32): bool {
  if (units) return load<f64>(units + ((<usize>one) << 3)) < load<f64>(units + ((<usize>other) << 3))
  const a = changetype<Text>(people.accounts + <usize>one * TEXT)
  const b = changetype<Text>(people.accounts + <usize>other * TEXT)
  // Bytes of UTF-8 are in the order of the characters.
  const order = memory.compare(a.address, b.address, min(a.length, b.length))
  return order ? order > 0 : a.length > b.length
}
