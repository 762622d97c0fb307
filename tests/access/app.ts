import { Context, Logger, Service } from 'koishi'
import type { Member, School } from '@space-assistant/core/roster/member'
import * as mock from '@koishijs/plugin-mock'
import type { MockBot } from '@koishijs/plugin-mock'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as conversation from 'koishi-plugin-space-conversation'
import * as identity from 'koishi-plugin-space-access'

export const schools: School[] = [
  { code: 'S1', name: '第一小学', town: '城关镇', stage: '小学' },
  { code: 'S2', name: '第二小学', town: '城关镇', stage: '小学' },
  { code: 'S3', name: '新堤中学', town: '新堤镇', stage: '初中' },
]

const teacher = (account: string, name: string, school: string, more: Partial<Member> = {}): Member => ({
  account,
  name,
  school,
  roles: ['teacher'],
  state: 'active',
  ...more,
})

export const members: Member[] = [
  teacher('10001', '张三', 'S1', { roles: ['administrator', 'teacher'] }),
  teacher('10002', '李四', 'S1', { subject: '语文' }),
  teacher('10003', '王芳', 'S1', { subject: '数学' }),
  teacher('10004', '王芳', 'S1', { subject: '英语' }),
  teacher('10005', '欧阳修', 'S1', { state: 'retired' }),
  teacher('20001', '赵六', 'S2', { roles: ['administrator'] }),
  teacher('20002', '钱七', 'S2'),
  teacher('30001', '孙八', 'S3', { roles: ['administrator', 'teacher'] }),
]

/** A roster in memory with the questions that identity asks of it. */
export class Roster extends Service {
  constructor(ctx: Context) {
    super(ctx, 'roster', true)
  }
  member = (account: string) => members.find((each) => each.account === account)
  members = () => members
  school = (code: string) => schools.find((each) => each.code === code)
  schools = () => schools
  findSchools = (text: string) => schools.filter((each) => each.code === text || each.name.includes(text))
  suggestSchools = (text: string) =>
    schools.filter((each) => [...text].some((char) => each.name.includes(char)))
  findMembers = (name: string, code?: string) =>
    members.filter((each) => each.name === name && (code === undefined || each.school === code))
}

export interface TestApp {
  app: Context
  bot: MockBot
  say(user: string, text: string, group?: string): Promise<string>
  stop(): Promise<void>
}

Logger.levels.base = Logger.ERROR

/** A real app on a real database, with people who say things in private or in a group. */
export async function startApp(options: { bots?: string[] } = {}): Promise<TestApp> {
  const app = new Context({ prefix: ['/'], autoAssign: true, autoAuthorize: 1 })
  const database = app.plugin(sqlite, { path: ':memory:' })
  const forks = (options.bots ?? ['514']).map((selfId) => app.plugin(mock.default, { selfId }))
  app.plugin(Roster)
  const often = { times: 10_000, seconds: 60 }
  app.plugin(conversation, conversation.Config({ person: often, group: often } as conversation.Config))
  app.plugin(identity)
  await app.start()
  await app.model.prepared()
  const bot = app.bots[0] as unknown as MockBot
  return {
    app,
    bot,
    async say(user, text, group) {
      const replies = await bot.client(user, group).receive(text)
      return replies.join('\n---\n')
    },
    async stop() {
      for (const fork of forks) fork.dispose()
      database.dispose()
      await app.stop()
    },
  }
}
