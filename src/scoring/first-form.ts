import { emptyPack, encode } from './tallies'
import type { Pack, Tally } from './tallies'

/**
 * A stored pack in the form of today. The first form (version 1) had the days of an indicator in rising order: varint
 * indicator, varint length of the rest, varint first day, then per day one byte, (days since the one before - 1) << 2 |
 * (count - 1), the excess of 63 or 3 behind it.
 */
export function renewed(pack: Pack): Pack {
  if (pack[0] !== 1) return pack
  const tallies: Tally[] = []
  let at = 1
  const varint = () => {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = pack[at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
    }
  }
  while (at < pack.length) {
    const indicator = varint()
    const length = varint()
    const end = at + length
    for (let day = varint() - 1; at < end;) {
      const byte = pack[at++]!
      const step = byte >> 2
      const more = byte & 3
      day += 1 + step + (step === 63 ? varint() : 0)
      tallies.push({ indicator, day, count: 1 + more + (more === 3 ? varint() : 0) })
    }
  }
  return tallies.length ? encode(tallies) : emptyPack
}
