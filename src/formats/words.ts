import { memberRoles } from '../scheme/scheme'
import type { MemberRole } from '../scheme/scheme'
import type { SheetRow } from './cells'
import { Fault, readText, short } from './fields'
import type { TableColumn, Headers } from './headers'
import { field } from './reading'
import type { TableReading } from './reading'
import type { ProblemCode } from './codes'
import type { MemberState } from '../roster/member'
import { wordKey } from '../text/normalise'

/** The roles of a cell that joins one or more of them. */
export function readRoles(reading: TableReading, row: SheetRow): MemberRole[] | Fault {
  const text = readText(field(reading, row, 'roles'))
  if (typeof text !== 'string') return text
  if (!text) return new Fault('roles', 'missing')
  const { roles, separators } = reading.headers
  const whole = roles.get(wordKey(text))
  if (whole) return [whole]
  let parts = [text]
  for (const mark of separators) parts = parts.flatMap((part) => part.split(mark))
  // A space may stand inside a role as well as between two.
  parts = parts.flatMap((part) => (roles.has(wordKey(part)) ? part : part.split(/\s+/)))
  const found = new Set<MemberRole>()
  for (const part of parts.map((p) => p.trim()).filter(Boolean)) {
    const role = roles.get(wordKey(part))
    if (!role) return unknownWord('roles', 'unknown-role', part, firstWords(roles))
    found.add(role)
  }
  return found.size ? memberRoles.filter((role) => found.has(role)) : new Fault('roles', 'missing')
}

/** The state of a member; active when the cell is empty. */
export function readState(reading: TableReading, row: SheetRow): MemberState | Fault {
  const text = readText(field(reading, row, 'state'))
  if (typeof text !== 'string') return text
  if (!text) return 'active'
  const { states } = reading.headers
  return states.get(wordKey(text)) ?? unknownWord('state', 'unknown-state', text, firstWords(states))
}

/** The standard word of a stage. */
export function readStage(reading: TableReading, row: SheetRow): string | undefined | Fault {
  const text = readText(field(reading, row, 'stage'))
  if (typeof text !== 'string') return text
  if (!text) return undefined
  const { stages } = reading.headers
  return (
    stages.get(wordKey(text)) ?? unknownWord('stage', 'unknown-stage', text, [...new Set(stages.values())])
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
    reading.headers.answers.get(wordKey(text)) ?? new Fault(column, 'not-yes-or-no', { value: short(text) })
  )
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
