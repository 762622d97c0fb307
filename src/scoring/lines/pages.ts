import type { Day } from '../../scheme/calendar'
import { PackWriter } from '../tallies'
import type { Pack } from '../tallies'

/** What one slice of a file counted: one page of bytes per day, `indicator x member`, made when first written. */
export interface Pages {
  first: Day
  members: number
  indicators: number
  pages: (Uint8Array | undefined)[]
  /** Hundreds (of 256) of the few cells that hold more than a byte, by page and cell. */
  carry: Map<number, number>
}

export function makePages(size: { first: Day; days: number; members: number; indicators: number }): Pages {
  const { first, days, members, indicators } = size
  return { first, members, indicators, pages: new Array<undefined>(days).fill(undefined), carry: new Map() }
}

/** Adds to a cell; a negative count takes away what was added before. */
export function addTo(pages: Pages, page: number, cell: number, count: number): void {
  const bytes = (pages.pages[page] ??= newPage(pages))
  const sum = bytes[cell]! + count
  bytes[cell] = sum & 255
  if (sum >= 0 && sum <= 255) return
  const key = carryKey(pages, page, cell)
  pages.carry.set(key, (pages.carry.get(key) ?? 0) + Math.floor(sum / 256))
}

export function newPage({ members, indicators }: Pages): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(members * indicators))
}

function carryKey({ members, indicators }: Pages, page: number, cell: number): number {
  return page * members * indicators + cell
}

/** Members that are packed at a time: as many bytes as the processor fetches from memory at once. */
const BLOCK = 64

/**
 * Packs the counts of some slices together, member by member. `numbers` are the indicators' numbers in the
 * dictionary. Hands over an empty pack for members without any.
 */
export function packPages(
  slices: readonly Pages[],
  { from, to, numbers }: { from: number; to: number; numbers: readonly number[] },
  take: (member: number, pack: Pack) => void,
): void {
  const one = slices[0]
  if (!one) return
  const { indicators, first } = one
  const days = one.pages.length
  const stride = days + (days & 1)
  const counts = new Uint16Array(BLOCK * indicators * stride)
  const pairs = new Uint32Array(counts.buffer)
  const carried = new Set(slices.flatMap((pages) => [...pages.carry.keys()].map((key) => rowOf(pages, key))))
  const touched = new Uint8Array(BLOCK * indicators)
  const writer = new PackWriter()
  const order = numbers.map((_, indicator) => indicator).sort((a, b) => numbers[a]! - numbers[b]!)
  for (let start = from; start < to; start += BLOCK) {
    const size = Math.min(BLOCK, to - start)
    touched.fill(0)
    for (const pages of slices) gather(pages, { start, size, stride, counts, touched })
    for (let member = 0; member < size; member++) {
      writer.begin()
      for (const indicator of order) {
        const place = member * indicators + indicator
        if (!touched[place]) continue
        writer.section(numbers[indicator]!)
        const row = place * stride
        if (carried.has(indicator * one.members + start + member)) {
          for (let day = 0; day < days; day++) {
            const cell = indicator * one.members + start + member
            const count = counts[row + day]! + carriedIn(slices, day, cell)
            if (count > 0) writer.add(first + day, count)
          }
        } else {
          for (let pair = row >> 1; pair < (row + stride) >> 1; pair++) {
            const two = pairs[pair]!
            if (two === 0) continue
            const day = first + (pair * 2 - row)
            if (two & 0xffff) writer.add(day, two & 0xffff)
            if (two >>> 16) writer.add(day + 1, two >>> 16)
          }
        }
        counts.fill(0, row, row + stride)
        writer.close()
      }
      take(start + member, writer.finish())
    }
  }
}

interface Block {
  start: number
  size: number
  stride: number
  counts: Uint16Array
  /** By member and indicator: whether anything was written to its row of counts. */
  touched: Uint8Array
}

/** Turns a block of members from day by day to member by member. */
function gather({ pages, members, indicators, carry }: Pages, block: Block): void {
  const { start, size, stride, counts, touched } = block
  for (let day = 0; day < pages.length; day++) {
    const page = pages[day]
    if (!page) continue
    for (let indicator = 0; indicator < indicators; indicator++) {
      const cell = indicator * members + start
      for (let member = 0; member < size; member++) {
        const count = page[cell + member]!
        if (count === 0) continue
        const place = member * indicators + indicator
        counts[place * stride + day]! += count
        touched[place] = 1
      }
    }
  }
  for (const key of carry.keys()) {
    const cell = key % (members * indicators)
    const member = (cell % members) - start
    if (member >= 0 && member < size) touched[member * indicators + Math.floor(cell / members)] = 1
  }
}

function rowOf({ members, indicators }: Pages, key: number): number {
  return key % (members * indicators)
}

function carriedIn(slices: readonly Pages[], day: number, cell: number): number {
  let carried = 0
  for (const pages of slices) carried += 256 * (pages.carry.get(carryKey(pages, day, cell)) ?? 0)
  return carried
}
