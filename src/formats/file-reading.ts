import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import { isBlank, problemOf, SheetPart } from './sheet-part'
import type { RowTaker } from './sheet-part'
import { RefusedCell } from './cells'
import type { Merge, Sheet, SheetRow } from './cells'
import { CodeForms, KnownIndex } from './code-fields'
import type { KnownCodes } from './code-fields'
import { Fault } from './fields'
import { findHeader, HEADER_WITHIN } from './header-row'
import type { HeaderRow } from './header-row'
import { refuseWithoutHeader } from './header-refusal'
import type { Headers } from './headers'
import type { FileLimits } from './limits'
import type { TableReading } from './reading'
import { recordsReader, spareDay } from './records'
import { rosterReader } from './roster'
import type { FileKind, ParsedFile, FileRefusal, UnreadColumn } from './rows'
import { schoolsReader } from './schools'
import { dayAbove, impossibleDay, snapshotReader } from './snapshot'
import { TableRows } from './table-rows'

/** What has to be known to understand the tables of a file. */
export interface TableOptions {
  headers: Headers
  scheme: Scheme
  /** What the user says the file is; recognised by its header when left out. */
  kind?: FileKind | undefined
  /** Day of a platform report or a wide table that states none. */
  day?: Day | undefined
  /** No platform report can be of a later day, no action of a day after the next; left out, that is not checked. */
  today?: Day | undefined
  /** Codes of the roster. Left out, accounts and schools are not checked against anything. */
  accounts?: KnownCodes | undefined
  schools?: KnownCodes | undefined
  /** Called every few hundred rows with the number of rows seen so far. */
  progress?: ((rows: number) => void) | undefined
}

/** One file while it is being read: its kind, and the rows of all its sheets. */
export class FileReading {
  private kind: FileKind | undefined
  private readonly rows: TableRows
  private readonly accounts: TableReading['accounts']
  private readonly schools: TableReading['schools']
  private readonly unread = new Map<string, UnreadColumn>()
  private withState = false
  private firstRows: SheetRow[] = []
  private otherKind: RefusedCell | undefined
  private rowsSeen = 0
  /** Merged cells below the header by name of sheet. */
  readonly merges = new Map<string, readonly Merge[]>()

  constructor(
    private readonly options: TableOptions,
    limits: FileLimits,
    private readonly known: ReadonlyMap<string, readonly Merge[]> = new Map(),
  ) {
    const rulesOf = (codes: KnownCodes | undefined) => {
      const known = codes && new KnownIndex(codes)
      return { known, forms: new CodeForms(known) }
    }
    this.accounts = { ...rulesOf(options.accounts), phones: options.headers.phoneAccounts }
    this.schools = rulesOf(options.schools)
    this.rows = new TableRows(limits.problems)
  }

  async read(sheet: Sheet): Promise<void> {
    let head: SheetRow[] | undefined = []
    let part: SheetPart | undefined
    for await (const batch of sheet.rows) {
      for (const row of batch) {
        if (!head) part?.take(row)
        else if (!isBlank(row.cells)) head.push(row)
      }
      if (head && head.length >= HEADER_WITHIN) {
        part = this.begin(sheet, head)
        head = undefined
        // A sheet without header is another page of the workbook: the rest of it is not read.
        if (!part) return
      }
      this.rowsSeen += batch.length
      this.options.progress?.(this.rowsSeen)
    }
    if (head?.length) part = this.begin(sheet, head)
    const below = sheet.merges().filter(({ firstRow }) => part && firstRow >= part.firstRow)
    if (below.length) this.merges.set(sheet.name, below)
  }

  /** Finds the header among the first rows and takes those that follow it. */
  private begin(sheet: Sheet, head: SheetRow[]): SheetPart | undefined {
    const { headers } = this.options
    const header = this.headerOf(sheet, head.slice(0, HEADER_WITHIN))
    if (!header) {
      if (head.length > this.firstRows.length) this.firstRows = head.slice(0, HEADER_WITHIN)
      return undefined
    }
    this.kind = header.kind
    this.withState ||= header.at.has('state')
    for (const column of header.unread) this.unread.set(column.title, column)
    this.rows.begin(sheet.name, header)
    const taker = this.takerOf(header, sheet)
    const merges = this.known.get(sheet.name) ?? []
    const part = new SheetPart(header, merges, headers, taker, (problem) =>
      this.rows.refuse(problem, sheet.name),
    )
    for (const row of head) if (row.row > header.row) part.take(row)
    return part
  }

  /** The header of a sheet of the file's kind; a sheet of another kind is passed over where the user has named the kind. */
  private headerOf(sheet: Sheet, head: readonly SheetRow[]): HeaderRow | undefined {
    const { headers, scheme, kind } = this.options
    try {
      return findHeader(head, headers, scheme, kind ?? this.kind)
    } catch (error) {
      if (!(error instanceof RefusedCell) || error.code !== 'wrong-kind') throw error
      if (!kind) throw new RefusedCell('two-kinds', { ...error.params, sheet: sheet.name })
      this.otherKind ??= error
      return undefined
    }
  }

  /** The day of rows that state none: the one that the user gives, else the one in the table's title. */
  private dayOf(header: HeaderRow): Day | undefined {
    const { headers, day } = this.options
    const column = header.kind === 'records' ? 'time' : 'day'
    if (header.at.has(column) || (header.kind === 'records' && !header.isWide)) return day
    const found = day ?? dayAbove(header)
    const name = headers.names[header.kind].get(column) ?? column
    if (found === undefined) throw new RefusedCell(header.isWide ? 'no-wide-day' : 'no-day', { column: name })
    const fault = header.kind === 'snapshot' ? impossibleDay(found, this.options) : undefined
    if (fault) throw new RefusedCell('report-day', fault.params)
    return found
  }

  private takerOf(header: HeaderRow, { from1904 }: Sheet): RowTaker {
    const { headers, scheme, today } = this.options
    const { accounts, schools, rows } = this
    const isDated = header.kind === 'snapshot' || header.isWide
    const day = isDated ? this.dayOf(header) : undefined
    const reading: TableReading = { header, headers, scheme, from1904, day, today, accounts, schools }
    switch (header.kind) {
      case 'roster': {
        const read = rosterReader(reading, rows.seen.roster, rows.schoolWords)
        return (row) => rows.keep(rows.roster, read(row))
      }
      case 'schools': {
        const read = schoolsReader(reading, rows.seen.schools)
        return (row) => rows.keep(rows.schools, read(row))
      }
      case 'records': {
        const read = recordsReader(reading)
        return (row) => {
          const result = read(row)
          if (result instanceof Fault) spareDay(rows.spared, reading, row)
          return rows.keep(rows.records, result)
        }
      }
      case 'snapshot': {
        const read = snapshotReader(reading, rows.seen.snapshot)
        return (row) => rows.keep(rows.snapshot, read(row))
      }
    }
  }

  result(): ParsedFile | FileRefusal {
    const { kind, options, rows } = this
    if (!kind) {
      if (this.otherKind) throw this.otherKind
      if (!this.firstRows.length) throw new RefusedCell('empty-file')
      refuseWithoutHeader(this.firstRows, options.headers, options.kind)
    }
    const later = { accounts: this.accounts.forms, schools: this.schools.forms }
    rows.refuseLater(kind, later, (fault, row, header) => problemOf(fault, row, header, options.headers))
    const counts = { ...rows.counts(kind), unread: [...this.unread.values()] }
    switch (kind) {
      case 'roster':
        return { kind, rows: rows.roster, ...counts, withState: this.withState }
      case 'schools':
        return { kind, rows: rows.schools, ...counts }
      case 'records':
        return { kind, rows: rows.records, ...counts, withIds: rows.withIds, spared: rows.spared }
      case 'snapshot':
        return { kind, rows: rows.snapshot, ...counts }
    }
  }
}
