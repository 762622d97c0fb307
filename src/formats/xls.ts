import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import type * as Xlsx from '@e965/xlsx'
import type { CellObject, WorkBook, WorkSheet } from '@e965/xlsx'
import { formulaCell, RefusedCell } from './cells'
import type { Cell, Merge, Sheet, SheetRow } from './cells'
import type { FileLimits } from './limits'

/** A sheet of an .xls as plain data that can be handed from one thread to another. */
export interface XlsSheet {
  name: string
  from1904: boolean
  merges: Merge[]
  rows: SheetRow[]
}

const BATCH = 250

/**
 * The visible sheets of an old Excel file. Reads all of it at once: in a process that serves people this belongs
 * into a worker thread with a limit on its memory.
 */
export function readXlsSheets(bytes: Uint8Array, limits: FileLimits): XlsSheet[] {
  const book = readBook(bytes)
  if (book.SheetNames.length > limits.sheets)
    throw new RefusedCell('too-many-sheets', { limit: limits.sheets })
  const from1904 = Boolean(book.Workbook?.WBProps?.date1904)
  return book.SheetNames.flatMap((name, at) => {
    const sheet = book.Sheets[name]
    if (!sheet || book.Workbook?.Sheets?.[at]?.Hidden) return []
    return [{ name, from1904, merges: mergesOf(sheet), rows: rowsOf(sheet, limits) }]
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

function readBook(bytes: Uint8Array): WorkBook {
  try {
    return library().read(bytes, {
      type: 'array',
      dense: true,
      cellFormula: true,
      cellHTML: false,
      cellText: false,
      cellDates: false,
    })
  } catch (error) {
    throw new RefusedCell(/password|encrypt/i.test(String(error)) ? 'password' : 'broken-file')
  }
}

function rowsOf(sheet: WorkSheet, limits: FileLimits): SheetRow[] {
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  if (data.length > limits.rows) throw new RefusedCell('too-many-rows', { limit: limits.rows })
  const rows: SheetRow[] = []
  data.forEach((line, index) => {
    const cells = (line ?? []).map(cellOf)
    let width = cells.length
    while (width > 0 && (cells[width - 1] ?? null) === null) width--
    if (width > limits.columns)
      throw new RefusedCell('too-many-columns', { columns: width, limit: limits.columns })
    cells.length = width
    if (width) rows.push({ row: index + 1, cells })
  })
  return rows
}

function cellOf(cell: CellObject | undefined): Cell {
  if (!cell) return null
  if (cell.f !== undefined || cell.F !== undefined) return formulaCell
  switch (cell.t) {
    case 'n':
    case 'b':
    case 's':
      return (cell.v as Cell | undefined) ?? null
    case 'e':
      return { kind: 'error', text: cell.w ?? String(cell.v) }
    default:
      return null
  }
}

function mergesOf(sheet: WorkSheet): Merge[] {
  return (sheet['!merges'] ?? [])
    .filter(({ s, e }) => e.r > s.r)
    .map(({ s, e }) => ({ column: s.c, firstRow: s.r, lastRow: e.r }))
}
