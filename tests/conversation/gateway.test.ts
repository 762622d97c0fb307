import { afterEach, describe, expect, it, vi } from 'vitest'
import { Logger } from 'koishi'
import { byteLength } from '@space-assistant/core/delivery/split'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

/** Until the framework has written what it noted about the senders. */
const idle = () => new Promise((resolve) => setTimeout(resolve, 50))

afterEach(() => test.stop())

describe('what is let in', () => {
  it.each([
    ['/排名 本校', '排名(本校)'],
    ['／排名　本校', '排名(本校)'],
    ['/ 排名 本校', '排名(本校)'],
    ['/排名本校', '排名(本校)'],
    ['<at id="514"/> /排名 本校', '排名(本校)'],
    ['<at id="514"/> 排名 本校', '排名(本校)'],
    ['、排名 本校', '排名(本校)'],
    ['/排名 😀 “引号” "x', '排名(😀 “引号” "x)'],
  ])('%s in a group', async (text, reply) => {
    test = await startApp()
    expect(await test.say('u1', text, 'g1')).toEqual([reply])
  })

  it('is dropped before the database when it is nothing for the bot', async () => {
    test = await startApp()
    const get = vi.spyOn(test.app.database, 'get')
    for (const text of ['大家好', '排名第几啊', '<at id="7"/> /排名', '/天气 武汉', '<img src="x"/>']) {
      expect(await test.say('u1', text, 'g1')).toEqual([])
    }
    expect(get).not.toHaveBeenCalled()
    expect(await test.app.database.get('user', {})).toEqual([])
  })

  it('is dropped when another bot says it', async () => {
    test = await startApp()
    const client = test.bot.client('b2', 'g1')
    client.event.user!.isBot = true
    expect(await client.receive('/排名')).toEqual([])
  })

  it('is what a plugin admits, also when not addressed', async () => {
    test = await startApp()
    const dispose = test.app.conversation.allow((session) =>
      session.elements!.some((element) => element.type === 'file'),
    )
    test.app.middleware((session, next) => (session.content?.includes('<file') ? 'got it' : next()))
    expect(await test.say('u1', '<file src="x"/>', 'g1')).toEqual(['got it'])
    dispose()
    expect(await test.say('u1', '<file src="x"/>', 'g1')).toEqual([])
  })

  it('is a sentence that a plugin reads as a command; it is told when nobody was addressed', async () => {
    test = await startApp()
    test.app.conversation.variant((text, _, overheard) => {
      return text === '本校排名' || (text === '排名呢' && !overheard) ? '排名 本校' : undefined
    })
    expect(await test.say('u1', '本校排名', 'g1')).toEqual(['排名(本校)'])
    expect(await test.say('u1', '排名呢', 'g1')).toEqual([])
    expect(await test.say('u1', '<at id="514"/> 排名呢', 'g1')).toEqual(['排名(本校)'])
    expect(await test.say('u1', '<at id="999"/> 本校排名', 'g1')).toEqual([])
    expect(await test.say('u1', '<at id="514"/> 本校排名', 'g1')).toEqual(['排名(本校)'])
    expect(await test.say('u1', '本校排名')).toEqual(['排名(本校)'])
  })
})

describe('what is not understood', () => {
  it('gets suggestions', async () => {
    test = await startApp()
    expect(await test.say('u1', '/排行 本校', 'g1')).toEqual([
      '没有“排行”这个命令，您要找的是不是 /排名？请再发一次。',
    ])
    expect(await test.say('u1', '/天气')).toEqual(['没有“天气”这个命令。发送“/帮助”查看可以问什么。'])
    expect((await test.say('u1', '你是谁'))[0]).toContain('没有听懂')
    expect((await test.say('u1', '<at id="514"/> 你是谁', 'g1'))[0]).toContain('没有听懂')
  })

  it('is answered by whoever knows better', async () => {
    test = await startApp()
    test.app.middleware((session, next) => (session.content === '怎么登录' ? '这样登录' : next()))
    expect(await test.say('u1', '怎么登录')).toEqual(['这样登录'])
  })

  it('gets a sentence when it is too long', async () => {
    test = await startApp()
    expect((await test.say('u1', `/排名 ${'长'.repeat(10_000)}`, 'g1'))[0]).toContain(
      '太长了（最多 4000 字）',
    )
    expect(await test.say('u1', '长'.repeat(10_000), 'g1')).toEqual([])
  })
})

describe('text of people', () => {
  it.each(['/排名 $(排名 x)', '/排名 $(秘密)', '/排名 "$(秘密)', '/排名 a $(秘密', '/网址 $(秘密)'])(
    '%s runs nothing inside',
    async (text) => {
      test = await startApp()
      expect((await test.say('u1', text))[0]).toContain(text.slice(4).trim())
    },
  )

  it('quoted is no argument', async () => {
    test = await startApp()
    expect(await test.say('u1', '<quote id="9">全区</quote>/排名', 'g1')).toEqual(['排名()'])
  })
})

describe('first contact', () => {
  it('answers ten new people at once in a new group', async () => {
    test = await startApp()
    const users = Array.from({ length: 10 }, (_, i) => `u${i}`)
    const replies = await Promise.all(users.map((user) => test.say(user, '/排名', 'g1')))
    expect(replies).toEqual(users.map(() => ['排名()']))
    expect(await test.app.database.get('user', {})).toHaveLength(10)
    expect(await test.app.database.get('channel', {})).toHaveLength(1)
  })

  it('answers five messages at once of one new person in a new group', async () => {
    test = await startApp()
    const client = test.bot.client('u1', 'g1')
    const sent: string[] = []
    vi.spyOn(client, 'flush').mockImplementation((text?: string) => void (text && sent.push(text)))
    for (let i = 0; i < 5; i++) void client.receive(`/排名 ${i}`)
    await vi.waitFor(() => expect(sent).toHaveLength(5))
    await idle()
    expect(sent).toEqual([0, 1, 2, 3, 4].map((i) => `排名(${i})`))
  })

  it('answers a hundred people at once, nobody lost', async () => {
    test = await startApp()
    const users = Array.from({ length: 100 }, (_, i) => `u${i}`)
    const replies = await Promise.all(users.map((user) => test.say(user, '/排名', 'g9')))
    expect(replies.filter(([reply]) => reply === '排名()')).toHaveLength(100)
  })
})

describe('order and rate', () => {
  it('keeps the order of one person', async () => {
    test = await startApp()
    const client = test.bot.client('u1', 'g1')
    const sent: string[] = []
    vi.spyOn(client, 'flush').mockImplementation((text?: string) => void (text && sent.push(text)))
    void client.receive('/慢')
    void client.receive('/排名 后')
    await vi.waitFor(() => expect(sent).toHaveLength(2))
    await idle()
    expect(sent).toEqual(['slow', '排名(后)'])
  })

  it('says once that it was too often, then nothing; others are still answered', async () => {
    test = await startApp({ person: { times: 3, seconds: 60 } })
    const replies: string[][] = []
    for (let i = 0; i < 6; i++) replies.push(await test.say('u1', '/排名', 'g1'))
    expect(replies.map(([reply]) => reply?.slice(0, 4))).toEqual([
      '排名()',
      '排名()',
      '排名()',
      '问得太快',
      undefined,
      undefined,
    ])
    expect(await test.say('u2', '/排名', 'g1')).toEqual(['排名()'])
  })

  it('holds back no answer that the bot has asked for', async () => {
    test = await startApp({ person: { times: 1, seconds: 60 } })
    const heard: (string | undefined)[] = []
    test.app.command('问').action(({ session }) => {
      test.app.conversation.ask(session!, {
        ...{ about: 'test', form: 'text', label: 'a text', ms: 60_000 },
        answer: (next) => {
          heard.push(next.content)
          return Promise.resolve('noted')
        },
      })
      return 'what?'
    })
    expect(await test.say('u1', '/问', 'g1')).toEqual(['what?'])
    expect(await test.say('u1', '<at id="514"/> this', 'g1')).toEqual(['noted'])
    expect(heard).toEqual(['<at id="514"/> this'])
    expect((await test.say('u1', '/排名', 'g1'))[0]).toContain('问得太快')
  })

  it('holds back a whole group too', async () => {
    test = await startApp({ group: { times: 2, seconds: 60 } })
    const replies: string[][] = []
    for (let i = 0; i < 4; i++) replies.push(await test.say(`u${i}`, '/排名', 'g1'))
    expect(replies.map(([reply]) => reply?.slice(0, 4))).toEqual(['排名()', '排名()', '问得太快', undefined])
    expect(await test.say('u0', '/排名')).toEqual(['排名()'])
  })
})

describe('a command that throws', () => {
  it('is answered with what to do, and what was typed is in no log', async () => {
    test = await startApp()
    test.app.command('错 [text:rawtext]').action(() => Promise.reject(new Error('broken')))
    const logged: string[] = []
    const target: Logger.Target = { levels: { base: 3 }, record: ({ content }) => void logged.push(content) }
    Logger.targets.push(target)
    Logger.levels.base = Logger.DEBUG
    expect(await test.say('u1', '/错 ABCD2345 张三', 'g1')).toEqual([
      '没有办成，系统出了点问题。请稍后再试一次，仍不行请联系工作专班。',
    ])
    Logger.levels.base = Logger.ERROR
    Logger.targets.splice(Logger.targets.indexOf(target), 1)
    expect(logged.join('\n')).toContain('broken')
    expect(logged.join('\n')).not.toMatch(/ABCD2345|张三/)
  })
})

describe('rights', () => {
  it('are refused below the authority that a command asks for', async () => {
    test = await startApp()
    expect(await test.say('u1', '/秘密')).toEqual(['权限不足。'])
  })

  it('never pass for want of a user row', async () => {
    test = await startApp()
    const event = { type: 'message', user: { id: 'u1' }, channel: { id: 'g1', type: 0 } }
    const session = test.bot.session(event)
    const command = test.app.$commander.get('秘密')
    const reply = await command.execute({ session, args: [], options: {} })
    expect(String(reply)).toBe('现在查不到您的权限，请稍后再试。')
  })
})

describe('replies', () => {
  it('are cut to what the platform takes, byte for byte', async () => {
    test = await startApp()
    test.bot.platform = 'qq'
    const parts = await test.say('u1', '/长 150')
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.length).toBeLessThanOrEqual(4)
    for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(1800)
    expect(parts.join('\n')).toBe('行业标准，第一行\n'.repeat(150).trim())
  })

  it('never come in more than four parts, and say so', async () => {
    test = await startApp()
    test.bot.platform = 'qq'
    const parts = await test.say('u1', '/长 2000')
    expect(parts).toHaveLength(4)
    for (const part of parts) expect(byteLength(part)).toBeLessThanOrEqual(1800)
    expect(parts[3]).toMatch(/后面的没有发出来。请加上条件缩小范围再问。）$/)
  })

  it('hold nothing that looks like an address', async () => {
    test = await startApp()
    expect(await test.say('u1', '/网址 见 https://a.example.com/x 和 名册.xlsx，共 3.5 分')).toEqual([
      '见 a．example．com/x 和 名册．xlsx，共 3.5 分',
    ])
  })
})
