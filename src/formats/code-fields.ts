import { holdsIdentityNumber, holdsPersonalNumber } from '../text/personal-numbers'
import { Fault, readText } from './fields'
import type { FieldSource } from './fields'
import { shownText } from './number-format'

/** Codes that are already known, to tell a mangled one from a new one. A Map or Set by code will do. */
export interface KnownCodes {
  has(code: string): boolean
  keys(): Iterable<string>
}

const MAX_CODE = 64

/** How a column of codes is judged. */
export interface CodeRules {
  /** The codes that exist; undefined when nothing is known of them. */
  known?: KnownIndex | undefined
  /** The forms in which the codes of the file come, to be compared when all have been seen. */
  forms?: CodeForms | undefined
  /** Whether a code may be a phone number: accounts, where staff have set so. Other codes never may. */
  phones?: boolean | undefined
}

/** An account or school code as text, or the reason why the file's program has ruined it; '' when it is empty. */
export function readCodeField(source: FieldSource, rules: CodeRules = {}): string | Fault {
  const { column, cell } = source
  let code: string
  let isNumber = false
  if (typeof cell === 'number') {
    // A double holds 15 decimal digits; what follows them is lost.
    if (Math.abs(cell) >= 1e15) return new Fault(column, 'code-rounded', { value: String(cell) })
    if (!Number.isInteger(cell) || cell < 0) return new Fault(column, 'code-not-whole', { value: cell })
    code = String(cell)
    isNumber = true
  } else if (typeof cell === 'boolean') {
    return new Fault(column, 'code-not-whole', { value: cell ? 'TRUE' : 'FALSE' })
  } else if (typeof cell === 'object' && cell?.kind === 'shown') {
    const text = shownText(cell) ?? ''
    if (cell.isDate) return new Fault(column, 'code-date', { value: text || cell.value })
    if (Math.abs(cell.value) >= 1e15) return new Fault(column, 'code-rounded', { value: text })
    code = shownCode(text, cell.value)
  } else {
    const text = readText(source)
    if (typeof text !== 'string') return text
    code = /[\s'`]/.test(text) ? text.replace(/\s+/g, '').replace(/^['`]+/, '') : text
  }
  const checked = checkCode(code, source, rules)
  if (typeof checked === 'string') rules.forms?.note(checked, isNumber)
  return checked
}

/** Thousands separators and decimals of nothing are no part of a code; all else that is shown is. */
function shownCode(text: string, value: number): string {
  const bare = text.replace(/[\s,]/g, '').replace(/\.0+$/, '')
  return bare === String(value) ? bare : text.replace(/\s+/g, '')
}

function checkCode(code: string, { column }: FieldSource, { known, phones }: CodeRules): string | Fault {
  if (known?.codes.has(code)) return code
  // What Excel and Java make of long numbers; a person's code such as 2022E01 or 1E5 looks otherwise.
  if (/^[+-]?\d(?:\.\d+E[+-]?|E\+)\d+$/i.test(code))
    return new Fault(column, 'code-scientific', { value: code })
  if (/^(?:[+-]?\d+\.\d+|-\d+|true|false)$/i.test(code))
    return new Fault(column, 'code-not-whole', { value: code })
  if (code.length > MAX_CODE) return new Fault(column, 'too-long', { limit: MAX_CODE })
  if (holdsIdentityNumber(code)) return new Fault(column, 'identity-number')
  if (!phones && holdsPersonalNumber(code))
    return new Fault(column, phones === undefined ? 'personal-number' : 'phone-number')
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
      [...this.codes.keys()].filter(isZeroLed).map((known) => [withoutZeros(known), known]),
    )
    return this.byBareCode.get(withoutZeros(code))
  }
}

/** The codes of one column of a file, in which some may have lost their leading zeros while others have them. */
export class CodeForms {
  readonly #zeroLed = new Map<string, string>()
  readonly #numbers = new Set<string>()
  #shortest = Infinity

  constructor(private readonly known: KnownIndex | undefined) {}

  note(code: string, isNumber: boolean): void {
    if (isNumber) this.#numbers.add(code)
    else if (isZeroLed(code)) {
      this.#zeroLed.set(withoutZeros(code), code)
      this.#shortest = Math.min(this.#shortest, code.length)
    }
  }

  /** Whether any code of the column begins with a zero, so that others may have lost theirs. */
  get hasZeros(): boolean {
    return this.#zeroLed.size > 0
  }

  /** Why a code cannot be trusted beside the others; `nearest` is the one that it may have been. */
  lostZeros(code: string): { value: string; nearest?: string } | undefined {
    if (!/^[1-9]\d*$/.test(code) || this.known?.codes.has(code)) return undefined
    const nearest = this.#zeroLed.get(code)
    if (nearest !== undefined) return { value: code, nearest }
    return this.#numbers.has(code) && code.length < this.#shortest ? { value: code } : undefined
  }
}

function isZeroLed(code: string): boolean {
  return /^0\d+$/.test(code)
}

function withoutZeros(code: string): string {
  return code.replace(/^0+(?=\d)/, '')
}
