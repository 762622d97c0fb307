import { Context, h, Logger } from 'koishi'
import * as mock from '@koishijs/plugin-mock'
import type { MockBot } from '@koishijs/plugin-mock'
import * as gateway from 'koishi-plugin-space-conversation'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { afterEach, describe, expect, it, vi } from 'vitest'

Logger.levels.base = Logger.ERROR

const loading = '数据正在载入，请过一分钟再问。'

let stop: () => Promise<void>
afterEach(() => stop())

/** A bot whose database and commands come when the test says so. */
async function startApp(startup: Partial<gateway.Config['startup']> = {}) {
  const app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
  const bots = app.plugin(mock.default, { selfId: '514' })
  app.plugin(gateway, gateway.Config({ startup } as gateway.Config))
  app.plugin({
    name: 'space-commands',
    inject: ['conversation', 'database', 'roster'],
    apply(ctx: Context) {
      ctx.command('排名 [text:rawtext]').action((_, text) => h.text(`排名(${text ?? ''})`))
      ctx.conversation.variant((text) => (text === '本校排名' ? '排名 本校' : undefined))
    },
  })
  // Inside a plugin something may wait for ever for what is optional.
  app.plugin({
    name: 'space-other',
    apply: (ctx: Context) =>
      void ctx.plugin({ name: 'space-other-notice', inject: ['nothing'], apply: () => undefined }),
  })
  app.provide('roster')
  await app.start()
  const bot = app.bots[0] as unknown as MockBot
  const heard: string[] = []
  let database: { dispose: () => unknown } | undefined
  stop = async () => {
    bots.dispose()
    database?.dispose()
    await app.stop()
  }
  return {
    app,
    heard,
    say: (user: string, text: string, group?: string) => {
      const client = bot.client(user, group)
      vi.spyOn(client, 'flush').mockImplementation((reply?: string) => {
        if (reply) heard.push(`${user}: ${reply}`)
      })
      void client.receive(text)
    },
    load: async () => {
      database = app.plugin(sqlite, { path: ':memory:' })
      await vi.waitFor(() => expect(app.get('database')).toBeDefined())
      await app.model.prepared()
      app.set('roster', {} as never)
    },
  }
}

/** Everything that the bot has been told by now is where it waits. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

describe('what is said while the bot loads', () => {
  it('is answered once it has, each in its turn, in a group and in private', async () => {
    const { heard, say, load } = await startApp()
    for (let i = 0; i < 5; i++) say('u1', `/排名 ${i}`, 'g1')
    say('u2', '排名 全区')
    say('u3', '本校排名', 'g2')
    say('u4', '<at id="514"/> 排名 本镇', 'g2')
    say('u5', '大家好', 'g1')
    say('u5', '/天气 武汉', 'g1')
    await settled()
    expect(heard).toEqual([])
    await load()
    await vi.waitFor(() => expect(heard).toHaveLength(8))
    expect(heard.filter((line) => line.startsWith('u1'))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `u1: 排名(${i})`),
    )
    const others = heard.filter((line) => !line.startsWith('u1'))
    expect(others.sort()).toEqual(['u2: 排名(全区)', 'u3: 排名(本校)', 'u4: 排名(本镇)'])
    say('u5', '/排名', 'g1')
    await vi.waitFor(() => expect(heard).toHaveLength(9))
    await settled()
    expect(heard).toHaveLength(9)
  })

  it('of a hundred new people at once in a new group is answered, nobody lost', async () => {
    const { heard, say, load } = await startApp()
    for (let i = 0; i < 100; i++) say(`u${i}`, '/排名', 'g1')
    await load()
    await vi.waitFor(() => expect(heard).toHaveLength(100), { timeout: 20_000 })
    expect(new Set(heard).size).toBe(100)
  })

  it('is told once in each chat that it has to be asked again, when loading takes too long', async () => {
    const { heard, say, load } = await startApp({ ms: 300 })
    say('u1', '/排名', 'g1')
    say('u2', '/排名', 'g1')
    say('u3', '/排名', 'g2')
    say('u4', '你好')
    say('u5', '大家好', 'g1')
    await vi.waitFor(() => expect(heard).toHaveLength(3))
    say('u2', '/排名', 'g1')
    await settled()
    expect(heard.sort()).toEqual([`u1: ${loading}`, `u3: ${loading}`, `u4: ${loading}`])
    await load()
    say('u2', '/排名', 'g1')
    await vi.waitFor(() => expect(heard).toContain('u2: 排名()'))
  })

  it('is kept up to a number, of one person and of all', async () => {
    const { heard, say, load } = await startApp({ messages: 4, each: 2 })
    for (let i = 0; i < 3; i++) say('u1', `/排名 ${i}`, 'g1')
    await vi.waitFor(() => expect(heard).toEqual([`u1: ${loading}`]))
    for (const user of ['u2', 'u3', 'u4']) say(user, '/排名', user)
    await vi.waitFor(() => expect(heard).toContain(`u4: ${loading}`))
    await load()
    await vi.waitFor(() => expect(heard).toHaveLength(6))
    expect(heard.slice(2).sort()).toEqual(['u1: 排名(0)', 'u1: 排名(1)', 'u2: 排名()', 'u3: 排名()'])
  })

  it('is called unknown only when everything is there', async () => {
    const { heard, say, load } = await startApp()
    say('u1', '/天气')
    await settled()
    expect(heard).toEqual([])
    await load()
    await vi.waitFor(() => expect(heard).toEqual(['u1: 没有“天气”这个命令。发送“/帮助”查看可以问什么。']))
  })
})

it('a plugin that is loaded anew later is waited for as well', async () => {
  const { app, heard, say, load } = await startApp()
  await load()
  say('u1', '/排名', 'g1')
  await vi.waitFor(() => expect(heard).toHaveLength(1))
  app.set('roster', undefined)
  say('u1', '/排名 再问', 'g1')
  await settled()
  expect(heard).toHaveLength(1)
  app.set('roster', {} as never)
  await vi.waitFor(() => expect(heard[1]).toBe('u1: 排名(再问)'))
})
