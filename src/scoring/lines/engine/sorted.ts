// The entries of one group of members, sorted by cell.
import { Slice } from './setup'
import { Block, ENTRIES, Group, GROUP } from './counts'
import { take } from './memory'

/** What a group is sorted into; one for each thread. */
@unmanaged
export class Sorted {
  /** Where each cell's days begin, one word for each. */
  starts: usize
  /** Day (12 bits) and count (20 bits), cell by cell. */
  days: usize
  room: u32
}

const COUNT_BITS: u32 = 20
const COUNT: u32 = (1 << COUNT_BITS) - 1

export function dayIn(entry: u32): u32 {
  return entry >> COUNT_BITS
}

export function countIn(entry: u32): u32 {
  return entry & COUNT
}

export function newSorted(cells: u32): Sorted {
  const sorted = changetype<Sorted>(take(offsetof<Sorted>()))
  sorted.starts = take((<usize>(cells + 2)) << 2)
  return sorted
}

/** Sorts what some slices (an array of them) counted in a group. */
export function sortGroup(sorted: Sorted, slices: usize, size: u32, group: u32, cells: u32): void {
  const starts = sorted.starts
  memory.fill(starts, 0, (<usize>(cells + 2)) << 2)
  // One place too far, because writing a cell's days moves its start to its end, where the next one's is.
  for (let slice: u32 = 0; slice < size; slice++) countCells(starts + 8, groupOf(slices, slice, group))
  let sum: u32 = 0
  for (let cell: u32 = 0; cell <= cells + 1; cell++) {
    sum += load<u32>(starts + ((<usize>cell) << 2))
    store<u32>(starts + ((<usize>cell) << 2), sum)
  }
  if (sum > sorted.room) {
    sorted.room = max(sum, sorted.room * 2)
    sorted.days = take((<usize>sorted.room) << 2)
  }
  for (let slice: u32 = 0; slice < size; slice++)
    placeDays(starts + 4, sorted.days, groupOf(slices, slice, group))
  for (let cell: u32 = 0; cell < cells; cell++) {
    putInOrder(
      sorted.days + ((<usize>load<u32>(starts + ((<usize>cell) << 2))) << 2),
      sorted.days + ((<usize>load<u32>(starts + ((<usize>cell) << 2), 4)) << 2),
    )
  }
}

function groupOf(slices: usize, slice: u32, group: u32): Group {
  const groups = changetype<Slice>(load<usize>(slices + ((<usize>slice) << 2))).groups
  return changetype<Group>(groups + <usize>group * GROUP)
}

function countCells(starts: usize, group: Group): void {
  for (let block = group.first; block; block = changetype<Block>(block).next) {
    const end = endOf(changetype<Block>(block), group)
    for (let at = block + ENTRIES; at < end; at += 4) {
      const entry = load<u32>(at)
      const cell = starts + (((<usize>entry) >> 16) << 2)
      store<u32>(cell, load<u32>(cell) + 1)
      if (!(entry & 15)) at += 4
    }
  }
}

function placeDays(starts: usize, days: usize, group: Group): void {
  for (let block = group.first; block; block = changetype<Block>(block).next) {
    const end = endOf(changetype<Block>(block), group)
    for (let at = block + ENTRIES; at < end; at += 4) {
      const entry = load<u32>(at)
      let count = entry & 15
      if (!count) {
        at += 4
        count = load<u32>(at)
      }
      const cell = starts + (((<usize>entry) >> 16) << 2)
      const place = load<u32>(cell)
      store<u32>(cell, place + 1)
      store<u32>(days + ((<usize>place) << 2), (((entry >> 4) & 0xfff) << COUNT_BITS) | count)
    }
  }
}

function endOf(block: Block, group: Group): usize {
  return block.next ? block.end : group.next
}

/** Files are mostly in order of time, so there is little to do. */
function putInOrder(start: usize, end: usize): void {
  for (let at = start + 4; at < end; at += 4) {
    const entry = load<u32>(at)
    if (load<u32>(at - 4) <= entry) continue
    if (end - start > 256) {
      sortDays(start, end)
      return
    }
    let place = at
    for (; place > start && load<u32>(place - 4) > entry; place -= 4) store<u32>(place, load<u32>(place - 4))
    store<u32>(place, entry)
  }
}

/** Heap sort: for long lists in a disorder that somebody may have made on purpose. */
function sortDays(start: usize, end: usize): void {
  const size = <u32>((end - start) >> 2)
  for (let root = size >> 1; root; root--) sink(start, root - 1, size)
  for (let last = size - 1; last; last--) {
    const top = load<u32>(start)
    store<u32>(start, load<u32>(start + ((<usize>last) << 2)))
    store<u32>(start + ((<usize>last) << 2), top)
    sink(start, 0, last)
  }
}

function sink(start: usize, root: u32, size: u32): void {
  const entry = load<u32>(start + ((<usize>root) << 2))
  while (true) {
    let child = root * 2 + 1
    if (child >= size) break
    if (
      child + 1 < size &&
      load<u32>(start + ((<usize>child) << 2)) < load<u32>(start + ((<usize>child) << 2), 4)
    )
      child++
    const larger = load<u32>(start + ((<usize>child) << 2))
    if (larger <= entry) break
    store<u32>(start + ((<usize>root) << 2), larger)
    root = child
  }
  store<u32>(start + ((<usize>root) << 2), entry)
}
