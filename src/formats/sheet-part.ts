import { isEmpty, RefusedCell } from './cells'
import type { Cell, Merge, SheetRow } from './cells'
import { Fault } from './fields'
import { RepeatedHeaders } from './header-row'
import type { HeaderRow } from './header-row'
import type { Headers } from './headers'
import { MergedCells } from './merged'
import type { AnyRow, Problem } from './rows'
import { clean } from '../text/normalise'
import { isTotal, mayBeTotal } from './totals'

interface Outcome {
  /** A row that is understood; undefined when it only repeats an earlier one. */
  row(row: AnyRow | undefined): void
  problem(problem: Problem): void
}

/** The rows of one sheet below its header. */
export class SheetPart {
  private readonly merged: MergedCells
  private readonly repeats: RepeatedHeaders

  constructor(
    private readonly header: HeaderRow,
    merges: readonly Merge[],
    private readonly headers: Headers,
    private readonly reader: (row: SheetRow) => AnyRow | undefined | Fault,
    private readonly outcome: Outcome,
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
    const result = this.reader(row)
    if (result instanceof Fault) this.outcome.problem(this.problemOf(row.row, result))
    else this.outcome.row(result)
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

  private problemOf(row: number, { column, code, params }: Fault): Problem {
    if (typeof column === 'object') return { row, column: column.title, code, params }
    const title = this.header.titles.get(column) ?? this.headers.names[this.header.kind].get(column)
    return { row, column: title ? clean(title) : column, code, params }
  }
}

/** Whether nothing stands in the row. */
export function isBlank(cells: readonly (Cell | undefined)[]): boolean {
  return cells.every((cell) => isEmpty(cell))
}
