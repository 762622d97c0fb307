import type { SheetRow } from './cells'
import { readCodeField } from './code-fields'
import { Fault, readName, readSchoolName } from './fields'
import { field, optionalName, required } from './reading'
import type { TableReading } from './reading'
import { AlikeRows } from './roster-alike'
import type { RosterRow } from './rows'
import type { SchoolNamesSeen } from './school-names-seen'
import { readYesNo, holdsState, readRoles, readStage, readState } from './words'

/** Reads rows of a roster. An account that comes twice with different content is a fault the second time. */
export function rosterReader(reading: TableReading, seen: Map<string, RosterRow>, schools: SchoolNamesSeen) {
  // Of known accounts the readers say more, such as that one has lost its leading zeros.
  const alike = reading.accounts.known ? undefined : new AlikeRows(reading)
  return (row: SheetRow): RosterRow | undefined | Fault => {
    let parsed: RosterRow | Fault | undefined = alike?.read(row)
    if (parsed) reading.accounts.forms?.note(parsed.account, false)
    else {
      parsed = readRosterRow(reading, row)
      if (parsed instanceof Fault) return parsed
      alike?.learn(row, parsed)
    }
    const first = seen.get(parsed.account)
    if (first && sameRow(first, parsed)) return undefined
    if (first) return new Fault('account', 'duplicate-account', { value: parsed.account, first: first.row })
    const differs = schools.compare(parsed)
    if (differs) return differs
    seen.set(parsed.account, parsed)
    return parsed
  }
}

function readRosterRow(reading: TableReading, row: SheetRow): RosterRow | Fault {
  const schoolCode = required(readCodeField(field(reading, row, 'schoolCode'), reading.schools), 'schoolCode')
  if (schoolCode instanceof Fault) return schoolCode
  const schoolName = required(readSchoolName(field(reading, row, 'schoolName')), 'schoolName')
  if (schoolName instanceof Fault) return schoolName
  const name = required(readName(field(reading, row, 'name')), 'name')
  if (name instanceof Fault) return name
  if (holdsState(name, reading)) return new Fault('name', 'state-in-name', { value: name })
  const account = required(readCodeField(field(reading, row, 'account'), reading.accounts), 'account')
  if (account instanceof Fault) return account
  const roles = readRoles(reading, row)
  if (roles instanceof Fault) return roles
  const state = readState(reading, row)
  if (state instanceof Fault) return state
  const more = readMore(reading, row)
  if (more instanceof Fault) return more
  return { row: row.row, schoolCode, schoolName, name, account, roles, state, ...more }
}

function readMore(
  reading: TableReading,
  row: SheetRow,
): Pick<RosterRow, 'town' | 'stage' | 'subject' | 'opened'> | Fault {
  const town = optionalName(reading, row, 'town')
  if (town instanceof Fault) return town
  const stage = readStage(reading, row)
  if (stage instanceof Fault) return stage
  const subject = optionalName(reading, row, 'subject')
  if (subject instanceof Fault) return subject
  const opened = readYesNo(reading, row, 'opened')
  if (opened instanceof Fault) return opened
  return { town, stage, subject, opened }
}

function sameRow(a: RosterRow, b: RosterRow): boolean {
  return JSON.stringify({ ...a, row: 0 }) === JSON.stringify({ ...b, row: 0 })
}
