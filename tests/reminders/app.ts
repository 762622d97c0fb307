import { resolve } from 'node:path'
import { Context, Logger } from 'koishi'
import type { RecordRow, RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import type { GroupPurpose } from '@space-assistant/core/access/viewer'
import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import * as announcements from 'koishi-plugin-space-announcements'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import Outbox from 'koishi-plugin-space-outbox'
import * as reminders from 'koishi-plugin-space-reminders'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as tasks from 'koishi-plugin-space-tasks'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { HTTP } from '@koishijs/plugin-http'
import type { Settings } from '../database/mariadb'
import { planRows } from '../scoreboard/rows'
import { ChatBot } from './chat'

Logger.levels.base = Logger.ERROR

const day = (text: string) => parseDay(text)!

const person = (account: string, name: string, schoolCode: string, more: Partial<RosterRow> = {}) => ({
  ...{ row: 1, account, name, schoolCode, schoolName: schoolCode, opened: true },
  ...{ roles: ['teacher'], state: 'active' },
  ...more,
})

export const schools: SchoolRow[] = [
  { row: 1, code: 'S1', name: '第一小学', town: '城关镇', stage: '小学', students: 97, studentsOpened: 90 },
  { row: 2, code: 'S2', name: '第二小学', town: '城关镇', stage: '小学', students: 50, studentsOpened: 20 },
  { row: 3, code: 'S3', name: '新堤中学', town: '新堤镇', stage: '初中' },
]

const people = [
  person('10001', '张三', 'S1', { roles: ['administrator', 'teacher'] }),
  person('10002', '李四', 'S1'),
  person('10003', '王芳', 'S1', { opened: false }),
  person('20001', '赵六', 'S2', { roles: ['administrator', 'teacher'] }),
  person('20002', '钱七', 'S2'),
  person('30001', '孙八', 'S3', { roles: ['administrator', 'teacher'] }),
] as RosterRow[]

const record = (account: string, on: string, count: number): RecordRow => ({
  ...{ row: 1, account, indicator: '资源建设', day: day(on) },
  ...{ count, attributes: {}, valid: true },
})

/** Until the Friday before the Monday of the tests; of the third school nothing has come. */
const records = [record('10002', '2022-05-10', 2), record('20002', '2022-05-13', 1)]

export interface TestApp {
  app: Context
  bot: ChatBot
  bind(user: string, account: string): Promise<unknown>
  group(channelId: string, purpose: GroupPurpose, of?: { school?: string; town?: string }): Promise<unknown>
  stop(): Promise<void>
}

export interface Options {
  path?: string
  /** A database of a MariaDB server instead of the embedded one. */
  server?: Settings
  /** Which of the parts that speak first are on. */
  parts?: ('reminders' | 'announcements')[]
  scheme?: string
  dir?: string
  fill?: boolean
  files?: string
}

/** The whole stack behind the gateway on the embedded database, with a platform that takes what is said to it. */
export async function startApp(options: Options = {}): Promise<TestApp> {
  const { path = ':memory:', parts = ['reminders'], scheme = 'xinzhou-2022', fill = true } = options
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  app.baseDir = resolve(import.meta.dirname, '../..')
  const database = options.server ? app.plugin(mysql, options.server) : app.plugin(sqlite, { path })
  app.plugin(HTTP)
  app.plugin(Schemes, { scheme, dir: options.dir ?? 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  app.plugin(identity)
  app.plugin(tasks)
  app.plugin(gateway, gateway.Config({ person: { times: 1000, seconds: 60 } } as gateway.Config))
  app.plugin(Outbox, Outbox.Config({ tickMs: 50, quotas: false, digestDelayMs: 20 } as never))
  let bot!: ChatBot
  const chat = app.plugin({
    name: 'chat',
    apply: (ctx: Context) => void (bot = new ChatBot(ctx)),
  })
  await app.start()
  await new Promise<void>((done) =>
    app.inject(['access', 'scoreboard', 'outbox', 'conversation'], () => done()),
  )
  await app.model.prepared()
  if (fill) await fillDistrict(app)
  if (parts.includes('reminders')) app.plugin(reminders, reminders.Config({} as reminders.Config))
  if (parts.includes('announcements')) {
    const config = { tickMs: 50, files: options.files ?? 'data/announcements' } as announcements.Config
    app.plugin(announcements, announcements.Config(config))
  }
  await app.lifecycle.flush()
  await app.model.prepared()
  const ref = { platform: 'chat', selfId: 'bot' }
  return {
    app,
    bot,
    bind: (userId, account) => app.access.link({ ...ref, userId }, account),
    group: (channelId, purpose, of = {}) =>
      app.access.groups.set({ ...ref, channelId }, { purpose, ...of }, operator),
    async stop() {
      chat.dispose()
      await app.parallel('exit', 'SIGTERM' as never)
      database.dispose()
      await app.stop()
    },
  }
}

async function fillDistrict(app: Context): Promise<void> {
  const store = (act: () => Promise<void>) => app.database.withTransaction(act)
  await store(() => app.roster.store(app.roster.planRoster(people), 1))
  await store(() => app.roster.store(app.roster.planSchools(schools), 2))
  const plan = await planRows(app, { rows: records, withIds: false })
  await store(() => app.scoreboard.store(plan, 3))
}

/** So many more teachers of the second school, each with a chat account. */
export async function crowd(app: Context, count: number): Promise<void> {
  const accounts = Array.from({ length: count }, (_, i) => `9${String(i).padStart(5, '0')}`)
  const rows = accounts.map((account) => person(account, `教师${account}`, 'S2')) as RosterRow[]
  await app.database.withTransaction(() => app.roster.store(app.roster.planRoster(rows), 4))
  const links = accounts.map((account) => ({
    ...{ platform: 'chat', selfId: 'bot', userId: `u${account}`, account, boundAt: new Date() },
  }))
  await app.database.upsert('space_person_link', links)
}

/** The reminders once more: the framework takes the same function for the same plugin. */
export function anotherReminders() {
  const { inject, apply } = reminders
  return {
    name: 'another',
    inject,
    apply: (ctx: Context, config: reminders.Config) => apply(ctx.isolate('reminders'), config),
  }
}
