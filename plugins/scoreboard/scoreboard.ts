import { defaultLimits } from '@space-assistant/core/formats/limits'
import type { SnapshotRow } from '@space-assistant/core/formats/rows'
import type { RecordContext, RecordFile } from '@space-assistant/core/pipeline/record-file'
import type { Standing, StandingQuery } from '@space-assistant/core/ranking/standing'
import { Standings } from '@space-assistant/core/ranking/standings'
import type { Day } from '@space-assistant/core/calendar/day'
import type { MemberRole, Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { Board } from '@space-assistant/core/scoring/board'
import type { RescoreDifference } from '@space-assistant/core/scoring/board'
import type { MemberChange } from '@space-assistant/core/scoring/change'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type { Bulk } from 'koishi-plugin-space-database'
import { recordsIn } from './record-query'
import type { RecordsQuery, StoredRecord } from './record-query'
import { RecordStore, schemeOf } from './records'
import { Remembered } from './remembered'
import { planRecordFile } from './records-plan'
import type { RecordsPlan } from './records-plan'
import { SnapshotStore } from './snapshots'
import type { Snapshot, SnapshotPlan, SnapshotReport, SnapshotSubject } from './snapshots'
import { TallyStore } from './tally-store'
import type { MemberTallies } from './tally-store'

type Changed = MemberTallies & Partial<MemberChange>

/** Most figures that are remembered. */
const FIGURES = 20_000

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
  readonly #planned = new WeakMap<RecordFile, RecordsPlan>()
  readonly #bulk: Bulk
  readonly #tallies: TallyStore

  constructor(private readonly ctx: Context) {
    this.#bulk = ctx.bulk
    this.#tallies = new TallyStore(ctx)
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
  async records(account: string, query: RecordsQuery = {}): Promise<StoredRecord[]> {
    return recordsIn(await this.#records.sheetsOf(account), this.#board.dictionary.names, query)
  }

  /** The newest figure of the platform for a member or a school, up to a day when one is given. */
  snapshot(subject: SnapshotSubject, until: Day = 2 ** 31): Promise<Snapshot | undefined> {
    return this.#figures.get(`${JSON.stringify(subject)} ${until}`, () =>
      this.#snapshots.newest(subject, until),
    )
  }

  /** The platform's newest report up to a day, whole. */
  report(until: Day = 2 ** 31 - 1): Promise<SnapshotReport | undefined> {
    return this.#snapshots.report(until)
  }

  /** How records files are read for this board. */
  recordContext(): Omit<RecordContext, 'pause' | 'before'> {
    const { scheme, dictionary } = this.#board
    return {
      headers: this.ctx.schemes.headers,
      scheme,
      accounts: this.ctx.roster.members().map(({ account }) => account),
      numbers: scheme.indicators.map(({ name }) => dictionary.add(name)),
      problems: defaultLimits.problems,
    }
  }

  /** What a file would change. A file that is planned again while nothing has changed costs nothing. */
  async planRecords(file: RecordFile): Promise<RecordsPlan> {
    const known = this.#planned.get(file)
    if (known && this.#isCurrent(known)) return known
    const plan = await this.#plan(file)
    this.#planned.set(file, plan)
    return plan
  }

  #plan(file: RecordFile): Promise<RecordsPlan> {
    const { roster } = this.ctx
    const board = this.#board
    const basis = { scheme: board.scheme.id, revision: this.#revision, roster: roster.members() }
    const known = {
      pack: (account: string) => board.pack(account),
      school: (account: string) => roster.member(account)?.school,
      members: (school: string) => board.people.accountsOf(school),
    }
    return planRecordFile(file, { known, records: this.#records, basis })
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
  lock(): Promise<void> {
    return this.#tallies.lock()
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
    const fresh = this.#isCurrent(plan) ? plan : await this.#plan(plan.file)
    await this.#records.write(fresh, importId)
    await this.#tallies.write(this.#board.scheme.id, fresh.changes, revision)
    this.#afterCommit(fresh.changes, revision)
  }

  /** Takes one import back, inside a transaction, whatever was imported after it. */
  async undo(importId: number): Promise<void> {
    const revision = await this.#nextRevision()
    await this.#snapshots.remove(importId)
    const scheme = await schemeOf(this.#bulk, importId)
    const records = new RecordStore(this.#bulk, scheme ?? this.#board.scheme.id)
    const changes = await records.remove(importId)
    await this.#tallies.write(records.scheme, changes, revision)
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
      await this.#tallies.nameIndicators(scheme.indicators, this.#board.dictionary)
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
    const dictionary = new Dictionary()
    await this.#tallies.nameIndicators(scheme.indicators, dictionary)
    const board = new Board(scheme, dictionary)
    board.setRoster(roster.members(), roster.schools())
    // The revision first: what is stored in between is read twice rather than missed.
    const revision = await this.#tallies.revision()
    for (const { account, after } of await this.#tallies.read(scheme.id)) board.load(account, after)
    this.#board = board
    this.#standings = new Standings(board)
    this.#figures.clear()
    this.#revision = revision
  }

  /** Reads what other processes have stored since. */
  async follow(): Promise<void> {
    try {
      const revision = await this.#tallies.revision()
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
    const { scheme, dictionary } = this.#board
    await this.#tallies.nameIndicators(scheme.indicators, dictionary)
    this.#take(await this.#tallies.read(scheme.id, this.#revision))
    this.#figures.clear()
    this.#revision = Math.max(this.#revision, revision)
  }

  #afterCommit(changes: readonly Changed[], revision: number): void {
    this.#bulk.committed(() => {
      this.#take(changes)
      this.#figures.clear()
      this.#revision = Math.max(this.#revision, revision)
      this.ctx.emit('space/scores-changed')
    })
  }

  #take(changes: readonly Changed[]): void {
    const board = this.#board
    board.apply(changes.map((change) => ({ before: board.pack(change.account), ...change })))
  }

  /** What others have stored before is read first: everything after this builds on it. */
  async #nextRevision(): Promise<number> {
    const revision = await this.#tallies.nextRevision()
    await this.ctx.roster.follow()
    if (revision !== this.#revision + 1) await this.#catchUp(revision - 1)
    return revision
  }
}
