import type { Day } from '../calendar/day'
import { noPersonDays } from '../roster/person-days'
import type { PersonDays } from '../roster/person-days'
import { emptyPack, encode } from '../scoring/tallies'
import type { Pack } from '../scoring/tallies'
import { IdSet } from './id-set'
import { decodeSheet, packSheet } from './record-sheet'
import type { PackedRecord, StoredSheet } from './record-sheet'
import type { RecordFile } from './record-file'

/** What of a records file is new to whoever takes it in. */
export interface SettledFile {
  withIds: boolean
  stated: ReadonlyMap<string, Pack>
  days: ReadonlySet<Day>
  /** Whom and which days the file does not speak about, though it has rows of their school or of the day. */
  spared: PersonDays
  ids: IdSet
  /** The rows of an account as they are stored, with the days about which they say everything. */
  sheets: ReadonlyMap<string, (replaced?: readonly Day[]) => StoredSheet | undefined>
  /** Rows that are stored. */
  added: number
  /** Rows whose id was known, in the file or before it. */
  repeated: number
  /** The rows whose ids were known before, once each. */
  repeats: ReadonlyMap<string, readonly PackedRecord[]>
}

/**
 * Leaves out what is known: rows whose ids are among `seen`, and all of accounts that nobody knows any more. A file in
 * which all is new is taken as it was read.
 */
export async function settleFile(
  file: RecordFile,
  { seen, has, pause }: { seen: IdSet; has: (account: string) => boolean; pause: () => Promise<void> },
): Promise<SettledFile> {
  const { withIds, stated, days, ids, repeated, understood } = file
  if (seen.isEmpty && [...file.sheets.keys()].every(has)) {
    const sheets = new Map(
      [...file.sheets].map(([account, { collector, member }]) => [
        account,
        (replaced?: readonly Day[]) => collector.sheet(member, replaced),
      ]),
    )
    const added = understood - repeated
    const spared = noPersonDays
    return { withIds, stated, days, spared, ids, sheets, added, repeated, repeats: new Map() }
  }
  const fresh = new FreshRows(withIds, repeated)
  for (const [account, { collector, member }] of file.sheets) {
    const sheet = has(account) ? collector.sheet(member) : undefined
    if (sheet) fresh.take(account, decodeSheet(sheet.pack).records, seen)
    await pause()
  }
  return fresh
}

/**
 * A statement without its rows of some people's days, and without a word about those days: what is known of them stays.
 */
export function leaveDays(settled: SettledFile, kept: PersonDays): SettledFile {
  if (!kept.size) return settled
  const stated = new Map(settled.stated)
  const sheets = new Map(settled.sheets)
  let { added } = settled
  for (const [account, days] of kept) {
    const pack = settled.sheets.get(account)?.()?.pack
    if (!pack) continue
    const { records } = decodeSheet(pack)
    const rest = records.filter(({ day }) => !days.has(day))
    added -= records.length - rest.length
    stated.set(account, tallyRecords(rest))
    sheets.set(account, (replaced = []) => packSheet({ replaced, records: rest }))
  }
  return { ...settled, stated, sheets, added, spared: kept }
}

function tallyRecords(records: readonly PackedRecord[]): Pack {
  const counted = records.filter(({ valid, count }) => valid && count > 0)
  return counted.length ? encode(counted) : emptyPack
}

class FreshRows implements SettledFile {
  readonly stated = new Map<string, Pack>()
  readonly days = new Set<Day>()
  readonly spared = noPersonDays
  readonly ids = new IdSet()
  readonly sheets = new Map<string, (replaced?: readonly Day[]) => StoredSheet | undefined>()
  readonly repeats = new Map<string, PackedRecord[]>()
  added = 0

  constructor(
    readonly withIds: boolean,
    public repeated: number,
  ) {}

  take(account: string, records: readonly PackedRecord[], seen: IdSet): void {
    const fresh: PackedRecord[] = []
    const known: PackedRecord[] = []
    for (const record of records) {
      const isKnown = record.recordId !== undefined && seen.has(record.recordId)
      ;(isKnown ? known : fresh).push(record)
    }
    this.repeated += known.length
    if (known.length) this.repeats.set(account, known)
    if (!fresh.length) return
    this.added += fresh.length
    for (const { day, recordId } of fresh) {
      this.days.add(day)
      if (recordId !== undefined) this.ids.add(recordId)
    }
    this.stated.set(account, tallyRecords(fresh))
    this.sheets.set(account, (replaced = []) => packSheet({ replaced, records: fresh }))
  }
}
