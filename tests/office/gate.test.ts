import { existsSync, readdirSync } from 'node:fs'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startOffice } from './app'
import { buildPage } from './built'
import type { OfficeApp } from './app'

let office: OfficeApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T01:00:00Z') })
  buildPage()
  office = await startOffice()
})

afterAll(async () => {
  await office.stop()
  vi.useRealTimers()
})

const status = async (asked: Promise<Response>) => (await asked).status

/** A request with headers of its own that fetch does not permit. */
function plainly(path: string, headers: Record<string, string>): Promise<number> {
  const { port } = new URL(office.base)
  return new Promise((done, fail) => {
    const sent = request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume()
      done(response.statusCode ?? 0)
    })
    sent.on('error', fail).end()
  })
}

describe('the gate', () => {
  it('answers nobody without a session but who asks for the door', async () => {
    const stranger = await office.as('stranger')
    expect(await status(stranger.call('me'))).toBe(401)
    expect(await stranger.ask('welcome')).toMatchObject({ signedIn: false })
    expect(await (await office.as('staff')).ask('welcome')).toMatchObject({ signedIn: true })
    expect(await status(stranger.call('no-such-thing'))).toBe(404)
  })

  it.each(['evil.example', '127.0.0.1:1', 'localhost.evil.example'])('refuses the host %j', async (host) => {
    expect(await plainly('/', { host })).toBe(421)
  })

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['the same machine on another port', { origin: 'http://127.0.0.1:1' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['a form, which sets no header of its own', { 'x-space-page': '' }],
  ])('does nothing for %s, whatever cookie comes with it', async (_, headers) => {
    const staff = await office.as('staff')
    const before = await office.app.office.sessions.list({ platform: 'mock', selfId: '514', userId: '900' })
    expect(await status(staff.call('logout', {}, headers))).toBe(403)
    const after = await office.app.office.sessions.list({ platform: 'mock', selfId: '514', userId: '900' })
    expect(after).toEqual(before)
  })

  it('says where an input is wrong, and reads no more than it needs', async () => {
    const staff = await office.as('staff')
    const wrong = await staff.call('standing', { filter: { of: 'cats' }, page: 0 })
    expect(wrong.status).toBe(422)
    expect(await wrong.json()).toMatchObject({ code: 'wrong-input', path: 'filter.of' })
    expect(await status(staff.call('logout', { more: 1 }))).toBe(422)
    expect(await status(staff.post('/api/me', '{'))).toBe(400)
    expect(await status(staff.post('/api/me', 'x'.repeat(600_000)))).toBe(413)
  })

  it('writes nothing of a form that somebody unknown sends', async () => {
    const stranger = await office.as('stranger')
    const form = new FormData()
    form.set('file', new Blob(['x'.repeat(100_000)]), 'a.xlsx')
    const temporary = () => readdirSync('/tmp').filter((name) => /^[0-9a-f]{20,}$/.test(name))
    const before = temporary()
    const { origin } = stranger
    const sent = await fetch(`${office.base}/api/me`, {
      method: 'POST',
      body: form,
      headers: { origin, 'x-space-page': '1' },
    })
    expect(sent.status).toBe(401)
    expect(temporary()).toEqual(before)
    expect(existsSync(`${office.data}/uploads`)).toBe(false)
  })

  it('keeps nobody out of the page itself, under a policy without anything inline', async () => {
    const page = await fetch(`${office.base}/`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('content-security-policy')).not.toContain('unsafe')
    const html = await page.text()
    expect(html).not.toMatch(/<script>|<style|style=|onload=/)
    const [, script] = /src="(\/assets\/[^"]+\.js)"/.exec(html)!
    const asset = await fetch(office.base + script!, { headers: { 'accept-encoding': 'gzip' } })
    expect(asset.headers.get('content-encoding')).toBe('gzip')
    expect(asset.headers.get('cache-control')).toContain('immutable')
    expect(await plainly(script!, { 'if-none-match': asset.headers.get('etag')! })).toBe(304)
    for (const path of ['/assets/..%2f..%2fpackage.json', '/assets/../package.json', '/assets/none.js']) {
      expect(await status(fetch(office.base + path))).toBe(404)
    }
  })
})

describe('signing in', () => {
  it('works once with the code that the chat gives in private', async () => {
    const [, code] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    const [first, second] = [await office.as('stranger'), await office.as('stranger')]
    expect(await status(first.call('login', { code: code!.toLowerCase() }))).toBe(200)
    expect(await first.ask('me')).toMatchObject({ name: '李四', account: '10002' })
    expect(await status(second.call('login', { code }))).toBe(409)
    expect(await status(second.call('me'))).toBe(401)
  })

  it('gives the browser a cookie that no script and no other site gets', async () => {
    const [, code] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    const response = await (await office.as('stranger')).call('login', { code })
    expect(response.headers.get('set-cookie')).toMatch(
      /^space_session=[\w-]{43}; path=\/; samesite=strict; httponly$/i,
    )
  })

  it('refuses a code in a group and burns one that is posted there', async () => {
    expect(await office.say('101', '/网页', '300')).toBe('登录码只给本人看，请私聊我发送“/网页”。')
    const [, code] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    expect(await office.say('101', code!, '300')).toContain('作废')
    expect(await status((await office.as('stranger')).call('login', { code }))).toBe(409)
  })

  it('tells a stranger to bind first', async () => {
    expect(await office.say('999', '/网页')).toContain('绑定')
  })

  it('ends everywhere from the chat, and at once', async () => {
    const [one, two] = [await office.as('neighbour'), await office.as('neighbour')]
    expect(await office.say('200', '/网页 退出')).toBe('已退出 2 处登录。')
    expect(await Promise.all([status(one.call('me')), status(two.call('me'))])).toEqual([401, 401])
  })

  it('ends by itself twelve hours after the last use, and after seven days', async () => {
    const now = Date.now()
    const client = await office.as('neighbour')
    vi.setSystemTime(now + 11 * 3_600_000)
    expect(await status(client.call('me'))).toBe(200)
    for (let hours = 20; hours < 7 * 24; hours += 9) {
      vi.setSystemTime(now + hours * 3_600_000)
      expect(await status(client.call('me'))).toBe(200)
    }
    vi.setSystemTime(now + 7 * 24 * 3_600_000 + 1)
    expect(await status(client.call('me'))).toBe(401)
    vi.setSystemTime(now)
    const idle = await office.as('neighbour')
    vi.setSystemTime(now + 12 * 3_600_000 + 1)
    expect(await status(idle.call('me'))).toBe(401)
    vi.setSystemTime(now)
  })

  it('reads rights at every request: what staff take back is gone with the page open', async () => {
    const { app } = office
    const who = { platform: 'mock', selfId: '514', userId: '950' }
    await app.access.grants.give(who, { kind: 'town', label: 'x', town: '新堤镇' })
    const client = await office.as('stranger')
    client.cookie = `space_session=${await app.office.sessions.open(who, 'test')}`
    const asked = {
      filter: { of: 'teachers', scope: { kind: 'town', town: '新堤镇' }, window: { kind: 'period' } },
      page: 1,
    }
    expect(await client.ask('standing', asked)).toMatchObject({ rows: [{ name: '孙八' }] })
    const staff = { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } }
    const grants = await app.access.grants.list(staff)
    const own = grants.ok && grants.value.find(({ userId }) => userId === '950')
    await app.access.grants.revoke(own ? own.id : 0, staff)
    expect(await status(client.call('standing', asked))).toBe(403)
  })

  it('slows down after many wrong codes and locks nobody out', async () => {
    const quick = await Promise.all(
      Array.from({ length: 5 }, async () =>
        status((await office.as('stranger')).call('login', { code: 'AAAABBBB' })),
      ),
    )
    expect(quick.every((code) => code === 409)).toBe(true)
    const [, code] = /([A-Z]{4}-[A-Z]{4})/.exec(await office.say('101', '/网页'))!
    // Two hundred at once: some are answered slowly, the rest are told to wait; none is let in.
    const guesses = Array.from({ length: 200 }, async (_, index) => {
      const letters = 'ABCDEFGHJKMNPRTUVWXY'
      const guess = `AAAAA${letters[index % 20]}${letters[Math.floor(index / 20)]}A`
      return status((await office.as('stranger')).call('login', { code: guess }))
    })
    expect(new Set(await Promise.all(guesses))).toEqual(new Set([409]))
    expect(await status((await office.as('stranger')).call('login', { code }))).toBe(200)
  })
})

describe('the stream of news', () => {
  it('says that something is new, never what, and ends with the session', async () => {
    const staff = await office.as('staff')
    const news = await fetch(`${office.base}/api/events`, { headers: { cookie: staff.cookie } })
    const reader = (news.body as ReadableStream<Uint8Array>).getReader()
    const decoder = new TextDecoder()
    let heard = ''
    const until = async (text: string) => {
      while (!heard.includes(text)) heard += decoder.decode((await reader.read()).value)
    }
    await until('retry')
    office.app.emit('space/scores-changed')
    await until('event: scores\ndata: \n')
    await staff.ask('logout')
    expect((await reader.read()).done).toBe(true)
  })

  it('is not for strangers, nor for other sites', async () => {
    expect(await status(fetch(`${office.base}/api/events`))).toBe(401)
    const staff = await office.as('staff')
    const headers = { cookie: staff.cookie, 'sec-fetch-site': 'cross-site' }
    expect(await status(fetch(`${office.base}/api/events`, { headers }))).toBe(403)
  })
})
