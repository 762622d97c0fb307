import { operator } from '@space-assistant/core/access/viewer'
import type { ImportFile } from 'koishi-plugin-space-imports'
import { csv } from '../formats/fixture'
import { files, startHouse } from '../journeys/house'
import type { House } from '../journeys/house'
import { startFakeOneBot } from '../platforms/onebot'
import type { Delivered, FakeOneBot } from '../platforms/onebot'

const patient = { wait: 15_000, quiet: 250 }

/** The table of schools: one without active teachers, so that it is not ranked. */
export const schoolTable = csv(
  ['学校代码', '学校名称', '街镇', '学段', '学生数', '学生开通数'],
  ['S1', '青铺中心小学', '青铺镇', '小学', 97, 60],
  ['S2', '清港小学', '清港镇', '小学', 50, 50],
  ['S3', '清港中学', '清港镇', '初中', 30, 29],
  ['S4', '空心小学', '清港镇', '小学', 10, 10],
)

/** Actions of another week, by so many people. */
export function laterRecords(
  ...rows: (readonly [account: string, indicator: string, day: string, count: number])[]
) {
  return csv(['账号', '指标', '时间', '次数'], ...rows.map((row) => [...row]))
}

export interface BulletinHouse {
  house: House
  fake: FakeOneBot
  take(file: ImportFile): Promise<void>
  /** What staff read when one of them says something in private. */
  say(text: string, user?: string): Promise<string>
  /** The same with pictures and files. */
  hear(text: string, user?: string): Promise<Delivered[]>
  stop(): Promise<void>
}

export const groups = ['70001', '70002']

/** A bureau with two organisers and two exchange groups, over a real adapter. */
export async function startBulletins(): Promise<BulletinHouse> {
  const fake = await startFakeOneBot()
  const house = await startHouse({ onebot: fake })
  const take = async (file: ImportFile) => {
    const preview = await house.app.imports.preview(file, operator)
    if (!preview.ok) throw new Error(preview.code)
    const stored = await house.app.imports.confirm(preview.value.id, operator)
    if (!stored.ok) throw new Error(stored.code)
  }
  await take({ name: 'roster.csv', bytes: files.roster })
  await take({ name: 'schools.csv', bytes: schoolTable })
  await take({ name: 'records.csv', bytes: files.records })
  const { access } = house.app
  const ref = { platform: 'onebot', selfId: fake.selfId }
  for (const userId of ['5001', '5002']) {
    await access.grants.give({ ...ref, userId }, { kind: 'staff', label: `专班 ${userId}` })
  }
  await access.link({ ...ref, userId: '4001' }, '10001')
  for (const channelId of groups)
    await access.groups.set({ ...ref, channelId }, { purpose: 'exchange' }, operator)
  const hear = async (text: string, user = '5001') => {
    const before = fake.delivered.length
    await fake.whisper(user, text, patient)
    return fake.delivered.slice(before).filter(({ user: to }) => to === user)
  }
  return {
    ...{ house, fake, take, hear },
    say: async (text, user) => (await hear(text, user)).map(({ text: said }) => said).join('\n'),
    async stop() {
      await house.stop()
      await fake.close()
    },
  }
}
