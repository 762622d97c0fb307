import type { Day } from '../calendar/day'
import { PackReader } from './pack-reader'
import { PackWriter } from './tallies'
import type { Pack } from './tallies'

const NO_DAYS: ReadonlySet<Day> = new Set()

/** Lays tallies over others; whoever does so for many members keeps one. */
export class TallyOverlay {
  readonly #base = new PackReader()
  readonly #extra = new PackReader()
  readonly #writer = new PackWriter()

  /**
   * The tallies of `pack` without those of the `replaced` days, plus all of `added`. What is older than the first day
   * that can differ is copied unread, so a file of new days costs little however long the year is already.
   */
  lay(pack: Pack, added: Pack, replaced: ReadonlySet<Day> = NO_DAYS): Pack {
    if (!pack.length) return added
    const firstReplaced = firstOf(replaced)
    const base = this.#base.open(pack)
    const extra = this.#extra.open(added)
    const writer = this.#writer.begin()
    let hasBase = base.section()
    let hasExtra = extra.section()
    // Sections that stay as they are lie beside each other: they are copied together, up to the next that does not.
    let copied = 1
    while (hasBase || hasExtra) {
      const inBase = hasBase && (!hasExtra || base.indicator <= extra.indicator)
      const inExtra = hasExtra && (!hasBase || extra.indicator <= base.indicator)
      if (inExtra || base.newest >= firstReplaced) {
        writer.copy(pack, copied, hasBase ? base.start : pack.length)
        if (inBase) this.#section(pack, inExtra, { days: replaced, first: firstReplaced })
        else writer.copy(added, extra.start, extra.end)
        copied = inBase ? base.end : hasBase ? base.start : pack.length
      }
      if (inBase) hasBase = base.section()
      if (inExtra) hasExtra = extra.section()
    }
    writer.copy(pack, copied, pack.length)
    return writer.finish()
  }

  /** Writes the section that `base` stands at, with what `extra` has for it when `both`. */
  #section(pack: Pack, both: boolean, replaced: Replaced): void {
    const base = this.#base
    const extra = this.#extra
    const writer = this.#writer
    const more = both ? extra.days() : undefined
    const first = Math.min(more ? more.days[more.start]! : Infinity, replaced.first)
    const list = base.since(first)
    const from = list.find(first)
    writer.section(base.indicator)
    if (from > list.start) {
      const [day, count] = [list.days[from - 1]!, list.counts[from - 1]!]
      writer.before({ day, count, pack, from: base.position, to: base.end })
    }
    let i = from
    let j = more?.start ?? 0
    const last = more?.end ?? 0
    while (i < list.end || j < last) {
      const own = i < list.end ? list.days[i]! : Infinity
      const other = j < last ? more!.days[j]! : Infinity
      const day = Math.min(own, other)
      let count = 0
      if (own === day) {
        if (!replaced.days.has(day)) count += list.counts[i]!
        i++
      }
      if (other === day) count += more!.counts[j++]!
      if (count > 0) writer.add(day, count)
    }
    writer.close()
  }
}

/** Lays the tallies of one member over others of the same member. */
export function overlay(pack: Pack, added: Pack, replaced?: ReadonlySet<Day>): Pack {
  return new TallyOverlay().lay(pack, added, replaced)
}

interface Replaced {
  days: ReadonlySet<Day>
  first: Day
}

function firstOf(days: ReadonlySet<Day>): Day {
  let first = Infinity
  for (const day of days) if (day < first) first = day
  return first
}
