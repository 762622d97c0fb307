import type { Engine } from '@space-assistant/core/scoring/lines/engine'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'
import { packMembers } from '@space-assistant/core/scoring/lines/visit'
import type { PackRange } from '@space-assistant/core/scoring/lines/visit'
import type { Pack } from '@space-assistant/core/scoring/tallies'

/** What is packed: counts of some slices of a file, and which members of them. */
export interface PackTask extends PackRange {
  setup: LineSetup
  slices: readonly SliceResult[]
}

/** The packs of a range of members, one behind the other. */
export interface Packed {
  from: number
  bytes: Uint8Array
  ends: number[]
}

export function packAll(engine: Engine, { setup, slices, ...range }: PackTask): Packed {
  const ends: number[] = []
  let bytes = new Uint8Array(new SharedArrayBuffer(1 << 20))
  let at = 0
  packMembers({ engine, setup, slices }, range, (_, pack) => {
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
