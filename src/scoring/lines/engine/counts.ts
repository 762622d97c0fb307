// What one slice of a file counted: entries in the order of the file, because a list that only grows is the cheapest
// thing to write and as long as the file is. They are divided by groups of members, so that a group can be sorted
// inside the processor's own memory.
//
//     entry: cell in the group (16 bits), day of the period (12 bits), count (4 bits; 0 says that it is the next word)
//     cell: member in the group x indicator
import { take } from './memory'

/** 16 bytes. */
@unmanaged
export class Group {
  /** Where the next entry goes, and where the block ends. */
  next: usize
  end: usize
  first: usize
  size: u32
}
export const GROUP: usize = 16

/** What a block begins with: the one behind it, and where its entries end unless it is the last. */
@unmanaged
export class Block {
  next: usize
  end: usize
}
export const ENTRIES: usize = 8

const FIRST_BLOCK: u32 = 1 << 12
const LARGEST_BLOCK: u32 = 1 << 18
const MOST_SMALL: u32 = 15

/** Adds actions on a cell of a group and a day; `count` is at least 1. */
export function addEntry(group: Group, cell: u32, day: u32, count: u32): void {
  if (group.next + 8 > group.end) grow(group)
  const at = group.next
  if (count <= MOST_SMALL) {
    store<u32>(at, (cell << 16) | (day << 4) | count)
    group.next = at + 4
  } else {
    store<u32>(at, (cell << 16) | (day << 4))
    store<u32>(at, count, 4)
    group.next = at + 8
  }
}

function grow(group: Group): void {
  const size = group.size ? min(group.size * 2, LARGEST_BLOCK) : FIRST_BLOCK
  const block = take(size)
  if (group.first) {
    // The block that was filled ends where its room ends, less what was too little for an entry.
    const filled = changetype<Block>(group.end - group.size)
    filled.next = block
    filled.end = group.next
  } else group.first = block
  group.next = block + ENTRIES
  group.end = block + size
  group.size = size
}
