import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import { IdSet } from '@space-assistant/core/pipeline/id-set'
import type { IdSetState } from '@space-assistant/core/pipeline/id-set'
import type { LineSetup } from '@space-assistant/core/pipeline/line-setup'
import type { SliceTallies } from '@space-assistant/core/pipeline/record-file'
import { SliceReader } from '@space-assistant/core/pipeline/slice'
import type { SliceResult } from '@space-assistant/core/pipeline/slice'
import { readLines } from '@space-assistant/core/pipeline/source'
import type { ByteRange, ByteSource } from '@space-assistant/core/pipeline/source'
import { packAll, TallyCounter } from '@space-assistant/core/pipeline/tally-counter'

/** A slice of a file to be read; a plain value that can be sent to another thread. */
export interface SliceTask extends ByteRange {
  path: string
  setup: LineSetup
  headers: Headers
  /** In order of member, each ended by a line end: one text is sent faster than many. */
  accounts: string
  members: number
  /** Numbers of the scheme's indicators in the dictionary. */
  numbers: readonly number[]
  /** Ids that count as repeated. */
  before: IdSetState | undefined
}

/** What a slice says. */
export interface SliceRead {
  result: SliceResult
  tallies: SliceTallies
}

/** Counts a slice of a file into tallies. */
export function readSlice(task: SliceTask): Promise<SliceRead> {
  return withFile(task.path, async (source) => {
    const { setup, headers, accounts, members, numbers, before } = task
    const counter = new TallyCounter(setup.scheme, members)
    const reader = new SliceReader(setup, {
      headers,
      accounts: () => accounts.split('\n'),
      before: before && new IdSet(before),
      sink: counter,
      problems: Infinity,
    })
    await readLines(source, task, reader)
    const packed = packAll(counter.pack(numbers))
    return {
      result: reader.result(),
      tallies: { packed, members: counter.members, days: counter.days },
    }
  })
}

/** Hands over a file that is open as long as it is read. */
export async function withFile<T>(path: string, read: (source: ByteSource) => Promise<T>): Promise<T> {
  const file = openSync(path, 'r')
  try {
    const { size } = fstatSync(file)
    return await read({
      size,
      read: (target, offset, length, position) => readSync(file, target, offset, length, position),
    })
  } finally {
    closeSync(file)
  }
}
