import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Context, h } from 'koishi'
import * as gateway from 'koishi-plugin-space-conversation'
import * as onebot from 'koishi-plugin-space-onebot'
import * as qq from 'koishi-plugin-space-qq'
import * as sqlite from 'koishi-plugin-space-sqlite'
import * as wecom from 'koishi-plugin-space-wecom'
import { startFakeOneBot } from './onebot'
import { startFakeQq } from './qq'
import { startFakeWecom } from './wecom'
import type { Session } from 'koishi'

const GROUP = '20001'

interface Stage {
  /** Adds the adapter to an app. */
  join(app: Context): void
  online(): Promise<void>
  /** Somebody says something to the bot in the group; the answers. */
  say(user: string, text: string, wait?: number): Promise<string[]>
  /** The same in answer to what the bot said last. */
  quoting(user: string, text: string): Promise<string[]>
  texts(): string[]
  close(): Promise<void>
}

const stages: Record<string, () => Promise<Stage>> = {
  async QQ() {
    const fake = await startFakeQq()
    return {
      join: (app) => void app.plugin(qq, { ...qq.Config({} as qq.Config), ...fake.config }),
      online: () => fake.online(),
      say: (user, text, wait = 3000) => fake.say(GROUP, user, text, { wait }),
      quoting: (user, text) => fake.say(GROUP, user, text, { quote: fake.delivered.at(-1)!.id }),
      texts: () => fake.texts(GROUP),
      close: () => fake.close(),
    }
  },
  async OneBot() {
    const fake = await startFakeOneBot()
    return {
      join: (app) => void app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config }),
      online: () => fake.online(),
      say: (user, text, wait = 3000) => fake.say(GROUP, user, ` ${text}`, { at: true, wait }),
      quoting: (user, text) => {
        return fake.say(GROUP, user, ` ${text}`, { at: true, quote: fake.delivered.at(-1)!.id })
      },
      texts: () => fake.texts(GROUP),
      close: () => fake.close(),
    }
  },
  async WeCom() {
    const fake = await startFakeWecom()
    return {
      join: (app) => void app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fake.config }),
      online: () => fake.online(),
      say: (user, text, wait = 3000) => fake.say(GROUP, user, text, { wait }),
      quoting: (user, text) => fake.say(GROUP, user, text, { quote: fake.delivered.at(-1)!.text }),
      texts: () => fake.texts(GROUP),
      close: () => fake.close(),
    }
  },
}

describe.each(Object.keys(stages))('the first words to a bot of %s', (name) => {
  let app: Context
  let stage: Stage

  beforeEach(async () => {
    stage = await stages[name]!()
    app = new Context({ prefix: ['/', '／'], autoAssign: true, autoAuthorize: 1 })
    app.plugin(sqlite, { path: ':memory:' })
    app.plugin(gateway, gateway.Config({} as gateway.Config))
    stage.join(app)
    app.plugin({ name: 'commands', inject: ['conversation'], apply: commands })
    await app.start()
    await app.model.prepared()
    await stage.online()
    await vi.waitFor(() => expect(app.bots[0]!.status).toBe(1))
  })

  afterEach(async () => {
    await app.stop()
    await stage.close()
  })

  test('27: ten people who were never seen before, at once in a new group, are all answered', async () => {
    const people = Array.from({ length: 10 }, (_, index) => String(30_000 + index))
    await Promise.all(people.map((person) => stage.say(person, '/ping', 1)))
    await vi.waitFor(() => expect(stage.texts().toSorted()).toEqual(people.map((person) => `pong ${person}`)))
    expect(await app.database.get('user', {})).toHaveLength(10)
    expect(await app.database.get('channel', {})).toHaveLength(1)
  })

  test('28: a question never swallows a command', async () => {
    expect(await stage.say('30000', '/ask')).toEqual(['and?'])
    expect(await stage.say('30000', '/ping')).toEqual([
      'pong 30000\n（还在等：a text。接着发给我就行，不写了请发送“取消”。）',
    ])
    expect(await stage.say('30000', 'well')).toEqual(['heard well'])
  })

  test('29: $(…) in what somebody says runs nothing', async () => {
    for (const text of ['$(secret)', '"$(secret)"', 'a $(secret']) {
      expect(await stage.say('30000', `/echo ${text}`)).toEqual([`(${text})`])
    }
    expect(secret).not.toHaveBeenCalled()
  })

  test('22: the text of a quoted message is no argument', async () => {
    await stage.say('30000', '/ping')
    expect(await stage.quoting('30000', '/echo')).toEqual(['()'])
  })

  test('who has too little authority is refused, and so is who has no row at all', async () => {
    expect(await stage.say('30000', '/secret')).toEqual(['权限不足。'])
    // A session whose row the framework has not looked for, as those of events are.
    const heard = new Promise<Session>((resolve) => app.on('message', resolve))
    const [said] = await Promise.all([heard, stage.say('30001', 'hello')])
    const session = said.bot.session(said.event)
    const reply = await app.$commander.get('secret').execute({ session, args: [], options: {} })
    expect(session.user).toBeUndefined()
    expect(String(reply)).toBe('现在查不到您的权限，请稍后再试。')
    expect(secret).not.toHaveBeenCalled()
  })
})

const secret = vi.fn(() => 'secret')

function commands(ctx: Context): void {
  ctx.command('ping').action(({ session }) => `pong ${session!.userId}`)
  ctx.command('echo [text:rawtext]').action((_, text) => h.text(`(${text ?? ''})`))
  ctx.command('secret', { authority: 3 }).action(secret)
  ctx.command('ask').action(({ session }) => {
    ctx.conversation.ask(session!, {
      ...{ about: 'test', form: 'text', label: 'a text', ms: 60_000 },
      answer: ({ stripped }) => Promise.resolve(`heard ${stripped.content}`),
    })
    return 'and?'
  })
}
