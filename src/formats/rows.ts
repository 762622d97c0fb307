import type { MemberState } from '../roster/member'
import type { PersonDays } from '../roster/person-days'
import type { Day } from '../calendar/day'
import type { Attribute, MemberRole } from '../scheme/scheme'
import type { ProblemCode, FileRefusalCode } from './codes'

export const fileKinds = ['roster', 'schools', 'records', 'snapshot'] as const
export type FileKind = (typeof fileKinds)[number]

/** A refused row or cell. `row` is the line of the sheet as a spreadsheet shows it (1-based). */
export interface Problem {
  row: number
  /** The header as it stands in the file, or the standard name when the column is missing. */
  column?: string | undefined
  /** The sheet, when the file has rows in more than one. */
  sheet?: string | undefined
  code: ProblemCode
  params: Record<string, string | number>
}

/** A file that cannot be used at all, and why. */
export interface FileRefusal {
  kind: 'refusal'
  code: FileRefusalCode
  params: Record<string, string | number>
}

export interface RosterRow {
  row: number
  schoolCode: string
  schoolName: string
  town?: string | undefined
  stage?: string | undefined
  name: string
  account: string
  roles: MemberRole[]
  /** Undefined when the file has no column for it: what is known stays, and who is new is active. */
  state?: MemberState | undefined
  subject?: string | undefined
  opened?: boolean | undefined
}

export interface SchoolRow {
  row: number
  code: string
  name: string
  town?: string | undefined
  stage?: string | undefined
  students?: number | undefined
  studentsOpened?: number | undefined
  studentsTookPart?: number | undefined
}

export interface RecordRow {
  row: number
  account: string
  /** Name of the indicator in the scheme. */
  indicator: string
  day: Day
  /** Minutes since local midnight; undefined when the file gives only the date. */
  minute?: number | undefined
  /** Actions in this row, a whole number from 0. */
  count: number
  recordId?: string | undefined
  attributes: Partial<Record<Attribute, number>>
  /** False when the attributes fail the indicator's requirement: kept, never counted. */
  valid: boolean
}

export interface SnapshotRow {
  row: number
  subject: { kind: 'member'; account: string } | { kind: 'school'; code: string }
  day: Day
  total: number
  /** Points by indicator name, for the columns that the file has. */
  indicators: Record<string, number>
}

/** A column that was not used, with the header that it may have been meant for. */
export interface UnreadColumn {
  title: string
  nearest?: string
}

interface FileReading {
  problems: Problem[]
  /** Rows that are used. */
  understood: number
  /** Rows with a problem, also those of which no problem is kept. */
  refused: number
  unread: UnreadColumn[]
}

/**
 * One understood file. Sheets that hold nothing of the kind are skipped; problems are in order of row. `withState` says
 * whether a roster states who is active, `spared` whom and which days refused rows name: what is known of them stays.
 */
export type ParsedFile = FileReading &
  (
    | { kind: 'roster'; rows: RosterRow[]; withState: boolean }
    | { kind: 'schools'; rows: SchoolRow[] }
    | { kind: 'records'; rows: RecordRow[]; withIds: boolean; spared: PersonDays }
    | { kind: 'snapshot'; rows: SnapshotRow[] }
  )
