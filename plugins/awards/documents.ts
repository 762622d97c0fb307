import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { loadImage } from '@napi-rs/canvas'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { civilOf, dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { missingGlyphs, readGlyphCoverage } from '@space-assistant/core/documents/glyphs'
import type { GlyphCoverage } from '@space-assistant/core/documents/glyphs'
import type { PrintedTable } from '@space-assistant/core/documents/table'
import type { TemplateValues } from '@space-assistant/core/documents/template'
import type { Translate } from '@space-assistant/core/text/translate'
import type { TemplateName } from 'koishi-plugin-space-documents'
import { printCertificates } from './certificate-pdf'
import type { AwardActor, AwardFrame } from './frame'
import { awardOutcomes } from './table'
import type { AwardRounds } from './rounds'
import type { Certificates } from './certificates'
import type { Judging } from './judging'
import type { AwardDocumentKind } from '@space-assistant/core/awards/document-kinds'
import type { Nominations } from './nominations'
import type { SheetBook } from './sheet-book'
import type { AwardCertificateRow, AwardResultRow } from './table'

type AwardTableKind = Extract<AwardDocumentKind, 'summary' | 'scores' | 'winners'>

/** A file for people to open in Word, Excel or a reader of PDF. */
export interface AwardDocument {
  name: string
  type: 'docx' | 'xlsx' | 'pdf'
  bytes: Uint8Array
}

/** What documents are made from. */
interface DocumentParts {
  frame: AwardFrame
  nominations: Nominations
  rounds: AwardRounds
  judging: Judging
  certificates: Certificates
}

/** The documents of a round. Each is made from what the database holds at the moment. */
export class AwardDocuments {
  private coverage: Promise<GlyphCoverage> | undefined

  constructor(
    private readonly awards: DocumentParts,
    private readonly book: SheetBook,
    private readonly means: { say: Translate; now: () => Date },
  ) {}

  /**
   * One document; `of` is the number of a nomination or certificate, for that one alone. Nominators get the forms and
   * the list of their own nominations and judges their own sheets; all else is for staff.
   */
  async make(actor: AwardActor, kind: AwardDocumentKind, of = ''): Promise<Outcome<AwardDocument>> {
    if (actor.viewer.place.kind !== 'private') return refused('private-only')
    const made = await this.made(actor, kind, of)
    if (!made.ok) return made
    const { store } = this.awards.frame
    const log = { actor: actor.name, act: 'document' as const, subject: made.value.name }
    await store.write(() => store.log(log))
    return made
  }

  private async made(
    actor: AwardActor,
    kind: AwardDocumentKind,
    of: string,
  ): Promise<Outcome<AwardDocument>> {
    const isOwn = kind === 'nomination' || kind === 'summary' || kind === 'sheet'
    const may = await this.awards.frame.check(actor, { kind: 'steer' })
    if (!isOwn && !may.ok) return may
    switch (kind) {
      case 'nomination':
        return this.nominationForms(actor, of)
      case 'summary':
        return this.nominationTable(actor)
      case 'sheet':
        return this.judgeForms(actor)
      case 'scores':
        return this.scoreTable(actor)
      case 'winners':
        return this.winnerTable(actor)
      case 'publicity':
      case 'commendation':
        return this.listDocument(actor, kind)
      case 'certificates':
        return this.certificateFile(actor, of)
    }
  }

  private async nominationForms(actor: AwardActor, of: string): Promise<Outcome<AwardDocument>> {
    const views = await this.awards.nominations.list(actor)
    if (!views.ok) return views
    const chosen = views.value.filter(({ row }) => (of ? String(row.id) === of : row.state === 'accepted'))
    if (!chosen.length) return refused('nothing-to-print')
    const pages = chosen.map(({ row, nominee }) => ({
      ...{ award: row.award, name: nominee?.name ?? row.nominee, school: nominee?.schoolName ?? '' },
      ...{ code: row.nominee, unit: row.unit, remark: row.remark, number: String(row.id) },
      town: nominee?.town ?? '',
    }))
    const [only] = pages
    const name =
      of && only ? fileName([of, only.school, only.name, only.award]) : this.means.say('document.nomination')
    return this.word('awardNomination', name, { scheme: this.scheme, pages })
  }

  private async nominationTable(actor: AwardActor): Promise<Outcome<AwardDocument>> {
    const views = await this.awards.nominations.list(actor)
    if (!views.ok) return views
    if (!views.value.length) return refused('nothing-to-print')
    const columns = ['number', 'award', 'code', 'name', 'school', 'unit', 'state', 'remark'] as const
    const rows = views.value.map(({ row, nominee }) => [
      ...[row.id, row.award, row.nominee, nominee?.name ?? '', nominee?.schoolName ?? '', row.unit],
      ...[this.means.say(`nomination.${row.state}`), row.remark],
    ])
    return this.table('summary', [this.printed(actor, 'summary', columns, rows)])
  }

  /** A sheet for each judge with the nominees that are the judge's, to be filled in by hand and signed. */
  private async judgeForms(actor: AwardActor): Promise<Outcome<AwardDocument>> {
    const { frame } = this.awards
    const own = await this.awards.judging.judgesOf(actor)
    if (!own.ok) return own
    const [all, units, sheets] = await Promise.all([
      frame.store.rows('space_award_judge', 'ORDER BY name'),
      frame.store.rows('space_award_judge_unit'),
      frame.store.rows('space_award_sheet', "AND state <> 'voided' ORDER BY number"),
    ])
    const judges = all.filter(({ name }) => own.value.includes(name))
    const pages = judges.flatMap(({ name }) =>
      frame.awards.flatMap((award) => {
        const rubric = frame.rubric(award)
        const own = sheets.filter((row) => row.judge === name && row.award === award.name)
        if (!rubric || !own.length) return []
        const criteria = rubric.criteria
          .map((one) => this.means.say('document.criterion', { ...one }))
          .join(this.means.say('and'))
        const rows = own.map(({ number, nominee }) => {
          const known = frame.nominee(award, nominee)
          return { number: String(number), name: known?.name ?? nominee, school: known?.schoolName ?? '' }
        })
        const unit = units
          .flatMap((one) => (one.judge === name ? [one.unit] : []))
          .join(this.means.say('and'))
        return [{ judge: name, unit, award: award.name, criteria, rows }]
      }),
    )
    if (!pages.length) return refused('nothing-to-print')
    return this.word('awardSheet', this.means.say('document.sheet'), { scheme: this.scheme, pages })
  }

  /** Every nominee with every judge's total and the result, an own sheet of the workbook for each award. */
  private async scoreTable(actor: AwardActor): Promise<Outcome<AwardDocument>> {
    const tables = (await this.book.scores()).map(({ award, judges, nominees }): PrintedTable => {
      const rows = nominees.map(({ result, nominee, totals }) => {
        const { rank, sheets, counted, score, spread, flags } = result
        const warnings = flags.map((flag) => this.means.say(`flag.${flag}`))
        if (sheets > counted)
          warnings.push(this.means.say('document.conflicted', { count: sheets - counted }))
        const notes = warnings.join(this.means.say('and'))
        return [
          ...[rank ?? '', nominee?.name ?? result.nominee, nominee?.schoolName ?? ''],
          ...judges.map((judge) => totals.get(judge) ?? ''),
          ...[counted, score ?? '', spread ?? '', notes],
        ]
      })
      const head = ['rank', 'name', 'school'] as const
      const table = this.printed(actor, 'scores', [...head, 'counted', 'score', 'spread', 'remark'], rows)
      const columns = [
        ...table.columns.slice(0, head.length),
        ...judges.map((judge) => ({ header: judge, width: 10, kind: 'number' as const })),
        ...table.columns.slice(head.length),
      ]
      return { ...table, name: award, title: award, columns }
    })
    return tables.length ? this.table('scores', tables) : refused('nothing-to-print')
  }

  /** Everybody who gets an award, with the certificate's number once there is one. */
  private async winnerTable(actor: AwardActor): Promise<Outcome<AwardDocument>> {
    const [results, certificates] = [
      await this.awards.rounds.results(actor),
      await this.awards.certificates.all(actor),
    ]
    if (!results.ok) return results
    const numbers = new Map(
      (certificates.ok ? certificates.value : []).map(({ award, code, number }) => [
        `${award} ${code}`,
        number,
      ]),
    )
    const columns = ['award', 'rank', 'name', 'school', 'town', 'score', 'certificate'] as const
    const rows = this.awards.frame.awards.flatMap(({ name }) =>
      results.value
        .filter(({ award, selected }) => award === name && selected === awardOutcomes.in)
        .map((row) => [
          ...[name, row.place || '', row.name, row.schoolName, row.town, row.score],
          numbers.get(`${name} ${row.code}`) ?? '',
        ]),
    )
    if (!rows.length) return refused('nothing-to-print')
    return this.table('winners', [this.printed(actor, 'winners', columns, rows)])
  }

  private async listDocument(
    actor: AwardActor,
    kind: 'publicity' | 'commendation',
  ): Promise<Outcome<AwardDocument>> {
    const results = await this.awards.rounds.results(actor)
    if (!results.ok) return results
    const round = await this.awards.rounds.state()
    const awards = this.awards.frame.awards.flatMap(({ name, subject }) => {
      const winners = results.value.filter((row) => row.award === name && row.selected === awardOutcomes.in)
      const names = winners.map((row) => this.nameIn(row, subject === 'school')).join(this.means.say('and'))
      return winners.length ? [{ award: name, count: String(winners.length), names }] : []
    })
    if (!awards.length) return refused('nothing-to-print')
    const period = round.publicTo
      ? { from: formatDay(round.publicFrom), to: formatDay(round.publicTo) }
      : { from: '', to: '' }
    const { issuer } = this
    if (issuer === undefined) return refused('no-issuer', { scheme: this.awards.frame.store.scheme })
    const date = kind === 'publicity' && round.publicAt ? this.dateOf(new Date(round.publicAt)) : this.today
    const values = { scheme: this.scheme, awards, date, issuer, ...period }
    const template = kind === 'publicity' ? 'awardPublicity' : 'awardCommendation'
    return this.word(template, this.means.say(`document.${kind}`), values)
  }

  private nameIn({ name, schoolName }: AwardResultRow, isSchool: boolean): string {
    return isSchool ? name : this.means.say('board.person', { name, school: schoolName })
  }

  /** One file for printing; a name that the font cannot print refuses it, with the certificate and the character. */
  private async certificateFile(actor: AwardActor, of: string): Promise<Outcome<AwardDocument>> {
    const all = await this.awards.certificates.all(actor)
    if (!all.ok) return all
    const rows = all.value.filter(({ number }) => !of || number === of)
    if (!rows.length) return refused('nothing-to-print')
    const coverage = await this.glyphs()
    for (const [index, { number, name, school }] of rows.entries()) {
      const [missing] = missingGlyphs(`${name}${school}`, coverage)
      if (missing !== undefined)
        return refused('glyph-missing', { row: index + 1, number, name, character: missing })
    }
    const { issuer } = this
    if (issuer === undefined) return refused('no-issuer', { scheme: this.awards.frame.store.scheme })
    const seal = await readFile(this.path(SEAL)).catch(() => undefined)
    if (seal && !(await isPicture(seal))) return refused('seal-unreadable')
    const bytes = await printCertificates(
      rows.map((row) => this.printedCertificate(row)),
      {
        heading: this.means.say('certificate-page.heading'),
        issuer,
        numberLine: ({ number, checkNumber }) =>
          this.means.say('certificate-page.number', { number, check: checkNumber }),
        fonts: {
          regular: this.path('config/fonts/NotoSansSC-Regular.ttf'),
          bold: this.path('config/fonts/NotoSansSC-Bold.ttf'),
        },
        ...(seal && { seal }),
        specimen: this.means.say('certificate-page.specimen'),
      },
    )
    const [only] = rows
    const name =
      of && only
        ? fileName([of, only.school, only.name, only.award])
        : this.means.say('document.certificates')
    return done({ name: `${name}.pdf`, type: 'pdf', bytes })
  }

  private printedCertificate({ number, checkNumber, name, school, award, issuedAt }: AwardCertificateRow) {
    const isSchool = this.awards.frame.award(award)?.subject === 'school'
    const params = { name, school, award, scheme: this.scheme }
    return {
      ...{ number, checkNumber, date: this.dateOf(new Date(Number(issuedAt))) },
      holder: this.means.say(isSchool ? 'certificate-page.school' : 'certificate-page.person', params),
      text: this.means.say('certificate-page.text', params),
    }
  }

  private printed<K extends string>(
    { name }: AwardActor,
    kind: AwardTableKind,
    columns: readonly K[],
    rows: PrintedTable['rows'],
  ): PrintedTable {
    return {
      ...{
        name: this.means.say(`document.${kind}`),
        title: `${this.scheme} ${this.means.say(`document.${kind}`)}`,
        rows,
      },
      lines: [this.means.say('document.made', { date: this.today, name })],
      columns: columns.map((column) => ({
        header: this.means.say(`document.column.${column}`),
        width: 16,
        kind: numeric.has(column) ? 'number' : 'text',
      })),
    }
  }

  private async word(
    template: TemplateName,
    name: string,
    values: TemplateValues,
  ): Promise<Outcome<AwardDocument>> {
    const filled = await this.awards.frame.ctx.documents.fill(template, values)
    return filled.ok ? done({ name: `${name}.docx`, type: 'docx', bytes: filled.value }) : filled
  }

  private async table(
    kind: AwardTableKind,
    tables: readonly PrintedTable[],
  ): Promise<Outcome<AwardDocument>> {
    const bytes = await this.awards.frame.ctx.documents.tables(tables)
    return done({ name: `${this.means.say(`document.${kind}`)}.xlsx`, type: 'xlsx', bytes })
  }

  private get scheme(): string {
    return this.awards.frame.ctx.schemes.active.name
  }

  private get issuer(): string | undefined {
    return this.awards.frame.ctx.schemes.active.issuer
  }

  private get today(): string {
    return this.dateOf(this.means.now())
  }

  private dateOf(at: Date): string {
    const { year, month, day } = civilOf(dayOf(at))
    return this.means.say('document.date', { year, month, day })
  }

  private path(file: string): string {
    return resolve(this.awards.frame.ctx.baseDir, file)
  }

  private glyphs(): Promise<GlyphCoverage> {
    this.coverage ??= readFile(this.path('config/fonts/NotoSansSC-Bold.ttf')).then(readGlyphCoverage)
    return this.coverage
  }
}

/** Picture of the seal on certificates, where there is one. */
const SEAL = 'config/seal.png'

function isPicture(bytes: Uint8Array): Promise<boolean> {
  return loadImage(bytes).then(
    () => true,
    () => false,
  )
}

const numeric = new Set<string>(['number', 'rank', 'counted', 'score', 'spread'])

/** Number_school_name_award, without what no file system takes. */
function fileName(parts: readonly string[]): string {
  return parts.map((part) => part.replace(/[\\/:*?"<>|\s]+/g, ' ').trim()).join('_')
}
