import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { HTTP } from '@koishijs/plugin-http'
import type { GivenGrant, GroupPurpose } from '@space-assistant/core/access/viewer'
import { operator } from '@space-assistant/core/access/viewer'
import { Context, Logger, h } from 'koishi'
import * as gateway from 'koishi-plugin-space-conversation'
import * as howto from 'koishi-plugin-space-howto'
import * as identity from 'koishi-plugin-space-access'
import * as imports from 'koishi-plugin-space-imports'
import Outbox from 'koishi-plugin-space-outbox'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as tickets from 'koishi-plugin-space-tickets'
import type { RosterRow } from '@space-assistant/core/formats/rows'
import { vi } from 'vitest'
import { RecordingBot } from './recording-bot'
import type { Saying, Sent } from './recording-bot'

Logger.levels.base = Number(process.env['LOG_LEVEL'] ?? Logger.ERROR)

const person = (account: string, name: string, more: Partial<RosterRow> = {}): RosterRow => ({
  ...{ row: 1, account, name, schoolCode: 'S1', schoolName: '第一小学' },
  ...{ roles: ['teacher'], state: 'active', opened: true },
  ...more,
})

export const people: RosterRow[] = [
  person('10001', '张三', { roles: ['administrator', 'teacher'] }),
  person('10002', '李四'),
  person('20001', '赵六', { schoolCode: 'S2', schoolName: '第二小学', roles: ['administrator'] }),
]

export interface TestApp {
  app: Context
  bot: RecordingBot
  dir: string
  say(user: string, text: string, group?: string, saying?: Saying): Promise<string>
  /** What the bot said first in a conversation, oldest first. */
  heard(channelId: string): Sent[]
  /** Waits for a message that the bot sends by itself, and forgets it and those before. */
  next(channelId: string, part: string): Promise<Sent>
  grant(user: string, kind: GivenGrant): Promise<void>
  bind(user: string, account: string): Promise<unknown>
  group(channelId: string, purpose: GroupPurpose, school?: string): Promise<unknown>
  stop(): Promise<void>
}

export interface Options {
  /** Where the database and the attachments lie; a folder that is removed at the end when left out. */
  dir?: string
  settings?: Partial<tickets.Config>
  database?: (app: Context) => { dispose(): unknown }
  /** Servers that attachments may be fetched from although they are here. */
  trustedHosts?: string
  /** The limits of how often somebody may speak are those of the real thing; otherwise there are none. */
  limited?: boolean
  bots?: { platform?: string; selfId?: string }[]
  /** Platforms and whatever else belongs to the story. */
  plugins?: (app: Context) => void
}

export const quick = { tickMs: 20, digestDelayMs: 30 }

/** Everything but a real platform, on the embedded database. */
export async function startApp({
  dir,
  settings,
  database,
  plugins,
  bots = [{}],
  trustedHosts = '',
  limited = false,
}: Options = {}): Promise<TestApp> {
  const folder = dir ?? mkdtempSync(join(tmpdir(), 'space-tickets-'))
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  app.baseDir = resolve(import.meta.dirname, '../..')
  const store = database?.(app) ?? app.plugin(sqlite, { path: join(folder, 'space.db') })
  app.plugin(HTTP)
  loadServices(app, { trustedHosts, limited })
  const forks = bots.map((one) => app.plugin(RecordingBot, one))
  plugins?.(app)
  app.plugin(tickets, tickets.Config({ dir: join(folder, 'files'), tickSeconds: 3600, ...settings } as never))
  app.plugin(howto)
  await app.start()
  await new Promise<void>((done) =>
    app.inject(['tickets', 'conversation', 'scoreboard', 'imports'], () => done()),
  )
  await app.model.prepared()
  if (!app.roster.members().length) {
    const plan = app.roster.planRoster(people)
    await app.database.withTransaction(() => app.roster.store(plan, 1))
  }
  const bot = app.bots[0] as unknown as RecordingBot
  const who = (userId: string) => ({ platform: 'chat', selfId: '514', userId })
  const taken = new Set<Sent>()
  const heard = (channelId: string) =>
    RecordingBot.sent.filter((one) => one.channelId === channelId && !one.session && !taken.has(one))
  return {
    ...{ app, bot, dir: folder, heard },
    say: (user, text, group, saying) => bot.say(user, text, group, saying),
    async next(channelId, part) {
      return vi.waitFor(
        () => {
          const found = heard(channelId).find(({ text }) => text.includes(part))
          if (!found) {
            const had = heard(channelId).map(({ text }) => text)
            throw new Error(`nothing with "${part}" in ${channelId}: ${JSON.stringify(had)}`)
          }
          taken.add(found)
          return found
        },
        { timeout: 20_000, interval: 10 },
      )
    },
    grant: (user, kind) => app.access.grants.give(who(user), { kind, label: user }),
    bind: (user, account) => app.access.link(who(user), account),
    group: (channelId, purpose, school) => {
      const setting = { purpose, ...(school !== undefined && { school }) }
      return app.access.groups.set({ platform: 'chat', selfId: '514', channelId }, setting, operator)
    },
    async stop() {
      await app.parallel('exit', 'SIGTERM')
      for (const fork of forks) fork.dispose()
      store.dispose()
      await app.stop()
      RecordingBot.sent = []
      if (!dir) rmSync(folder, { recursive: true, force: true })
    },
  }
}

function loadServices(
  app: Context,
  { trustedHosts, limited }: { trustedHosts: string; limited: boolean },
): void {
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir: 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  app.plugin(identity)
  app.plugin(imports.default, { keepMinutes: 15 })
  app.plugin(Outbox, { ...new Outbox.Config(), ...quick })
  const limits = { person: { times: 100_000, seconds: 60 }, group: { times: 100_000, seconds: 60 } }
  app.plugin(gateway, gateway.Config({ trustedHosts, ...(!limited && limits) } as never))
}

export const picture = () => h('img', { src: `data:image/png;base64,${png.toString('base64')}` })
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
/** The number in a sentence. */
export const numberIn = (text: string) => Number(/#(\d+)/.exec(text)?.[1])
