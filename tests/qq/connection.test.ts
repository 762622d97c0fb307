import { afterEach, describe, expect, test, vi } from 'vitest'
import * as qq from 'koishi-plugin-space-qq'
import { G, U, app, bot, failure, fake, online, start, stop } from './app'

afterEach(stop)

describe('tokens', () => {
  test('12: a token that is refused in the middle is renewed and the call repeated', async () => {
    await start({ proactive: [G] })
    await online()
    fake.expireTokens()
    expect(await bot().sendMessage(G, 'x')).toHaveLength(1)
    expect(fake.tokensGiven).toBe(2)
  })

  test('13: HTTP 200 with a code is no token: the bot waits longer each time, and starts once it is right', async () => {
    let asked = 0
    await start({}, {}, (platform) => {
      platform.tokenFault = () =>
        ++asked <= 1 ? { body: { code: 100001, message: 'slow down' } } : undefined
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
    expect(asked).toBe(2)
  })

  test.each([
    ['an app that the platform has banned (11254)', 11254, 'banned'],
    ['credentials that are refused (11241)', 11241, 'login-refused'],
  ])('%s is told, and tried again later', async (_, code, what) => {
    const told: string[] = []
    await start({}, {}, (platform) => {
      platform.fault = ({ path }) => (path === '/gateway' ? { kind: 'refuse', code } : undefined)
    })
    app.on('space/trouble', (trouble) => void told.push(trouble.what))
    await vi.waitFor(() => expect(told).toContain(what), { timeout: 10_000 })
    expect(bot().status).not.toBe(1)
    fake.fault = () => undefined
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 10_000 })
  })

  test('a wrong secret is not hammered', async () => {
    await start({}, { secret: 'wrong' }, (platform) => {
      const asked = vi.fn(() => ({ body: { code: 100016, message: 'invalid' } }))
      platform.tokenFault = asked
    })
    await new Promise((resolve) => setTimeout(resolve, 1000))
    expect(vi.mocked(fake.tokenFault!)).toHaveBeenCalledTimes(1)
    expect(await failure(bot().sendMessage(G, 'x'))).toMatchObject({ class: 'auth', outcome: 'rejected' })
  })
})

describe('the gateway', () => {
  const identifies = () => fake.frames.filter(({ op }) => op === 2).length

  test('a connection that falls is resumed', async () => {
    await start()
    await online()
    fake.disconnect()
    await vi.waitFor(() => expect(fake.resumes).toBe(1))
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(identifies()).toBe(1)
  })

  test('what was said while it was down is answered after the resume, what was answered before is not', async () => {
    await start()
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    fake.disconnect()
    expect(await fake.say(G, U, '/ping', { down: true, wait: 10_000 })).toEqual(['pong'])
    expect(fake.texts(G)).toEqual(['pong', 'pong'])
    expect([fake.resumes, identifies()]).toEqual([1, 1])
  })

  test('op 7 is obeyed', async () => {
    await start()
    await online()
    fake.command(7)
    await vi.waitFor(() => expect(fake.resumes).toBe(1))
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test.each([
    [4009, 'is resumed', 1],
    [4902, 'leads to a new session', 2],
    [4900, 'leads to a new session', 2],
  ])('a close with %i %s, and commands are answered', async (code, _, sessions) => {
    await start()
    await online()
    fake.disconnect(code)
    await vi.waitFor(() => expect(fake.resumes + fake.logins).toBe(2))
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(identifies()).toBe(sessions)
  })

  test('a token that the gateway refuses is renewed', async () => {
    // Nothing but the gateway is asked on the way back.
    const changes: Partial<qq.Config> = {}
    await start({}, changes, (platform) => void (changes.gatewayUrl = platform.url.replace('http', 'ws')))
    await online()
    fake.expireTokens()
    fake.forgetSessions()
    fake.disconnect()
    await fake.online(2)
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
    expect(fake.tokensGiven).toBe(2)
  })

  test('a gateway that takes connections and says nothing is tried again', async () => {
    await start({}, { timeout: 200 }, (platform) => void (platform.welcoming = false))
    await vi.waitFor(() => expect(fake.ignored).toBeGreaterThan(1))
    fake.welcoming = true
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('14: op 9 after a resume leads to a new session', async () => {
    await start()
    await online()
    fake.forgetSessions()
    fake.disconnect()
    await fake.online(2)
    await online()
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('a missed heartbeat renews the connection once, not for ever', async () => {
    await start({ heartbeat: 40 })
    await online()
    fake.acknowledging = false
    await vi.waitFor(() => expect(fake.resumes).toBeGreaterThan(0))
    fake.acknowledging = true
    await new Promise((resolve) => setTimeout(resolve, 150))
    const { resumes } = fake
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(fake.resumes).toBe(resumes)
    expect(await fake.say(G, U, '/ping')).toEqual(['pong'])
  })

  test('intents without permission are given up step by step', async () => {
    await start({}, {}, (platform) => {
      platform.intentsFault = (intents) => (intents === 1 << 25 ? undefined : 4014)
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
    expect(
      fake.frames.filter(({ op }) => op === 2).map(({ d }) => (d as { intents: number }).intents),
    ).toEqual([7 << 24, 3 << 25, 1 << 25])
  })

  test('a bot that starts while the platform is down gets there', async () => {
    await start({}, {}, (platform) => {
      let asked = 0
      platform.fault = ({ path }) =>
        path === '/gateway' && ++asked < 4 ? { kind: 'refuse', status: 502 } : undefined
    })
    await vi.waitFor(() => expect(bot().status).toBe(1), { timeout: 5000 })
  })
})

test('without QQ_ID the adapter is off; a missing secret is said at start', async () => {
  await start()
  const config = qq.Config({} as qq.Config)
  qq.apply(app, config)
  expect(app.bots).toHaveLength(1)
  expect(() => qq.apply(app, { ...config, id: '1' })).toThrow('QQ_SECRET')
})
