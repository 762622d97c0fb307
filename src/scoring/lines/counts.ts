import type { Day } from '../../scheme/calendar'
import type { Scheme } from '../../scheme/scheme'

/**
 * What one slice of a file counted; a plain value whose entries are in memory of all threads. Entries are in the order
 * of the file, because a list that only grows is the cheapest thing to write and as long as the file is; they are
 * divided by groups of members so that {@link visitCounts} can sort a group inside the processor's memory.
 *
 *     entry: cell in the group (16 bits), day from `first` (12 bits), count (4 bits; 0 says that it is in `large`)
 *     cell: member in the group x indicator
 */
export interface Counts {
  first: Day
  days: number
  indicators: number
  /** A group has `1 << shift` members. */
  shift: number
  groups: Group[]
  /** Counts above 15 by member, indicator and day: `(member x indicators + indicator) x days + day`. */
  large: Map<number, number>
}

export interface Group {
  /** Full ones. */
  blocks: Uint32Array[]
  /** The one that is being filled, up to `size`. */
  last: Uint32Array
  size: number
}

const MOST_CELLS = 1 << 16
/** Cells of a group: as many as can be sorted quickly. */
const USUAL_CELLS = 1 << 14
const MOST_DAYS = 1 << 12
const MOST_SMALL = 15
const FIRST_BLOCK = 1 << 10
const LARGEST_BLOCK = 1 << 16

/** Whether a scheme's days and indicators have room in an entry. */
export function fitsCounts({ period, indicators }: Scheme): boolean {
  return period.to - period.from < MOST_DAYS && indicators.length <= MOST_CELLS
}

export function makeCounts({ period, indicators }: Scheme, members: number): Counts {
  const width = Math.max(indicators.length, 1)
  const shift = Math.max(31 - Math.clz32(USUAL_CELLS / width), 0)
  const groups: Group[] = []
  for (let from = 0; from < members; from += 1 << shift) {
    groups.push({ blocks: [], last: new Uint32Array(0), size: 0 })
  }
  const days = period.to - period.from + 1
  return { first: period.from, days, indicators: width, shift, groups, large: new Map() }
}

/** Adds actions of a member on a day, counted from the first; `count` is at least 1. */
export function addTo(counts: Counts, member: number, indicator: number, day: number, count: number): void {
  const { shift, indicators } = counts
  if (count > MOST_SMALL) {
    const key = (member * indicators + indicator) * counts.days + day
    const known = counts.large.get(key)
    counts.large.set(key, (known ?? 0) + count)
    if (known !== undefined) return
    count = 0
  }
  const group = counts.groups[member >> shift]!
  if (group.size === group.last.length) grow(group)
  const cell = (member & ((1 << shift) - 1)) * indicators + indicator
  group.last[group.size++] = (cell << 16) | (day << 4) | count
}

function grow(group: Group): void {
  const { length } = group.last
  if (length) group.blocks.push(group.last)
  const size = length ? Math.min(length * 2, LARGEST_BLOCK) : FIRST_BLOCK
  group.last = new Uint32Array(new SharedArrayBuffer(size * Uint32Array.BYTES_PER_ELEMENT))
  group.size = 0
}

/** The entries of a group, block by block. */
export function blocksOf({ blocks, last, size }: Group): Uint32Array[] {
  return [...blocks, last.subarray(0, size)]
}
