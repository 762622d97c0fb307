// The awards behind the gateway on a real database, with people of every role.
import * as awards from 'koishi-plugin-space-awards'
import * as documents from 'koishi-plugin-space-documents'
import { operator } from '@space-assistant/core/access/viewer'
import type { RosterRow, SchoolRow } from '@space-assistant/core/formats/rows'
import { parseDay } from '@space-assistant/core/calendar/day'
import type { Settings } from '../database/mariadb'
import { planRows } from '../scoreboard/rows'
import { startApp } from '../reminders/app'
import type { TestApp } from '../reminders/app'

export const chatBot = { platform: 'chat', selfId: 'bot' }

const person = (
  account: string,
  name: string,
  schoolCode: string,
  more: Partial<RosterRow> = {},
): RosterRow => ({
  ...{ row: 1, account, name, schoolCode, schoolName: schoolCode, opened: true },
  ...{ roles: ['teacher'], state: 'active' },
  ...more,
})

const schools: SchoolRow[] = [
  { row: 1, code: 'H1', name: '新洲一中', town: '邾城街', stage: '高中', students: 50, studentsOpened: 50 },
  { row: 2, code: 'V1', name: '职业学校', town: '邾城街', stage: '职校', students: 50, studentsOpened: 50 },
]

const people: RosterRow[] = [
  person('h1', '高一', 'H1', { roles: ['administrator', 'teacher'] }),
  person('h2', '高二', 'H1'),
  person('v1', '职一', 'V1'),
]

export interface AwardAppOptions {
  path?: string
  server?: Settings
  scheme?: string
  dir?: string
  templates?: string
  /** False for a database that has the district already. */
  fill?: boolean
}

/** Users: boss (staff), town (office of the first town), admin1, teacher1, high (administrator of the high school), j1-j6 (judges), nobody. */
export async function openAwards(options: AwardAppOptions): Promise<TestApp> {
  const test = await startApp({ parts: ['announcements'], ...options })
  const { app } = test
  if (options.fill !== false) await fillRoster(app)
  app.plugin(
    documents,
    documents.Config({ dir: options.templates ?? 'config/templates' } as documents.Config),
  )
  app.plugin(awards, awards.Config({ tickMs: 50 } as awards.Config))
  await app.lifecycle.flush()
  await app.model.prepared()
  if (options.fill !== false) await fillPeople(test)
  return test
}

async function fillRoster(app: TestApp['app']): Promise<void> {
  const store = (act: () => Promise<void>) => app.database.withTransaction(act)
  await store(() => app.roster.store(app.roster.planRoster(people), 11))
  await store(() => app.roster.store(app.roster.planSchools(schools), 12))
  const rows = (
    [
      ['10001', 3],
      ['10002', 4],
      ['20001', 2],
      ['30001', 1],
      ['v1', 5],
    ] as const
  ).map(([account, count]) => ({
    ...{
      row: 1,
      account,
      indicator: '资源建设',
      day: parseDay('2022-04-12')!,
      count,
      attributes: {},
      valid: true,
    },
  }))
  const plan = await planRows(app, { rows, withIds: false })
  await store(() => app.scoreboard.store(plan, 13))
}

async function fillPeople(test: TestApp): Promise<void> {
  const { grants, groups } = test.app.access
  await grants.give({ ...chatBot, userId: 'boss' }, { kind: 'staff', label: 'boss' })
  await grants.give({ ...chatBot, userId: 'town' }, { kind: 'town', label: '总支', town: '城关镇' })
  for (const [index] of Array.from({ length: 6 }).entries())
    await grants.give({ ...chatBot, userId: `j${index + 1}` }, { kind: 'judge', label: `评委${index + 1}` })
  await groups.set({ ...chatBot, channelId: 'exchange' }, { purpose: 'exchange' }, operator)
  await groups.set({ ...chatBot, channelId: 'staff' }, { purpose: 'staff' }, operator)
  for (const [user, account] of Object.entries({
    admin1: '10001',
    teacher1: '10002',
    high: 'h1',
    admin2: '20001',
  }))
    await test.bind(user, account)
}
