import type { Headers } from '../../formats/headers'
import type { Problem } from '../../formats/rows'
import { SLACK } from './cursor'
import { IdSet } from './id-set'
import { Unusual } from './unusual'
import type { LineSetup } from './setup'
import { SliceReader } from './slice'
import type { SliceResult } from './slice'

/** One records file, counted. */
export interface FileCounts {
  withIds: boolean
  /** In order of the file; what they count is added. */
  slices: SliceResult[]
  /** Rows as a spreadsheet shows them. */
  problems: Problem[]
  understood: number
  repeated: number
  /** Ids that this file brought. */
  ids: IdSet
}

/** Reads the slices of one file, all of them or one, under a setup; ids of `before` count as repeated. */
export type RunSlices = (setup: LineSetup, before: IdSet | undefined, only?: number) => Promise<SliceResult[]>

/**
 * Counts a file slice by slice, and again in another way when it turns out not to be what its first rows promised.
 * Undefined when its lines are not rows, which only the general reader can sort out.
 */
export async function countFile(
  setup: LineSetup,
  run: RunSlices,
  before?: IdSet,
): Promise<FileCounts | undefined> {
  for (let current = setup, tries = 0; tries < 4; tries++) {
    const slices = await run(current, before).catch(reasonOf)
    if (slices === 'lines') return
    if (slices === 'order') current = { ...current, careful: true }
    else if (slices === 'ids') current = { ...current, withIds: true }
    else if (slices === 'no-ids' || (current.withIds && slices.every(({ understood }) => !understood))) {
      current = { ...current, withIds: false }
    } else return finish(current, await withoutRepeats(slices, { setup: current, run, before }))
  }
  return
}

function reasonOf(error: unknown): Unusual['reason'] {
  if (error instanceof Unusual) return error.reason
  throw error
}

/** Ids that occur in two slices belong to the earlier one: the later slice is read again knowing them. */
async function withoutRepeats(
  slices: SliceResult[],
  { setup, run, before }: { setup: LineSetup; run: RunSlices; before: IdSet | undefined },
): Promise<SliceResult[]> {
  if (!setup.withIds || slices.length < 2) return slices
  const earlier = new IdSet()
  for (const [index, slice] of slices.entries()) {
    const own = new IdSet(slice.ids)
    if (earlier.meets(own)) {
      const known = new IdSet()
      if (before) known.addAll(before)
      known.addAll(earlier)
      slices[index] = (await run(setup, known, index))[0]!
    }
    earlier.addAll(new IdSet(slices[index]!.ids))
  }
  return slices
}

function finish({ withIds, headRows }: LineSetup, slices: SliceResult[]): FileCounts | undefined {
  const ids = new IdSet()
  const problems: Problem[] = []
  let rows = headRows
  let understood = 0
  let repeated = 0
  for (const slice of slices) {
    for (const problem of slice.problems) problems.push({ ...problem, row: problem.row + rows })
    if (withIds) ids.addAll(new IdSet(slice.ids))
    rows += slice.rows
    understood += slice.understood
    repeated += slice.repeated
  }
  // Nothing at all: the general reader says what is wrong with the file.
  if (!understood && !problems.length) return
  problems.sort((a, b) => a.row - b.row)
  return { withIds, slices, problems, understood, repeated, ids }
}

/** Reads a file that is in memory, in as many slices as asked for (one, unless a test wants more). */
export function runInMemory(bytes: Uint8Array, headers: Headers, parts = 1, chunk = 1 << 20): RunSlices {
  return async (setup, before, only) => {
    const bounds = boundsOf(bytes, setup.head.length, parts)
    const results: SliceResult[] = []
    for (let part = 0; part < parts; part++) {
      if (only !== undefined && only !== part) continue
      const reader = new SliceReader(setup, headers, before)
      for (let at = bounds[part]!; at < bounds[part + 1]!;) {
        const end = Math.min(lineEnd(bytes, at + chunk), bounds[part + 1]!)
        await reader.take(padded(bytes.subarray(at, end)), 0, endOf(bytes, at, end))
        at = end
      }
      results.push(reader.result())
    }
    return results
  }
}

function boundsOf(bytes: Uint8Array, from: number, parts: number): number[] {
  const bounds = [from]
  for (let part = 1; part < parts; part++) {
    const even = from + Math.floor(((bytes.length - from) * part) / parts)
    bounds.push(Math.max(lineEnd(bytes, even), bounds.at(-1)!))
  }
  return [...bounds, bytes.length]
}

/** Where the line that holds position `at - 1` ends. */
function lineEnd(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return bytes.length
  const end = bytes.indexOf(10, at - 1)
  return end < 0 ? bytes.length : end + 1
}

/** A copy with room behind it, ended by a line end. */
function padded(part: Uint8Array): Uint8Array {
  const copy = new Uint8Array(part.length + 1 + SLACK)
  copy.set(part)
  copy[part.length] = 10
  return copy
}

function endOf(bytes: Uint8Array, from: number, to: number): number {
  return to - from + (bytes[to - 1] === 10 ? 0 : 1)
}
