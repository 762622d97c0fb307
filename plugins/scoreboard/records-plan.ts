import type { Day, Window } from '@space-assistant/core/calendar/day'
import type { IdSet } from '@space-assistant/core/pipeline/id-set'
import type { RecordFile } from '@space-assistant/core/pipeline/record-file'
import { packSheet } from '@space-assistant/core/pipeline/record-sheet'
import type { PackedRecord, StoredSheet } from '@space-assistant/core/pipeline/record-sheet'
import { leaveDays, settleFile } from '@space-assistant/core/pipeline/settled-file'
import type { SettledFile } from '@space-assistant/core/pipeline/settled-file'
import { coverageOf, daysCovered, planTallies } from '@space-assistant/core/scoring/change'
import type { KnownTallies, MemberChange } from '@space-assistant/core/scoring/change'
import { countPersonDays } from '@space-assistant/core/roster/person-days'
import type { PersonDays } from '@space-assistant/core/roster/person-days'
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
    /** People and their days of which everything known stays, because a refused row names them. */
    kept: { people: number; days: number }
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
  const read = await settleFile(file, {
    seen,
    has: (account) => known.school(account) !== undefined,
    pause: async () => void (++people % PEOPLE_AT_ONCE === 0 && (await setImmediate())),
  })
  await setImmediate()
  const settled = read.withIds ? read : leaveDays(read, await keptDays(file, read, { known, records }))
  const changes = planTallies(settled, known)
  await setImmediate()
  const { sheets, replaced } = await replacedBy(settled, { known, records, changes })
  const beside = settled.withIds ? await records.withoutIds(settled.days, [...settled.stated.keys()]) : 0
  const { added, repeated, ids, repeats, days } = settled
  const summary = {
    ...{ added, repeated, replaced, beside },
    kept: countPersonDays(settled.spared),
    members: changes.length,
    window: windowOf(days),
  }
  return { kind: 'records', summary, file, changes, sheets, ids, repeats, basis }
}

/** The days that refused rows name, as far as the statement would replace anything there. */
function keptDays(
  { spared }: RecordFile,
  read: SettledFile,
  { known, records }: Omit<PlanContext, 'basis'>,
): Promise<PersonDays> {
  return records.known(daysCovered(spared, coverageOf(read, known), known))
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
  const { counts } = await records.stored(days, covered, settled.spared)
  const all: readonly Day[] = [...days]
  for (const account of [...counts.keys(), ...changes.map((change) => change.account)]) {
    const sheet = settled.sheets.get(account)
    const kept = settled.spared.get(account)
    const list = kept ? all.filter((day) => !kept.has(day)) : all
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
