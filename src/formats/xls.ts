import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import type * as Xlsx from '@e965/xlsx'
import type { CellObject, WorkBook, WorkSheet } from '@e965/xlsx'
import { formulaCell, RefusedCell } from './cells'
import type { Cell, Merge, Sheet, SheetRow } from './cells'
import { checkCompoundFile } from './compound'
import { containerOf } from './container'
import type { FileLimits } from './limits'
import { formattedNumber, patternFormat } from './number-format'

/** A sheet of an .xls as plain data that can be handed from one process to another. */
export interface XlsSheet {
  name: string
  from1904: boolean
  merges: Merge[]
  rows: SheetRow[]
}

const BATCH = 250
/** No spreadsheet has more, with or without something in them. */
const MOST_COLUMNS = 16_384
/** With which Excel locks files that are only to be protected against changes; it opens them without asking. */
const DEFAULT_PASSWORD = 'VelvetSweatshop'

/**
 * The visible sheets of an old Excel file, an .xlsb, .ods or XML Spreadsheet. The library reads all of it at once and
 * trusts what the file says: in a process that serves people this belongs into another one with limits.
 */
export function readXlsSheets(bytes: Uint8Array, limits: FileLimits): XlsSheet[] {
  if (containerOf(bytes) === 'ole2') checkCompoundFile(bytes)
  const book = readBook(bytes, limits)
  const sheets = book.SheetNames.flatMap((name, at) => {
    const sheet = book.Sheets[name]
    // Charts and macros are sheets too.
    if (!sheet || (sheet['!type'] ?? 'sheet') !== 'sheet') return []
    return [{ name, sheet, hidden: Boolean(book.Workbook?.Sheets?.[at]?.Hidden) }]
  })
  if (sheets.length > limits.sheets) throw new RefusedCell('too-many-sheets', { limit: limits.sheets })
  const from1904 = Boolean(book.Workbook?.WBProps?.date1904)
  const visible = sheets.filter(({ hidden }) => !hidden)
  return (visible.length ? visible : sheets).map(({ name, sheet }) => {
    return { name, from1904, merges: mergesOf(sheet), rows: rowsOf(sheet, limits) }
  })
}

/** Sheets that were read whole, handed over in batches like those that are read in pieces. */
export function* sheetsOf(sheets: readonly XlsSheet[]): Generator<Sheet> {
  for (const { merges, rows, ...sheet } of sheets)
    yield { ...sheet, merges: () => merges, rows: inBatches(rows) }
}

async function* inBatches(rows: SheetRow[]): AsyncGenerator<SheetRow[]> {
  for (let at = 0; at < rows.length; at += BATCH) {
    yield rows.slice(at, at + BATCH)
    await setImmediate()
  }
}

/** Loaded for the first .xls: it takes longer to load than a whole csv takes to read. */
function library(): typeof Xlsx {
  return createRequire(__filename)('@e965/xlsx') as typeof Xlsx
}

function readBook(bytes: Uint8Array, limits: FileLimits): WorkBook {
  try {
    return library().read(bytes, {
      type: 'array',
      dense: true,
      cellFormula: true,
      cellHTML: false,
      cellText: false,
      cellDates: false,
      cellNF: true,
      raw: true,
      sheetRows: limits.rows + 2,
      password: DEFAULT_PASSWORD,
      // Of texts in files so old that they name no encoding.
      codepage: 936,
    })
  } catch (error) {
    throw new RefusedCell(/password|encrypt/i.test(String(error)) ? 'password' : 'broken-file')
  }
}

function rowsOf(sheet: WorkSheet, limits: FileLimits): SheetRow[] {
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  const rows: SheetRow[] = []
  // By the rows that are there: one damaged number makes a list of four thousand million holes.
  for (const index of Object.keys(data).map(Number)) {
    const line = data[index] ?? []
    if (line.length > MOST_COLUMNS)
      throw new RefusedCell('too-many-columns', { columns: line.length, limit: limits.columns })
    // Rows of the library have holes, which no later step has to know.
    const cells = Array.from(line, cellOf)
    let width = cells.length
    while (width > 0 && (cells[width - 1] ?? null) === null) width--
    if (width > limits.columns)
      throw new RefusedCell('too-many-columns', { columns: width, limit: limits.columns })
    cells.length = width
    if (!width) continue
    if (rows.length >= limits.rows) throw new RefusedCell('too-many-rows', { limit: limits.rows })
    rows.push({ row: index + 1, cells })
  }
  return rows
}

function cellOf(cell: CellObject | undefined): Cell {
  if (!cell) return null
  if (cell.f !== undefined || cell.F !== undefined) return formulaCell
  const { v, z } = cell
  switch (cell.t) {
    case 'n':
      if (typeof v !== 'number') return null
      return formattedNumber(v, typeof z === 'string' && z ? patternFormat(z) : undefined)
    case 'b':
      return typeof v === 'boolean' ? v : null
    case 's':
      return typeof v === 'string' && v !== '' ? v : null
    case 'e':
      return { kind: 'error', text: errorName(Number(v)) }
    default:
      return null
  }
}

/** [MS-XLS] 2.5.10 BErr. */
const errorNames = new Map([
  [0x00, '#NULL!'],
  [0x07, '#DIV/0!'],
  [0x0f, '#VALUE!'],
  [0x17, '#REF!'],
  [0x1d, '#NAME?'],
  [0x24, '#NUM!'],
  [0x2a, '#N/A'],
  [0x2b, '#GETTING_DATA'],
])

function errorName(code: number): string {
  return errorNames.get(code) ?? '#ERROR!'
}

function mergesOf(sheet: WorkSheet): Merge[] {
  return (sheet['!merges'] ?? [])
    .filter(({ s, e }) => e.r > s.r)
    .map(({ s, e }) => ({ column: s.c, firstRow: s.r, lastRow: e.r }))
}
