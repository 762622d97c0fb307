import type { Day } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { Cell, SheetRow } from './cells'
import type { CodeRules } from './code-fields'
import { Fault, readName } from './fields'
import type { HeaderRow } from './header-row'
import type { TableColumn, Headers } from './headers'

/** What the readers of rows need to know beside the row; made once for each sheet. */
export interface TableReading {
  header: HeaderRow
  headers: Headers
  scheme: Scheme
  from1904: boolean
  /** Day of rows that state none. */
  day?: Day | undefined
  /** No report can be of a later day, no action of a day after the next. */
  today?: Day | undefined
  accounts: CodeRules
  schools: CodeRules
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

/** Whether a code is one that is not known, where all are. */
export function isUnknown(code: string, { known }: CodeRules): boolean {
  return known !== undefined && !known.codes.has(code)
}

/** What a cell says of a time: a number of days, or a text. A number that shows a text, such as 2022-0309, is that text. */
export function timeValue(
  cell: Cell | undefined,
  read: (cell: Cell | undefined) => string | Fault,
): string | number | Fault {
  if (typeof cell === 'number') return cell
  return typeof cell === 'object' && cell?.kind === 'shown' && cell.isDate ? cell.value : read(cell)
}
