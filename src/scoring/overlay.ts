import type { Day } from '../scheme/calendar'
import { PackReader, PackWriter } from './tallies'
import type { Pack } from './tallies'

const base = new PackReader()
const extra = new PackReader()
const writer = new PackWriter()

const NO_DAYS: ReadonlySet<Day> = new Set()

/**
 * The tallies of `pack` without those of the `replaced` days, plus all of `added`. Bytes before the first day that can
 * differ are copied, so a file of new days costs little however long the year is already.
 */
export function overlay(pack: Pack, added: Pack, replaced: ReadonlySet<Day> = NO_DAYS): Pack {
  if (!pack.length) return added
  const firstReplaced = firstOf(replaced)
  base.open(pack)
  extra.open(added)
  writer.begin()
  let hasBase = base.section()
  let hasExtra = extra.section()
  while (hasBase || hasExtra) {
    if (hasBase && (!hasExtra || base.indicator <= extra.indicator)) {
      const same = hasExtra && base.indicator === extra.indicator
      overlaySection(pack, same, { days: replaced, first: firstReplaced })
      if (same) hasExtra = extra.section()
      hasBase = base.section()
    } else {
      writer.copy(added, extra.start, extra.end)
      hasExtra = extra.section()
    }
  }
  return writer.finish()
}

interface Replaced {
  days: ReadonlySet<Day>
  first: Day
}

/** Writes the section that `base` stands at, with what `extra` has for it when `both`. */
function overlaySection(pack: Pack, both: boolean, replaced: Replaced): void {
  let more = both && extra.next()
  const first = Math.min(more ? extra.day : Infinity, replaced.first)
  if (first === Infinity) {
    writer.copy(pack, base.start, base.end)
    return
  }
  writer.section(base.indicator)
  let left = skipTo(pack, first)
  while (left || more) {
    if (left && (!more || base.day <= extra.day)) {
      const kept = replaced.days.has(base.day) ? 0 : base.count
      const same = more && base.day === extra.day
      const count = kept + (same ? extra.count : 0)
      if (count > 0) writer.add(base.day, count)
      if (same) more = extra.next()
      left = base.next()
    } else {
      writer.add(extra.day, extra.count)
      more = extra.next()
    }
  }
  writer.close()
}

/** Copies what `base` holds before a day; whether there is a day from there on, which `base` then stands at. */
function skipTo(pack: Pack, day: Day): boolean {
  let position = -1
  let last = -1
  let left: boolean
  for (;;) {
    const at = base.position
    left = base.next()
    if (!left || base.day >= day) {
      if (last >= 0) position = at
      break
    }
    last = base.day
  }
  if (position >= 0) writer.resume(pack.subarray(base.body, position), last)
  return left
}

function firstOf(days: ReadonlySet<Day>): Day {
  let first = Infinity
  for (const day of days) if (day < first) first = day
  return first
}
