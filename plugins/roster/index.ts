import type { Member, School } from '@space-assistant/core/scoring/member'
import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import { Service } from 'koishi'
import type { Context } from 'koishi'

declare module 'koishi' {
  interface Context {
    roster: Roster
  }
  interface Events {
    /** After a commit that changed schools or members, here or in another process on the same database. */
    'space/roster-changed'(): void
  }
}

/** What a roster or schools file would change, against what is known now. Rows without a difference are left out. */
export interface RosterPlan {
  kind: 'roster'
  schools: School[]
  members: Member[]
  summary: {
    schools: { added: number; changed: number; same: number }
    /** `moved` of the changed ones go to another school. */
    members: { added: number; changed: number; moved: number; same: number }
  }
}

/** Schools and members, in memory as they stand in the database. */
export class Roster extends Service {
  static override inject = ['database', 'bulk']

  constructor(ctx: Context) {
    super(ctx, 'roster')
  }

  member(account: string): Member | undefined {
    throw new Error(`not written yet: ${account}`)
  }

  /** In order of account. */
  members(): readonly Member[] {
    throw new Error('not written yet')
  }

  school(code: string): School | undefined {
    throw new Error(`not written yet: ${code}`)
  }

  /** In order of code. */
  schools(): readonly School[] {
    throw new Error('not written yet')
  }

  /** By code, name, unique short name or pinyin initials; several when the text names several. */
  findSchools(text: string): School[] {
    throw new Error(`not written yet: ${text}`)
  }

  /** The nearest by spelling, best first, at most 3; for a text that `findSchools` does not know. */
  suggestSchools(text: string): School[] {
    throw new Error(`not written yet: ${text}`)
  }

  findMembers(name: string, schoolCode?: string): Member[] {
    throw new Error(`not written yet: ${name} ${schoolCode}`)
  }

  /** Cells that the file does not give keep what is known. Plan again inside the transaction that stores. */
  planRoster(rows: readonly RosterRow[]): RosterPlan {
    throw new Error(`not written yet: ${rows.length}`)
  }

  planSchools(rows: readonly SchoolRow[]): RosterPlan {
    throw new Error(`not written yet: ${rows.length}`)
  }

  /** Writes a plan; to be called inside `ctx.database.withTransaction`. Memory and event follow the commit by themselves. */
  async store(plan: RosterPlan, importId: number): Promise<void> {
    throw new Error(`not written yet: ${plan.kind} ${importId}`)
  }

  /** Takes one import back, inside a transaction; what later imports wrote stays. */
  async undo(importId: number): Promise<void> {
    throw new Error(`not written yet: ${importId}`)
  }

  /** Reads everything anew from the database. */
  async load(): Promise<void> {
    throw new Error('not written yet')
  }
}

export default Roster
