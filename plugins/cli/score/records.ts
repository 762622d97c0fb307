import type { Headers } from '@space-assistant/core/formats/headers'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { StatedTallies } from '@space-assistant/core/scoring/change'
import type { IdSet } from '@space-assistant/core/pipeline/id-set'
import { HEAD_BYTES, setUpLines } from '@space-assistant/core/pipeline/line-setup'
import { collectRecordRows, joinTallies } from '@space-assistant/core/pipeline/record-file'
import { readRecordLines } from '@space-assistant/core/pipeline/record-lines'
import { middleOf } from '@space-assistant/core/pipeline/source'
import type { ByteRange, ByteSource } from '@space-assistant/core/pipeline/source'
import { readTable } from './inputs'
import type { FileProblem } from './inputs'
import { withFile } from './slice-file'
import type { SliceTask } from './slice-file'
import type { ScoreThreads } from './threads'
import { fillScoreText, reasonOf, ScoreRefusal, refuseScore, words } from './words'

/** What one records file says. */
export interface FileTallies extends StatedTallies {
  problems: FileProblem[]
}

export interface RecordsContext {
  scheme: Scheme
  headers: Headers
  accounts: readonly string[]
  /** Dictionary numbers of the scheme's indicators, in the scheme's order. */
  numbers: readonly number[]
  /** Ids of all files so far. */
  ids: IdSet
  threads: ScoreThreads
}

/** From this size on a file is worth a second thread. */
export const LARGE_FILE = 8 << 20

/** Reads a records file; ids of earlier files count no more, and its own are noted. */
export async function readRecords(file: string, context: RecordsContext): Promise<FileTallies> {
  const { ids } = context
  const read = (await readPlainly(file, context)) ?? (await readGenerally(file, context))
  if (read.withIds) ids.addAll(read.ids)
  return { ...read, problems: read.problems.map((problem) => ({ ...problem, file })) }
}

async function readPlainly(path: string, { threads, ids, ...context }: RecordsContext) {
  const opened = await openFile(path, { ...context, kind: 'records' })
  if (!opened) return
  const { setup, slices } = opened
  const { headers, accounts, numbers, scheme } = context
  const common = { path, headers, accounts: accounts.join('\n'), members: accounts.length, numbers }
  const lines = await readRecordLines(
    setup,
    (current, which) => {
      const before = which?.before.state
      const chosen = which ? slices.slice(which.slice, which.slice + 1) : slices
      return threads.read(chosen.map((slice): SliceTask => ({ ...common, ...slice, setup: current, before })))
    },
    ids.isEmpty ? undefined : ids,
  )
  if (!lines) return
  const tallies = lines.slices.map((slice) => slice.tallies)
  return { ...lines, ...joinTallies(tallies, { accounts, first: scheme.period.from }) }
}

async function readGenerally(file: string, { scheme, headers, accounts, numbers, ids }: RecordsContext) {
  const parsed = await readTable(file, 'records', { scheme, headers, accounts: new Set(accounts) })
  const context = { scheme, headers, accounts, numbers, problems: Infinity, before: ids }
  return collectRecordRows(parsed, context)
}

/** Looks at the beginning of a file, and where it may be cut in two; undefined when it is not of plain lines. */
async function openFile(path: string, context: Parameters<typeof setUpLines>[1]) {
  try {
    return await withFile(path, async (source) => {
      const start = new Uint8Array(Math.min(HEAD_BYTES, source.size))
      source.read(start, 0, start.length, 0)
      const setup = await setUpLines(start, context)
      return setup && { setup, slices: slicesOf(source, setup.head.length) }
    })
  } catch (error) {
    const params = { file: path, reason: reasonOf(error) }
    throw new ScoreRefusal(fillScoreText(words.unreadable, params), refuseScore)
  }
}

function slicesOf(source: ByteSource, from: number): ByteRange[] {
  const whole = { from, to: source.size }
  const middle = source.size < LARGE_FILE ? whole.to : middleOf(source, whole)
  if (middle >= whole.to) return [whole]
  return [
    { from, to: middle },
    { from: middle, to: whole.to },
  ]
}
