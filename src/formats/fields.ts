import type { Attribute } from '../scheme/scheme'
import type { Cell, ErrorCell, FormulaCell, ShownNumber } from './cells'
import type { TableColumn } from './headers'
import type { ProblemCode } from './codes'
import { shownText } from './number-format'
import { clean, cleanName } from '../text/normalise'
import { withoutPersonalNumbers } from '../text/personal-numbers'

/** Why a row is refused, and in which column; made into a Problem where the row's place is known. */
export class Fault {
  constructor(
    readonly column: TableColumn | Attribute | { title: string },
    readonly code: ProblemCode,
    readonly params: Record<string, string | number> = {},
  ) {}
}

export interface FieldSource {
  column: TableColumn
  cell: Cell | undefined
}

/** Longest words by column; those of the database tables. */
const MAX_WORD = 50
const MAX_SCHOOL_NAME = 100

/** The text of a cell with full width and invisible characters normalised, without the apostrophe that marks text in Excel; '' when it is empty. */
export function readText({ column, cell }: FieldSource): string | Fault {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return withoutMark(clean(cell))
  if (typeof cell === 'number') return String(cell)
  if (typeof cell === 'boolean') return cell ? 'TRUE' : 'FALSE'
  return cell.kind === 'shown' ? clean(shownText(cell) ?? String(cell.value)) : faultOf(cell, column)
}

function withoutMark(text: string): string {
  return text.startsWith("'") ? text.slice(1).trim() : text
}

/** A name or other words: without aligning spaces, and without phone and identity numbers, which are never kept. */
export function readName(source: FieldSource, limit = MAX_WORD): string | Fault {
  const text = readText(source)
  if (typeof text !== 'string') return text
  const name = cleanName(withoutPersonalNumbers(text))
  return name.length > limit ? new Fault(source.column, 'too-long', { limit }) : name
}

/** The name of a school, which may be longer than that of a person. */
export function readSchoolName(source: FieldSource): string | Fault {
  return readName(source, MAX_SCHOOL_NAME)
}

/** A number from 0; undefined when the cell is empty. */
export function readNumber(
  source: FieldSource,
  options: { whole: boolean; limit: number },
): number | undefined | Fault {
  const number = readAnyNumber(source)
  if (number === undefined || number instanceof Fault) return number
  if (number < 0) return new Fault(source.column, 'negative', { value: number })
  if (options.whole && !Number.isInteger(number))
    return new Fault(source.column, 'not-whole', { value: number })
  if (number > options.limit)
    return new Fault(source.column, 'too-large', { value: number, limit: options.limit })
  return number
}

/** Any number, as a number cell or in digits, with commas between thousands; undefined when the cell is empty. */
export function readAnyNumber({ column, cell }: FieldSource): number | undefined | Fault {
  if (typeof cell === 'number') return cell
  if (typeof cell === 'object' && cell?.kind === 'shown') return readShownNumber(cell, column)
  const text = readText({ column, cell })
  if (typeof text !== 'string') return text
  if (text === '') return undefined
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  if (!/^[+-]?\d{1,15}(\.\d{1,15})?$/.test(plain))
    return new Fault(column, 'not-a-number', { value: short(text) })
  return Number(plain)
}

/** A number with a format counts if it shows about the same: a percentage, or thousands left out, is another number. */
function readShownNumber(cell: ShownNumber, column: TableColumn): number | undefined | Fault {
  const text = shownText(cell)
  if (text?.trim() === '') return undefined
  const seen = /^[^\d.-]*(-?(?:\d[\d,]*)?(?:\.\d+)?)[^\d.]*$/.exec(text ?? '')?.[1]?.replaceAll(',', '')
  const decimals = seen?.split('.')[1]?.length ?? 0
  const isSame = seen !== undefined && Math.abs(Number(seen) - cell.value) <= 0.5001 * 10 ** -decimals
  if (cell.isDate || !isSame || /[%\u2030]/.test(text ?? ''))
    return new Fault(column, 'not-a-number', { value: short(text ?? String(cell.value)) })
  return cell.value
}

/** Enough of a cell to recognise it in a message. */
export function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}

/** Why nothing can be read of a cell with a formula or an error. */
export function faultOf(cell: FormulaCell | ErrorCell, column: TableColumn | { title: string }): Fault {
  return cell.kind === 'formula'
    ? new Fault(column, 'formula-cell')
    : new Fault(column, 'error-cell', { value: cell.text })
}
