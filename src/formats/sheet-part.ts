import { isEmpty, RefusedCell } from './cells'
import type { Cell, Merge, SheetRow } from './cells'
import type { Fault } from './fields'
import type { HeaderRow } from './header-row'
import type { Headers } from './headers'
import { MergedCells } from './merged'
import { RepeatedHeaders } from './repeated-headers'
import type { Problem } from './rows'
import { clean } from '../text/normalise'
import { isTotal, mayBeTotal } from './totals'

/** What is done with a row of data: undefined when it was taken, or why it was not. */
export type RowTaker = (row: SheetRow) => Fault | undefined

/** The rows of one sheet below its header. */
export class SheetPart {
  private readonly merged: MergedCells
  private readonly repeats: RepeatedHeaders

  constructor(
    private readonly header: HeaderRow,
    merges: readonly Merge[],
    private readonly headers: Headers,
    private readonly takeRow: RowTaker,
    private readonly refuse: (problem: Problem) => void,
  ) {
    this.merged = new MergedCells(merges)
    this.repeats = new RepeatedHeaders(header, headers)
  }

  /** Index of the first row below the header. */
  get firstRow(): number {
    return this.header.row
  }

  take(row: SheetRow): void {
    if (isBlank(row.cells) || this.isTotal(row)) return
    this.merged.fill(row)
    const repeat = this.repeats.of(row.cells)
    if (repeat === 'other') throw new RefusedCell('second-table', { row: row.row })
    if (repeat === 'same') return
    const fault = this.takeRow(row)
    if (fault) this.refuse(problemOf(fault, row.row, this.header, this.headers))
  }

  /** Sums are in rows whose first words say so; the word may follow a running number or the group's name. */
  private isTotal({ cells }: SheetRow): boolean {
    let looked = 0
    for (const cell of cells) {
      if (isEmpty(cell)) continue
      if (typeof cell === 'string' && mayBeTotal(cell) && isTotal(cell, this.headers.totals)) return true
      if (++looked === 2) return false
    }
    return false
  }
}

/** A fault with its row and the column's title as it stands in the file, or the standard one. */
export function problemOf(
  { column, code, params }: Fault,
  row: number,
  header: HeaderRow,
  headers: Headers,
): Problem {
  if (typeof column === 'object') return { row, column: column.title, code, params }
  const title = header.titles.get(column) ?? headers.names[header.kind].get(column)
  return { row, column: title ? clean(title) : column, code, params }
}

/** Whether nothing stands in the row. */
export function isBlank(cells: readonly (Cell | undefined)[]): boolean {
  return cells.every((cell) => isEmpty(cell))
}
