import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import { RefusedCell } from './cells'
import type { Merge, Sheet, SheetRow } from './cells'
import { containerOf } from './container'
import { readDelimited } from './delimited'
import { KnownIndex } from './fields'
import type { KnownCodes, Fault } from './fields'
import { findHeader, HEADER_WITHIN, refuseWithoutHeader } from './header-row'
import type { HeaderRow } from './header-row'
import type { Headers } from './headers'
import { defaultLimits } from './limits'
import type { FileLimits } from './limits'
import type { TableReading } from './reading'
import { recordsReader } from './records'
import { rosterReader } from './roster'
import type {
  AnyRow,
  FileKind,
  ParsedFile,
  Problem,
  RecordRow,
  FileRefusal,
  RosterRow,
  SchoolRow,
  SnapshotRow,
} from './rows'
import { schoolsReader } from './schools'
import { isBlank, SheetPart } from './sheet-part'
import { impossibleDay, snapshotReader } from './snapshot'
import { readWorkbook } from './workbook'
import { readXlsSheets, sheetsOf } from './xls'
import type { XlsSheet } from './xls'

export interface ParseOptions {
  headers: Headers
  scheme: Scheme
  /** What the user says the file is; recognised by its header when left out. */
  kind?: FileKind | undefined
  /** Day of a platform report that states none. */
  day?: Day | undefined
  /** No platform report can be of a later day, and no record of a later one than the next; left out, that is not checked. */
  today?: Day | undefined
  /** Codes of the roster. Left out, accounts and schools are not checked against anything. */
  accounts?: KnownCodes | undefined
  schools?: KnownCodes | undefined
  limits?: Partial<FileLimits> | undefined
  /** Reads an .xls somewhere else, e.g. in a worker thread; by default it is read here, in one go. */
  readXls?: ((bytes: Uint8Array, limits: FileLimits) => Promise<XlsSheet[]>) | undefined
  /** Called every few hundred rows with the number of rows seen so far. */
  progress?: ((rows: number) => void) | undefined
}

/**
 * Reads a file that staff bring. Gives the rows that are understood with a problem for each refused one, or the
 * reason why the file cannot be used. Never throws for what is in the file, and lets other work run in between.
 */
export async function parseFile(bytes: Uint8Array, options: ParseOptions): Promise<ParsedFile | FileRefusal> {
  try {
    const limits = { ...defaultLimits, ...options.limits }
    const read = async (file: FileRead) => {
      for await (const sheet of sheetsIn(bytes, options, limits)) await file.read(sheet)
      return file
    }
    const file = await read(new FileRead(options, limits))
    // Merged cells are known when the rows have gone by; few files have any among their data, and those are read again.
    return (file.merges.size ? await read(new FileRead(options, limits, file.merges)) : file).result()
  } catch (error) {
    if (error instanceof RefusedCell) return { kind: 'refusal', code: error.code, params: error.params }
    throw error
  }
}

/** The sheets of a file, whatever it is packed in. Throws a RefusedCell for what is no table. */
export async function* sheetsIn(
  bytes: Uint8Array,
  options: Pick<ParseOptions, 'readXls'>,
  limits: FileLimits,
): AsyncGenerator<Sheet> {
  const megabytes = (size: number) => Math.ceil(size / 2 ** 20)
  const refuseOver = (limit: number) => {
    if (bytes.length <= limit) return
    throw new RefusedCell('too-big', { size: megabytes(bytes.length), limit: megabytes(limit) })
  }
  refuseOver(limits.bytes)
  switch (containerOf(bytes)) {
    case 'zip':
      yield* readWorkbook(bytes, limits)
      return
    case 'ole2': {
      refuseOver(limits.xlsBytes)
      yield* sheetsOf(await (options.readXls?.(bytes, limits) ?? readXlsSheets(bytes, limits)))
      return
    }
    case 'text':
      yield await readDelimited(bytes, limits)
  }
}

/** One file while it is being read: its kind, and the rows of all its sheets. */
class FileRead {
  private kind: FileKind | undefined
  private readonly rows: AnyRow[] = []
  private readonly seen = new Map<string, AnyRow>()
  private readonly problems: Problem[] = []
  private readonly sheets = new Set<string>()
  /** Which sheet the rows from an index on are of. */
  private readonly parts: { sheet: string; from: number }[] = []
  private readonly accounts: KnownIndex | undefined
  private readonly schools: KnownIndex | undefined
  private firstRows: SheetRow[] = []
  private otherKind: RefusedCell | undefined
  private withIds = false
  private rowsSeen = 0
  private repeated = 0
  private refused = 0
  /** Merged cells below the header by name of sheet. */
  readonly merges = new Map<string, readonly Merge[]>()

  constructor(
    private readonly options: ParseOptions,
    private readonly limits: FileLimits,
    private readonly known: ReadonlyMap<string, readonly Merge[]> = new Map(),
  ) {
    this.accounts = options.accounts && new KnownIndex(options.accounts)
    this.schools = options.schools && new KnownIndex(options.schools)
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
    if (header.kind === 'snapshot') this.checkGivenDay(header)
    this.kind = header.kind
    this.parts.push({ sheet: sheet.name, from: this.rows.length })
    const part = new SheetPart(
      header,
      this.known.get(sheet.name) ?? [],
      headers,
      this.readerOf(header, sheet),
      {
        row: (row) => this.keep(row, sheet),
        problem: (problem) => this.refuse(problem, sheet.name),
      },
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

  private checkGivenDay(header: HeaderRow): void {
    const { headers, day } = this.options
    if (day === undefined && !header.at.has('day')) {
      throw new RefusedCell('no-day', { column: headers.names.snapshot.get('day') ?? 'day' })
    }
    const fault = day === undefined ? undefined : impossibleDay(day, this.options)
    if (fault) throw new RefusedCell('report-day', fault.params)
  }

  private refuse(problem: Problem, sheet: string): void {
    this.refused++
    if (this.problems.length >= this.limits.problems) return
    this.problems.push({ ...problem, ...(sheet && { sheet }) })
  }

  private keep(row: AnyRow | undefined, sheet: Sheet): void {
    this.sheets.add(sheet.name)
    if (!row) this.repeated++
    else this.rows.push(row)
    if (row && 'recordId' in row && row.recordId !== undefined) this.withIds = true
  }

  private readerOf(header: HeaderRow, sheet: Sheet): (row: SheetRow) => AnyRow | undefined | Fault {
    const { headers, scheme, day, today } = this.options
    const { accounts, schools } = this
    const { from1904 } = sheet
    const reading: TableReading = { header, headers, scheme, from1904, day, today, accounts, schools }
    switch (header.kind) {
      case 'roster':
        return rosterReader(reading, this.seen as Map<string, RosterRow>)
      case 'schools':
        return schoolsReader(reading, this.seen as Map<string, SchoolRow>)
      case 'records':
        return recordsReader(reading)
      case 'snapshot':
        return snapshotReader(reading, this.seen as Map<string, SnapshotRow>)
    }
  }

  result(): ParsedFile | FileRefusal {
    const { kind } = this
    if (!kind) {
      if (this.otherKind) throw this.otherKind
      if (!this.firstRows.length) throw new RefusedCell('empty-file')
      refuseWithoutHeader(this.firstRows, this.options.headers, this.options.kind)
    }
    let rows = this.rows
    if (kind === 'records' && this.withIds) rows = this.onlyWithIds(rows as RecordRow[])
    if (!rows.length && !this.problems.length) throw new RefusedCell('no-rows')
    const several = new Set([...this.sheets, ...this.problems.map(({ sheet }) => sheet)]).size > 1
    if (!several) for (const problem of this.problems) delete problem.sheet
    const { problems } = this
    const counts = { problems, understood: rows.length + this.repeated, refused: this.refused }
    return { kind, rows, ...counts, ...(kind === 'records' && { withIds: this.withIds }) } as ParsedFile
  }

  /** In a file whose rows have ids a row without one could be counted twice, so it is refused. */
  private onlyWithIds(rows: RecordRow[]): RecordRow[] {
    const kept = rows.filter(({ recordId }) => recordId !== undefined)
    if (kept.length === rows.length) return rows
    const column = this.options.headers.names.records.get('recordId')
    for (const [at, { sheet, from }] of this.parts.entries()) {
      for (const { row, recordId } of rows.slice(from, this.parts[at + 1]?.from)) {
        if (recordId === undefined) this.refuse({ row, column, code: 'missing-record-id', params: {} }, sheet)
      }
    }
    const order = this.parts.map(({ sheet }) => sheet)
    const place = ({ sheet = '' }: Problem) => order.indexOf(sheet)
    this.problems.sort((a, b) => place(a) - place(b) || a.row - b.row)
    return kept
  }
}
