import type { Day } from '../scheme/calendar'
import type { Scheme } from '../scheme/scheme'
import type { Cell, SheetRow } from './cells'
import type { KnownIndex } from './fields'
import { Fault, readName } from './fields'
import type { HeaderRow } from './header-row'
import type { Column, Headers } from './headers'

/** What the readers of rows need to know beside the row; made once for each sheet. */
export interface Reading {
  header: HeaderRow
  headers: Headers
  scheme: Scheme
  from1904: boolean
  /** Day of a platform report whose rows state none. */
  day?: Day
  accounts?: KnownIndex
  schools?: KnownIndex
}

/** The cell of a column with the column's name, for the field readers. */
export function field(
  reading: Reading,
  { cells }: SheetRow,
  column: Column,
): { column: Column; cell: Cell | undefined } {
  const at = reading.header.at.get(column)
  return { column, cell: at === undefined ? undefined : cells[at] }
}

/** Text that must not be empty. */
export function required(value: string | Fault, column: Column): string | Fault {
  return value === '' ? new Fault(column, 'missing') : value
}

/** A name, or undefined when the cell is empty. */
export function optionalName(reading: Reading, row: SheetRow, column: Column): string | undefined | Fault {
  const name = readName(field(reading, row, column))
  return name === '' ? undefined : name
}

/** Texts of a column that are remembered. */
const MOST_TEXTS = 10_000

/** A reader of a column that looks at each of its texts once; `read` must look at nothing but that cell. */
export function remembered<T>(
  { header }: Reading,
  column: Column,
  read: (row: SheetRow) => T,
): (row: SheetRow) => T {
  const at = header.at.get(column) ?? -1
  const known = new Map<Cell | undefined, T>()
  return (row) => {
    const cell = row.cells[at]
    let found = known.get(cell)
    if (found === undefined) {
      found = read(row)
      if (typeof cell === 'string' && known.size < MOST_TEXTS) known.set(cell, found)
    }
    return found
  }
}
