import type { FileRefusal } from '@space-assistant/core/formats/rows'
import { describeRowProblem } from '@space-assistant/core/formats/problems'
import type { ProblemLocale } from '@space-assistant/core/formats/problems'
import { decideAccess } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { Schema, Service } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { isNothing, importRowOf } from './change'
import type { ImportPlan } from './change'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { attempt, done, refused, rollback } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { makeImportPreview } from './preview'
import type { Preview } from './preview'
import { baseName, Previews } from './previews'
import { defineImportTable } from './table'
import type { ImportRow } from './table'
import { FileReader, hashSource, sourceOf } from './read-file'
import type { ImportFile, ReadFile } from './read-file'
import { present } from '@space-assistant/core/text/present'

export type { Covered, ImportPlan } from './change'
export type { Change, Preview } from './preview'
export type { ImportFile } from './read-file'
export type { ImportRow } from './table'

declare module 'koishi' {
  interface Context {
    imports: Imports
  }
  interface Events {
    /** After an import was stored or taken back. */
    'space/imported'(row: ImportRow): void
  }
}

export interface Config {
  /** Minutes that a preview waits for its confirmation. */
  keepMinutes: number
}

/** What all waiting previews may hold together. */
const KEEP_BYTES = 256 << 20
const HISTORY = 20

/** Files that staff bring: looked at, stored in one transaction, taken back. */
export class Imports extends Service<Config> {
  static inject = ['database', 'bulk', 'schemes', 'roster', 'scoreboard']

  static readonly Config: Schema<Config> = Schema.object({
    keepMinutes: Schema.natural().min(1).default(15),
  }).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

  private readonly previews: Previews
  /** Grows with every change of the data, so that a plan made before is made anew. */
  private version = 0
  /** One file at a time, so that memory does not grow with the number of people who import. */
  private last: Promise<unknown> = Promise.resolve()

  constructor(ctx: Context, config: Config) {
    super(ctx, 'imports', true)
    this.config = config
    ctx.i18n.define('zh-CN', 'space-imports', zhCN)
    ctx.i18n.define('en-US', 'space-imports', enUS)
    defineImportTable(ctx)
    const changed = () => void this.version++
    ctx.on('space/roster-changed', changed)
    ctx.on('space/scores-changed', changed)
    // A file is read by the rules in force; under other ones it has to be read again.
    ctx.on('space/schemes-changed', () => this.previews.clear())
    this.previews = new Previews(config.keepMinutes * 60_000, KEEP_BYTES)
  }

  /** Reads a file and says what it would change; nothing is stored. */
  async preview(file: ImportFile, viewer: Viewer): Promise<Outcome<Preview>> {
    const may = decideAccess(viewer, { kind: 'import' })
    if (!may.allowed) return refused(may.code, may.params)
    return this.inTurn(async () => {
      const source = sourceOf(file.bytes)
      const parsed = await new FileReader(this.ctx).read(source, file)
      if (parsed.kind === 'refusal') return refused('file', wrapped(parsed))
      const needsRoster = parsed.kind === 'records' || parsed.kind === 'snapshot'
      if (needsRoster && !this.ctx.roster.members().length) return refused('no-roster')
      const sha256 = await hashSource(source)
      const { version } = this
      const plan = await this.plan(parsed)
      const name = baseName(file.name)
      const by = (viewer.account ?? file.by ?? '').slice(0, 64)
      const waiting = this.previews.add({ name, sha256, file: parsed, plan, version, by }, Date.now())
      const same = await this.storedBefore(sha256)
      return { ok: true, value: makeImportPreview(waiting, same) }
    })
  }

  /** Stores a previewed file: all of it or nothing. Refused as `nothing-new` when that would change nothing. */
  async confirm(previewId: string, viewer: Viewer): Promise<Outcome<ImportRow>> {
    const may = decideAccess(viewer, { kind: 'import' })
    if (!may.allowed) return refused(may.code, may.params)
    return this.inTurn(async () => {
      await this.ctx.schemes.follow()
      const waiting = this.previews.get(previewId, Date.now())
      if (!waiting) return refused('no-such-preview')
      const same = await this.storedBefore(waiting.sha256)
      const outcome = await this.transact(async () => {
        const plan = waiting.version === this.version ? waiting.plan : await this.plan(waiting.file)
        if (isNothing(plan, same)) rollback('nothing-new', { id: same?.id ?? 0 })
        const { file, name, sha256, by } = waiting
        await this.ctx.scoreboard.lock()
        const row = await this.ctx.database.create('space_import', {
          ...importRowOf(file, plan),
          name,
          scheme: this.ctx.schemes.active.id,
          sha256,
          by: viewer.account ?? by,
          at: new Date(),
        })
        if (plan.kind === 'roster') await this.ctx.roster.store(plan, row.id)
        else await this.ctx.scoreboard.store(plan, row.id)
        return row
      })
      // What failed for a reason of the database can be confirmed again.
      this.previews.remove(previewId)
      if (outcome.ok) this.ctx.emit('space/imported', outcome.value)
      return outcome
    })
  }

  /** Forgets a preview. */
  discard(previewId: string): void {
    this.previews.remove(previewId)
  }

  /** Takes an import back: everything is as if it had not been, what later imports brought stays. */
  async undo(importId: number, viewer: Viewer, by = ''): Promise<Outcome<ImportRow>> {
    const may = decideAccess(viewer, { kind: 'import' })
    if (!may.allowed) return refused(may.code, may.params)
    return this.inTurn(async () => {
      const outcome = await this.transact(async () => {
        const undone = {
          state: 'undone' as const,
          undoneBy: (viewer.account ?? by).slice(0, 64),
          undoneAt: new Date(),
        }
        await this.ctx.scoreboard.lock()
        const { matched } = await this.ctx.database.set(
          'space_import',
          { id: importId, state: 'stored' },
          undone,
        )
        const [row] = await this.ctx.database.get('space_import', { id: importId })
        if (!row) rollback('no-such-import', { id: importId })
        if (!matched) rollback('already-undone', { id: importId })
        if (row.kind === 'roster' || row.kind === 'schools') await this.ctx.roster.undo(importId)
        else await this.ctx.scoreboard.undo(importId)
        return row
      })
      if (outcome.ok) this.ctx.emit('space/imported', outcome.value)
      return outcome
    })
  }

  /** The newest imports first. */
  async history(viewer: Viewer, limit = HISTORY): Promise<Outcome<ImportRow[]>> {
    const may = decideAccess(viewer, { kind: 'import-history' })
    if (!may.allowed) return refused(may.code, may.params)
    return done(await this.ctx.database.get('space_import', {}, { sort: { id: 'desc' }, limit }))
  }

  /** Names the state of all imports: another one after each import and each undo, of whichever process. */
  async stamp(): Promise<string> {
    const [row] = await this.ctx.bulk.rows<{ newest: number | null; undone: number | null }>(
      `SELECT MAX(id) AS newest, SUM(CASE WHEN state = 'undone' THEN 1 ELSE 0 END) AS undone FROM space_import`,
    )
    return `${Number(row?.newest ?? 0)}/${Number(row?.undone ?? 0)}`
  }

  /** The sentence of a refusal of this service, that of the file included. */
  explain(
    { code, params }: { code: string; params: Record<string, string | number> },
    locale: ProblemLocale,
  ): string {
    if (code === 'file') return describeRowProblem(unwrapped(params), locale)
    return this.ctx.i18n.render([locale], [`space-imports.refusal.${code}`], params).join('')
  }

  private async plan(file: ReadFile): Promise<ImportPlan> {
    switch (file.kind) {
      case 'roster':
        return this.ctx.roster.planRoster(file.rows)
      case 'schools':
        return this.ctx.roster.planSchools(file.rows)
      case 'records':
        return this.ctx.scoreboard.planRecords(file)
      case 'snapshot':
        return this.ctx.scoreboard.planSnapshot(file.rows)
    }
  }

  private async storedBefore(sha256: string): Promise<ImportRow | undefined> {
    const [row] = await this.ctx.database.get(
      'space_import',
      { sha256, state: 'stored' },
      { sort: { id: 'desc' }, limit: 1 },
    )
    return row
  }

  private transact<T>(run: () => Promise<T>): Promise<Outcome<T>> {
    return attempt(async () => {
      let value: { value: T } | undefined
      // The drivers make everything that is called from here on part of the transaction.
      await this.ctx.database.withTransaction(async () => {
        value = { value: await run() }
      })
      return present(value, 'the result of a transaction').value
    })
  }

  private inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.last.then(run, run)
    this.last = turn.catch(() => undefined)
    return turn
  }
}

/** A file's own refusal travels as one of this service. */
function wrapped({ code, params }: FileRefusal): Record<string, string | number> {
  return { ...params, code }
}

function unwrapped({ code, ...params }: Record<string, string | number>): FileRefusal {
  return { kind: 'refusal', code: code as FileRefusal['code'], params }
}

export default Imports
