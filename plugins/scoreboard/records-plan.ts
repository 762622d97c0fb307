import type { Day, Window } from '@space-assistant/core/calendar/day'
import type { IdSet } from '@space-assistant/core/pipeline/id-set'
import type { RecordFile } from '@space-assistant/core/pipeline/record-file'
import { packSheet } from '@space-assistant/core/pipeline/record-sheet'
import type { PackedRecord, StoredSheet } from '@space-assistant/core/pipeline/record-sheet'
import { settleFile } from '@space-assistant/core/pipeline/settled-file'
import type { SettledFile } from '@space-assistant/core/pipeline/settled-file'
import { coverageOf, planTallies } from '@space-assistant/core/scoring/change'
import type { KnownTallies, MemberChange } from '@space-assistant/core/scoring/change'
import type { Member } from '@space-assistant/core/roster/member'
import { setImmediate } from 'node:timers/promises'
import type { RecordStore } from './records'

/** What a records file would change. */
export interface RecordsPlan {
  kind: 'records'
  summary: {
    /** Rows that would be stored. */
    added: number
    /** Rows whose id is known already; skipped. */
    repeated: number
    /** Rows known before that a statement file replaces. */
    replaced: number
    /** Rows without ids that are known on the same days of the same people, beside which rows with ids count again. */
    beside: number
    /** Members whose tallies would change. */
    members: number
    /** From the first to the last day with a row. */
    window: Window | undefined
  }
  file: RecordFile
  changes: readonly MemberChange[]
  sheets: ReadonlyMap<string, () => StoredSheet | undefined>
  ids: IdSet
  /** Rows that count for nothing, because an earlier import had brought their ids. */
  repeats: ReadonlyMap<string, readonly PackedRecord[]>
  basis: Basis
}

/** What a plan was made for; another plan is needed when any of it is another. */
export interface Basis {
  scheme: string
  /** Of the tallies. */
  revision: number
  roster: readonly Member[]
}

/** What the plan has to know beside the file. */
export interface PlanContext {
  known: KnownTallies
  records: RecordStore
  basis: Basis
}

/** People after whom others get a turn. */
const PEOPLE_AT_ONCE = 500

/** What taking in a file would change. */
export async function planRecordFile(
  file: RecordFile,
  { known, records, basis }: PlanContext,
): Promise<RecordsPlan> {
  const seen = await records.seen(file.ids)
  let people = 0
  const settled = await settleFile(file, {
    seen,
    has: (account) => known.school(account) !== undefined,
    pause: async () => void (++people % PEOPLE_AT_ONCE === 0 && (await setImmediate())),
  })
  await setImmediate()
  const changes = planTallies(settled, known)
  await setImmediate()
  const { sheets, replaced } = await replacedBy(settled, { known, records, changes })
  const beside = settled.withIds ? await records.withoutIds(settled.days, [...settled.stated.keys()]) : 0
  const { added, repeated, ids, repeats, days } = settled
  const summary = {
    ...{ added, repeated, replaced, beside },
    members: changes.length,
    window: windowOf(days),
  }
  return { kind: 'records', summary, file, changes, sheets, ids, repeats, basis }
}

/**
 * A statement is remembered for everybody of whom it makes earlier rows void, also when it has no row of theirs, and
 * also when they are void already: what made them so may be taken back.
 */
async function replacedBy(
  settled: SettledFile,
  { known, records, changes }: Omit<PlanContext, 'basis'> & { changes: readonly MemberChange[] },
): Promise<{ sheets: RecordsPlan['sheets']; replaced: number }> {
  const sheets = new Map<string, () => StoredSheet | undefined>()
  for (const [account, sheet] of settled.sheets) sheets.set(account, () => sheet())
  if (settled.withIds) return { sheets, replaced: 0 }
  const { days, schools } = coverageOf(settled, known)
  const covered = [...schools].flatMap((school) => [...known.members(school)])
  const { counts } = await records.stored(days, covered)
  const list: readonly Day[] = [...days]
  for (const account of [...counts.keys(), ...changes.map((change) => change.account)]) {
    const sheet = settled.sheets.get(account)
    sheets.set(account, () => (sheet ? sheet(list) : packSheet({ replaced: list, records: [] })))
  }
  return { sheets, replaced: [...counts.values()].reduce((sum, count) => sum + count, 0) }
}

function windowOf(days: ReadonlySet<Day>): Window | undefined {
  let [from, to] = [Infinity, -Infinity]
  for (const day of days) {
    from = Math.min(from, day)
    to = Math.max(to, day)
  }
  return from <= to ? { from, to } : undefined
}
