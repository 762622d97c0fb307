import type { Headers } from '../../formats/headers'
import type { Problem } from '../../formats/rows'
import { IdSet, SLACK } from './engine'
import type { Engine } from './engine'
import { announce } from './setup'
import type { LineSetup } from './setup'
import { SliceReader } from './slice'
import type { SliceResult } from './slice'
import { Unusual } from './unusual'

/** One records file, counted. */
export interface FileCounts {
  withIds: boolean
  /** In order of the file; what they count is added. */
  slices: SliceResult[]
  /** Rows as a spreadsheet shows them. */
  problems: Problem[]
  understood: number
  repeated: number
}

/** Reads the slices of one file, all of them or one, under a setup. */
export interface SliceRunner {
  engine: Engine
  /** Ids of `before` count as repeated. */
  run(setup: LineSetup, before: IdSet | undefined, only?: number): Promise<SliceResult[]>
}

/**
 * Counts a file slice by slice, and again in another way when it turns out not to be what its first rows promised.
 * Undefined when its lines are not rows, which only the general reader can sort out.
 */
export async function countFile(
  setup: LineSetup,
  runner: SliceRunner,
  before?: IdSet,
): Promise<FileCounts | undefined> {
  for (let current = setup, tries = 0; tries < 4; tries++) {
    announce(runner.engine, current)
    const slices = await runner.run(current, before).catch(reasonOf)
    if (slices === 'lines') return
    if (slices === 'order') current = { ...current, careful: true }
    else if (slices === 'ids') current = { ...current, withIds: true }
    else if (slices === 'no-ids' || (current.withIds && slices.every(({ understood }) => !understood))) {
      current = { ...current, withIds: false }
    } else return finish(current, await withoutRepeats(slices, { setup: current, runner, before }))
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
  { setup, runner, before }: { setup: LineSetup; runner: SliceRunner; before: IdSet | undefined },
): Promise<SliceResult[]> {
  if (!setup.withIds || slices.length < 2) return slices
  const { engine } = runner
  const [first] = slices
  let earlier: IdSet | undefined
  for (const [index, slice] of slices.entries()) {
    if (!index) continue
    if (engine.calls.idsMeet(earlier?.address ?? first!.ids, slice.ids)) {
      const known = new IdSet(engine)
      if (before) known.addAll(before.address)
      known.addAll(earlier?.address ?? first!.ids)
      slices[index] = (await runner.run(setup, known, index))[0]!
    }
    if (index === slices.length - 1) break
    if (!earlier) {
      earlier = new IdSet(engine)
      earlier.addAll(first!.ids)
    }
    earlier.addAll(slices[index]!.ids)
  }
  return slices
}

function finish({ withIds, headRows }: LineSetup, slices: SliceResult[]): FileCounts | undefined {
  const problems: Problem[] = []
  let rows = headRows
  let understood = 0
  let repeated = 0
  for (const slice of slices) {
    for (const problem of slice.problems) problems.push({ ...problem, row: problem.row + rows })
    rows += slice.rows
    understood += slice.understood
    repeated += slice.repeated
  }
  // Nothing at all: the general reader says what is wrong with the file.
  if (!understood && !problems.length) return
  problems.sort((a, b) => a.row - b.row)
  return { withIds, slices, problems, understood, repeated }
}

/** Reads a file that is in memory, in as many slices as asked for (one, unless a test wants more). */
export function inMemory(
  engine: Engine,
  bytes: Uint8Array,
  headers: Headers,
  { parts = 1, chunk = 1 << 20 } = {},
): SliceRunner {
  const run: SliceRunner['run'] = async (setup, before, only) => {
    const bounds = boundsOf(bytes, setup.head.length, parts)
    const results: SliceResult[] = []
    const sizes = bounds
      .slice(1)
      .flatMap((to, part) => Array.from(chunksOf(bytes, bounds[part]!, to, chunk), ([at, end]) => end - at))
    const longest = Math.max(0, ...sizes)
    const room = engine.calls.take(longest + SLACK)
    for (let part = 0; part < parts; part++) {
      if (only !== undefined && only !== part) continue
      const reader = new SliceReader(engine, setup, headers, before?.address)
      for (const [at, end] of chunksOf(bytes, bounds[part]!, bounds[part + 1]!, chunk)) {
        engine.bytes.set(bytes.subarray(at, end), room)
        // The last line of a file may lack its end.
        engine.bytes[room + end - at] = LINE_END
        await reader.take(room, room + end - at + (bytes[end - 1] === LINE_END ? 0 : 1))
      }
      results.push(reader.result())
    }
    return results
  }
  return { engine, run }
}

const LINE_END = 10

/** Whole lines of a part, about as many bytes at a time as asked for. */
function* chunksOf(bytes: Uint8Array, from: number, to: number, chunk: number): Generator<[number, number]> {
  for (let at = from; at < to;) {
    const end = Math.min(lineEnd(bytes, at + chunk), to)
    yield [at, end]
    at = end
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
