// How the plain lines of one records file are read; made by one thread, then only looked at.
import { GROUP } from './counts'
import { Ids, newIds } from './ids'
import { take } from './memory'
import { newTexts, Texts } from './texts'

/** In words of 4 bytes, as all that is handed in from outside. */
@unmanaged
export class Setup {
  /** A byte for each column, of `Column`. */
  columns: usize
  width: u32
  /** The byte between fields. */
  delimiter: u32
  /** From this column on there are only attributes, which are mostly all empty. */
  tail: u32
  /** Skipped columns before this one hold words that could make their row a sum. */
  judged: u32
  /** Whether rows are expected to have ids. */
  withIds: u32
  /** Whether to stop at every line that is set aside. */
  careful: u32
  /** Whether the text is in GBK, else in UTF-8. */
  gbk: u32
  accounts: Texts
  indicators: Texts
  /** Words for a sum. */
  totals: Texts
  members: u32
  /** First day of the period, and days in it. */
  first: i32
  days: i32
  /** Indicators in the scheme, and members in a group as a power of two. */
  perMember: u32
  shift: u32
  /** An address of a `Requirement` for each indicator, or 0. */
  requirements: usize
}

export namespace Column {
  export const skipped: u32 = 0
  export const account: u32 = 1
  export const indicator: u32 = 2
  export const time: u32 = 3
  export const count: u32 = 4
  export const recordId: u32 = 5
  export const attributes: u32 = 6
}
export const ATTRIBUTES: u32 = 6

/** What one slice of a file says; in words of 4 bytes. */
@unmanaged
export class Slice {
  setup: Setup
  groups: usize
  ids: Ids
  /** Ids of what was read before, or null. */
  before: Ids | null
  /** A byte for each that an understood row names. */
  members: usize
  days: usize
  /** Rows as a spreadsheet counts them. */
  rows: u32
  understood: u32
  repeated: u32
  /** Skipped texts that are no words for a sum. */
  harmless: Texts
  /** Lines that are set aside unread: `Aside`. */
  aside: usize
  asideSize: u32
  /** Where the text stands that has to be judged first, and its length; 0 for none. */
  asked: usize
  askedLength: u32
  /** The line that was judged to be set aside. */
  refused: usize
}

/** 12 bytes. */
@unmanaged
export class Aside {
  row: u32
  address: usize
  length: u32
}
export const ASIDE: usize = 12
export const MOST_ASIDE: u32 = 1 << 12

function groupsOf(setup: Setup): u32 {
  return (setup.members + (1 << setup.shift) - 1) >> setup.shift
}

export function newSlice(setup: Setup, before: Ids | null): Slice {
  const slice = changetype<Slice>(take(offsetof<Slice>()))
  slice.setup = setup
  slice.before = before
  slice.groups = take(<usize>groupsOf(setup) * GROUP)
  slice.ids = newIds()
  slice.members = take(setup.members)
  slice.days = take(setup.days)
  slice.harmless = newTexts(64)
  slice.aside = take(<usize>MOST_ASIDE * ASIDE)
  return slice
}
