import type { Counts } from '@space-assistant/core/scoring/lines/counts'
import { packMembers } from '@space-assistant/core/scoring/lines/visit'
import type { Pack } from '@space-assistant/core/scoring/tallies'

/** Members who are packed, and the numbers of the indicators. */
export interface PackRange {
  from: number
  to: number
  numbers: readonly number[]
}

/** The packs of a range of members, one behind the other. */
export interface Packed {
  from: number
  bytes: Uint8Array
  ends: number[]
}

export function packAll(slices: readonly Counts[], range: PackRange): Packed {
  const ends: number[] = []
  let bytes = new Uint8Array(new SharedArrayBuffer(1 << 20))
  let at = 0
  packMembers(slices, range, (_, pack) => {
    if (at + pack.length > bytes.length) {
      const larger = new Uint8Array(new SharedArrayBuffer(Math.max(bytes.length * 2, at + pack.length)))
      larger.set(bytes)
      bytes = larger
    }
    bytes.set(pack, at)
    at += pack.length
    ends.push(at)
  })
  return { from: range.from, bytes, ends }
}

/** Hands out the packs again. */
export function unpack({ from, bytes, ends }: Packed, take: (member: number, pack: Pack) => void): void {
  for (const [index, end] of ends.entries()) take(from + index, bytes.subarray(ends[index - 1] ?? 0, end))
}
