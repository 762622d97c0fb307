import type { Merge, SheetRow } from './cells'
import { isEmpty } from './cells'

/** Gives the cells of merged ranges below the header the value of the range's first cell. */
export class MergedCells {
  private readonly starting = new Map<number, Merge[]>()
  private active: { lastRow: number; column: number; value: SheetRow['cells'][number] }[] = []

  constructor(merges: readonly Merge[]) {
    for (const merge of merges) {
      const at = this.starting.get(merge.firstRow)
      if (at) at.push(merge)
      else this.starting.set(merge.firstRow, [merge])
    }
  }

  /** Fills the row's merged cells; rows come in order. */
  fill({ row, cells }: SheetRow): void {
    if (!this.starting.size) return
    const index = row - 1
    this.active = this.active.filter(({ lastRow }) => lastRow >= index)
    for (const { column, value } of this.active) if (isEmpty(cells[column])) cells[column] = value
    for (const { column, lastRow } of this.starting.get(index) ?? []) {
      this.active.push({ column, lastRow, value: cells[column] })
    }
  }
}
