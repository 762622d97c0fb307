import { emptyPack, PackWriter } from '../tallies'
import type { Pack } from '../tallies'
import type { Engine } from './engine'
import type { LineSetup } from './setup'
import { sliceField } from './slice'
import type { SliceResult } from './slice'

/** Some members, and the numbers of the indicators in the dictionary. */
export interface PackRange {
  from: number
  to: number
  numbers: readonly number[]
}

/** Bits of the count in a day of a sorted cell, as the engine's `sorted.ts` has it. */
const COUNT_BITS = 20

/** Which counts are meant: those of some slices of one file together. */
export interface Counted {
  engine: Engine
  setup: LineSetup
  slices: readonly SliceResult[]
}

/** Packs what was counted member by member. Hands over an empty pack for members without anything. */
export function packMembers(
  { engine, setup, slices }: Counted,
  { from, to, numbers }: PackRange,
  take: (member: number, pack: Pack) => void,
): void {
  const { shift, scheme } = setup
  const width = Math.max(numbers.length, 1)
  const inGroup = width << shift
  const list = engine.putWords(slices.map(({ address }) => address))
  const sorted = engine.calls.newSorted(inGroup)
  const writer = new PackWriter().begin()
  const order = numbers.map((_, indicator) => indicator).sort((a, b) => numbers[a]! - numbers[b]!)
  for (let group = from >> shift; group << shift < to; group++) {
    engine.calls.sortGroup(sorted, list, slices.length, group, inGroup)
    const { words } = engine
    const [starts, days] = [words[sorted / 4]! / 4, words[sorted / 4 + 1]! / 4]
    const first = group << shift
    for (let member = Math.max(first, from); member < Math.min(first + (1 << shift), to); member++) {
      const cells = starts + (member - first) * width
      if (words[cells] === words[cells + width]) {
        take(member, emptyPack)
        continue
      }
      for (const indicator of order) {
        const cell = cells + indicator
        const end = days + words[cell + 1]!
        let at = days + words[cell]!
        if (at === end) continue
        writer.section(numbers[indicator]!)
        while (at < end) {
          const day = words[at]! >>> COUNT_BITS
          let count = 0
          for (; at < end && words[at]! >>> COUNT_BITS === day; at++)
            count += words[at]! & ((1 << COUNT_BITS) - 1)
          writer.add(scheme.period.from + day, count)
        }
        writer.close()
      }
      take(member, writer.finish())
      writer.begin()
    }
  }
}

/** Which members and days of the period understood rows name: a byte for each. */
export function namedBy({ engine, setup }: Pick<Counted, 'engine' | 'setup'>, slice: SliceResult) {
  const { period } = setup.scheme
  const part = (field: 'members' | 'days', size: number) => {
    const at = sliceField(engine, slice.address, field)
    return engine.bytes.subarray(at, at + size)
  }
  return { members: part('members', setup.accounts.count), days: part('days', period.to - period.from + 1) }
}
