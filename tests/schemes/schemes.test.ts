import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import { Logger } from 'koishi'
import type { Context } from 'koishi'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import Schemes from 'koishi-plugin-space-schemes'
import type { Schemes as Service } from 'koishi-plugin-space-schemes'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'

Logger.levels.base = Logger.SILENT

let dir: string

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'space-config-'))
  cpSync(resolve('config'), dir, { recursive: true })
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

const edit = (name: string, from: string, to: string) => {
  const text = readFileSync(join(dir, name), 'utf8')
  expect(text).toContain(from)
  writeFileSync(join(dir, name), text.replace(from, to))
}

const xinzhou = 'schemes/xinzhou-2022.yml'
const rank = ({ awards }: { awards: { conditions: object[] }[] }) => awards[0]?.conditions[1]
const teacher = {
  account: 't1',
  grants: [{ kind: 'teacher' as const, school: 'S1', account: 't1' }],
  place: { kind: 'private' as const },
}

describe.each(Object.entries(stores))('rules in force on %s', (kind, makeStore) => {
  let store: Store
  const apps: Context[] = []

  beforeAll(async () => void (store = await makeStore()))
  afterAll(() => store.drop())
  afterEach(async () => {
    for (const app of apps.splice(0)) await stop(app)
  })

  // A process of its own scheme each, so that tests on one database do not meet.
  let district = 0
  beforeEach(() => {
    cpSync(join(dir, xinzhou), join(dir, `schemes/district-${++district}.yml`))
  })
  const file = () => `schemes/district-${district}.yml`

  const start = async (scheme = `district-${district}`) => {
    const app = await store.open((ctx) => void ctx.plugin(Schemes, { scheme, dir, pollSeconds: 1 }))
    await new Promise<void>((done) => app.inject(['schemes'], () => done()))
    apps.push(app)
    return app
  }
  const stop = async (app: Context) => {
    if (apps.includes(app)) apps.splice(apps.indexOf(app), 1)
    await store.close(app)
  }
  const adopt = async (app: Context, by = '王老师') => {
    const pending = app.schemes.pending()
    if (pending.kind !== 'changed') throw new Error(pending.kind)
    return app.schemes.adopt(pending.key, operator, by)
  }

  it('are at the first start what the file says', async () => {
    const { schemes } = await start()
    expect(schemes.active.id).toBe(`district-${district}`)
    expect(schemes.list().map(({ id }) => id)).toContain('shishou-2021')
    expect(schemes.headers.stages.get('小学')).toBe('小学')
    expect(schemes.words.ask).toContain('排名')
    expect(schemes.calendar.vacations.length).toBeGreaterThan(0)
    expect(schemes.pending()).toEqual({ kind: 'nothing' })
    const history = await schemes.history(operator)
    expect(history).toMatchObject({ ok: true, value: [{ number: 1, by: '' }] })
  })

  it('change when somebody adopts what the file says now, and others are told', async () => {
    const app = await start()
    const { schemes } = app
    const told: unknown[] = []
    app.on('space/schemes-changed', () => void told.push(rank(schemes.active)))
    edit(file(), 'first: 10', 'first: 7')
    expect(schemes.pending()).toMatchObject({ kind: 'changed' })
    expect(rank(schemes.active)).toMatchObject({ first: 10 })
    const before = Date.now()
    expect(await adopt(app)).toMatchObject({ ok: true, value: { number: 2, by: '王老师' } })
    expect(told).toEqual([expect.objectContaining({ first: 7 })])
    expect(rank(schemes.active)).toMatchObject({ first: 7 })
    expect(schemes.pending()).toEqual({ kind: 'nothing' })
    const history = await schemes.history(operator)
    if (!history.ok) throw new Error(history.code)
    expect(history.value.map(({ number }) => number)).toEqual([2, 1])
    // MySQL keeps whole seconds.
    expect(Math.abs(history.value[0]!.at.getTime() - before)).toBeLessThan(60_000)
  })

  it('are not changed by comments and the way a file is written', async () => {
    const { schemes } = await start()
    writeFileSync(join(dir, file()), `# 说明\n${readFileSync(join(dir, file()), 'utf8')}\n`)
    expect(schemes.pending()).toEqual({ kind: 'nothing' })
  })

  it('are adopted by staff only', async () => {
    const { schemes } = await start()
    edit(file(), 'first: 10', 'first: 7')
    const pending = schemes.pending()
    if (pending.kind !== 'changed') throw new Error(pending.kind)
    expect(await schemes.adopt(pending.key, teacher)).toMatchObject({ ok: false, code: 'staff-only' })
    expect(await schemes.history(teacher)).toMatchObject({ ok: false, code: 'staff-only' })
    expect(rank(schemes.active)).toMatchObject({ first: 10 })
  })

  it('are not what was changed once more since somebody looked', async () => {
    const { schemes } = await start()
    edit(file(), 'first: 10', 'first: 7')
    const pending = schemes.pending()
    if (pending.kind !== 'changed') throw new Error(pending.kind)
    edit(file(), 'first: 7', 'first: 5')
    expect(await schemes.adopt(pending.key, operator)).toMatchObject({ code: 'changed-meanwhile' })
    expect(rank(schemes.active)).toMatchObject({ first: 10 })
  })

  if (kind === 'SQLite in memory') return

  it('stay in force through a restart, whatever the file says by then', async () => {
    await stop(await start())
    edit(file(), 'first: 10', 'first: 7')
    const again = await start()
    expect(rank(again.schemes.active)).toMatchObject({ first: 10 })
    expect(again.schemes.pending()).toMatchObject({ kind: 'changed' })
    await adopt(again)
    await stop(again)
    const later = await start()
    expect(rank(later.schemes.active)).toMatchObject({ first: 7 })
    expect(later.schemes.pending()).toEqual({ kind: 'nothing' })
  })

  it.each([
    ['has mistakes', () => edit(file(), 'per: year', 'per: decade'), /写的是“decade”/],
    ['is gone', () => rmSync(join(dir, file())), /没有这个文件/],
  ])('stay in force when their file %s', async (_, damage, complaint) => {
    await stop(await start())
    damage()
    const { schemes } = await start()
    expect(schemes.active.indicators).toHaveLength(17)
    const pending = schemes.pending()
    expect(pending).toMatchObject({ kind: 'broken', problems: [expect.stringMatching(complaint)] })
    expect(await schemes.adopt('missing', operator)).toMatchObject({ code: 'changed-meanwhile' })
  })

  it('are those of the scheme that the operator chooses, each with what was adopted of it', async () => {
    const first = await start()
    edit(file(), 'first: 10', 'first: 7')
    await adopt(first)
    await stop(first)
    const other = await start('shishou-2021')
    expect(other.schemes.active.id).toBe('shishou-2021')
    await stop(other)
    edit(file(), 'first: 7', 'first: 5')
    const back = await start()
    expect(rank(back.schemes.active)).toMatchObject({ first: 7 })
  })

  it('cannot be taken from a text that this version does not understand', async () => {
    await stop(await start())
    const app = await start('shishou-2021')
    const row = { scheme: `district-${district}`, number: 2, sha256: '', text: 'rules: newer\n', by: '' }
    await app.bulk.insert('space_scheme_adoption', [{ ...row, at: new Date() }])
    await stop(app)
    const refused = new Promise<string>((done) => {
      void store
        .open((ctx) => {
          apps.push(ctx)
          ctx.on('space/config-refused', ({ message }) => done(message))
          ctx.plugin(Schemes, { scheme: row.scheme, dir, pollSeconds: 1 })
        })
        .catch(done)
    })
    expect(await refused).toContain('第 2 次采用的方案，这个版本的程序读不懂')
  })

  if (kind !== 'MariaDB') return

  it('are the same in all processes on the database', async () => {
    const [one, other] = [await start(), await start()]
    edit(file(), 'first: 10', 'first: 7')
    let told = 0
    other.on('space/schemes-changed', () => void told++)
    await adopt(one)
    await expect.poll(() => rank(other.schemes.active)).toMatchObject({ first: 7 })
    await expect.poll(() => told).toBe(1)
  })

  it('are put in force by one of two who adopt at once', async () => {
    const [one, other] = [await start(), await start()]
    edit(file(), 'first: 10', 'first: 7')
    const outcomes = await Promise.all([adopt(one, '甲'), adopt(other, '乙')])
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1)
    const history = await one.schemes.history(operator)
    expect(history).toMatchObject({ value: [{ number: 2 }, { number: 1 }] })
    await other.schemes.follow()
    expect(rank(one.schemes.active)).toEqual(rank(other.schemes.active))
  })

  it('are the same for two who start first at once', async () => {
    const { id } = { id: `district-${district}` }
    const [one, other] = await Promise.all([start(id), start(id)])
    expect(await one.schemes.history(operator)).toMatchObject({ value: [{ number: 1 }] })
    expect(other.schemes.active).toEqual(one.schemes.active)
  })
})

describe('the words of config/', () => {
  it('are read anew on demand, and stay as they were when they have mistakes', async () => {
    const store = await stores['SQLite in memory']()
    const app = await store.open(
      (ctx) => void ctx.plugin(Schemes, { scheme: 'xinzhou-2022', dir, pollSeconds: 1 }),
    )
    await new Promise<void>((done) => app.inject(['schemes'], () => done()))
    let told = 0
    app.on('space/schemes-changed', () => void told++)
    edit('words.yml', '排行榜,', '排行榜, 光荣榜,')
    expect(app.schemes.words.ask).not.toContain('光荣榜')
    await app.schemes.reload()
    expect(app.schemes.words.ask).toContain('光荣榜')
    expect(told).toBe(1)
    edit('words.yml', '光荣榜,', '本校,')
    await expect(app.schemes.reload()).rejects.toThrow('同时写在')
    expect(app.schemes.words.ask).toContain('光荣榜')
    await store.close(app)
  })
})

describe('a first start with mistakes says every one of them', () => {
  const complaint = async (scheme = 'xinzhou-2022') => {
    const store = await stores['SQLite in memory']()
    let app: Context | undefined
    const message = await new Promise<string>((done) => {
      void store.open((ctx) => {
        app = ctx
        ctx.on('space/config-refused', (error) => done(error.message))
        ctx.plugin(Schemes, { scheme, dir, pollSeconds: 1 })
      })
    })
    expect(app!.get('schemes')).toBeUndefined()
    await store.close(app!)
    return message
  }

  it('in schemes, words, calendar and headers at once, with file and line', async () => {
    edit(xinzhou, 'per: year', 'per: decade')
    edit('words.yml', '排行榜,', '本校,')
    edit('calendar.yml', 'holidays: []', 'holidays: [2022-02-30]')
    edit('headers.yml', 'totals:', 'totalz:')
    const lines = (await complaint()).split('\n')
    expect(lines).toHaveLength(4)
    expect(lines[0]).toMatch(/schemes\/xinzhou-2022.yml 第 \d+ 行 indicators\[1\]\.cap\.per: 写的是“decade”/)
    expect(lines[1]).toMatch(/words.yml 第 \d+ 行 scopes.own-school\[0\]: “本校”同时写在 ask\[2\]/)
    expect(lines[2]).toMatch(/calendar.yml 第 \d+ 行 holidays\[0\]: 写的是“2022-02-30”/)
    expect(lines[3]).toMatch(/headers.yml/)
  })

  it('in the scheme alone', async () => {
    edit(xinzhou, 'per: year', 'per: decade')
    expect(await complaint()).toMatch(/^\S+xinzhou-2022.yml 第 \d+ 行 .*写的是“decade”/)
  })

  it('when a name of a scheme is a word of questions', async () => {
    edit(xinzhou, 'name: 校园办公', 'name: 本周')
    expect(await complaint()).toMatch(/xinzhou-2022.yml indicators\[16\].name: “本周”同时是 words.yml 里的词/)
  })

  it('when the scheme does not exist, with those that do', async () => {
    expect(await complaint('wuhan')).toContain('没有这个文件；允许的是：shishou-2021, xinzhou-2022')
  })

  it('when a file or the folder is not there', async () => {
    rmSync(join(dir, 'words.yml'))
    expect(await complaint()).toContain('words.yml: 没有这个文件')
    rmSync(dir, { recursive: true })
    expect(await complaint()).toContain('找不到配置文件夹')
  })

  it('but not those of schemes that are not used', async () => {
    edit('schemes/shishou-2021.yml', 'per: month', 'per: decade')
    const store = await stores['SQLite in memory']()
    const app = await store.open(
      (ctx) => void ctx.plugin(Schemes, { scheme: 'xinzhou-2022', dir, pollSeconds: 1 }),
    )
    const schemes = await new Promise<Service>((done) => app.inject(['schemes'], (ctx) => done(ctx.schemes)))
    expect(schemes.list().map(({ id }) => id)).toEqual(['xinzhou-2022'])
    await store.close(app)
  })
})
