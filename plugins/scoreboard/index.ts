import type { RecordRow, SnapshotRow } from '@space-assistant/core/formats/rows'
import type { Day } from '@space-assistant/core/scheme/calendar'
import type { Attribute, Window } from '@space-assistant/core/scheme/scheme'
import { Service } from 'koishi'
import type { Context } from 'koishi'

declare module 'koishi' {
  interface Context {
    scoreboard: Scoreboard
  }
  interface Events {
    /** After a commit that changed tallies, snapshots or rules, here or in another process on the same database. */
    'space/scores-changed'(): void
  }
}

/** A records file as `formats` understood it. */
export interface RecordsFile {
  rows: readonly RecordRow[]
  withIds: boolean
}

/** What records files, in the order given, would change. Plan again inside the transaction that stores. */
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
}

export interface SnapshotPlan {
  kind: 'snapshot'
  summary: { added: number; replaced: number; members: number; schools: number; days: Day[] }
}

/** One stored row of a records file. */
export interface StoredRecord {
  indicator: string
  day: Day
  minute?: number
  count: number
  attributes: Partial<Record<Attribute, number>>
  valid: boolean
  recordId?: string
  importId: number
}

/** The platform's own figure. */
export interface Snapshot {
  day: Day
  total: number
  indicators: Record<string, number>
}

export type SnapshotSubject = SnapshotRow['subject']

export interface RecordsQuery {
  window?: Window
  indicator?: string
}

/** Tallies, their scores, and what they were made of. */
export class Scoreboard extends Service {
  static override inject = ['database', 'bulk', 'roster', 'schemes']

  constructor(ctx: Context) {
    super(ctx, 'scoreboard')
  }

  /** Last day with any tally; undefined without data. */
  get dataUntil(): Day | undefined {
    throw new Error('not written yet')
  }

  /** The rows behind a member's tallies, newest first; rows that a later statement replaced are left out. */
  async records(account: string, query: RecordsQuery = {}): Promise<StoredRecord[]> {
    throw new Error(`not written yet: ${account} ${query.indicator}`)
  }

  /** The newest figure of the platform for a member or a school, and the newest up to a day when one is given. */
  async snapshot(subject: SnapshotSubject, until?: Day): Promise<Snapshot | undefined> {
    throw new Error(`not written yet: ${subject.kind} ${until}`)
  }

  async planRecords(files: readonly RecordsFile[]): Promise<RecordsPlan> {
    throw new Error(`not written yet: ${files.length}`)
  }

  async planSnapshot(rows: readonly SnapshotRow[]): Promise<SnapshotPlan> {
    throw new Error(`not written yet: ${rows.length}`)
  }

  /**
   * Writes a plan; to be called inside `ctx.database.withTransaction`. Import ids must rise in order of import.
   * The board and the event follow the commit by themselves.
   */
  async store(plan: RecordsPlan | SnapshotPlan, importId: number): Promise<void> {
    throw new Error(`not written yet: ${plan.kind} ${importId}`)
  }

  /** Takes one import back, inside a transaction, whatever was imported after it. */
  async undo(importId: number): Promise<void> {
    throw new Error(`not written yet: ${importId}`)
  }
}

export default Scoreboard
