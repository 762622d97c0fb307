import { afterEach, describe, expect, it } from 'vitest'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Session } from 'koishi'
import { strippedOf } from '../../plugins/conversation/bare'
import { hearMessage } from '../../plugins/conversation/hearing'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
afterEach(() => test?.stop())

const ORIGINAL = Symbol.for('cordis.original')

describe('a session without its proxies', () => {
  it('is the same one wherever it is asked for, however many lie over it', async () => {
    test = await startApp()
    const seen: Session[] = []
    test.app.on('message', (session) => void seen.push(session))
    test.app.command('看 [text:text]').action(({ session }) => void seen.push(session!))
    await test.say('1', '/看')
    const [heard, asked] = seen.map(unwrap)
    expect(seen[1]).not.toBe(seen[0])
    expect(asked).toBe(heard)
    expect((asked as { [ORIGINAL]?: unknown })[ORIGINAL]).toBeUndefined()
    expect(unwrap(asked)).toBe(asked)
  })

  it('is whatever has none itself', () => {
    expect([undefined, 'text', 0].map(unwrap)).toEqual([undefined, 'text', 0])
  })
})

describe('a message that mentions and quotes nobody', () => {
  const texts = [
    '/排名 本校',
    ' \n /任务\t',
    '早',
    '',
    '   ',
    '@ 全体',
    '<b>粗</b> 体',
    '一<img src="x"/>',
    '&lt;不是元素&gt;',
  ]

  it.each(texts)('is read as the framework reads it: %j', async (text) => {
    test = await startApp()
    const bot = test.app.bots[0]!
    const sessions = [0, 1].map(() => {
      const session = bot.session({ type: 'message', channel: { id: '1', type: 0 }, user: { id: '1' } })
      session.content = text
      return session
    })
    const [own, other] = sessions as [Session, Session]
    hearMessage(own, [])
    const noted = strippedOf(own)
    expect(noted).toEqual(other.stripped)
    // From then on it is what the framework has too.
    noted.content = '/别的'
    expect(own.stripped).toBe(noted)
    expect(strippedOf(own)).toBe(noted)
    expect(strippedOf(other)).toBe(other.stripped)
  })
})
