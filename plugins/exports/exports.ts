import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { AccessRequest, AccessScope } from '@space-assistant/core/access/visibility'
import { formatMoment } from '@space-assistant/core/calendar/clock'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-documents'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { readExport } from './reading'
import type { UnreadableExport } from './reading'
import { figureKinds } from './ask'
import type { ExportAsk, ExportTable, ExportKind, FigureKind, ListContext } from './ask'
import { listTable } from './lists'
import type { ExportRow } from './table'
import { exportDataLine, figureTable } from './tables'
import type { ExportContext } from './tables'

export interface ExportedFile {
  what: string
  title: string
  bytes: Uint8Array
  rows: number
}

const LOGGED = 20

/** `ctx.exports`: lists as workbooks, by right. Files go to whoever asked alone, so names stand in them as they are. */
export class Exports {
  constructor(
    private readonly ctx: Context,
    private readonly locale: string,
  ) {}

  /** What a text asks to be exported, or the key of the sentence that says what is missing. */
  read(text: string, viewer: Viewer): ExportAsk | UnreadableExport {
    return readExport(this.ctx, text, viewer)
  }

  /** A list as a workbook, with who exported it in its first line; noted in the log. */
  async make(viewer: Viewer, who: string, ask: ExportAsk): Promise<Outcome<ExportedFile>> {
    const may = this.check(viewer, ask)
    if (!may.ok) return may
    const now = new Date()
    const { roster, scoreboard, schemes, documents } = this.ctx
    const context = { ctx: { roster, scoreboard, schemes }, say: this.say, today: dayOf(now) }
    const { kind } = ask
    const made = isFigureKind(kind)
      ? this.figures(context, { ...ask, kind })
      : await listTable(this.listContext(viewer, who), { ...ask, kind })
    if (!made.ok) return made
    const { columns, rows } = made.value
    if (!rows.length) return refused('empty')
    const what = this.say(`kind.${ask.kind}`, { where: this.placeOf(ask), number: ask.number ?? '' })
    const first = this.say('first-line', { who, at: formatMoment(now), what })
    const lines = isFigureKind(ask.kind) ? [first, exportDataLine(context, ask)] : [first]
    const bytes = await documents.tables([{ name: what, title: what, columns, rows, lines }])
    await this.ctx.database.create('space_export', {
      who: who.slice(0, 64),
      what: what.slice(0, 200),
      rows: rows.length,
      at: now,
    })
    return done({ what, title: `${what.replace(/[\\/:*?"<>|]/g, ' ')}.xlsx`, bytes, rows: rows.length })
  }

  private figures(context: ExportContext, ask: ExportAsk & { kind: FigureKind }): Outcome<ExportTable> {
    const needsData = ask.kind !== 'activation' && ask.kind !== 'lagging'
    if (needsData && this.ctx.scoreboard.dataUntil === undefined) return refused('no-data')
    return done(figureTable(context, ask))
  }

  /** A file goes to whoever asked alone, so the place is private whatever it was asked in. */
  private listContext(viewer: Viewer, who: string): ListContext {
    const alone: Viewer = { ...viewer, place: { kind: 'private' } }
    return { ctx: this.ctx, viewer: alone, who, say: this.say, locale: this.locale }
  }

  /** Lists of other parts of the bot are asked for there. */
  private check(viewer: Viewer, ask: ExportAsk): Outcome<unknown> {
    if (!isFigureKind(ask.kind)) return done(undefined)
    return this.ctx.access.check({ ...viewer, place: { kind: 'private' } }, this.requestOf(ask))
  }

  /** Who has exported what, the newest first: for staff. */
  async log(viewer: Viewer): Promise<Outcome<ExportRow[]>> {
    const may = this.ctx.access.check(viewer, { kind: 'import-history' })
    if (!may.ok) return may
    return done(await this.ctx.database.get('space_export', {}, { sort: { id: 'desc' }, limit: LOGGED }))
  }

  private requestOf({ kind, scope }: ExportAsk): AccessRequest {
    if (kind === 'schools' || kind === 'activation')
      return { kind: 'school-standing', scope: { kind: 'district' } }
    return { kind: 'member-list', scope: this.scopeOf(scope) }
  }

  private scopeOf(scope: ExportAsk['scope']): AccessScope {
    if (scope.kind !== 'school') return scope
    const town = this.ctx.roster.school(scope.code)?.town
    return { kind: 'school', school: scope.code, ...(town !== undefined && { town }) }
  }

  private placeOf({ scope, stage = '' }: ExportAsk): string {
    if (scope.kind === 'district') return this.say('district') + stage
    const name = scope.kind === 'town' ? scope.town : (this.ctx.roster.school(scope.code)?.name ?? scope.code)
    return name + stage
  }

  /** Texts of the files, in the language of the installation. */
  private readonly say: Translate = (key, params = {}) =>
    h.unescape(this.ctx.i18n.text([this.locale], [`space-exports.${key}`], params))
}

const isFigureKind = (kind: ExportKind): kind is FigureKind => figureKinds.some((each) => each === kind)
