import type { Day } from '../calendar/day'
import type { Problem, RecordRow, UnreadColumn } from '../formats/rows'
import type { PersonDays } from '../roster/person-days'
import { TallyOverlay } from '../scoring/overlay'
import type { Pack } from '../scoring/tallies'
import type { BatchSink, RecordBatch } from './batch'
import { BatchWriter } from './batch-writer'
import type { IdSet } from './id-set'
import { HEAD_BYTES, setUpLines } from './line-setup'
import type { LineContext } from './line-setup'
import { readRecordLines } from './record-lines'
import type { ReadSlices } from './record-lines'
import { SheetCollector } from './sheet-collector'
import { SliceReader } from './slice'
import { readLines } from './source'
import type { ByteSource } from './source'
import { packOfMember, TallyCounter } from './tally-counter'
import type { PackedTallies } from './tally-counter'

/** What one records file says, however it was read. */
export interface RecordFile {
  kind: 'records'
  withIds: boolean
  /** Rows that are used, those with a known id among them, and rows with a problem. */
  understood: number
  refused: number
  repeated: number
  problems: readonly Problem[]
  /** Columns that nothing was read of. */
  unread: readonly UnreadColumn[]
  /** The tallies of every account that an understood row names; empty without a valid action. */
  stated: ReadonlyMap<string, Pack>
  days: ReadonlySet<Day>
  /** Whom and which days refused rows name: a statement does not replace what is known of them. */
  spared: PersonDays
  /** Ids that the file brings. */
  ids: IdSet
  /** The rows by account. */
  sheets: ReadonlyMap<string, FileSheet>
}

/** The rows of one account; `collector` knows them by `member`. */
export interface FileSheet {
  collector: SheetCollector
  member: number
}

/** What was counted of one slice of a file; a plain value that can be sent to another thread. */
export interface SliceTallies {
  packed: PackedTallies
  /** By member and by day of the period: whether understood rows name it. */
  members: Uint8Array
  days: Uint8Array
}

/** What a records file is read by. */
export interface RecordContext extends LineContext {
  /** Numbers of the scheme's indicators in the dictionary. */
  numbers: readonly number[]
  /** Problems that are kept; the others are only counted. */
  problems: number
  /** Ids that count as repeated. */
  before?: IdSet
  /** Lets others run. Left out, nobody is waiting. */
  pause?: () => Promise<void>
  /** Told how many rows were taken in so far. */
  progress?: (rows: number) => void
}

/** Reads a file of plain lines; undefined for any other, which is the general reader's. */
export async function readRecordFile(
  source: ByteSource,
  context: RecordContext,
): Promise<RecordFile | undefined> {
  const start = new Uint8Array(Math.min(HEAD_BYTES, source.size))
  source.read(start, 0, start.length, 0)
  const setup = await setUpLines(start, context)
  if (!setup) return
  const { accounts, headers, problems, pause } = context
  const read: ReadSlices<{ sink: FileSink }> = async (current, which) => {
    const sink = new FileSink(context)
    const before = which?.before
    const reader = new SliceReader(current, { headers, sink, problems, before, accounts: () => accounts })
    await readLines(source, { from: current.head.length, to: source.size }, reader, pause)
    return [{ sink, result: reader.result() }]
  }
  const lines = await readRecordLines(setup, read, context.before)
  const sink = lines?.slices[0]?.sink
  if (!lines || !sink) return
  const { withIds, understood, refused, repeated, spared, ids } = lines
  const { unread } = setup
  const counts = { withIds, understood, refused, repeated, spared, ids, unread, problems: lines.problems }
  return { kind: 'records', ...counts, ...(await sink.finish()) }
}

const ROWS_AT_ONCE = 2000

/** A file that the general reader understood, in the same form. */
export async function collectRecordRows(
  file: Pick<RecordFile, 'withIds' | 'understood' | 'refused' | 'problems' | 'spared' | 'unread'> & {
    rows: readonly RecordRow[]
  },
  context: RecordContext,
): Promise<RecordFile> {
  const { scheme, accounts, pause, before } = context
  const { rows, withIds, understood, refused, problems, spared, unread } = file
  const sink = new FileSink(context)
  const writer = new BatchWriter(scheme.period.from, { sink, before })
  const members = new Map(accounts.map((account, member) => [account, member]))
  const indicators = new Map(scheme.indicators.map(({ name }, index) => [name, index]))
  for (const [index, row] of rows.entries()) {
    const member = members.get(row.account)
    const indicator = indicators.get(row.indicator)
    if (pause && index % ROWS_AT_ONCE === 0) await pause()
    if (member === undefined || indicator === undefined) continue
    if (!withIds) writer.add({ ...row, member, indicator, recordId: undefined })
    else if (row.recordId !== undefined) writer.add({ ...row, member, indicator })
  }
  const { ids, repeated } = writer
  const counts = { withIds, understood, refused, problems, spared, unread, repeated, ids }
  return { kind: 'records', ...counts, ...(await sink.finish()) }
}

/** Tallies and rows of a file at once. */
class FileSink implements BatchSink {
  readonly #tallies: TallyCounter
  readonly #rows: SheetCollector
  #size = 0

  constructor(readonly context: RecordContext) {
    const { scheme, accounts, numbers } = context
    this.#tallies = new TallyCounter(scheme, accounts.length)
    this.#rows = new SheetCollector(accounts.length, numbers, scheme.period.from)
  }

  take(batch: RecordBatch): void {
    this.#tallies.take(batch)
    this.#rows.take(batch)
    this.#size += batch.size
    this.context.progress?.(this.#size)
  }

  async finish(): Promise<Pick<RecordFile, 'stated' | 'days' | 'sheets'>> {
    const { accounts, numbers, pause, scheme } = this.context
    const { members, days } = this.#tallies
    const packing = this.#tallies.pack(numbers)
    let step = packing.next()
    for (; !step.done; step = packing.next()) await pause?.()
    const slice = { packed: step.value, members, days }
    const sheets = new Map<string, FileSheet>()
    for (const [member, account] of accounts.entries()) {
      if (members[member]) sheets.set(account, { collector: this.#rows, member })
    }
    return { ...joinTallies([slice], { accounts, first: scheme.period.from }), sheets }
  }
}

/** What the slices of a file say together. */
export function joinTallies(
  slices: readonly SliceTallies[],
  { accounts, first }: { accounts: readonly string[]; first: Day },
): Pick<RecordFile, 'stated' | 'days'> {
  const stated = new Map<string, Pack>()
  const named = new Set<Day>()
  const overlay = new TallyOverlay()
  for (const { packed, members, days } of slices) {
    for (const [member, account] of accounts.entries()) {
      if (!members[member]) continue
      const earlier = stated.get(account)
      const pack = packOfMember(packed, member)
      stated.set(account, earlier ? overlay.lay(earlier, pack) : pack)
    }
    for (const [day, seen] of days.entries()) if (seen) named.add(first + day)
  }
  return { stated, days: named }
}
