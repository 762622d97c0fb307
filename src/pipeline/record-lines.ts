import { RefusedCell } from '../formats/cells'
import type { Problem } from '../formats/rows'
import { joinPersonDays } from '../roster/person-days'
import type { PersonDays } from '../roster/person-days'
import { IdSet } from './id-set'
import type { LineSetup } from './line-setup'
import type { SliceResult } from './slice'
import { UnusualLines } from './unusual'

/** The rows of one records file, read from its lines. */
export interface LinesRead<T> {
  withIds: boolean
  /** What was made of each slice, in order of the file. */
  slices: T[]
  /** Rows as a spreadsheet shows them. */
  problems: Problem[]
  understood: number
  repeated: number
  refused: number
  /** Whom and which days refused rows name. */
  spared: PersonDays
  /** Ids that the file brings; those of `before` are not among them. */
  ids: IdSet
}

/** Reads all slices of a file, or one, under a setup. Ids of `before` count as repeated. */
export type ReadSlices<T> = (
  setup: LineSetup,
  which?: { slice: number; before: IdSet },
) => Promise<(T & { result: SliceResult })[]>

const MOST_TRIES = 4

/**
 * Reads a file, and again in another way when it turns out not to be what its first rows promised. Undefined when its
 * lines are not rows, or there are none, which only the general reader can sort out.
 */
export async function readRecordLines<T>(
  setup: LineSetup,
  read: ReadSlices<T>,
  before?: IdSet,
): Promise<LinesRead<T & { result: SliceResult }> | undefined> {
  let current = setup
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const slices = await read(current).catch(reasonOf)
    if (slices === 'lines') return
    if (slices === 'order') current = { ...current, careful: true }
    else if (slices === 'ids') current = { ...current, withIds: true }
    else if (current.withIds && slices.every(({ result }) => !result.understood)) {
      current = { ...current, withIds: false }
    } else {
      const known = await settleRepeats(slices, { setup: current, read, before })
      return join(slices, { setup: current, ids: known })
    }
  }
  return
}

function reasonOf(error: unknown): UnusualLines['reason'] {
  if (error instanceof UnusualLines) return error.reason
  // A line that cannot be read: the general reader says so of the file.
  if (error instanceof RefusedCell) return 'lines'
  throw error
}

/** Ids that occur twice belong to the earlier slice or file: the later slice is read again knowing them. */
async function settleRepeats<T>(
  slices: (T & { result: SliceResult })[],
  { setup, read, before }: { setup: LineSetup; read: ReadSlices<T>; before: IdSet | undefined },
): Promise<IdSet> {
  const [only] = slices
  if (!setup.withIds || !only) return new IdSet()
  if (slices.length === 1 && !before?.meets(new IdSet(only.result.ids))) return new IdSet(only.result.ids)
  const own = new IdSet()
  for (const [index, slice] of slices.entries()) {
    let ids = new IdSet(slice.result.ids)
    if (own.meets(ids) || before?.meets(ids)) {
      const known = new IdSet()
      if (before) known.addAll(before)
      known.addAll(own)
      const [again] = await read(setup, { slice: index, before: known })
      if (again) {
        slices[index] = again
        ids = new IdSet(again.result.ids)
      }
    }
    own.addAll(ids)
  }
  return own
}

function join<T>(
  slices: (T & { result: SliceResult })[],
  { setup, ids }: { setup: LineSetup; ids: IdSet },
): LinesRead<T & { result: SliceResult }> | undefined {
  const problems: Problem[] = []
  let rows = setup.headRows
  let [understood, repeated, refused] = [0, 0, 0]
  for (const { result } of slices) {
    for (const problem of result.problems) problems.push({ ...problem, row: problem.row + rows })
    rows += result.rows
    understood += result.understood
    repeated += result.repeated
    refused += result.refused
  }
  if (!understood && !refused) return
  problems.sort((a, b) => a.row - b.row)
  const spared = joinPersonDays(slices.map(({ result }) => result.spared))
  return { withIds: setup.withIds, slices, problems, understood, repeated, refused, spared, ids }
}
