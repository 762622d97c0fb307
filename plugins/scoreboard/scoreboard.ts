import { setImmediate } from 'node:timers/promises'
import type { RecordRow, SnapshotRow } from '@space-assistant/core/formats/rows'
import type { Standing, StandingQuery } from '@space-assistant/core/ranking/standing'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { Day } from '@space-assistant/core/scheme/calendar'
import type { Attribute, MemberRole, Scheme, Window } from '@space-assistant/core/scheme/scheme'
import { Board } from '@space-assistant/core/scoring/board'
import type { RescoreDifference } from '@space-assistant/core/scoring/board'
import type { MemberChange } from '@space-assistant/core/scoring/change'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import { renewed } from '@space-assistant/core/scoring/first-form'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type { Bulk } from 'koishi-plugin-space-sqlite'
import { replay } from './record-pack'
import { RecordStore, schemeOf } from './records'
import { Remembered } from './remembered'
import { RecordsPlanner } from './records-plan'
import type { RecordsFile, RecordsPlan } from './records-plan'
import { SnapshotStore } from './snapshots'
import type { Snapshot, SnapshotPlan, SnapshotSubject } from './snapshots'

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

export interface RecordsQuery {
  window?: Window
  indicator?: string
}

type Tallies = Pick<MemberChange, 'account' | 'after'> & Partial<MemberChange>

interface PackRow {
  account: string
  pack: Uint8Array
}

/** Most figures that are remembered. */
const FIGURES = 20_000

const REVISION = 'SELECT value FROM space_score_revision WHERE id = 1'

/**
 * Tallies, their scores, and what they were made of. A plain object rather than a Koishi `Service`, whose tracing
 * proxies cost more than a question.
 */
export class Scoreboard {
  #board: Board
  #standings: Standings
  #revision = 0
  /** What the platform said, as far as it was asked for since the last import. */
  readonly #figures = new Remembered<Snapshot | undefined>(FIGURES)
  readonly #planned = new WeakMap<readonly RecordRow[], RecordsPlan>()
  readonly #bulk: Bulk

  constructor(private readonly ctx: Context) {
    this.#bulk = ctx.bulk
    this.#board = new Board(ctx.schemes.active)
    this.#standings = new Standings(this.#board)
  }

  /** Always current; another object after a change to a scheme with another id. */
  get board(): Board {
    return this.#board
  }

  /** Last day with any tally; undefined without data. */
  get dataUntil(): Day | undefined {
    return this.#board.dataUntil
  }

  standing(query: StandingQuery): Standing {
    return this.#standings.of(query)
  }

  /** Where a member's points of a role come from. */
  explain(account: string, query: { role: MemberRole; window: Window }): Explanation[] {
    return this.#board.explain(account, query)
  }

  /** The rows behind a member's tallies, newest first; rows that a later statement replaced are left out. */
  async records(account: string, { window, indicator }: RecordsQuery = {}): Promise<StoredRecord[]> {
    const found: StoredRecord[] = []
    const { names } = this.#board.dictionary
    for (const { record, sheet } of replay(await this.#records.sheetsOf(account))) {
      const { day, minute, recordId, ...rest } = record
      const name = names[record.indicator] ?? ''
      if ((window && (day < window.from || day > window.to)) || (indicator && name !== indicator)) continue
      found.push({
        ...rest,
        indicator: name,
        day,
        importId: sheet.importId,
        ...(minute !== undefined && { minute }),
        ...(recordId !== undefined && { recordId }),
      })
    }
    return found.sort((a, b) => b.day - a.day || (b.minute ?? -1) - (a.minute ?? -1))
  }

  /** The newest figure of the platform for a member or a school, up to a day when one is given. */
  snapshot(subject: SnapshotSubject, until: Day = 2 ** 31): Promise<Snapshot | undefined> {
    return this.#figures.get(`${JSON.stringify(subject)} ${until}`, () =>
      this.#snapshots.newest(subject, until),
    )
  }

  /** What the files would change. A single file that is planned again while nothing has changed costs nothing. */
  async planRecords(files: readonly RecordsFile[]): Promise<RecordsPlan> {
    const rows = files.length === 1 ? files[0]!.rows : undefined
    const known = rows && this.#planned.get(rows)
    if (known && this.#isCurrent(known)) return known
    const plan = await this.#plan(files)
    if (rows) this.#planned.set(rows, plan)
    return plan
  }

  async #plan(files: readonly RecordsFile[]): Promise<RecordsPlan> {
    const { roster } = this.ctx
    const basis = { scheme: this.#board.scheme.id, revision: this.#revision, roster: roster.members() }
    const ids: string[] = []
    for (const { rows, withIds } of files) {
      if (withIds) for (const { recordId } of rows) if (recordId !== undefined) ids.push(recordId)
    }
    const seen = await this.#records.seen(ids)
    await setImmediate()
    const members = new Map<string, string[]>()
    for (const { account, school } of basis.roster) {
      const accounts = members.get(school)
      if (accounts) accounts.push(account)
      else members.set(school, [account])
    }
    const planner = new RecordsPlanner({
      dictionary: this.#board.dictionary,
      pack: (account) => this.#board.pack(account),
      school: (account) => roster.member(account)?.school,
      members: (school) => members.get(school) ?? [],
      seen,
      stored: (days, accounts) => this.#records.stored(days, accounts),
    })
    for (const file of files) await planner.add(file)
    return planner.plan(files, basis)
  }

  #isCurrent({ basis }: RecordsPlan): boolean {
    return (
      basis.scheme === this.#board.scheme.id &&
      basis.revision === this.#revision &&
      basis.roster === this.ctx.roster.members()
    )
  }

  planSnapshot(rows: readonly SnapshotRow[]): Promise<SnapshotPlan> {
    return this.#snapshots.plan(rows)
  }

  /**
   * Keeps everybody else from storing until the end of the transaction. Who numbers imports does that after this, so
   * that their numbers rise in the order of commits, whichever process they come from.
   */
  async lock(): Promise<void> {
    await this.#bulk.insert('space_score_revision', [{ id: 1, value: 0 }])
    await this.#bulk.run('UPDATE space_score_revision SET value = value WHERE id = 1')
  }

  /**
   * Writes a plan; to be called inside `ctx.database.withTransaction`, once in it. A plan for tallies that have changed
   * since is made anew. Import ids must rise in order of import. Board and event follow the commit by themselves.
   */
  async store(plan: RecordsPlan | SnapshotPlan, importId: number): Promise<void> {
    const revision = await this.#nextRevision()
    if (plan.kind === 'snapshot') {
      await this.#snapshots.write(plan, importId)
      return this.#afterCommit([], revision)
    }
    const fresh = this.#isCurrent(plan) ? plan : await this.#plan(plan.files)
    await this.#records.write(fresh, importId)
    await this.#writeTallies(fresh.changes, revision)
    this.#afterCommit(fresh.changes, revision)
  }

  /** Takes one import back, inside a transaction, whatever was imported after it. */
  async undo(importId: number): Promise<void> {
    const revision = await this.#nextRevision()
    await this.#snapshots.remove(importId)
    const scheme = await schemeOf(this.#bulk, importId)
    const records = new RecordStore(this.#bulk, scheme ?? this.#board.scheme.id)
    const changes = await records.remove(importId)
    await this.#writeTallies(changes, revision, records.scheme)
    this.#afterCommit(records.scheme === this.#board.scheme.id ? changes : [], revision)
  }

  /** What other rules would change, before they are applied. */
  rescorePreview(scheme: Scheme): RescoreDifference {
    return this.#board.preview(scheme)
  }

  /** Takes over the active scheme of `ctx.schemes` as it is now. */
  async rescore(): Promise<void> {
    const scheme = this.ctx.schemes.active
    if (scheme.id === this.#board.scheme.id) {
      await this.#nameIndicators(scheme)
      this.#board.setScheme(scheme)
    } else {
      await this.load()
    }
    this.ctx.emit('space/scores-changed')
  }

  takeRoster(): void {
    const { roster } = this.ctx
    this.#board.setRoster(roster.members(), roster.schools())
    this.ctx.emit('space/scores-changed')
  }

  /** Reads all tallies of the active scheme anew. */
  async load(): Promise<void> {
    const { roster, schemes } = this.ctx
    const scheme = schemes.active
    const dictionary = await this.#nameIndicators(scheme, new Dictionary())
    const board = new Board(scheme, dictionary)
    board.setRoster(roster.members(), roster.schools())
    // The revision first: what is stored in between is read twice rather than missed.
    const revision = await this.#storedRevision()
    const rows = await this.#bulk.rows<PackRow>('SELECT account, pack FROM space_tally WHERE scheme = ?', [
      scheme.id,
    ])
    for (const { account, pack } of rows) board.load(account, renewed(pack))
    this.#board = board
    this.#standings = new Standings(board)
    this.#figures.clear()
    this.#revision = revision
  }

  /** Reads what other processes have stored since. */
  async follow(): Promise<void> {
    try {
      const revision = await this.#storedRevision()
      if (revision === this.#revision) return
      await this.#catchUp(revision)
      this.ctx.emit('space/scores-changed')
    } catch (error) {
      this.ctx.logger('space-scoreboard').warn('cannot ask for news: %s', (error as Error).message)
    }
  }

  get #records(): RecordStore {
    return new RecordStore(this.#bulk, this.#board.scheme.id)
  }

  get #snapshots(): SnapshotStore {
    return new SnapshotStore(this.#bulk, this.#board.dictionary)
  }

  async #catchUp(revision: number): Promise<void> {
    const { scheme } = this.#board
    await this.#nameIndicators(scheme)
    const rows = await this.#bulk.rows<PackRow>(
      'SELECT account, pack FROM space_tally WHERE scheme = ? AND revision > ?',
      [scheme.id, this.#revision],
    )
    this.#board.apply(
      rows.map(({ account, pack }) => {
        return { account, before: this.#board.pack(account), after: renewed(pack) }
      }),
    )
    this.#figures.clear()
    this.#revision = Math.max(this.#revision, revision)
  }

  async #writeTallies(
    changes: readonly Tallies[],
    revision: number,
    scheme = this.#board.scheme.id,
  ): Promise<void> {
    const rows = changes.map(({ account, after }) => ({ scheme, account, pack: after, revision }))
    await this.#bulk.upsert('space_tally', rows)
  }

  #afterCommit(changes: readonly Tallies[], revision: number): void {
    this.#bulk.committed(() => {
      this.#take(changes)
      this.#figures.clear()
      this.#revision = Math.max(this.#revision, revision)
      this.ctx.emit('space/scores-changed')
    })
  }

  #take(changes: readonly Tallies[]): void {
    const board = this.#board
    board.apply(changes.map((change) => ({ before: board.pack(change.account), ...change })))
  }

  async #storedRevision(): Promise<number> {
    const [row] = await this.#bulk.rows<{ value: number }>(REVISION)
    return row?.value ?? 0
  }

  /**
   * Its row stays locked until the commit, so revisions are in the order of commits, and nobody else stores until then.
   * What others have stored before is read first: everything after this builds on it.
   */
  async #nextRevision(): Promise<number> {
    await this.#bulk.insert('space_score_revision', [{ id: 1, value: 0 }])
    await this.#bulk.run('UPDATE space_score_revision SET value = value + 1 WHERE id = 1')
    const revision = await this.#storedRevision()
    await this.ctx.roster.follow()
    if (revision !== this.#revision + 1) await this.#catchUp(revision - 1)
    return revision
  }

  /** Numbers of indicator names are given out by the database, so that all processes read the same bytes alike. */
  async #nameIndicators(scheme: Scheme, dictionary = this.#board.dictionary): Promise<Dictionary> {
    await this.ctx.database.withTransaction(async () => {
      await this.lock()
      const stored = await this.#bulk.rows<{ name: string }>(
        'SELECT name FROM space_indicator ORDER BY number',
      )
      const known = new Set(stored.map((row) => row.name))
      const missing = scheme.indicators.flatMap((indicator) =>
        known.has(indicator.name) ? [] : indicator.name,
      )
      const rows = missing.map((indicator, index) => ({ number: stored.length + index, name: indicator }))
      await this.#bulk.insert('space_indicator', rows)
      for (const indicator of [...known, ...missing]) dictionary.add(indicator)
    })
    return dictionary
  }
}
