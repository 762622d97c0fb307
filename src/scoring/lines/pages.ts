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
  const writer = new PackWriter()
  const order = numbers.map((_, indicator) => indicator).sort((a, b) => numbers[a]! - numbers[b]!)
  for (let start = from; start < to; start += BLOCK) {
    const size = Math.min(BLOCK, to - start)
    counts.fill(0)
    for (const pages of slices) gather(pages, { start, size, stride }, counts)
    for (let member = 0; member < size; member++) {
      writer.begin()
      for (const indicator of order) {
        writer.section(numbers[indicator]!)
        const row = (member * indicators + indicator) * stride
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
}

/** Turns a block of members from day by day to member by member. */
function gather(
  { pages, members, indicators }: Pages,
  { start, size, stride }: Block,
  counts: Uint16Array,
): void {
  for (let day = 0; day < pages.length; day++) {
    const page = pages[day]
    if (!page) continue
    for (let indicator = 0; indicator < indicators; indicator++) {
      const cell = indicator * members + start
      let at = indicator * stride + day
      for (let member = 0; member < size; member++) {
        const count = page[cell + member]!
        if (count) counts[at]! += count
        at += indicators * stride
      }
    }
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
