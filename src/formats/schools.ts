import type { SheetRow } from './cells'
import { readCodeField } from './code-fields'
import { Fault, readNumber, readSchoolName } from './fields'
import { field, optionalName, required } from './reading'
import type { TableReading } from './reading'
import type { SchoolRow } from './rows'
import { readStage } from './words'

const headcounts = ['students', 'studentsOpened', 'studentsTookPart'] as const
const MOST_STUDENTS = 1_000_000

/** Reads rows of a table of schools. A code that comes twice with different content is a fault the second time. */
export function schoolsReader(reading: TableReading, seen: Map<string, SchoolRow>) {
  return (row: SheetRow): SchoolRow | undefined | Fault => {
    const parsed = readSchoolRow(reading, row)
    if (parsed instanceof Fault) return parsed
    const first = seen.get(parsed.code)
    if (!first) {
      seen.set(parsed.code, parsed)
      return parsed
    }
    const same = JSON.stringify({ ...first, row: 0 }) === JSON.stringify({ ...parsed, row: 0 })
    return same ? undefined : new Fault('code', 'duplicate-school', { value: parsed.code, first: first.row })
  }
}

function readSchoolRow(reading: TableReading, row: SheetRow): SchoolRow | Fault {
  const code = required(readCodeField(field(reading, row, 'code'), reading.schools), 'code')
  if (code instanceof Fault) return code
  const name = required(readSchoolName(field(reading, row, 'name')), 'name')
  if (name instanceof Fault) return name
  const town = optionalName(reading, row, 'town')
  if (town instanceof Fault) return town
  const stage = readStage(reading, row)
  if (stage instanceof Fault) return stage
  const school: SchoolRow = { row: row.row, code, name, town, stage }
  for (const column of headcounts) {
    const count = readNumber(field(reading, row, column), { whole: true, limit: MOST_STUDENTS })
    if (count instanceof Fault) return count
    if (count !== undefined) school[column] = count
  }
  return school
}
