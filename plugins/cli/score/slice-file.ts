import { closeSync, openSync, readSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { IdSet } from '@space-assistant/core/scoring/lines/id-set'
import { SLACK } from '@space-assistant/core/scoring/lines/cursor'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import { SliceReader } from '@space-assistant/core/scoring/lines/slice'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'

const CHUNK = 1 << 20

/** Bytes of a file from the start of a line to the end of a line. */
export interface Slice {
  path: string
  from: number
  to: number
}

/** Counts a slice of a file, reading it piece by piece into the same memory. */
export async function readSlice(
  { path, from, to }: Slice,
  setup: LineSetup,
  { headers, before }: { headers: Headers; before: IdSet | undefined },
): Promise<SliceResult> {
  const reader = new SliceReader(setup, headers, before)
  const file = openSync(path, 'r')
  try {
    let buffer = Buffer.alloc(CHUNK + SLACK)
    let kept = 0
    for (let at = from; at < to || kept;) {
      const size = readSync(file, buffer, kept, Math.min(buffer.length - SLACK - kept, to - at), at)
      at += size
      let end = kept + size
      // The last line of a file may lack its end.
      if (!size || (at >= to && buffer[end - 1] !== 10)) buffer[end++] = 10
      const whole = buffer.lastIndexOf(10, end - 1) + 1
      if (whole) await reader.take(buffer, 0, whole)
      else buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)])
      buffer.copyWithin(0, whole, end)
      kept = end - whole
    }
  } finally {
    closeSync(file)
  }
  return reader.result()
}
