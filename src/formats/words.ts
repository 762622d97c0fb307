import { memberRoles } from '../scheme/scheme'
import type { MemberRole } from '../scheme/scheme'
import type { SheetRow } from './cells'
import { Fault, readText, short } from './fields'
import type { TableColumn, Headers } from './headers'
import { field } from './reading'
import type { TableReading } from './reading'
import type { ProblemCode } from './codes'
import type { MemberState } from '../roster/member'
import { valueKey } from '../text/normalise'

/**
 * The roles of a cell that joins one or more of them, also in brackets: whoever writes a second role behind the first
 * means both. Anything else in brackets is not understood rather than dropped.
 */
export function readRoles(reading: TableReading, row: SheetRow): MemberRole[] | Fault {
  const text = readText(field(reading, row, 'roles'))
  if (typeof text !== 'string') return text
  if (!text) return new Fault('roles', 'missing')
  const { roles, separators } = reading.headers
  const whole = roles.get(valueKey(text))
  if (whole) return [whole]
  let parts = partsOf(text)
  for (const mark of separators) parts = parts.flatMap((part) => part.split(mark))
  // A space may stand inside a role as well as between two.
  parts = parts.flatMap((part) => (roles.has(valueKey(part)) ? part : part.split(/\s+/)))
  const found = new Set<MemberRole>()
  for (const part of parts.map((p) => p.trim()).filter(Boolean)) {
    const role = roles.get(valueKey(part))
    if (!role) return unknownWord('roles', 'unknown-role', text, firstWords(roles))
    found.add(role)
  }
  return found.size ? memberRoles.filter((role) => found.has(role)) : new Fault('roles', 'missing')
}

/** The state of a member; active when the cell is empty, undefined when the file has no such column. */
export function readState(reading: TableReading, row: SheetRow): MemberState | undefined | Fault {
  if (!reading.header.at.has('state')) return undefined
  const text = readText(field(reading, row, 'state'))
  if (typeof text !== 'string') return text
  if (!text) return 'active'
  const { states } = reading.headers
  const whole = states.get(valueKey(text))
  if (whole) return whole
  // In brackets may stand when, or the same again, but no other state.
  const parts = partsOf(text).filter((part) => !/^[\d\s./-]*$/.test(part))
  const found = new Set(parts.map((part) => states.get(valueKey(part))))
  const [only] = found
  return found.size === 1 && only ? only : unknownWord('state', 'unknown-state', text, firstWords(states))
}

/** Whether a name says in brackets that its bearer is not active, which the state should say. */
export function holdsState(name: string, { headers }: TableReading): boolean {
  const [, ...inBrackets] = partsOf(name)
  return inBrackets.some((part) => (headers.states.get(valueKey(part)) ?? 'active') !== 'active')
}

/** The standard word of a stage. */
export function readStage(reading: TableReading, row: SheetRow): string | undefined | Fault {
  const text = readText(field(reading, row, 'stage'))
  if (typeof text !== 'string') return text
  if (!text) return undefined
  const { stages } = reading.headers
  return (
    stages.get(valueKey(text)) ?? unknownWord('stage', 'unknown-stage', text, [...new Set(stages.values())])
  )
}

/** Yes or no. */
export function readYesNo(
  reading: TableReading,
  row: SheetRow,
  column: TableColumn,
): boolean | undefined | Fault {
  const text = readText(field(reading, row, column))
  if (typeof text !== 'string') return text
  if (!text) return undefined
  return (
    reading.headers.answers.get(valueKey(text)) ?? new Fault(column, 'not-yes-or-no', { value: short(text) })
  )
}

/** What stands outside and inside brackets. */
function partsOf(text: string): string[] {
  return text.split(/[()[\]{}<>\u3010\u3011\u3014\u3015\u300c\u300d]/).filter((part) => part.trim() !== '')
}

function unknownWord(column: TableColumn, code: ProblemCode, value: string, permitted: string[]): Fault {
  return new Fault(column, code, { value: short(value), permitted: permitted.join('\n') })
}

/** The standard word of each value: the first that stands for it. */
function firstWords(words: Headers['roles'] | Headers['states']): string[] {
  const first = new Map<string, string>()
  for (const [word, value] of words) if (!first.has(value)) first.set(value, word)
  return [...first.values()]
}
