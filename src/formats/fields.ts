import type { Attribute } from '../scheme/scheme'
import type { Cell } from './cells'
import type { TableColumn } from './headers'
import type { ProblemCode } from './codes'
import { clean, cleanName } from '../text/normalise'

/** Why a row is refused, and in which column; made into a Problem where the row's place is known. */
export class Fault {
  constructor(
    readonly column: TableColumn | Attribute | { title: string },
    readonly code: ProblemCode,
    readonly params: Record<string, string | number> = {},
  ) {}
}

/** Codes that are already known, to tell a mangled one from a new one. A Map or Set by code will do. */
export interface KnownCodes {
  has(code: string): boolean
  keys(): Iterable<string>
}

export interface FieldSource {
  column: TableColumn
  cell: Cell | undefined
}

const MAX_CODE = 64
/** Longest words by column; those of the database tables. */
const MAX_WORD = 50
const MAX_SCHOOL_NAME = 100

/** The text of a cell with full width and invisible characters normalised, without the apostrophe that marks text in Excel; '' when it is empty. */
export function readText({ column, cell }: FieldSource): string | Fault {
  if (cell === null || cell === undefined) return ''
  if (typeof cell === 'string') return withoutMark(clean(cell))
  if (typeof cell === 'object') return faultOf(cell, column)
  return typeof cell === 'number' ? String(cell) : cell ? 'TRUE' : 'FALSE'
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

/** An account or school code as text, or the reason why the file's program has ruined it; '' when it is empty. */
export function readCodeField({ column, cell }: FieldSource, known?: KnownIndex): string | Fault {
  let code: string
  if (typeof cell === 'number') {
    // A double holds 15 decimal digits; what follows them is lost.
    if (Math.abs(cell) >= 1e15) return new Fault(column, 'code-rounded', { value: String(cell) })
    if (!Number.isInteger(cell)) return new Fault(column, 'code-not-whole', { value: cell })
    code = String(cell)
  } else {
    const text = readText({ column, cell })
    if (typeof text !== 'string') return text
    code = /[\s'`]/.test(text) ? text.replace(/\s+/g, '').replace(/^['`]+/, '') : text
  }
  return checkCode(code, column, known)
}

function checkCode(code: string, column: TableColumn, known: KnownIndex | undefined): string | Fault {
  if (known?.codes.has(code)) return code
  if (/^[+-]?\d+(\.\d+)?E\+?\d+$/i.test(code)) return new Fault(column, 'code-scientific', { value: code })
  if (code.length > MAX_CODE) return new Fault(column, 'too-long', { limit: MAX_CODE })
  if (isIdentityNumber(code)) return new Fault(column, 'identity-number')
  const padded = known?.padded(code)
  return padded ? new Fault(column, 'code-lost-zeros', { value: code, nearest: padded }) : code
}

/** Known codes with a way back from a code that lost its leading zeros. */
export class KnownIndex {
  private byBareCode: Map<string, string> | undefined

  constructor(readonly codes: KnownCodes) {}

  /** The known code that differs from this one by leading zeros only. */
  padded(code: string): string | undefined {
    if (!/^\d+$/.test(code)) return
    this.byBareCode ??= new Map(
      [...this.codes.keys()].filter((known) => /^0\d+$/.test(known)).map((known) => [bare(known), known]),
    )
    return this.byBareCode.get(bare(code))
  }
}

function bare(code: string): string {
  return code.replace(/^0+(?=\d)/, '')
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
  const text = readText({ column, cell })
  if (typeof text !== 'string') return text
  if (text === '') return undefined
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text
  if (!/^[+-]?\d{1,15}(\.\d{1,15})?$/.test(plain))
    return new Fault(column, 'not-a-number', { value: short(text) })
  return Number(plain)
}

/** Enough of a cell to recognise it in a message. */
export function short(text: string): string {
  return text.length > 30 ? `${text.slice(0, 30)}…` : text
}

export function faultOf(
  cell: Exclude<Cell, string | number | boolean | null>,
  column: TableColumn | { title: string },
): Fault {
  return cell.kind === 'formula'
    ? new Fault(column, 'formula-cell')
    : new Fault(column, 'error-cell', { value: cell.text })
}

function withoutPersonalNumbers(text: string): string {
  if (!/\d{11}/.test(text)) return text
  return text
    .replace(/(?<![\dA-Za-z])\d{17}[\dXx](?![\dA-Za-z])/g, '')
    .replace(/(?<!\d)(?:\+?86)?1[3-9]\d{9}(?!\d)/g, '')
}

/** GB 11643-1999: region, birth date, order, and a check character by weights 2^i mod 11. */
export function isIdentityNumber(text: string): boolean {
  if (!/^[1-8]\d{5}(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[\dXx]$/.test(text)) return false
  const sum = [...text.slice(0, 17)].reduce(
    (total, digit, at) => total + Number(digit) * (2 ** (17 - at) % 11),
    0,
  )
  return '10X98765432'[sum % 11] === text[17]!.toUpperCase()
}
