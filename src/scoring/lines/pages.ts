import type { Day } from '../../scheme/calendar'
import { PackWriter } from '../tallies'
import type { Pack } from '../tallies'

/** What one slice of a file counted: one page of bytes per day, `member x width`, made when first written. */
export interface Pages {
  first: Day
  members: number
  indicators: number
  /** Bytes per member: the indicators, and up to 3 more to fill whole words. */
  width: number
  pages: (Uint8Array | undefined)[]
  /** Memory of all threads from which pages are taken, several at a time, and how much of it is taken. */
  slab: SharedArrayBuffer
  taken: number
  /** Hundreds (of 256) of the few cells that hold more than a byte, by page and cell. */
  carry: Map<number, number>
}

const SLAB_BYTES = 16 << 20

export function makePages(size: { first: Day; days: number; members: number; indicators: number }): Pages {
  const { first, days, members, indicators } = size
  const width = (indicators + 3) & ~3
  const pages = new Array<undefined>(days).fill(undefined)
  const slab = new SharedArrayBuffer(0)
  return { first, members, indicators, width, pages, slab, taken: 0, carry: new Map() }
}

/** Adds to the cell `member * width + indicator`; a negative count takes away what was added before. */
export function addTo(pages: Pages, page: number, cell: number, count: number): void {
  const bytes = pages.pages[page] ?? newPage(pages, page)
  const sum = bytes[cell]! + count
  bytes[cell] = sum
  if (sum >= 0 && sum <= 255) return
  const key = page * pages.members * pages.width + cell
  pages.carry.set(key, (pages.carry.get(key) ?? 0) + Math.floor(sum / 256))
}

function newPage(pages: Pages, page: number): Uint8Array {
  const size = pages.members * pages.width
  if (pages.taken + size > pages.slab.byteLength) {
    pages.slab = new SharedArrayBuffer(Math.max(SLAB_BYTES - (SLAB_BYTES % size), size))
    pages.taken = 0
  }
  const bytes = new Uint8Array(pages.slab, pages.taken, size)
  pages.taken += size
  return (pages.pages[page] = bytes)
}

/** Is told the counts of one member after the other, each indicator's days in rising order. */
export interface CountsVisitor {
  open(indicator: number): void
  add(day: Day, count: number): void
  close(): void
  /** Behind the last indicator of a member, also of one without any. */
  done(member: number): void
}

/** Some members, and the indicators in the order in which they are wanted. */
export interface CountsRange {
  from: number
  to: number
  order: readonly number[]
}

/** Members that are turned round at a time, so that their days and indicators stay in the processor's memory. */
const BLOCK = 16

/** Goes over what some slices counted together, member by member. */
export function visitCounts(slices: readonly Pages[], range: CountsRange, visitor: CountsVisitor): void {
  const one = slices[0]
  if (!one) return
  const { width, first } = one
  const { from, to, order } = range
  const days = one.pages.length
  const stride = days + (days & 1)
  const block: Block = {
    stride,
    counts: new Uint16Array(BLOCK * width * stride),
    touched: new Uint8Array(BLOCK * width),
    carried: carriedOf(slices),
  }
  const { counts, touched, carried } = block
  const pairs = new Uint32Array(counts.buffer)
  const words = slices.map(({ pages }) => pages.map((page) => page && wordsOf(page)))
  for (let start = from; start < to; start += BLOCK) {
    const size = Math.min(BLOCK, to - start)
    for (const pages of words) gather(pages, { start: start * width, end: (start + size) * width }, block)
    for (let member = 0; member < size; member++) {
      for (const indicator of order) {
        const place = member * width + indicator
        const carries = carried.get(start * width + place)
        if (!touched[place] && !carries) continue
        touched[place] = 0
        const row = place * stride
        visitor.open(indicator)
        if (carries) {
          for (let day = 0; day < days; day++) {
            const count = counts[row + day]! + (carries.get(day) ?? 0)
            if (count > 0) visitor.add(first + day, count)
          }
        } else {
          for (let pair = row >> 1; pair < (row + stride) >> 1; pair++) {
            const two = pairs[pair]!
            if (two === 0) continue
            const day = first + (pair * 2 - row)
            if (two & 0xffff) visitor.add(day, two & 0xffff)
            if (two >>> 16) visitor.add(day + 1, two >>> 16)
          }
        }
        counts.fill(0, row, row + stride)
        visitor.close()
      }
      visitor.done(start + member)
    }
  }
}

interface Block {
  stride: number
  /** By member, indicator and day. */
  counts: Uint16Array
  /** By member and indicator: whether anything was written to its row of counts. */
  touched: Uint8Array
  carried: Map<number, Map<number, number>>
}

function wordsOf(page: Uint8Array): Int32Array {
  return new Int32Array(page.buffer, page.byteOffset, page.byteLength >> 2)
}

/** Turns the cells from `start` to `end`, four at a time, from day by day to member by member. */
function gather(
  pages: readonly (Int32Array | undefined)[],
  { start, end }: { start: number; end: number },
  { stride, counts, touched }: Block,
): void {
  const first = start >> 2
  const size = (end - start) >> 2
  for (let day = 0; day < pages.length; day++) {
    const page = pages[day]
    if (!page) continue
    for (let word = 0; word < size; word++) {
      let four = page[first + word]!
      if (four === 0) continue
      for (let place = word * 4; four !== 0; four >>>= 8, place++) {
        const count = four & 255
        if (count === 0) continue
        counts[place * stride + day]! += count
        touched[place] = 1
      }
    }
  }
}

/** What the cells with carries hold above their bytes, by place and day. */
function carriedOf(slices: readonly Pages[]): Map<number, Map<number, number>> {
  const carried = new Map<number, Map<number, number>>()
  for (const { carry, members, width } of slices) {
    const size = members * width
    for (const [key, hundreds] of carry) {
      const place = key % size
      const day = (key - place) / size
      const days = carried.get(place) ?? new Map<number, number>()
      carried.set(place, days.set(day, (days.get(day) ?? 0) + hundreds * 256))
    }
  }
  return carried
}

/**
 * Packs the counts of some slices together, member by member. `numbers` are the indicators' numbers in the
 * dictionary. Hands over an empty pack for members without any.
 */
export function packPages(
  slices: readonly Pages[],
  { from, to, numbers }: { from: number; to: number; numbers: readonly number[] },
  take: (member: number, pack: Pack) => void,
): void {
  const writer = new PackWriter().begin()
  const order = numbers.map((_, indicator) => indicator).sort((a, b) => numbers[a]! - numbers[b]!)
  visitCounts(
    slices,
    { from, to, order },
    {
      open: (indicator) => void writer.section(numbers[indicator]!),
      add: (day, count) => writer.add(day, count),
      close: () => writer.close(),
      done(member) {
        take(member, writer.finish())
        writer.begin()
      },
    },
  )
}
