import { parseDay } from '@space-assistant/core/calendar/day'
import { operator } from '@space-assistant/core/access/viewer'
import type { RecordRow } from '@space-assistant/core/formats/rows'
import type { Context } from 'koishi'
import { startHouse } from '../../journeys/house'
import type { House } from '../../journeys/house'
import { startFakeOneBot } from '../../platforms/onebot'
import type { FakeOneBot } from '../../platforms/onebot'
import { planRows } from '../../scoreboard/rows'
import { matrixPlaces, matrixRoles, people, schools } from './people'
import type { MatrixPlace } from './people'

const indicators = ['空间登录', '资源建设', '教学成果', '互动授课']

/** Everybody has done something in the week of the questions, most in those before. */
const records: RecordRow[] = people.flatMap(({ account }, at) =>
  Array.from({ length: 3 + (at % 5) }, (_, i): RecordRow => ({
    row: 1,
    account,
    indicator: indicators[(at + i) % indicators.length] ?? '',
    day: (parseDay('2022-05-17') ?? 0) - i * 3,
    count: 1 + (i % 2),
    attributes: {},
    valid: true,
  })),
)

/** What one question was answered with, in the group and in private. */
export interface Heard {
  where: 'group' | 'private'
  text: string
}

/** The bot with all that answers questions, behind the real adapter, and one chat account for each role in each place. */
export class MatrixWorld {
  private constructor(
    readonly house: House,
    readonly qq: FakeOneBot,
  ) {}

  static async start(): Promise<MatrixWorld> {
    const qq = await startFakeOneBot({ selfId: '10001', token: 'loopback' })
    const house = await startHouse({ onebot: qq }, { often: true })
    const world = new MatrixWorld(house, qq)
    await world.fill(house.app)
    return world
  }

  private async fill(app: Context): Promise<void> {
    const store = (act: () => Promise<void>) => app.database.withTransaction(act)
    await store(() => app.roster.store(app.roster.planRoster(people), 1))
    await store(() => app.roster.store(app.roster.planSchools(schools), 2))
    const plan = await planRows(app, { rows: records, withIds: false })
    await store(() => app.scoreboard.store(plan, 3))
    const bot = { platform: 'onebot', selfId: this.qq.selfId }
    for (const { group, purpose, school } of Object.values(matrixPlaces)) {
      if (!group || !purpose) continue
      const setting = { purpose, ...(school !== undefined && { school }) }
      await app.access.groups.set({ ...bot, channelId: group }, setting, operator)
    }
    for (const [role, { account, grant }] of Object.entries(matrixRoles))
      for (const place of Object.keys(matrixPlaces)) {
        const who = { ...bot, userId: userOf(role, place) }
        if (account) await app.access.link(who, account)
        if (grant) await app.access.grants.give(who, { ...grant, label: who.userId })
      }
  }

  /** Asks the bot, by name in a group, and waits until it has said all. */
  async ask(user: string, { group }: MatrixPlace, text: string, quiet: number): Promise<Heard[]> {
    const before = this.qq.delivered.length
    const patience = { wait: 20_000, quiet }
    if (group) await this.qq.say(group, user, ` ${text}`, { ...patience, at: true })
    else await this.qq.whisper(user, text, patience)
    return this.qq.delivered
      .slice(before)
      .filter((one) => (one.group ? one.group === group : one.user === user))
      .map((one) => ({
        where: one.group ? 'group' : 'private',
        text: one.text + (one.file ? Buffer.from(one.file.bytes).toString('utf8') : ''),
      }))
  }

  async stop(): Promise<void> {
    await this.house.stop()
    await this.qq.close()
  }
}

export function userOf(role: string, place: string): string {
  const [at, of] = [Object.keys(matrixRoles).indexOf(role), Object.keys(matrixPlaces).indexOf(place)]
  return String(20_000 + at * 100 + of)
}
