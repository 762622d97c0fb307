import Server from '@koishijs/plugin-server'
import { Context, h, Logger } from 'koishi'
import * as onebot from 'koishi-plugin-space-onebot'
import Outbox from 'koishi-plugin-space-outbox'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as wecom from 'koishi-plugin-space-wecom'
import { afterEach, expect, describe, test, vi } from 'vitest'
import { startFakeOneBot } from './onebot'
import { startFakeWecom } from './wecom'

Logger.levels.base = Logger.SILENT

/** How soon the other side is asked whether it is there. */
const QUICK = 300
const SELDOM = 60_000

interface Stage {
  bot: { platform: string; selfId: string }
  logins(): number
  /** The other side falls silent without closing the connection. */
  freeze(): void
  /** Where the other side is the one who connects: it comes back once the bot has no connection. */
  back(): Promise<unknown>
  say(group: string, text: string): Promise<string[]>
  texts(group: string): string[]
  close(): Promise<void>
}

type Start = (app: Context, heartbeat: number) => Promise<Stage>

async function startOneBot(protocol: 'ws' | 'ws-reverse', app: Context, heartbeat: number): Promise<Stage> {
  const fake = await startFakeOneBot({ token: 'secret' })
  const settings = { ...fake.config, protocol, heartbeat, responseTimeout: 500 }
  app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...settings })
  if (protocol === 'ws-reverse')
    app.plugin(Server as never, { port: 15_340, maxPort: 15_440, host: '127.0.0.1' })
  const dial = async () => {
    await eventually(() => {
      expect(app.server?.port).toBeTruthy()
      expect(Number(app.bots[0]!.status)).not.toBe(1)
    })
    await fake.dial(`ws://127.0.0.1:${app.server.port}/onebot`)
  }
  const back = () => (protocol === 'ws' ? Promise.resolve() : dial())
  return {
    bot: { platform: 'onebot', selfId: fake.selfId },
    logins: () => fake.logins,
    freeze: () => fake.freeze(),
    back,
    say: (group, text) => fake.say(group, '300', text),
    texts: (group) => fake.texts(group),
    close: () => fake.close(),
  }
}

const stages: Record<string, Start> = {
  OneBot: (app, heartbeat) => startOneBot('ws', app, heartbeat),
  'OneBot, reversed': (app, heartbeat) => startOneBot('ws-reverse', app, heartbeat),
  async WeCom(app, heartbeat) {
    const fake = await startFakeWecom()
    app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fake.config, heartbeat })
    for (const group of groups) fake.spoken.add(group)
    return {
      bot: { platform: 'wecom', selfId: fake.botId },
      logins: () => fake.logins,
      freeze: () => fake.freeze(),
      back: () => Promise.resolve(),
      say: (group, text) => fake.say(group, 'Wang', text),
      texts: (group) => fake.texts(group),
      close: () => fake.close(),
    }
  },
}

const groups = ['201', '202']
const eventually = (check: () => unknown) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

describe.each(Object.keys(stages))(
  'a connection of %s whose other side falls silent',
  { timeout: 40_000 },
  (name) => {
    let app: Context
    let stage: Stage

    async function start(heartbeat: number): Promise<void> {
      app = new Context({ prefix: ['/'] })
      app.plugin(sqlite, { path: ':memory:' })
      const quick = { tickMs: 50, quotas: false, quietFrom: '00:00', quietTo: '00:00' }
      app.plugin(Outbox, { ...new Outbox.Config(), ...quick })
      app.command('ping').action(() => 'pong')
      stage = await stages[name]!(app, heartbeat)
      await app.start()
      await app.model.prepared()
      await stage.back()
      await online(1)
    }
    const online = (logins: number) =>
      eventually(() => {
        expect(stage.logins()).toBeGreaterThanOrEqual(logins)
        expect(Number(app.bots[0]!.status)).toBe(1)
      })

    afterEach(async () => {
      await app.parallel('exit', 'SIGTERM')
      app.registry.delete(Server as never)
      app.registry.delete(sqlite as never)
      await app.stop()
      await stage.close()
    })

    test('is noticed by the missing pongs and renewed, and questions are answered again', async () => {
      await start(QUICK)
      const logins = stage.logins()
      stage.freeze()
      await stage.back()
      await online(logins + 1)
      expect(await stage.say('201', '/ping')).toEqual(['pong'])
    })

    test('is noticed by what nobody answers: the rest waits for the next one, and arrives once and in order', async () => {
      await start(SELDOM)
      const logins = stage.logins()
      stage.freeze()
      const keys = ['1', '2', '3', '4', '5', '6']
      const messages = groups.flatMap((channelId) =>
        keys.map((key) => ({
          ...{ key: `${channelId} ${key}`, kind: 'test', content: h.text(key) },
          target: { ...stage.bot, channelId },
        })),
      )
      await app.outbox.enqueue(messages)
      await stage.back()
      await online(logins + 1)
      for (const group of groups) {
        const states = () => app.outbox.states(keys.map((key) => `${group} ${key}`))
        await eventually(async () => expect((await states()).slice(2)).toEqual(Array(4).fill('sent')))
        // Of those that were written to nobody knows whether they arrived; of all others that they did.
        const found = await states()
        expect(found[0]).toBe('unknown')
        expect(stage.texts(group)).toEqual(keys.filter((_, at) => found[at] === 'sent'))
      }
    })
  },
)
