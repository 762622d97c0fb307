import type { Context } from 'koishi'

export interface StoredSchoolRow {
  code: string
  name: string
  town: string | null
  stage: string | null
  students: number | null
  studentsOpened: number | null
  studentsTookPart: number | null
  /** The newest import that changed the row. */
  import: number
}

export interface MemberRow {
  account: string
  name: string
  school: string
  /** 1 administrator, 2 teacher, 3 both. */
  roles: number
  /** Null where no import says who is active. */
  state: string | null
  subject: string | null
  opened: number | null
  import: number
}

declare module 'koishi' {
  interface Tables {
    space_school: StoredSchoolRow
    space_member: MemberRow
    /** What an import said of a school; null where it said nothing. */
    space_school_said: StoredSchoolRow
    space_member_said: MemberRow
    space_roster_revision: { id: number; value: number }
  }
}

const school = {
  code: 'string(64)',
  name: 'string(100)',
  town: 'string(50)',
  stage: 'string(20)',
  students: 'unsigned',
  studentsOpened: 'unsigned',
  studentsTookPart: 'unsigned',
  import: 'unsigned',
} as const

const member = {
  account: 'string(64)',
  name: 'string(64)',
  school: 'string(64)',
  roles: 'unsigned(1)',
  state: 'string(10)',
  subject: 'string(64)',
  opened: 'unsigned(1)',
  import: 'unsigned',
} as const

export function defineTables(ctx: Context): void {
  ctx.model.extend('space_school', school, { primary: 'code', indexes: ['town', 'name'] })
  ctx.model.extend('space_member', member, { primary: 'account', indexes: ['school', 'name'] })
  ctx.model.extend('space_school_said', school, { primary: ['code', 'import'], indexes: ['import'] })
  ctx.model.extend('space_member_said', member, { primary: ['account', 'import'], indexes: ['import'] })
  ctx.model.extend('space_roster_revision', { id: 'unsigned(1)', value: 'unsigned(8)' })
}
