import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import { distance } from '@space-assistant/core/text/nearest'
import { SchoolNames } from '@space-assistant/core/roster/school-names'
import { questionKey } from '@space-assistant/core/text/normalise'
import type { Member, School } from '@space-assistant/core/roster/member'
import { compareCodes } from '@space-assistant/core/scoring/people'
import { Schema } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-database'
import { memberColumns, memberFromRow, schoolColumns, schoolFromRow } from './columns'
import { planRoster, planSaid, planSchools } from './plan'
import type { RosterPlan } from './plan'
import { Said } from './said'
import { defineTables } from './table'
import type { MemberRow, StoredSchoolRow as SchoolColumns } from './table'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export type { RosterPlan } from './plan'

declare module 'koishi' {
  interface Context {
    roster: RosterService
  }
  interface Events {
    /** After a commit that changed schools or members, here or in another process on the same database. */
    'space/roster-changed'(): void
  }
}

export interface Config {
  pollSeconds: number
}

export const Config: Schema<Config> = Schema.object({
  pollSeconds: Schema.natural().min(1).default(5),
}).i18n({ 'zh-CN': zhCN._config, 'en-US': enUS._config })

export const name = 'space-roster'
export const inject = ['database', 'bulk']

export function apply(ctx: Context, config: Config): void {
  ctx.i18n.define('zh-CN', 'space-roster', zhCN)
  ctx.i18n.define('en-US', 'space-roster', enUS)
  defineTables(ctx)
  ctx.provide('roster')
  ctx.on('ready', async () => {
    const roster = new RosterService(ctx)
    await ctx.model.prepared()
    await roster.load()
    ctx.setInterval(() => void roster.follow(), config.pollSeconds * 1000)
    ctx.set('roster', roster)
  })
}

const SUGGESTIONS = 3
/** Accounts of one question to the database. */
const ASKED = 500

/**
 * Schools and members, in memory as they stand in the database. A plain object rather than a Koishi `Service`, whose
 * tracing proxies cost more than every question asked here.
 */
export class RosterService {
  readonly #members = new Map<string, Member>()
  readonly #schools = new Map<string, School>()
  #sorted: Sorted | undefined
  #revision = -1

  constructor(private readonly ctx: Context) {}

  member(account: string): Member | undefined {
    return this.#members.get(account)
  }

  /** In order of account. */
  members(): readonly Member[] {
    return this.#order().members
  }

  school(code: string): School | undefined {
    return this.#schools.get(code)
  }

  /** In order of code. */
  schools(): readonly School[] {
    return this.#order().schools
  }

  /** By code, name, the end of a name, a part of it or pinyin initials; several when the text may mean several. */
  findSchools(text: string): School[] {
    return this.#order()
      .names.find(questionKey(text))
      .flatMap(({ code }) => this.#schools.get(code) ?? [])
  }

  /** The nearest by spelling, best first, at most 3; for a text that `findSchools` does not know. */
  suggestSchools(text: string): School[] {
    const key = questionKey(text).slice(0, 40)
    if (!key) return []
    const near = this.schools().map((school) => {
      const name = questionKey(school.name)
      // A short name is compared with the end of the long one that it may stand for.
      const changes = Math.min(distance(key, name), distance(key, name.slice(-key.length)) + 0.5)
      return { school, changes }
    })
    return near
      .filter(({ changes }) => changes <= Math.max(1.5, key.length / 2))
      .sort((a, b) => a.changes - b.changes)
      .slice(0, SUGGESTIONS)
      .map(({ school }) => school)
  }

  /** By exact name, spaces left out, in order of account. */
  findMembers(name: string, schoolCode?: string): Member[] {
    const found = this.#order().byName.get(nameKey(name)) ?? []
    return schoolCode === undefined ? [...found] : found.filter((member) => member.school === schoolCode)
  }

  /** Cells that the file does not give keep what is known. Plan again inside the transaction that stores. */
  planRoster(rows: readonly RosterRow[]): RosterPlan {
    return planRoster(rows, this)
  }

  planSchools(rows: readonly SchoolRow[]): RosterPlan {
    return planSchools(rows, this)
  }

  /** Writes a plan; to be called inside `ctx.database.withTransaction`. Memory and event follow the commit by themselves. */
  async store(made: RosterPlan, importId: number): Promise<void> {
    const revision = await this.#nextRevision()
    // What another process stored a moment ago may make a row new that was known when the plan was made.
    const isCurrent = revision === this.#revision + 1
    if (!isCurrent) await this.load()
    const plan = isCurrent ? made : planSaid(made.said, this)
    const [schools, members] = this.#said()
    await schools.write(plan.said.schools.map(schoolColumns), plan.schools.map(schoolColumns), importId)
    await members.write(plan.said.members.map(memberColumns), plan.members.map(memberColumns), importId)
    this.ctx.bulk.committed(() => this.#take(plan, revision))
  }

  /** Takes one import back, inside a transaction; what other imports said stays. */
  async undo(importId: number): Promise<void> {
    await this.#nextRevision()
    for (const said of this.#said()) await said.undo(importId)
    this.ctx.bulk.committed(() => void this.load().then(() => this.#changed()))
  }

  /**
   * The schools that imports from a number on have said members to be of, and the last one before, by account: those
   * that they have left too.
   */
  async schoolsSaid(accounts: readonly string[], sinceImport: number): Promise<Map<string, Set<string>>> {
    const found = new Map<string, Set<string>>()
    for (let at = 0; at < accounts.length; at += ASKED) {
      const asked = accounts.slice(at, at + ASKED)
      const rows = await this.ctx.bulk.rows<Pick<MemberRow, 'account' | 'school' | 'import'>>(
        `SELECT account, school, \`import\` FROM space_member_said WHERE school IS NOT NULL
         AND account IN (${asked.map(() => '?').join(', ')}) ORDER BY \`import\``,
        asked,
      )
      for (const row of rows) {
        const own = found.get(row.account) ?? new Set()
        if (row.import < sinceImport) own.clear()
        found.set(row.account, own.add(row.school))
      }
    }
    return found
  }

  /** Reads everything anew from the database, past the framework's conversion of rows. */
  async load(): Promise<void> {
    const { bulk } = this.ctx
    // The revision first: what is stored in between is read twice rather than missed.
    const revision = await this.#storedRevision()
    const schools = await bulk.rows<SchoolColumns>('SELECT * FROM space_school')
    const members = await bulk.rows<MemberRow>('SELECT * FROM space_member')
    this.#schools.clear()
    this.#members.clear()
    for (const row of schools) this.#schools.set(row.code, schoolFromRow(row))
    for (const row of members) this.#members.set(row.account, memberFromRow(row))
    this.#sorted = undefined
    this.#revision = revision
  }

  #take(plan: RosterPlan, revision: number): void {
    if (revision !== this.#revision + 1) {
      // Another process has stored something in between.
      void this.load().then(() => this.#changed())
      return
    }
    for (const school of plan.schools) this.#schools.set(school.code, school)
    for (const member of plan.members) this.#members.set(member.account, member)
    this.#sorted = undefined
    this.#revision = revision
    this.#changed()
  }

  #changed(): void {
    this.ctx.emit('space/roster-changed')
  }

  /** Reads anew what other processes have stored since. */
  async follow(): Promise<void> {
    try {
      if ((await this.#storedRevision()) === this.#revision) return
      await this.load()
      this.#changed()
    } catch (error) {
      this.ctx.logger('space-roster').warn('cannot ask for news: %s', (error as Error).message)
    }
  }

  async #storedRevision(): Promise<number> {
    const [row] = await this.ctx.bulk.rows<{ value: number }>(
      'SELECT value FROM space_roster_revision WHERE id = 1',
    )
    return row?.value ?? 0
  }

  /** Its row stays locked until the commit, so revisions are in the order of commits. */
  async #nextRevision(): Promise<number> {
    const { bulk } = this.ctx
    await bulk.insert('space_roster_revision', [{ id: 1, value: 0 }])
    await bulk.run('UPDATE space_roster_revision SET value = value + 1 WHERE id = 1')
    return this.#storedRevision()
  }

  #said(): [Said, Said] {
    const { bulk } = this.ctx
    const school = ['name', 'town', 'stage', 'students', 'studentsOpened', 'studentsTookPart']
    const member = ['name', 'school', 'roles', 'state', 'subject', 'opened']
    return [
      new Said(bulk, 'space_school', 'space_school_said', 'code', school),
      new Said(bulk, 'space_member', 'space_member_said', 'account', member),
    ]
  }

  #order(): Sorted {
    return (this.#sorted ??= sort(this.#members, this.#schools))
  }
}

interface Sorted {
  members: readonly Member[]
  schools: readonly School[]
  byName: ReadonlyMap<string, readonly Member[]>
  names: SchoolNames
}

function sort(members: ReadonlyMap<string, Member>, schools: ReadonlyMap<string, School>): Sorted {
  const sortedMembers = [...members.values()].sort((a, b) => compareCodes(a.account, b.account))
  const sortedSchools = [...schools.values()].sort((a, b) => compareCodes(a.code, b.code))
  const byName = new Map<string, Member[]>()
  for (const member of sortedMembers) {
    const key = nameKey(member.name)
    const same = byName.get(key)
    if (same) same.push(member)
    else byName.set(key, [member])
  }
  return { members: sortedMembers, schools: sortedSchools, byName, names: new SchoolNames(sortedSchools) }
}

function nameKey(name: string): string {
  return name.normalize('NFKC').replace(/\s/gu, '')
}
