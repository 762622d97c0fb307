import type { Day } from '../../scheme/calendar'
import { PackWriter } from '../tallies'
import type { Pack } from '../tallies'
import { blocksOf } from './counts'
import type { Counts } from './counts'

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

/** Goes over what some slices counted together, member by member. */
export function visitCounts(slices: readonly Counts[], range: CountsRange, visitor: CountsVisitor): void {
  const one = slices[0]
  if (!one) return
  const { from, to, order } = range
  const cells = new Cells(slices, visitor)
  for (let group = from >> one.shift; group << one.shift < to; group++) {
    cells.sort(group)
    const start = group << one.shift
    const end = Math.min(start + (1 << one.shift), to)
    for (let member = Math.max(start, from); member < end; member++) {
      for (let at = 0; at < order.length; at++) cells.visit(member, order[at]!)
      visitor.done(member)
    }
  }
}

/** The entries of one group of members, sorted by cell. */
class Cells {
  /** Where each cell's entries begin. */
  readonly #starts: Uint32Array
  /** Days and small counts, cell by cell. */
  #days = new Uint16Array(0)
  #firstMember = 0
  readonly #one: Counts

  constructor(
    readonly slices: readonly Counts[],
    readonly visitor: CountsVisitor,
  ) {
    this.#one = slices[0]!
    this.#starts = new Uint32Array((this.#one.indicators << this.#one.shift) + 2)
  }

  sort(group: number): void {
    this.#firstMember = group << this.#one.shift
    const blocks = this.slices.flatMap(({ groups }) => blocksOf(groups[group]!))
    // One place too far, because writing a cell's entries moves its start to its end, where the next one's is.
    const starts = this.#starts.fill(0)
    for (const block of blocks) for (let at = 0; at < block.length; at++) starts[(block[at]! >>> 16) + 2]!++
    for (let cell = 1; cell < starts.length; cell++) starts[cell]! += starts[cell - 1]!
    const size = starts[starts.length - 1]!
    if (size > this.#days.length) this.#days = new Uint16Array(size)
    const days = this.#days
    for (const block of blocks) {
      for (let at = 0; at < block.length; at++) {
        const entry = block[at]!
        days[starts[(entry >>> 16) + 1]!++] = entry
      }
    }
  }

  /** Tells the days of a member and an indicator. */
  visit(member: number, indicator: number): void {
    const { first, indicators } = this.#one
    const cell = (member - this.#firstMember) * indicators + indicator
    const from = this.#starts[cell]!
    const to = this.#starts[cell + 1]!
    if (from === to) return
    const days = this.#days
    for (let at = from + 1; at < to; at++) {
      if (days[at]! >= days[at - 1]!) continue
      days.subarray(from, to).sort()
      break
    }
    this.visitor.open(indicator)
    for (let at = from; at < to;) {
      const day = days[at]! >> 4
      // A large count comes first among those of its day.
      let count = days[at]! & 15 || this.#large((member * indicators + indicator) * this.#one.days + day)
      while (++at < to && days[at]! >> 4 === day) count += days[at]! & 15
      this.visitor.add(first + day, count)
    }
    this.visitor.close()
  }

  #large(key: number): number {
    return this.slices.reduce((sum, { large }) => sum + (large.get(key) ?? 0), 0)
  }
}

/**
 * Packs the counts of some slices together, member by member. `numbers` are the indicators' numbers in the
 * dictionary. Hands over an empty pack for members without any.
 */
export function packMembers(
  slices: readonly Counts[],
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
