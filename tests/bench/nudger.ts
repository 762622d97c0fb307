// The process that fills a store with a district, and the one whose planning of a week's nudges is measured. Built to
// JavaScript before it runs, as a district's bot is.
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { encode } from '@space-assistant/core/scoring/tallies'
import { Context, Logger } from 'koishi'
import type { Plugin } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import type {} from 'koishi-plugin-space-roster'
import { setClock } from '../../plugins/cli/clock'
import { keepHeapTight } from '../../plugins/cli/heap'
import { dayOf } from '@space-assistant/core/calendar/day'
import type { StoreOptions } from './store'

export interface NudgerOptions {
  act: 'fill' | 'plan'
  store: StoreOptions
  teachers: number
  /** The instant at which the planning begins, in a working week of the scheme. */
  now: string
}

export interface NudgerReport {
  /** Messages in the outbox afterwards. */
  messages: number
  ms: number
  /** Resident memory with the board and the roster loaded and nothing planned, and its peak from then on. */
  loaded: number
  peak: number
}

Logger.levels.base = Logger.ERROR
const PER_SCHOOL = 50
const PAGE = 10_000

async function main(options: NudgerOptions): Promise<void> {
  keepHeapTight()
  setClock(new Date(options.now))
  const app = new Context({ i18n: { locales: ['zh-CN'] } })
  load(app, '@koishijs/plugin-http')
  if (options.store.kind === 'sqlite') app.plugin(sqlite, { path: options.store.path })
  else app.plugin(mysql, options.store.settings as never)
  load(app, 'koishi-plugin-space-schemes', { scheme: 'xinzhou-2022', dir: 'config' })
  for (const name of ['roster', 'scoreboard', 'access', 'outbox']) load(app, `koishi-plugin-space-${name}`)
  await app.start()
  await new Promise<void>((done) => app.inject(['scoreboard', 'access', 'outbox'], () => done()))
  await app.model.prepared()
  if (options.act === 'fill') await fill(app, options.teachers)
  process.send!(options.act === 'fill' ? {} : await plan(app))
  process.exit(0)
}

/** Teachers with a chat each, fifty to a school, who have logged in on some days and done little else. */
async function fill({ bulk, schemes }: Context, teachers: number): Promise<void> {
  const today = dayOf(new Date())
  const schools = Array.from({ length: Math.ceil(teachers / PER_SCHOOL) }, (_, at) => at)
  for (const some of pages(schools)) await bulk.upsert('space_school', some.map(schoolRow))
  await bulk.upsert(
    'space_indicator',
    schemes.active.indicators.map(({ name }, number) => ({ number, name })),
  )
  const all = Array.from({ length: teachers }, (_, at) => at)
  for (const some of pages(all)) {
    await bulk.upsert('space_member', some.map(memberRow))
    await bulk.upsert(
      'space_tally',
      some.map((at) => {
        const days = Array.from({ length: 1 + (at % 9) }, (_, back) => today - 9 + back)
        const pack = encode(days.map((day) => ({ indicator: 0, day, count: 1 + (day % 2) })))
        return { account: account(at), scheme: schemes.active.id, pack, revision: 1 }
      }),
    )
    const boundAt = new Date()
    await bulk.upsert(
      'space_person_link',
      some.map((at) => ({
        ...{ platform: 'onebot', selfId: '10001', userId: String(20_000_000 + at) },
        ...{ account: account(at), boundAt },
      })),
    )
  }
  await bulk.upsert('space_score_revision', [{ id: 1, value: 1 }])
}

const account = (at: number) => String(10_000_000 + at)
const schoolCode = (at: number) => `42${String(at).padStart(6, '0')}`

function schoolRow(at: number) {
  return {
    ...{
      code: schoolCode(at),
      name: `青铺镇第${at + 1}小学`,
      town: `${at % 97}镇`,
      stage: '小学',
      import: 0,
    },
    ...{ students: 600, studentsOpened: 480, studentsTookPart: 300 },
  }
}

function memberRow(at: number) {
  return {
    ...{ account: account(at), name: `教师${at}`, school: schoolCode(Math.floor(at / PER_SCHOOL)) },
    // The first of each school is its administrator too.
    ...{ state: 'active', subject: '语文', opened: Number(at % 5 > 0), roles: at % PER_SCHOOL ? 2 : 3 },
    import: 0,
  }
}

/** Loads the reminders as a bot does at half past eight on a Monday, and waits until everybody's nudge is written. */
async function plan(app: Context): Promise<NudgerReport> {
  // What every question about members and schools needs once is no part of the planning.
  app.roster.members()
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.()
    await sleep(300)
  }
  writeFileSync('/proc/self/clear_refs', '5')
  const loaded = resident('VmRSS')
  const started = performance.now()
  load(app, 'koishi-plugin-space-reminders')
  while (!(await isDone(app))) await sleep(20)
  const ms = performance.now() - started
  const peak = resident('VmHWM')
  const [row] = await app.bulk.rows<{ number: number }>('SELECT count(*) AS number FROM space_message')
  return { messages: Number(row!.number), ms, loaded, peak }
}

async function isDone({ bulk, model }: Context): Promise<boolean> {
  if (!('space_reminder_run' in model.tables)) return false
  await model.prepared()
  return (await bulk.rows(`SELECT occasion FROM space_reminder_run WHERE state = 'done'`)).length > 0
}

/** Bytes, from the operating system; `VmHWM` is the peak since it was last reset. */
function resident(what: 'VmRSS' | 'VmHWM'): number {
  const kilobytes = new RegExp(`${what}:\\s*(\\d+) kB`).exec(readFileSync('/proc/self/status', 'utf8'))?.[1]
  return Number(kilobytes) * 1024
}

function* pages<T>(list: readonly T[]): Generator<T[]> {
  for (let at = 0; at < list.length; at += PAGE) yield list.slice(at, at + PAGE)
}

function load(app: Context, name: string, config: object = {}): void {
  const exported = require(name) as { default?: object }
  app.plugin((exported.default ?? exported) as Plugin, config as never)
}

main(JSON.parse(process.argv[2]!) as NudgerOptions).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
