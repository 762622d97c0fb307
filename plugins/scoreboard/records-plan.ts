import { setImmediate } from 'node:timers/promises'
import type { RecordRow } from '@space-assistant/core/formats/rows'
import { planRecords } from '@space-assistant/core/scoring/change'
import type { KnownScores, MemberChange } from '@space-assistant/core/scoring/change'
import type { Day } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import type { Member } from '@space-assistant/core/roster/member'
import { samePack } from '@space-assistant/core/scoring/tallies'
import type { PackedRecord, RecordSheet } from './record-pack'
import { NOBODY } from './records'

/** A records file as `formats` understood it. */
export interface RecordsFile {
  rows: readonly RecordRow[]
  withIds: boolean
}

/** What records files, in the order given, would change. */
export interface RecordsPlan {
  kind: 'records'
  summary: {
    /** Rows that would be stored. */
    added: number
    /** Rows whose id is known already; skipped. */
    repeated: number
    /** Rows known before that statement files replace. */
    replaced: number
    /** Members whose tallies would change. */
    members: number
    /** From the first to the last day with a row. */
    window: Window | undefined
  }
  files: readonly RecordsFile[]
  changes: readonly MemberChange[]
  sheets: ReadonlyMap<string, RecordSheet>
  ids: readonly string[]
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

/** What the plan has to know beside tallies and roster. */
export interface KnownRecords extends Omit<KnownScores, 'seen'> {
  seen: ReadonlySet<string>
  /** Of these accounts, how many rows that still count lie on the days; 0 for those with others only. */
  stored(days: ReadonlySet<Day>, accounts: ReadonlySet<string>): Promise<ReadonlyMap<string, number>>
}

/** The rows of all files, merged into one sheet per member, and the tallies that follow from them. */
export class RecordsPlanner {
  readonly #after = new Map<string, MemberChange>()
  readonly #ids: string[] = []
  /** The same, as soon as another file asks for them. */
  #idSet: Set<string> | undefined
  readonly #rows = new Map<string, PackedRecord[]>()
  readonly #repeats = new Map<string, PackedRecord[]>()
  readonly #replaced = new Map<string, Set<Day>>()
  readonly #voided: PackedRecord[] = []
  #repeated = 0
  #replacedRows = 0

  constructor(readonly known: KnownRecords) {}

  async add(file: RecordsFile): Promise<void> {
    const { known } = this
    const schools = new Map<string, string | undefined>()
    const school = (account: string) => {
      let code = schools.get(account)
      if (code === undefined && !schools.has(account)) schools.set(account, (code = known.school(account)))
      return code
    }
    const rows = file.rows.filter((row) => school(row.account) !== undefined)
    await setImmediate()
    if (this.#ids.length) this.#idSet = new Set(this.#ids)
    const change = planRecords(
      { rows, withIds: file.withIds },
      {
        ...known,
        school,
        pack: (account) => this.#after.get(account)?.after ?? known.pack(account),
        seen: (id) => known.seen.has(id) || this.#idSet?.has(id) === true,
      },
    )
    await setImmediate()
    for (const own of change.members) {
      const earlier = this.#after.get(own.account)
      this.#after.set(own.account, earlier ? joined(earlier, own) : own)
    }
    this.#repeated += change.repeated
    if (change.coverage) {
      await this.#replace(change.coverage.days, change.coverage.schools, change.members)
      for (const row of rows) this.#take(row, this.#rows)
    } else {
      // Fresh ids come in the order of the rows that brought them first.
      let next = 0
      const repeated = new Set<string>()
      for (const row of rows) {
        const { recordId } = row
        if (recordId === undefined) continue
        if (recordId === change.ids[next]) {
          this.#take(row, this.#rows)
          next++
        } else if (known.seen.has(recordId) && !repeated.has(recordId)) {
          repeated.add(recordId)
          this.#take(row, this.#repeats)
        }
      }
      for (const id of change.ids) this.#ids.push(id)
    }
  }

  plan(files: readonly RecordsFile[], basis: Basis): RecordsPlan {
    const sheets = new Map<string, RecordSheet>()
    for (const account of new Set([...this.#rows.keys(), ...this.#replaced.keys()])) {
      const records = this.#rows.get(account) ?? []
      sheets.set(account, { replaced: [...(this.#replaced.get(account) ?? [])], records })
    }
    const changes = [...this.#after.values()].filter(({ before, after }) => !samePack(before, after))
    if (this.#voided.length) sheets.set(NOBODY, { replaced: [], records: this.#voided })
    let added = 0
    let [from, to] = [Infinity, -Infinity]
    for (const records of this.#rows.values()) {
      added += records.length
      for (const { day } of records) {
        if (day < from) from = day
        if (day > to) to = day
      }
    }
    return {
      kind: 'records',
      summary: {
        added,
        repeated: this.#repeated,
        replaced: this.#replacedRows,
        members: changes.length,
        window: from <= to ? { from, to } : undefined,
      },
      files,
      changes,
      sheets,
      ids: this.#ids,
      repeats: this.#repeats,
      basis,
    }
  }

  #take(row: RecordRow, into: Map<string, PackedRecord[]>): void {
    const { account, indicator, day, minute, count, attributes, valid, recordId } = row
    const record = {
      indicator: this.known.dictionary.add(indicator),
      day,
      minute,
      count,
      attributes,
      valid,
      recordId,
    }
    const records = into.get(account)
    if (records) records.push(record)
    else into.set(account, [record])
  }

  /**
   * A statement is remembered for everybody of whom it makes earlier rows void, also when it has no row of theirs, and
   * also when they are void already: what made them so may be taken back.
   */
  async #replace(
    days: ReadonlySet<Day>,
    schools: ReadonlySet<string>,
    changes: readonly MemberChange[],
  ): Promise<void> {
    const covered = new Set<string>()
    for (const school of schools) for (const account of this.known.members(school)) covered.add(account)
    const stored = await this.known.stored(days, covered)
    for (const count of stored.values()) this.#replacedRows += count
    for (const account of covered) {
      const rows = this.#rows.get(account)
      if (!rows?.length) continue
      this.#rows.set(
        account,
        rows.filter(({ day }) => !days.has(day)),
      )
      for (const row of rows) if (row.recordId !== undefined && days.has(row.day)) this.#voided.push(row)
    }
    for (const account of [...stored.keys(), ...changes.map((change) => change.account)]) {
      const replaced = this.#replaced.get(account) ?? new Set()
      this.#replaced.set(account, replaced)
      for (const day of days) replaced.add(day)
    }
  }
}

/** Two changes of one member, one after the other, as one. */
function joined({ account, before, since }: MemberChange, later: MemberChange): MemberChange {
  const both = { account, before, after: later.after }
  if (since === undefined || later.since === undefined) return both
  return { ...both, since: Math.min(since, later.since) }
}
