import type { SheetRow } from './cells'
import { Fault, readCode, readName, readSchoolName } from './fields'
import { field, optionalName, remembered, required } from './reading'
import type { Reading } from './reading'
import type { RosterRow } from './rows'
import { readAnswer, readRoles, readStage, readState } from './words'

/** Reads rows of a roster. An account that comes twice with different content is a fault the second time. */
export function rosterReader(reading: Reading, seen: Map<string, RosterRow>) {
  const fields = repeatedFields(reading)
  return (row: SheetRow): RosterRow | undefined | Fault => {
    const parsed = readRosterRow(reading, row, fields)
    if (parsed instanceof Fault) return parsed
    const first = seen.get(parsed.account)
    if (!first) {
      seen.set(parsed.account, parsed)
      return parsed
    }
    if (sameRow(first, parsed)) return undefined
    return new Fault('account', 'duplicate-account', { value: parsed.account, first: first.row })
  }
}

/** The columns whose few texts come again and again. */
function repeatedFields(reading: Reading) {
  return {
    schoolCode: remembered(reading, 'schoolCode', (row) =>
      required(readCode(field(reading, row, 'schoolCode'), reading.schools), 'schoolCode'),
    ),
    schoolName: remembered(reading, 'schoolName', (row) =>
      required(readSchoolName(field(reading, row, 'schoolName')), 'schoolName'),
    ),
    roles: remembered(reading, 'roles', (row) => readRoles(reading, row)),
    state: remembered(reading, 'state', (row) => readState(reading, row)),
    town: remembered(reading, 'town', (row) => optionalName(reading, row, 'town')),
    stage: remembered(reading, 'stage', (row) => readStage(reading, row)),
    subject: remembered(reading, 'subject', (row) => optionalName(reading, row, 'subject')),
    opened: remembered(reading, 'opened', (row) => readAnswer(reading, row, 'opened')),
  }
}

function readRosterRow(
  reading: Reading,
  row: SheetRow,
  fields: ReturnType<typeof repeatedFields>,
): RosterRow | Fault {
  const schoolCode = fields.schoolCode(row)
  if (schoolCode instanceof Fault) return schoolCode
  const schoolName = fields.schoolName(row)
  if (schoolName instanceof Fault) return schoolName
  const name = required(readName(field(reading, row, 'name')), 'name')
  if (name instanceof Fault) return name
  const account = required(readCode(field(reading, row, 'account'), reading.accounts), 'account')
  if (account instanceof Fault) return account
  const roles = fields.roles(row)
  if (roles instanceof Fault) return roles
  const state = fields.state(row)
  if (state instanceof Fault) return state
  const town = fields.town(row)
  if (town instanceof Fault) return town
  const stage = fields.stage(row)
  if (stage instanceof Fault) return stage
  const subject = fields.subject(row)
  if (subject instanceof Fault) return subject
  const opened = fields.opened(row)
  if (opened instanceof Fault) return opened
  return { row: row.row, schoolCode, schoolName, name, account, roles, state, town, stage, subject, opened }
}

function sameRow(a: RosterRow, b: RosterRow): boolean {
  return JSON.stringify({ ...a, row: 0 }) === JSON.stringify({ ...b, row: 0 })
}
