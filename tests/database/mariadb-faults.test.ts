import { Context, Logger } from 'koishi'
import * as mysql from 'koishi-plugin-space-mysql'
import { inspect } from 'node:util'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { launchMariaDB } from './mariadb'
import type { MariaDB, Settings } from './mariadb'
import { ready } from './stores'

let server: MariaDB
let settings: Settings
let app: Context
const lines: string[] = []
const target = { print: (text: string) => void lines.push(text), showTime: '' }

function load(context: Context): void {
  context.plugin(mysql, settings)
  context.model.extend('test_line' as never, { id: 'unsigned', text: 'string(50)' } as never)
}

async function close(context: Context): Promise<void> {
  context.registry.delete(mysql as never)
  await sleep(20)
  await context.stop()
}

const insert = (id: number) => app.bulk.run('INSERT INTO test_line (id, text) VALUES (?, ?)', [id, 'x'])
const ids = async () =>
  (await app.bulk.rows<{ id: number }>('SELECT id FROM test_line ORDER BY id')).map(({ id }) => id)

beforeAll(async () => {
  server = await launchMariaDB()
  settings = await server.database()
  app = new Context()
  load(app)
  await app.start()
  await ready(app)
  Logger.targets.push(target)
})
afterAll(async () => {
  Logger.targets.splice(Logger.targets.indexOf(target), 1)
  await close(app)
  await server.stop()
})

describe('the database server', () => {
  it('is waited for at start, with a line in the log', async () => {
    await server.kill()
    Logger.levels.base = Logger.WARN
    const late = new Context()
    load(late)
    void late.start()
    await vi.waitFor(() => expect(lines.join('\n')).toContain('no database at 127.0.0.1'), 10_000)
    Logger.levels.base = Logger.ERROR
    expect(late.get('database')).toBeUndefined()
    await server.start()
    await ready(late)
    expect(await late.database.get('test_line' as never, {})).toEqual([])
    await close(late)
  }, 60_000)

  it('may be killed and come back: what was acknowledged is there, and the bot goes on', async () => {
    await insert(1)
    const acknowledged = [1]
    let killed = false
    const errors: Error[] = []
    const writing = (async () => {
      for (let id = 2; id < 2000 && !killed; id++) {
        try {
          await app.database.withTransaction(async () => {
            await insert(id)
          })
          acknowledged.push(id)
        } catch (error) {
          errors.push(error as Error)
          await sleep(20)
        }
      }
    })()
    await sleep(200)
    await server.kill()
    await sleep(200)
    killed = true
    await writing
    expect(errors.length).toBeGreaterThan(0)
    await server.start()
    await vi.waitFor(async () => expect(await ids()).toEqual(expect.arrayContaining(acknowledged)), 10_000)
    await insert(5000)
  }, 60_000)

  it('refuses a transaction at once when it is not there', async () => {
    await server.kill()
    const began = Date.now()
    await expect(app.database.withTransaction(async () => void (await ids()))).rejects.toThrow(
      /ECONNREFUSED|lost/i,
    )
    await expect(ids()).rejects.toThrow()
    expect(Date.now() - began).toBeLessThan(5000)
    await server.start()
    await vi.waitFor(ids, 10_000)
  }, 60_000)

  it('loses a connection before COMMIT: the transaction fails and nothing of it is stored', async () => {
    const failing = app.database.withTransaction(async () => {
      await insert(7000)
      const [row] = await app.bulk.rows<{ id: number }>('SELECT connection_id() AS id')
      // From a connection of its own, as an administrator would.
      const other = new Context()
      load(other)
      await other.start()
      await ready(other)
      await other.bulk.run(`KILL ${row!.id}`)
      await close(other)
    })
    await expect(failing).rejects.toThrow()
    expect(await ids()).not.toContain(7000)
    await app.database.withTransaction(async () => void (await insert(7001)))
    expect(await ids()).toContain(7001)
  })

  it('may deadlock: the transaction is repeated, and an error that its callback swallowed stores nothing by halves', async () => {
    for (const id of [8001, 8002]) await insert(id)
    const update = (id: number, text: string) =>
      app.bulk.run('UPDATE test_line SET text = ? WHERE id = ?', [text, id])
    let runs = 0
    const both = (name: string, first: number, second: number) =>
      app.database.withTransaction(async () => {
        runs++
        await update(first, name)
        await sleep(100)
        await update(second, name).catch(() => {})
        await update(second, name).catch(() => {})
      })
    await Promise.all([both('a', 8001, 8002), both('b', 8002, 8001)])
    expect(runs).toBeGreaterThan(2)
    const rows = await app.bulk.rows<{ text: string }>('SELECT text FROM test_line WHERE id > 8000')
    expect(new Set(rows.map(({ text }) => text)).size).toBe(1)
  })

  it('may deadlock with statements that go together: all of them are repeated', async () => {
    for (const id of [8101, 8102]) await insert(id)
    const update = (id: number, text: string) => ({
      sql: 'UPDATE test_line SET text = ? WHERE id = ?',
      params: [text, id],
    })
    let meet = () => {}
    const met = new Promise<void>((resolve) => (meet = resolve))
    const slow = app.database.withTransaction(async () => {
      await app.bulk.run(update(8102, 'a').sql, update(8102, 'a').params)
      meet()
      await sleep(200)
      await app.bulk.run(update(8101, 'a').sql, update(8101, 'a').params)
    })
    await met
    expect(await app.bulk.batch([update(8101, 'b'), update(8102, 'b')])).toEqual([1, 1])
    await slow
    const rows = await app.bulk.rows<{ text: string }>('SELECT text FROM test_line WHERE id IN (8101, 8102)')
    expect(new Set(rows.map(({ text }) => text)).size).toBe(1)
  })

  it('is never quoted in the log or in an error with the values of a statement', async () => {
    Logger.levels.base = Logger.DEBUG
    lines.length = 0
    const secret = '13800138000 张三'
    const failures = await Promise.allSettled([
      app.bulk.run('INSERT INTO test_line (id, text) VALUES (?, ?)', [1, secret]),
      app.database.create('test_line' as never, { id: 1, text: secret } as never),
      app.bulk.run('INSERT INTO no_such_table VALUES (?)', [secret]),
      app.bulk.rows(`SELECT '${secret}' FROM test_line WHERE wrong syntax '${secret}'`),
      app.database.create('test_line' as never, { id: 9001, text: secret.repeat(10) } as never),
    ])
    Logger.levels.base = Logger.ERROR
    for (const failure of failures) {
      expect(inspect(failure, { showHidden: true, depth: 5 })).not.toMatch(/13800138000|张三/)
    }
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.join('\n')).not.toMatch(/13800138000|张三/)
    expect(lines.join('\n')).toContain('INSERT INTO')
  })
})
