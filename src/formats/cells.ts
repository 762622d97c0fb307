import type { FileRefusalCode } from './codes'

/** The cell holds a formula: its stored result may be stale and is not used. */
export interface FormulaCell {
  kind: 'formula'
}

/** The cell shows an error such as #N/A. */
export interface ErrorCell {
  kind: 'error'
  text: string
}

/** A number whose format shows more or other than its digits, such as a date or 00123; `shownText` says what. */
export interface ShownNumber {
  kind: 'shown'
  value: number
  pattern: string
  isDate: boolean
}

/** What a sheet's cell holds; a number is one that the file stores as a number. */
export type Cell = string | number | boolean | FormulaCell | ErrorCell | ShownNumber | null

export const formulaCell: FormulaCell = Object.freeze({ kind: 'formula' })

/** One line of a sheet with its number as a spreadsheet shows it (1-based). Cells may be missing at the end or be holes. */
export interface SheetRow {
  row: number
  cells: (Cell | undefined)[]
}

/** A sheet as the readers hand it over: rows in batches small enough to handle in a few milliseconds. */
export interface Sheet {
  name: string
  /** Days count from 1904 instead of 1900. */
  from1904: boolean
  rows: AsyncIterable<readonly SheetRow[]>
  /** Ranges over several rows whose first cell stands for all of them; known once the rows have been read. */
  merges(): readonly Merge[]
}

/** One column of a merged range; 0-based, both ends included, rows as shown minus 1. */
export interface Merge {
  firstRow: number
  lastRow: number
  column: number
}

/** Thrown inside the readers and turned into the file's refusal by `parseFile`; never leaves this folder. */
export class RefusedCell extends Error {
  constructor(
    readonly code: FileRefusalCode,
    readonly params: Record<string, string | number> = {},
  ) {
    super(code)
  }
}

/** Whether the cell shows nothing. */
export function isEmpty(cell: Cell | undefined): boolean {
  return cell === null || cell === undefined || (typeof cell === 'string' && cell.trim() === '')
}
