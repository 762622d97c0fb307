import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { RecordRow, RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import { operator } from '@space-assistant/core/access/viewer'
import type { GivenGrant } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { HTTP } from '@koishijs/plugin-http'
import * as mock from '@koishijs/plugin-mock'
import type { MockBot } from '@koishijs/plugin-mock'
import Server from '@koishijs/plugin-server'
import { Context, Logger } from 'koishi'
import * as announcements from 'koishi-plugin-space-announcements'
import * as awards from 'koishi-plugin-space-awards'
import * as bulletins from 'koishi-plugin-space-bulletins'
import * as documents from 'koishi-plugin-space-documents'
import * as materials from 'koishi-plugin-space-materials'
import * as pictures from 'koishi-plugin-space-pictures'
import * as gateway from 'koishi-plugin-space-conversation'
import * as access from 'koishi-plugin-space-access'
import Imports from 'koishi-plugin-space-imports'
import * as office from 'koishi-plugin-space-office'
import Outbox from 'koishi-plugin-space-outbox'
import * as reminders from 'koishi-plugin-space-reminders'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as tickets from 'koishi-plugin-space-tickets'
import { planRows } from '../scoreboard/rows'
import { freePort } from '../cli/space'

Logger.levels.base = Logger.SILENT

const root = resolve(import.meta.dirname, '../..')
const day = (text: string) => parseDay(text)!

const teacher = (
  account: string,
  name: string,
  schoolCode: string,
  more: Partial<RosterRow> = {},
): RosterRow => ({
  ...{ row: 1, account, name, schoolCode, schoolName: schoolCode },
  ...{ roles: ['teacher'], state: 'active', opened: true },
  ...more,
})

const schools: SchoolRow[] = [
  { row: 1, code: 'S1', name: '第一小学', town: '城关镇', stage: '小学', students: 97, studentsOpened: 90 },
  { row: 2, code: 'S2', name: '第二小学', town: '城关镇', stage: '小学', students: 50, studentsOpened: 20 },
  { row: 3, code: 'S3', name: '新堤中学', town: '新堤镇', stage: '初中' },
]

const people: RosterRow[] = [
  teacher('10001', '张三', 'S1', { roles: ['administrator', 'teacher'] }),
  teacher('10002', '李四', 'S1'),
  teacher('10003', '王芳', 'S1', { opened: false }),
  teacher('20001', '赵六', 'S2', { roles: ['administrator', 'teacher'] }),
  teacher('20002', '钱七', 'S2'),
  teacher('30001', '孙八', 'S3', { roles: ['administrator', 'teacher'] }),
]

const record = (account: string, indicator: string, on: string, count = 1): RecordRow => ({
  ...{ row: 1, account, indicator, day: day(on), count, attributes: {}, valid: true },
})

const two = (value: number) => String(value).padStart(2, '0')

/** Li Si logs in on 12 days in a row: 7 x 1 + 5 x 2 = 17, and uploads 7 times in a week that counts 5: 22. */
const records: RecordRow[] = [
  ...Array.from({ length: 12 }, (_, i) => record('10002', '空间登录', `2022-05-${two(i + 1)}`)),
  record('10002', '资源建设', '2022-05-16', 7),
  record('10003', '信息完善', '2022-05-10'),
  record('20001', '班级组建', '2022-05-16'),
  record('30001', '教学成果', '2022-05-17'),
]

/** Whoever asks, in the tests: a chat account with what it is. */
export const cast = {
  staff: { userId: '900', grant: 'staff' },
  support: { userId: '901', grant: 'support' },
  town: { userId: '902', grant: 'town', town: '城关镇' },
  judge: { userId: '903', grant: 'judge' },
  administrator: { userId: '100', account: '10001' },
  teacher: { userId: '101', account: '10002' },
  neighbour: { userId: '200', account: '20001' },
} as const satisfies Record<string, { userId: string; account?: string; grant?: GivenGrant; town?: string }>

export type Actor = keyof typeof cast | 'stranger'

/** A browser without a page: what it sends is what a test says. */
export class Client {
  cookie = ''

  constructor(readonly base: string) {}

  get origin(): string {
    return this.base
  }

  call(route: string, input: unknown = {}, headers: Record<string, string> = {}): Promise<Response> {
    return this.post(`/api/${route}`, JSON.stringify(input), headers)
  }

  async post(
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const own = { 'content-type': 'application/json', 'x-space-page': '1', origin: this.origin }
    const response = await fetch(this.base + path, {
      method: 'POST',
      body,
      headers: { ...own, ...(this.cookie && { cookie: this.cookie }), ...headers },
    })
    const set = response.headers.get('set-cookie')
    if (set) this.cookie = set.split(';')[0]!
    return response
  }

  async ask<T = Record<string, never>>(route: string, input: unknown = {}): Promise<T> {
    const response = await this.call(route, input)
    const body = (await response.json()) as T
    if (!response.ok) throw new Error(`${route}: ${response.status} ${JSON.stringify(body)}`)
    return body
  }
}

export interface OfficeApp {
  app: Context
  base: string
  data: string
  /** A browser that is signed in. */
  as(actor: Actor): Promise<Client>
  say(userId: string, text: string, group?: string): Promise<string>
  stop(): Promise<void>
}

/** The whole stack on the embedded database, with its page on a port of its own. */
export async function startOffice(settings: Partial<office.PageSettings> = {}): Promise<OfficeApp> {
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  app.baseDir = root
  const data = mkdtempSync(join(tmpdir(), 'space-office-'))
  const port = await freePort()
  const database = app.plugin(sqlite, { path: ':memory:' })
  const bots = app.plugin(mock.default, { selfId: '514' })
  app.plugin(HTTP)
  const server = app.plugin(Server, { host: '127.0.0.1', port })
  const often = { pollSeconds: 3600 }
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir: 'config', ...often })
  app.plugin(roster, often)
  app.plugin(scoreboard, often)
  app.plugin(access)
  app.plugin(Imports, { keepMinutes: 15 })
  app.plugin(Outbox, {
    ...new Outbox.Config(),
    tickMs: 30,
    quotas: false,
    quietFrom: '00:00',
    quietTo: '00:00',
  })
  app.plugin(gateway, gateway.Config({ person: { times: 100_000, seconds: 60 } } as gateway.Config))
  app.plugin(announcements, {
    ...announcements.Config({} as announcements.Config),
    files: join(data, 'announcements'),
  })
  app.plugin(tickets, { ...tickets.Config({} as tickets.Config), dir: join(data, 'tickets') })
  app.plugin(documents, documents.Config({} as documents.Config))
  app.plugin(pictures, pictures.Config({} as pictures.Config))
  app.plugin(materials, { ...materials.Config({} as materials.Config), dir: join(data, 'materials') })
  app.plugin(bulletins, { ...bulletins.Config({} as bulletins.Config), files: join(data, 'bulletins') })
  app.plugin(awards, awards.Config({} as awards.Config))
  app.plugin(reminders, reminders.Config({} as reminders.Config))
  app.plugin(office, {
    ...office.Config({} as office.PageSettings),
    uploads: join(data, 'uploads'),
    ...settings,
  })
  await app.start()
  await new Promise<void>((done) =>
    app.inject(
      [
        'office',
        'scoreboard',
        'imports',
        'outbox',
        'tickets',
        'awards',
        'bulletins',
        'materials',
        'reminders',
      ],
      () => done(),
    ),
  )
  await app.model.prepared()
  await fill(app)
  const base = `http://127.0.0.1:${port}`
  const who = (userId: string) => ({ platform: 'mock', selfId: '514', userId })
  return {
    app,
    base,
    data,
    async as(actor) {
      const client = new Client(base)
      if (actor === 'stranger') return client
      const token = await app.office.sessions.open(who(cast[actor].userId), 'test')
      client.cookie = `space_session=${token}`
      return client
    },
    async say(userId, text, group) {
      const bot = app.bots[0] as unknown as MockBot
      return (await bot.client(userId, group).receive(text)).join('\n')
    },
    async stop() {
      bots.dispose()
      server.dispose()
      database.dispose()
      await app.stop()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function fill(app: Context): Promise<void> {
  await app.database.withTransaction(() => app.roster.store(app.roster.planRoster(people), 1))
  await app.database.withTransaction(() => app.roster.store(app.roster.planSchools(schools), 2))
  const plan = await planRows(app, { rows: records, withIds: false })
  await app.database.withTransaction(() => app.scoreboard.store(plan, 3))
  const chat = (userId: string) => ({ platform: 'mock', selfId: '514', userId })
  for (const one of Object.values(cast)) {
    if ('account' in one) await app.access.link(chat(one.userId), one.account)
    else
      await app.access.grants.give(chat(one.userId), {
        kind: one.grant,
        label: one.grant,
        ...('town' in one && { town: one.town }),
      })
  }
  const group = { platform: 'mock', selfId: '514', channelId: '300' }
  await app.access.groups.set(group, { purpose: 'exchange' }, operator)
}
