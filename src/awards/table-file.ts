import { isEmpty, RefusedCell } from '../formats/cells'
import type { Cell, SheetRow } from '../formats/cells'
import { Fault } from '../formats/fields'
import { titlesSeenIn } from '../formats/header-refusal'
import { HEADER_WITHIN } from '../formats/header-row'
import type { AwardColumn, AwardTableKind, Headers } from '../formats/headers'
import { defaultLimits } from '../formats/limits'
import type { FileLimits } from '../formats/limits'
import { MergedCells } from '../formats/merged'
import { sheetsIn } from '../formats/parse'
import type { ParseOptions } from '../formats/parse'
import type { FileRefusal, Problem } from '../formats/rows'
import { isBlank } from '../formats/sheet-part'
import { isTotal, mayBeTotal } from '../formats/totals'
import { clean, wordKey } from '../text/normalise'

export interface AwardTableOptions extends Pick<ParseOptions, 'readXls'> {
  headers: Headers
  limits?: Partial<FileLimits>
}

/** A cell with the title of its column, for faults. */
export interface TitledCell {
  title: string
  cell: Cell | undefined
}

/** One row below the header. */
export interface AwardTableRow {
  row: number
  column(column: AwardColumn): TitledCell
  /** The cell of a column with a title of its own; undefined where there is no such column. */
  titled(title: string): TitledCell | undefined
}

export interface AwardTable<T> {
  kind: AwardTableKind
  rows: T[]
  problems: Problem[]
}

/** What a reader of rows makes of one: undefined is a repetition of an earlier one. */
export type AwardRowReader<T> = (row: AwardTableRow) => T | undefined | Fault

/** Reads a table of an award's round; a file that cannot be used at all is a refusal. Remarks may be left out. */
export async function readAwardTable<T>(
  bytes: Uint8Array,
  kind: AwardTableKind,
  { headers, limits, readXls, reader }: AwardTableOptions & { reader: AwardRowReader<T> },
): Promise<AwardTable<T> | FileRefusal> {
  const table: AwardTable<T> = { kind, rows: [], problems: [] }
  const all = { ...defaultLimits, ...limits }
  let first: SheetRow[] = []
  let hasHeader = false
  try {
    for await (const sheet of sheetsIn(bytes, { ...(readXls && { readXls }) }, all)) {
      const rows: SheetRow[] = []
      for await (const batch of sheet.rows) for (const row of batch) if (!isBlank(row.cells)) rows.push(row)
      if (!first.length) first = rows.slice(0, HEADER_WITHIN)
      const header = findAwardHeader(rows, kind, headers)
      if (!header) continue
      hasHeader = true
      const merged = new MergedCells(sheet.merges().filter(({ firstRow }) => firstRow >= header.row))
      for (const row of rows.filter((one) => one.row > header.row)) {
        merged.fill(row)
        if (header.repeats(row) || isSum(row, headers)) continue
        takeRow(table, { row: header.of(row), read: reader })
      }
    }
  } catch (error) {
    if (error instanceof RefusedCell) return { kind: 'refusal', code: error.code, params: error.params }
    throw error
  }
  if (!hasHeader) return refusalOf(first, kind, headers)
  return table.rows.length || table.problems.length ? table : { kind: 'refusal', code: 'no-rows', params: {} }
}

function takeRow<T>(
  { rows, problems }: AwardTable<T>,
  { row, read }: { row: AwardTableRow; read: AwardRowReader<T> },
): void {
  const result = read(row)
  if (!(result instanceof Fault)) {
    if (result !== undefined) rows.push(result)
    return
  }
  const { column, code, params } = result
  problems.push({ row: row.row, column: typeof column === 'object' ? column.title : column, code, params })
}

function refusalOf(first: readonly SheetRow[], kind: AwardTableKind, headers: Headers): FileRefusal {
  if (!first.length) return { kind: 'refusal', code: 'empty-file', params: {} }
  const columns = neededColumns(kind, headers).map((column) => headers.awardNames[kind].get(column) ?? column)
  const params = { columns: columns.join('\n') }
  const seen = titlesSeenIn(first)
  if (!seen) return { kind: 'refusal', code: 'no-titles', params }
  return { kind: 'refusal', code: 'no-header', params: { ...params, ...seen } }
}

function neededColumns(kind: AwardTableKind, headers: Headers): AwardColumn[] {
  return [...headers.awardNames[kind].keys()].filter((column) => column !== 'remark')
}

interface AwardHeader {
  row: number
  of(row: SheetRow): AwardTableRow
  repeats(row: SheetRow): boolean
}

function findAwardHeader(
  rows: readonly SheetRow[],
  kind: AwardTableKind,
  headers: Headers,
): AwardHeader | undefined {
  const words = headers.awards[kind]
  for (const { row, cells } of rows.slice(0, HEADER_WITHIN)) {
    const titles = cells.map((cell) => (typeof cell === 'string' ? clean(cell) : ''))
    const at = columnsAt(titles, words)
    if (neededColumns(kind, headers).every((column) => at.has(column))) {
      return makeHeader({ row, titles, at, names: headers.awardNames[kind] })
    }
  }
  return undefined
}

/** Of two names for one column the one that stands earlier in config/headers.yml is meant. */
function columnsAt(titles: readonly string[], words: ReadonlyMap<string, AwardColumn>) {
  const ranks = new Map([...words.keys()].map((key, rank) => [key, rank]))
  const at = new Map<AwardColumn, number>()
  titles.forEach((title, index) => {
    const column = words.get(wordKey(title))
    if (!column) return
    const other = at.get(column)
    const rankOf = (one: number) => ranks.get(wordKey(titles[one] ?? '')) ?? Infinity
    if (other !== undefined && rankOf(other) === rankOf(index)) {
      throw new RefusedCell('column-twice', { column: title })
    }
    if (other === undefined || rankOf(index) < rankOf(other)) at.set(column, index)
  })
  return at
}

function makeHeader(found: {
  row: number
  titles: readonly string[]
  at: ReadonlyMap<AwardColumn, number>
  names: ReadonlyMap<AwardColumn, string>
}): AwardHeader {
  const { titles, at, names } = found
  const keys = titles.map(wordKey)
  const taken = new Set(at.values())
  return {
    row: found.row,
    of: ({ row, cells }) => ({
      row,
      column(column) {
        const index = at.get(column)
        const title = (index === undefined ? undefined : titles[index]) ?? names.get(column) ?? column
        return { title, cell: index === undefined ? undefined : cells[index] }
      },
      titled(title) {
        const index = keys.findIndex((key, one) => key === wordKey(title) && !taken.has(one))
        return index < 0 ? undefined : { title: titles[index] ?? title, cell: cells[index] }
      },
    }),
    repeats: ({ cells }) => [...at.values()].every((index) => isTitle(cells[index], titles[index])),
  }
}

/** Whether a cell says what the header says above it. */
function isTitle(cell: Cell | undefined, title: string | undefined): boolean {
  return typeof cell === 'string' && clean(cell) === title
}

function isSum({ cells }: SheetRow, { totals }: Headers): boolean {
  const first = cells.find((cell) => !isEmpty(cell))
  return typeof first === 'string' && mayBeTotal(first) && isTotal(first, totals)
}
