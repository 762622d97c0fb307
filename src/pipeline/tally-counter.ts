import type { Scheme } from '../scheme/scheme'
import { emptyPack, PackWriter } from '../scoring/tallies'
import type { Pack } from '../scoring/tallies'
import type { BatchSink, RecordBatch } from './batch'

const MOST_CELLS = 1 << 16
/** Cells of a group: as many as can be sorted quickly. */
const USUAL_CELLS = 1 << 14
const MOST_DAYS = 1 << 16
const FIRST_BLOCK = 1 << 10
const LARGEST_BLOCK = 1 << 16

interface Group {
  /** Full ones. */
  blocks: Uint32Array[]
  /** The one that is being filled, up to `size`. */
  last: Uint32Array
  size: number
}

/** The packed tallies of all members, one behind the other; a plain value that can be sent to another thread. */
export interface PackedTallies {
  bytes: Uint8Array
  /** Where the tallies of each member end. */
  ends: Uint32Array
}

/** The packed tallies of one member. */
export function packOfMember({ bytes, ends }: PackedTallies, member: number): Pack {
  const [from, to] = [ends[member - 1] ?? 0, ends[member] ?? 0]
  return from === to ? emptyPack : bytes.subarray(from, to)
}

/**
 * Counts rows into tallies. Entries are in the order of the file, because a list that only grows is the cheapest thing
 * to write and as long as the file is; they are divided by groups of members, so that a group is sorted inside the
 * processor's own memory.
 *
 *     entry: cell in the group (16 bits), day of the period and count (16 bits, as many for the day as the period needs;
 *     count 0 says that it is in `#large`)
 *     cell: member in the group x indicator
 */
export class TallyCounter implements BatchSink {
  /** By member and by day of the period: whether rows name it. */
  readonly members: Uint8Array
  readonly days: Uint8Array
  /** Valid actions. */
  actions = 0
  readonly #width: number
  /** A group has `1 << #shift` members. */
  readonly #shift: number
  readonly #groups: Group[] = []
  /** Counts that have no room in an entry by member, indicator and day: `(member x indicators + indicator) x days + day`. */
  readonly #large = new Map<number, number>()
  readonly #first: number
  /** Bits of the count in an entry, and the largest that has room in them. */
  readonly #countBits: number
  readonly #mostSmall: number

  constructor({ id, period, indicators }: Scheme, members: number) {
    const days = period.to - period.from + 1
    if (days > MOST_DAYS || indicators.length > MOST_CELLS) {
      throw new RangeError(
        `scheme ${id}: at most ${MOST_DAYS} days and ${MOST_CELLS} indicators can be counted`,
      )
    }
    this.#countBits = 16 - (32 - Math.clz32(days - 1))
    this.#mostSmall = (1 << this.#countBits) - 1
    this.#width = Math.max(indicators.length, 1)
    this.#shift = Math.max(31 - Math.clz32(USUAL_CELLS / this.#width), 0)
    for (let from = 0; from < members; from += 1 << this.#shift) {
      this.#groups.push({ blocks: [], last: new Uint32Array(0), size: 0 })
    }
    this.members = new Uint8Array(members)
    this.days = new Uint8Array(days)
    this.#first = period.from
  }

  take({ size, member, indicator, day, count, valid }: RecordBatch): void {
    for (let row = 0; row < size; row++) {
      this.members[member[row]!] = 1
      this.days[day[row]!] = 1
      if (valid[row] && count[row]) this.#add(member[row]!, indicator[row]!, day[row]!, count[row]!)
    }
  }

  #add(member: number, indicator: number, day: number, count: number): void {
    this.actions += count
    if (count > this.#mostSmall) {
      const key = (member * this.#width + indicator) * this.days.length + day
      const known = this.#large.get(key)
      this.#large.set(key, (known ?? 0) + count)
      if (known !== undefined) return
      count = 0
    }
    const shift = this.#shift
    const group = this.#groups[member >> shift]!
    if (group.size === group.last.length) grow(group)
    const cell = (member & ((1 << shift) - 1)) * this.#width + indicator
    group.last[group.size++] = (cell << 16) | (day << this.#countBits) | count
  }

  /** Packs what was counted. `numbers` are those of the scheme's indicators in the dictionary. Gives way between groups. */
  *pack(numbers: readonly number[]): Generator<undefined, PackedTallies> {
    const writer = new PackWriter().begin()
    const order = numbers.map((_, indicator) => indicator).sort((a, b) => numbers[a]! - numbers[b]!)
    const ends = new Uint32Array(this.members.length)
    let bytes = new Uint8Array(1 << 16)
    let at = 0
    const cells = new SortedCells(this.#width << this.#shift)
    for (const [index, group] of this.#groups.entries()) {
      if (group.size) cells.sort([...group.blocks, group.last.subarray(0, group.size)])
      const first = index << this.#shift
      for (let member = first; member < Math.min(first + (1 << this.#shift), ends.length); member++) {
        if (group.size) this.#write(writer, cells, { member, first, order, numbers })
        const pack = writer.finish()
        if (at + pack.length > bytes.length) bytes = enlarged(bytes, at + pack.length)
        bytes.set(pack, at)
        at += pack.length
        ends[member] = at
        writer.begin()
      }
      yield
    }
    return { bytes: bytes.slice(0, at), ends }
  }

  #write(writer: PackWriter, { starts, days }: SortedCells, { member, first, order, numbers }: Cells): void {
    const width = this.#width
    const bits = this.#countBits
    const most = this.#mostSmall
    const own = (member - first) * width
    if (starts[own] === starts[own + width]) return
    for (let place = 0; place < order.length; place++) {
      const indicator = order[place]!
      const from = starts[own + indicator]!
      const to = starts[own + indicator + 1]!
      if (from === to) continue
      for (let at = from + 1; at < to; at++) {
        if (days[at]! >= days[at - 1]!) continue
        days.subarray(from, to).sort()
        break
      }
      writer.section(numbers[indicator]!)
      for (let at = from; at < to;) {
        const day = days[at]! >> bits
        // A large count comes first among those of its day.
        let count = days[at]! & most
        if (!count) count = this.#large.get((member * width + indicator) * this.days.length + day) ?? 0
        while (++at < to && days[at]! >> bits === day) count += days[at]! & most
        writer.add(this.#first + day, count)
      }
      writer.close()
    }
  }
}

interface Cells {
  member: number
  /** The first member of the group. */
  first: number
  order: readonly number[]
  numbers: readonly number[]
}

/** The entries of one group of members, sorted by cell. */
class SortedCells {
  /** Where each cell's entries begin. */
  readonly starts: Uint32Array
  /** Days and small counts, cell by cell. */
  days = new Uint16Array(0)

  constructor(cells: number) {
    this.starts = new Uint32Array(cells + 2)
  }

  sort(blocks: readonly Uint32Array[]): void {
    // One place too far, because writing a cell's entries moves its start to its end, where the next one's is.
    const starts = this.starts.fill(0)
    for (const block of blocks) for (let at = 0; at < block.length; at++) starts[(block[at]! >>> 16) + 2]!++
    for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!
    const size = starts[starts.length - 1]!
    if (size > this.days.length) this.days = new Uint16Array(size)
    const { days } = this
    for (const block of blocks) {
      for (let at = 0; at < block.length; at++) {
        const entry = block[at]!
        days[starts[(entry >>> 16) + 1]!++] = entry
      }
    }
  }
}

function grow(group: Group): void {
  const { length } = group.last
  if (length) group.blocks.push(group.last)
  group.last = new Uint32Array(length ? Math.min(length * 2, LARGEST_BLOCK) : FIRST_BLOCK)
  group.size = 0
}

function enlarged(bytes: Uint8Array<ArrayBuffer>, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.max(bytes.length * 2, size))
  larger.set(bytes)
  return larger
}

/** Packs in one go. */
export function packAll(packing: Generator<undefined, PackedTallies>): PackedTallies {
  for (;;) {
    const step = packing.next()
    if (step.done) return step.value
  }
}
