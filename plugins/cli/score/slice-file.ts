import { closeSync, openSync, readSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import { SLACK } from '@space-assistant/core/scoring/lines/engine'
import type { Engine } from '@space-assistant/core/scoring/lines/engine'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import { SliceReader } from '@space-assistant/core/scoring/lines/slice'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'
import { Unusual } from '@space-assistant/core/scoring/lines/unusual'

/** As much as the processor has memory of its own for. */
const CHUNK = 1 << 18
const LONGEST = 1 << 24
const LINE_END = 10

/** Bytes of a file from the start of a line to the end of a line. */
export interface Slice {
  path: string
  from: number
  to: number
}

/** What reading a slice needs beside it. */
export interface SliceContext {
  engine: Engine
  setup: LineSetup
  headers: Headers
  /** Address of the ids of earlier files. */
  before: number | undefined
}

/** Counts a slice of a file, reading it piece by piece into the same part of the engine's memory. */
export async function readSlice(
  { path, from, to }: Slice,
  { engine, setup, headers, before }: SliceContext,
): Promise<SliceResult> {
  const reader = new SliceReader(engine, setup, headers, before)
  const file = openSync(path, 'r')
  try {
    let room = CHUNK
    let start = engine.calls.take(room + SLACK)
    let kept = 0
    for (let at = from; at < to || kept;) {
      const size = readSync(file, engine.bytes, start + kept, Math.min(room - kept, to - at), at)
      at = size ? at + size : to
      let end = start + kept + size
      // The last line of a file may lack its end.
      if (at >= to && engine.bytes[end - 1] !== LINE_END) engine.bytes[end++] = LINE_END
      const whole = engine.bytes.lastIndexOf(LINE_END, end - 1) + 1
      if (whole > start) {
        await reader.take(start, whole)
        engine.bytes.copyWithin(start, whole, end)
        kept = end - whole
      } else {
        // A line longer than the room. No record is as long as that; the general reader says what it is.
        if (room >= LONGEST) throw new Unusual('lines')
        kept = end - start
        const larger = engine.calls.take(room * 2 + SLACK)
        engine.bytes.copyWithin(larger, start, end)
        start = larger
        room *= 2
      }
    }
  } finally {
    closeSync(file)
  }
  return reader.result()
}
