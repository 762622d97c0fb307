// Points of members in a window, from what was counted: the walk over days that `Meter` makes, over the tables that
// `Ruleset` makes of a scheme.
import { countIn, dayIn, newSorted, Sorted, sortGroup } from './sorted'

/** 32 bytes; what an indicator gives points by. */
@unmanaged
export class Rule {
  /** Scaled points for a counted action, and how many are counted in a bucket (infinity: all). */
  each: f64
  times: f64
  /** Bucket by day of the period; 0 for none. */
  buckets: usize
  /** Scaled points of a day by the length of the run that ends on it, and the longest there is; 0 for actions. */
  runs: usize
  longest: u32
  /** Whether it gives points at all. */
  known: u32
}
export const RULE: usize = 32

@unmanaged
export class Query {
  /** A rule for each indicator. */
  rules: usize
  perMember: u32
  /** Where each day's scoring year begins, by day of the period. */
  years: usize
  /** The window in days of the period, both included. */
  from: i32
  to: i32
  /** Scaled points, member x indicator. */
  table: usize
}

/** Of this thread, for groups of so many cells. */
let sorted: usize = 0
let sortedCells: u32 = 0

/** Fills the table for the members of some groups from an array of slices. */
export function addPoints(
  query: Query,
  slices: usize,
  size: u32,
  shift: u32,
  members: u32,
  from: u32,
  to: u32,
): void {
  const perMember = query.perMember
  const cells = perMember << shift
  if (!sorted || sortedCells != cells) {
    sorted = changetype<usize>(newSorted(cells))
    sortedCells = cells
  }
  const known = changetype<Sorted>(sorted)
  for (let group = from; group < to; group++) {
    sortGroup(known, slices, size, group, cells)
    const first = group << shift
    const inGroup = min<u32>(1 << shift, members - first) * perMember
    let table = query.table + ((<usize>first * perMember) << 3)
    let indicator: u32 = 0
    let start = known.days
    for (let cell: u32 = 0; cell < inGroup; cell++, table += 8) {
      const end = known.days + ((<usize>load<u32>(known.starts + ((<usize>cell) << 2), 4)) << 2)
      if (start < end) {
        const rule = changetype<Rule>(query.rules + <usize>indicator * RULE)
        if (rule.known)
          store<f64>(table, rule.runs ? ofRuns(query, rule, start, end) : ofActions(query, rule, start, end))
      }
      start = end
      if (++indicator == perMember) indicator = 0
    }
  }
}

function ofActions(query: Query, rule: Rule, start: usize, end: usize): f64 {
  const buckets = rule.buckets
  const from = query.from
  const to = query.to
  let bucket: i32 = -1
  let room: f64 = rule.times
  let counted: f64 = 0
  while (start < end) {
    const day = <i32>dayIn(load<u32>(start))
    let actions = <f64>countIn(load<u32>(start))
    for (start += 4; start < end && <i32>dayIn(load<u32>(start)) == day; start += 4)
      actions += <f64>countIn(load<u32>(start))
    if (buckets) {
      const current = load<i32>(buckets + ((<usize>day) << 2))
      if (current != bucket) {
        bucket = current
        room = rule.times
      }
      actions = min(actions, room)
      room -= actions
    }
    if (day >= from && day <= to) counted += actions
  }
  return counted * rule.each
}

function ofRuns(query: Query, rule: Rule, start: usize, end: usize): f64 {
  const from = query.from
  const to = query.to
  const years = query.years
  const longest = rule.longest
  let last: i32 = -2
  let run: u32 = 0
  let total: f64 = 0
  for (; start < end; start += 4) {
    const day = <i32>dayIn(load<u32>(start))
    if (day == last) continue
    const goesOn =
      day == last + 1 && load<i32>(years + ((<usize>day) << 2)) == load<i32>(years + ((<usize>last) << 2))
    run = goesOn ? run + 1 : 1
    last = day
    if (day >= from && day <= to) total += load<f64>(rule.runs + ((<usize>min(run, longest)) << 3))
  }
  return total
}
