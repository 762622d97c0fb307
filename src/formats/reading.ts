import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { Cell, SheetRow } from './cells'
import type { KnownIndex } from './fields'
import { Fault, readName } from './fields'
import type { HeaderRow } from './header-row'
import type { TableColumn, Headers } from './headers'

/** What the readers of rows need to know beside the row; made once for each sheet. */
export interface TableReading {
  header: HeaderRow
  headers: Headers
  scheme: Scheme
  from1904: boolean
  /** Day of a platform report whose rows state none. */
  day?: Day | undefined
  /** No report can be of a later day, and no record of a later one than the next. */
  today?: Day | undefined
  accounts?: KnownIndex | undefined
  schools?: KnownIndex | undefined
}

/** The cell of a column with the column's name, for the field readers. */
export function field(
  reading: TableReading,
  { cells }: SheetRow,
  column: TableColumn,
): { column: TableColumn; cell: Cell | undefined } {
  const at = reading.header.at.get(column)
  return { column, cell: at === undefined ? undefined : cells[at] }
}

/** Text that must not be empty. */
export function required(value: string | Fault, column: TableColumn): string | Fault {
  return value === '' ? new Fault(column, 'missing') : value
}

/** A name, or undefined when the cell is empty. */
export function optionalName(
  reading: TableReading,
  row: SheetRow,
  column: TableColumn,
): string | undefined | Fault {
  const name = readName(field(reading, row, column))
  return name === '' ? undefined : name
}
