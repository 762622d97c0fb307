import type { RecordRow, RosterRow, SchoolRow, SnapshotRow } from '@space-assistant/core/formats/rows'
import type { GroupPurpose } from '@space-assistant/core/access/viewer'
import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import * as mock from '@koishijs/plugin-mock'
import type { MessageClient, MockBot } from '@koishijs/plugin-mock'
import { Context, Logger } from 'koishi'
import * as gateway from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'
import * as ranking from 'koishi-plugin-space-ranking'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as tasks from 'koishi-plugin-space-tasks'
import { planRows } from '../scoreboard/rows'

Logger.levels.base = Logger.ERROR

const day = (text: string) => parseDay(text)!

const teacher = (
  account: string,
  name: string,
  schoolCode: string,
  more: Partial<RosterRow> = {},
): RosterRow => ({
  row: 1,
  account,
  name,
  schoolCode,
  schoolName: schoolCode,
  roles: ['teacher'],
  state: 'active',
  opened: true,
  ...more,
})

const schools: SchoolRow[] = [
  { row: 1, code: 'S1', name: '第一小学', town: '城关镇', stage: '小学', students: 97, studentsOpened: 90 },
  { row: 2, code: 'S2', name: '第二小学', town: '城关镇', stage: '小学', students: 50, studentsOpened: 20 },
  { row: 3, code: 'S3', name: '新堤中学', town: '新堤镇', stage: '初中' },
  { row: 4, code: 'S4', name: '空心小学', town: '新堤镇', stage: '小学' },
]

const people: RosterRow[] = [
  teacher('10001', '张三', 'S1', { roles: ['administrator', 'teacher'] }),
  teacher('10002', '李四', 'S1', { subject: '语文' }),
  teacher('10003', '王芳', 'S1', { subject: '数学', opened: false }),
  teacher('10009', '欧阳修', 'S1', { state: 'retired' }),
  teacher('20001', '赵六', 'S2', { roles: ['administrator', 'teacher'] }),
  teacher('20002', '钱七', 'S2'),
  teacher('20003', '王芳', 'S2'),
  teacher('30001', '孙八', 'S3', { roles: ['administrator', 'teacher'] }),
  teacher('40001', '周九', 'S4', { roles: ['administrator'] }),
]

const record = (
  account: string,
  indicator: string,
  on: string,
  more: Partial<RecordRow> = {},
): RecordRow => ({
  row: 1,
  account,
  indicator,
  day: day(on),
  count: 1,
  attributes: {},
  valid: true,
  ...more,
})

const two = (value: number) => String(value).padStart(2, '0')

/** Li Si logs in on 12 days in a row (7 x 1 + 5 x 2 = 17) and uploads 7 times in a week that counts 5. */
const records: RecordRow[] = [
  ...Array.from({ length: 12 }, (_, i) => record('10002', '空间登录', `2022-05-${two(i + 1)}`)),
  record('10002', '资源建设', '2022-05-16', { count: 7, minute: 8 * 60 + 5 }),
  record('10002', '信息完善', '2022-05-17', { valid: false }),
  record('10003', '信息完善', '2022-05-10'),
  record('20001', '班级组建', '2022-05-16'),
  record('30001', '教学成果', '2022-05-17'),
]

const snapshots: SnapshotRow[] = [
  {
    row: 1,
    subject: { kind: 'member', account: '10002' },
    day: day('2022-05-17'),
    total: 24,
    indicators: { 空间登录: 17, 资源建设: 7 },
  },
  { row: 2, subject: { kind: 'school', code: 'S1' }, day: day('2022-05-15'), total: 12.5, indicators: {} },
]

export interface TestApp {
  app: Context
  say(user: string, text: string, group?: string): Promise<string>
  /** Makes a chat account a member's. */
  bind(user: string, account: string): Promise<unknown>
  group(channelId: string, purpose: GroupPurpose, school?: string): Promise<unknown>
  stop(): Promise<void>
}

/** The whole stack on the embedded database; the clock is the test's. */
export async function startApp({
  empty = false,
  scheme = 'xinzhou-2022',
  dir = 'config',
  model = {},
}: {
  empty?: boolean
  scheme?: string
  dir?: string
  /** Settings of the language model; off without an address. */
  model?: Partial<gateway.Config['model']>
} = {}): Promise<TestApp> {
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  const database = app.plugin(sqlite, { path: ':memory:' })
  const bots = app.plugin(mock.default, { selfId: '514' })
  app.plugin(Schemes, { scheme, dir, pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  app.plugin(identity)
  app.plugin(
    gateway,
    gateway.Config({
      person: { times: 100_000, seconds: 60 },
      group: { times: 100_000, seconds: 60 },
      model,
    } as gateway.Config),
  )
  app.plugin(ranking)
  app.plugin(tasks)
  await app.start()
  await new Promise<void>((resolve) => app.inject(['access', 'scoreboard'], () => resolve()))
  await app.model.prepared()
  await fill(app, empty)
  const bot = app.bots[0] as unknown as MockBot
  const clients = new Map<string, MessageClient>()
  const client = (user: string, group?: string) => {
    const key = `${user} ${group}`
    const known = clients.get(key) ?? bot.client(user, group)
    clients.set(key, known)
    return known
  }
  const who = (userId: string) => ({ platform: 'mock', selfId: '514', userId })
  return {
    app,
    say: async (user, text, group) => (await client(user, group).receive(text)).join('\n---\n'),
    bind: (user, account) => app.access.link(who(user), account),
    group: (channelId, purpose, school) => {
      const setting = { purpose, ...(school !== undefined && { school }) }
      return app.access.groups.set({ platform: 'mock', selfId: '514', channelId }, setting, operator)
    },
    async stop() {
      bots.dispose()
      database.dispose()
      await app.stop()
    },
  }
}

async function fill(app: Context, empty: boolean) {
  const store = (act: () => Promise<void>) => app.database.withTransaction(act)
  await store(() => app.roster.store(app.roster.planRoster(people), 1))
  await store(() => app.roster.store(app.roster.planSchools(schools), 2))
  if (empty) return
  const plan = await planRows(app, { rows: records, withIds: false })
  await store(() => app.scoreboard.store(plan, 3))
  const platform = await app.scoreboard.planSnapshot(snapshots)
  await store(() => app.scoreboard.store(platform, 4))
}
