import { activity } from '@space-assistant/core/demo/activity'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { encode } from '@space-assistant/core/scoring/tallies'
import type { Tally } from '@space-assistant/core/scoring/tallies'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-database'
import type { Settings } from '../database/mariadb'

export type StoreOptions = { kind: 'sqlite'; path: string } | { kind: 'mysql'; settings: Settings }

export interface FillOptions {
  /** 1 makes a district of 12 schools and 300 members. */
  size: number
  from: string
  to: string
}

export interface BotOptions {
  store: StoreOptions
  /** An ISO instant within the scheme's period. */
  now: string
  /** Only Koishi, the database, the adapter and a command that echoes. */
  bare?: boolean
  fill?: FillOptions
  onebot?: object
  /** Configuration of the outbox. */
  outbox?: object
  /** Issue reports too: the group that is support's, and the folder of attachments. */
  tickets?: { group: string; dir: string }
}

/** What a benchmark asks of the bot while it runs: its memory, or to do what is due in an hour. */
export type BotQuestion = 'memory' | 'hour'

export interface BotReport {
  /** Milliseconds that the services took to load everything. */
  loading: number
  /** Milliseconds from the start of the process until the bot was there. */
  ready: number
  bytes: number
}

export const benchBot = '10001'
/** Chat accounts of the benchmark: an organiser, and an administrator who also teaches. */
export const benchUsers = { staff: '500', administrator: '501' }
const AT_ONCE = 20_000

/** Writes a made-up district and the tallies of a window straight into the tables. */
export async function fillStore(app: Context, { size, from, to }: FillOptions): Promise<void> {
  const scheme = app.schemes.active
  const window = { from: parseDay(from)!, to: parseDay(to)! }
  const { schools, members } = makeDistrict({ size })
  const { bulk } = app
  const roles = (list: readonly string[]) =>
    (list.includes('administrator') ? 1 : 0) + (list.includes('teacher') ? 2 : 0)
  const opened = (value: boolean | undefined) => (value === undefined ? null : Number(value))
  await bulk.upsert(
    'space_school',
    schools.map(({ code, name, town, stage, students, studentsOpened, studentsTookPart }) => ({
      ...{ code, name, town: town ?? null, stage: stage ?? null, import: 0 },
      students: students ?? null,
      studentsOpened: studentsOpened ?? null,
      studentsTookPart: studentsTookPart ?? null,
    })),
  )
  for (const some of slices(members)) {
    const rows = some.map(({ account, name, school, state, subject, ...rest }) => ({
      ...{ account, name, school, state, subject: subject ?? null, import: 0 },
      roles: roles(rest.roles),
      opened: opened(rest.opened),
    }))
    await bulk.upsert('space_member', rows)
  }
  const indicators = scheme.indicators.map(({ name }, number) => ({ number, name }))
  await bulk.upsert('space_indicator', indicators)
  const packs = packsOf(scheme, size, window)
  for (const some of slices(packs.map((pack, index) => ({ pack, account: members[index]!.account })))) {
    await bulk.upsert(
      'space_tally',
      some.map(({ account, pack }) => ({ account, scheme: scheme.id, pack, revision: 1 })),
    )
  }
  await bulk.upsert('space_score_revision', [{ id: 1, value: 1 }])
}

/** The packed tallies of every member, in the order of the district's members. */
export function packsOf(scheme: Scheme, size: number, window: Window): Uint8Array[] {
  const district = makeDistrict({ size })
  const tallies: Tally[][] = district.members.map(() => [])
  for (const { day, length, member, indicator, count } of activity(district, scheme, { window })) {
    const today = new Map<number, Tally>()
    for (let at = 0; at < length; at++) {
      const key = member[at]! * 64 + indicator[at]!
      const known = today.get(key)
      if (known) known.count += count[at]!
      else {
        const tally = { indicator: indicator[at]!, day, count: count[at]! }
        today.set(key, tally)
        tallies[member[at]!]!.push(tally)
      }
    }
  }
  return tallies.map((list) => encode(list.sort((a, b) => a.indicator - b.indicator || a.day - b.day)))
}

/** Binds the chat accounts of the benchmark. */
export async function linkUsers(app: Context, size: number): Promise<void> {
  const { members } = makeDistrict({ size })
  const { account } = members.find(({ roles, state }) => roles.length === 2 && state === 'active')!
  const chat = { platform: 'onebot', selfId: benchBot }
  const now = new Date()
  await app.database.upsert('space_person_link', [
    { ...chat, userId: benchUsers.administrator, account, boundAt: now },
  ])
  await app.database.upsert('space_grant', [
    {
      id: 1,
      kind: 'staff',
      account: '',
      ...chat,
      userId: benchUsers.staff,
      town: '',
      label: 'staff',
      createdAt: now,
    },
  ])
}

function* slices<T>(list: readonly T[]): Generator<T[]> {
  for (let at = 0; at < list.length; at += AT_ONCE) yield list.slice(at, at + AT_ONCE)
}
