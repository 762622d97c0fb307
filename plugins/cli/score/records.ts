import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Headers } from '@space-assistant/core/formats/headers'
import type { RecordRow } from '@space-assistant/core/formats/rows'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { encode } from '@space-assistant/core/scoring/tallies'
import type { Pack, Tally } from '@space-assistant/core/scoring/tallies'
import { countFile } from '@space-assistant/core/scoring/lines/file'
import type { FileCounts, SliceRunner } from '@space-assistant/core/scoring/lines/file'
import type { Engine, IdSet } from '@space-assistant/core/scoring/lines/engine'
import { HEAD_BYTES, setUpLines } from '@space-assistant/core/scoring/lines/setup'
import type { LineSetup } from '@space-assistant/core/scoring/lines/setup'
import { takeLines } from '@space-assistant/core/scoring/lines/texts'
import type { Accounts } from '@space-assistant/core/scoring/lines/texts'
import { namedBy } from '@space-assistant/core/scoring/lines/visit'
import { readTable } from './inputs'
import type { FileProblem } from './inputs'
import { unpack } from './packed'
import type { Slice } from './slice-file'
import type { Threads } from './threads'
import { fillScoreText, reasonOf, ScoreRefusal, refuseScore, words } from './words'

/** What one records file says. */
export interface FileTallies {
  withIds: boolean
  /** By member. */
  packs: Map<number, Pack>
  /** What understood rows name. */
  members: Set<number>
  days: Set<Day>
  problems: FileProblem[]
}

export interface RecordsContext {
  scheme: Scheme
  headers: Headers
  engine: Engine
  accounts: Accounts
  /** Dictionary numbers of the scheme's indicators, in the scheme's order. */
  numbers: readonly number[]
  /** Ids of all files so far. */
  ids: IdSet
  threads: Threads
}

/** A file below this is not worth a second thread. */
const LARGE = 8 << 20

/** A records file that was counted, with how it was read. */
export interface CountedFile {
  setup: LineSetup
  counts: FileCounts
}

/** Counts a records file from its bytes; undefined when it is not plain delimited text. */
export async function countRecords(file: string, context: RecordsContext): Promise<CountedFile | undefined> {
  const { engine, threads, headers, ids } = context
  const opened = openFile(file)
  const setup = await setUpLines(opened.start, context)
  if (!setup) return
  const slices = slicesOf(file, setup.head.length, opened)
  const run: SliceRunner['run'] = (current, before, only) => {
    const chosen = only === undefined ? slices : [slices[only]!]
    return threads.read(chosen, { setup: current, headers, before: before?.address })
  }
  const counts = await countFile(setup, { engine, run }, ids)
  return counts && { setup, counts }
}

/** The tallies of a counted file, to be laid over those of other files. */
export async function packCounts(
  file: string,
  { setup, counts }: CountedFile,
  { engine, accounts, numbers, threads, scheme, ids }: RecordsContext,
): Promise<FileTallies> {
  const packs = new Map<number, Pack>()
  const { slices } = counts
  for (const packed of await threads.pack({ setup, slices, from: 0, to: accounts.count, numbers })) {
    unpack(packed, (member, pack) => {
      if (pack.length) packs.set(member, pack)
    })
  }
  const members = new Set<number>()
  const days = new Set<Day>()
  for (const slice of slices) {
    const named = namedBy({ engine, setup }, slice)
    named.members.forEach((seen, member) => seen && members.add(member))
    named.days.forEach((seen, day) => seen && days.add(scheme.period.from + day))
    if (counts.withIds) ids.addAll(slice.ids)
  }
  const problems = counts.problems.map((problem) => ({ ...problem, file }))
  return { withIds: counts.withIds, packs, members, days, problems }
}

/** Reads a records file through the general reader. */
export async function readGenerally(file: string, context: RecordsContext): Promise<FileTallies> {
  const { engine, scheme, headers, numbers, ids } = context
  const accounts = takeLines(engine, context.accounts)
  const parsed = await readTable(file, 'records', { scheme, headers, accounts: new Set(accounts) })
  const memberOf = new Map(accounts.map((account, member) => [account, member]))
  const numberOf = new Map(scheme.indicators.map(({ name }, index) => [name, numbers[index]!]))
  const rows = parsed.withIds ? parsed.rows.filter((row) => isNew(row, ids)) : parsed.rows
  const tallies = new Map<number, Tally[]>()
  const days = new Set<Day>()
  for (const { account, indicator, day, count, valid } of rows) {
    const member = memberOf.get(account)!
    const list = tallies.get(member) ?? []
    tallies.set(member, list)
    days.add(day)
    if (valid && count > 0) list.push({ indicator: numberOf.get(indicator)!, day, count })
  }
  return {
    withIds: parsed.withIds,
    packs: new Map([...tallies].map(([member, list]) => [member, encode(list)])),
    members: new Set(tallies.keys()),
    days,
    problems: parsed.problems.map((problem) => ({ ...problem, file })),
  }
}

function isNew({ recordId }: RecordRow, ids: IdSet): boolean {
  return recordId !== undefined && ids.add(recordId)
}

interface Opened {
  size: number
  /** Its first bytes, and the positions behind the line ends at which it may be cut. */
  start: Uint8Array
  middle: number
}

/** Opens a records file and looks where it may be cut in two. */
export function openFile(path: string): Opened {
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    const { size } = fstatSync(file)
    const start = Buffer.alloc(Math.min(HEAD_BYTES, size))
    readSync(file, start, 0, start.length, 0)
    return { size, start, middle: size < LARGE ? size : lineEnd(file, Math.floor(size / 2)) }
  } catch (error) {
    throw new ScoreRefusal(
      fillScoreText(words.unreadable, { file: path, reason: reasonOf(error) }),
      refuseScore,
    )
  } finally {
    if (file !== undefined) closeSync(file)
  }
}

function lineEnd(file: number, from: number): number {
  const buffer = Buffer.alloc(1 << 16)
  for (let at = from; ;) {
    const size = readSync(file, buffer, 0, buffer.length, at)
    const end = buffer.subarray(0, size).indexOf(10)
    if (end >= 0 || !size) return at + end + 1
    at += size
  }
}

function slicesOf(path: string, from: number, { size, middle }: Opened): Slice[] {
  if (middle >= size || middle <= from) return [{ path, from, to: size }]
  return [
    { path, from, to: middle },
    { path, from: middle, to: size },
  ]
}
