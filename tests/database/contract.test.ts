import { $ } from 'koishi'
import type { Context } from 'koishi'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { stores } from './stores'
import type { Store } from './stores'

interface Thing {
  id: number
  name: string
  amount: number
  note: string
  flag: boolean
  at: Date
  bytes: ArrayBuffer
  list: string[]
  json: { deep: { text: string } }
}

interface Pair {
  thing: number
  key: string
  value: number
}

declare module 'koishi' {
  interface Tables {
    test_thing: Thing
    test_pair: Pair
  }
}

function tables(app: Context): void {
  app.model.extend(
    'test_thing',
    {
      id: 'unsigned',
      name: 'string(20)',
      amount: { type: 'integer', initial: 0 },
      note: 'text',
      flag: 'boolean',
      at: 'timestamp',
      bytes: 'binary',
      list: 'list',
      json: 'json',
    },
    { autoInc: true, unique: ['name'], indexes: ['amount', ['name', 'amount']] },
  )
  app.model.extend(
    'test_pair',
    { thing: 'unsigned', key: 'string(20)', value: 'integer' },
    { primary: ['thing', 'key'] },
  )
}

describe.each(Object.entries(stores))('%s', (_, launch) => {
  let store: Store
  let app: Context

  beforeAll(async () => {
    store = await launch()
    app = await store.open(tables)
  })
  afterAll(async () => {
    await store.close(app)
    await store.drop()
  })
  beforeEach(async () => {
    await app.database.remove('test_thing', {})
    await app.database.remove('test_pair', {})
  })

  const names = async () => (await app.database.get('test_thing', {}, ['name'])).map((row) => row.name).sort()
  const amount = async (name: string) => (await app.database.get('test_thing', { name }))[0]?.amount

  describe('values', () => {
    it('gives back every kind of value as it was stored', async () => {
      const at = new Date('2022-03-09T08:00:00.123Z')
      const bytes = new Uint8Array([0, 1, 127, 128, 255]).buffer
      const thing = { name: 'all', amount: -7, note: 'n', flag: true, at, bytes, list: ['a', 'b'] }
      const { id } = await app.database.create('test_thing', { ...thing, json: { deep: { text: '深' } } })
      const [row] = await app.database.get('test_thing', { id })
      expect(row).toMatchObject({
        ...thing,
        bytes: expect.anything() as unknown,
        json: { deep: { text: '深' } },
      })
      expect(new Uint8Array(row!.bytes)).toEqual(new Uint8Array(bytes))
    })

    it.each([
      ['Chinese', '石首市实验小学'],
      ['emoji', '🏆🥇😀❤️'],
      ['characters outside the basic plane', '𠮷野家𪚥'],
      ['quotes and escapes', `'"\`\\\n\r\t%_;--/* */ $(x) ?`],
      ['combining marks', 'e\u0301 é'],
    ])('keeps %s', async (_kind, note) => {
      await app.database.create('test_thing', { name: 'x', note })
      await app.bulk.upsert('test_pair', [{ thing: 1, key: note.slice(0, 20), value: 1 }])
      expect((await app.database.get('test_thing', { note }))[0]?.note).toBe(note)
      expect((await app.bulk.rows<Pair>('SELECT * FROM test_pair'))[0]?.key).toBe(note.slice(0, 20))
    })

    it('never cuts a text short at a character that it cannot store', async () => {
      await app.database.create('test_thing', { name: 'nul', note: 'before\0after' })
      const [row] = await app.database.get('test_thing', { name: 'nul' })
      expect(row?.note).toMatch(/^before.after$/s)
    })

    it('tells upper from lower case, and one emoji from another, in keys and in questions', async () => {
      for (const name of ['abc', 'ABC', '😀', '😁', 'é', 'e'])
        await app.database.create('test_thing', { name })
      expect(await names()).toHaveLength(6)
      expect(await app.database.get('test_thing', { name: 'ABC' })).toHaveLength(1)
      expect(await app.database.get('test_thing', { name: '😁' })).toHaveLength(1)
    })

    it('refuses a text that is longer than its column', async () => {
      const name = 'x'.repeat(21)
      await expect(app.database.create('test_thing', { name })).rejects.toThrow()
      await expect(app.bulk.upsert('test_pair', [{ thing: 1, key: name, value: 1 }])).rejects.toThrow()
      await app.database.create('test_thing', { name: '𠮷'.repeat(20) })
      await expect(app.database.set('test_thing', {}, { name })).rejects.toThrow()
      expect(await names()).toEqual(['𠮷'.repeat(20)])
    })

    it('stores the id 0 as 0', async () => {
      await app.database.create('test_thing', { id: 0, name: 'zero' })
      await app.database.upsert('test_thing', [{ id: 0, amount: 3 }])
      expect(await app.database.get('test_thing', {}, ['id', 'amount'])).toEqual([{ id: 0, amount: 3 }])
    })
  })

  describe('questions', () => {
    beforeEach(async () => {
      for (const [name, amount] of [
        ['a', 1],
        ['b', 2],
        ['c', 2],
      ] as const) {
        const { id } = await app.database.create('test_thing', { name, amount })
        await app.database.create('test_pair', { thing: id, key: name, value: amount * 10 })
      }
    })

    it('groups and counts, in numbers', async () => {
      const query = app.database.select('test_thing').groupBy('amount', { count: (row) => $.count(row.name) })
      expect(await query.orderBy('amount').execute()).toEqual([
        { amount: 1, count: 1 },
        { amount: 2, count: 2 },
      ])
      expect(await app.database.eval('test_thing', (row) => $.sum(row.amount))).toBe(5)
    })

    it('joins', async () => {
      const joined = app.database.join(['test_thing', 'test_pair'], (a, b) => $.eq(a.id, b.thing))
      const rows = await joined.execute()
      expect(rows.map((row) => [row.test_thing.name, row.test_pair.value]).sort()).toEqual([
        ['a', 10],
        ['b', 20],
        ['c', 20],
      ])
    })

    it('sorts, limits and compares', async () => {
      const rows = await app.database.get(
        'test_thing',
        { amount: { $gte: 2 } },
        { sort: { name: 'desc' }, limit: 1 },
      )
      expect(rows.map((row) => row.name)).toEqual(['c'])
      expect(await app.database.get('test_thing', { name: { $regex: /^[ab]$/ } })).toHaveLength(2)
      expect(await app.database.get('test_thing', { $or: [{ name: 'a' }, { amount: 2 }] })).toHaveLength(3)
    })

    it('fails alone when others ask at the same moment', async () => {
      const bad = app.bulk.rows('SELECT * FROM no_such_table')
      const good = app.database.get('test_thing', {})
      const states = await Promise.allSettled([bad, good])
      expect(states.map((state) => state.status)).toEqual(['rejected', 'fulfilled'])
    })
  })

  describe('writes', () => {
    it('names a duplicate key as one, and changes nothing', async () => {
      await app.database.create('test_thing', { name: 'a', amount: 1 })
      const again = app.database.create('test_thing', { name: 'a', amount: 2 })
      await expect(again).rejects.toMatchObject({ code: 'duplicate-entry' })
      await app.database.create('test_pair', { thing: 1, key: 'k', value: 1 })
      await expect(app.database.create('test_pair', { thing: 1, key: 'k', value: 1 })).rejects.toMatchObject({
        code: 'duplicate-entry',
      })
      expect(await amount('a')).toBe(1)
    })

    it('can create again after a failure', async () => {
      await app.database.create('test_thing', { name: 'a' })
      for (let i = 0; i < 3; i++)
        await expect(app.database.create('test_thing', { name: 'a' })).rejects.toThrow()
      await app.database.create('test_thing', { name: 'b' })
      expect(await names()).toEqual(['a', 'b'])
    })

    it('loses none of 50 increments at once', async () => {
      await app.database.create('test_thing', { name: 'n', amount: 0 })
      const add = () =>
        app.database.set('test_thing', { name: 'n' }, (row) => ({ amount: $.add(row.amount, 1) }))
      await Promise.all(Array.from({ length: 50 }, add))
      expect(await amount('n')).toBe(50)
    })

    it('loses none of 50 increments by upsert', async () => {
      await app.database.create('test_pair', { thing: 1, key: 'n', value: 0 })
      const add = () =>
        app.database.upsert('test_pair', (row) => [{ thing: 1, key: 'n', value: $.add(row.value, 1) }])
      await Promise.all(Array.from({ length: 50 }, add))
      expect((await app.database.get('test_pair', { key: 'n' }))[0]?.value).toBe(50)
    })

    it('says of an upsert what was new', async () => {
      const upsert = (keys: string[]) =>
        app.database.upsert(
          'test_pair',
          keys.map((key) => ({ thing: 1, key, value: 1 })),
        )
      expect(await upsert(['a'])).toMatchObject({ inserted: 1, matched: 0 })
      expect(await upsert(['a'])).toMatchObject({ inserted: 0, matched: 1 })
      expect(await upsert(['a', 'b', 'c'])).toMatchObject({ inserted: 2, matched: 1 })
    })

    it('leaves alone what an upsert does not name', async () => {
      await app.database.upsert('test_thing', [{ name: 'a', amount: 5, note: 'kept' }], 'name')
      await app.database.upsert(
        'test_thing',
        [
          { name: 'a', amount: 6 },
          { name: 'b', note: 'new' },
        ],
        'name',
      )
      const rows = await app.database.get('test_thing', {}, ['name', 'amount', 'note'])
      expect(rows.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
        { name: 'a', amount: 6, note: 'kept' },
        { name: 'b', amount: 0, note: 'new' },
      ])
    })

    it('says how many rows an update or removal met', async () => {
      for (const name of ['a', 'b']) await app.database.create('test_thing', { name })
      expect(await app.database.set('test_thing', { name: 'a' }, { amount: 4 })).toMatchObject({ matched: 1 })
      expect(await app.database.set('test_thing', { name: 'z' }, { amount: 4 })).toMatchObject({ matched: 0 })
      expect(await app.database.remove('test_thing', { name: 'a' })).toMatchObject({ removed: 1 })
    })
  })

  describe('transactions', () => {
    it('stores all or nothing', async () => {
      const failing = app.database.withTransaction(async (database) => {
        await database.create('test_thing', { name: 'a' })
        await app.bulk.upsert('test_pair', [{ thing: 1, key: 'k', value: 1 }])
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await names()).toEqual([])
      expect(await app.database.get('test_pair', {})).toEqual([])
    })

    it('passes on an error that comes before the first query, and a result', async () => {
      await expect(app.database.withTransaction(() => Promise.reject(new Error('early')))).rejects.toThrow(
        'early',
      )
      expect(
        await app.database.transact(async (database) => (await database.get('test_thing', {})).length),
      ).toBe(0)
    })

    it('lets nobody see what is not stored yet, and everybody inside', async () => {
      let go!: () => void
      let inside: Thing[] = []
      const begun = new Promise<void>((begin) => {
        void app.database.withTransaction(async (database) => {
          await database.create('test_thing', { name: 'hidden' })
          begin()
          await new Promise<void>((resolve) => (go = resolve))
          inside = await app.database.get('test_thing', {})
        })
      })
      await begun
      const outside = app.database.get('test_thing', {}).then((rows) => rows.length)
      const first = await Promise.race([outside, sleep(50, 'waits')])
      expect([0, 'waits']).toContain(first)
      go()
      await outside
      await vi.waitFor(async () => expect(await names()).toEqual(['hidden']))
      expect(inside).toHaveLength(1)
    })

    it('keeps a stranger’s write out of a transaction that is rolled back', async () => {
      let go!: () => void
      await new Promise<void>((begin) => {
        const failing = app.database.withTransaction(async (database) => {
          await database.create('test_thing', { name: 'mine' })
          begin()
          await new Promise<void>((resolve) => (go = resolve))
          throw new Error('rolled back')
        })
        failing.catch(() => {})
      })
      const stranger = app.database.create('test_pair', { thing: 9, key: 'stranger', value: 1 })
      await sleep(20)
      go()
      await stranger
      expect(await app.database.get('test_pair', { key: 'stranger' })).toHaveLength(1)
      expect(await names()).toEqual([])
    })

    it('takes calls inside a call in: services that begin one themselves join', async () => {
      await app.database.withTransaction(async () => {
        await app.database.withTransaction(async (inner) => {
          await inner.create('test_thing', { name: 'joined' })
        })
        await app.database.create('test_thing', { name: 'outer' })
      })
      expect(await names()).toEqual(['joined', 'outer'])
    })

    it('stores nothing when a joined call failed, even if its error is swallowed', async () => {
      const swallowed = app.database.withTransaction(async (database) => {
        await database.create('test_thing', { name: 'outer' })
        await app.database
          .withTransaction(async (inner) => {
            await inner.create('test_thing', { name: 'half' })
            throw new Error('inner')
          })
          .catch(() => {})
      })
      await expect(swallowed).rejects.toThrow('inner')
      expect(await names()).toEqual([])
    })

    it('runs 20 started together, none lost and none hung', async () => {
      await app.database.create('test_thing', { name: 'n', amount: 0 })
      const one = () =>
        app.database.withTransaction(async (database) => {
          await database.set('test_thing', { name: 'n' }, (row) => ({ amount: $.add(row.amount, 1) }))
          await sleep(1)
          await database.set('test_thing', { name: 'n' }, (row) => ({ amount: $.add(row.amount, 1) }))
        })
      await Promise.all(Array.from({ length: 20 }, one))
      expect(await amount('n')).toBe(40)
    })

    it('survives two that lock each other out', async () => {
      for (const name of ['a', 'b']) await app.database.create('test_thing', { name, amount: 0 })
      const both = (names: [string, string]) =>
        app.database.withTransaction(async (database) => {
          for (const name of names) {
            await database.set('test_thing', { name }, (row) => ({ amount: $.add(row.amount, 1) }))
            await sleep(20)
          }
        })
      const runs = Array.from({ length: 6 }, (_, i) => both(i % 2 ? ['a', 'b'] : ['b', 'a']))
      await Promise.all(runs)
      expect([await amount('a'), await amount('b')]).toEqual([6, 6])
    })

    it('tells who waits for the commit once it is there, and not when it failed', async () => {
      const calls: string[] = []
      await app.database.withTransaction(async (database) => {
        app.bulk.committed(() => calls.push('stored'))
        await database.create('test_thing', { name: 'a' })
        expect(calls).toEqual([])
      })
      await app.database
        .withTransaction(async () => {
          app.bulk.committed(() => calls.push('never'))
          await Promise.reject(new Error('no'))
        })
        .catch(() => {})
      app.bulk.committed(() => calls.push('at once'))
      expect(calls).toEqual(['stored', 'at once'])
    })

    it('knows its own database object also where the chain of callers is lost', async () => {
      let job: (() => Promise<void>) | undefined
      const timer = setInterval(() => {
        const task = job
        job = undefined
        void task?.()
      }, 5)
      const failing = app.database.withTransaction(async (database) => {
        await new Promise<void>((done, fail) => {
          job = () => database.create('test_thing', { name: 'from a timer' }).then(() => done(), fail)
        })
        expect(await names()).toEqual(['from a timer'])
        throw new Error('rolled back')
      })
      await expect(failing).rejects.toThrow('rolled back')
      clearInterval(timer)
      expect(await names()).toEqual([])
    })

    it('has stored what it stored when somebody who waited for the commit fails', async () => {
      await app.database.withTransaction(async (database) => {
        app.bulk.committed(() => {
          throw new Error('listener')
        })
        await database.create('test_thing', { name: 'a' })
      })
      expect(await names()).toEqual(['a'])
    })

    it('treats work that outlives its transaction as a stranger’s', async () => {
      let late: Promise<unknown> | undefined
      await app.database.withTransaction(async (database) => {
        await database.create('test_thing', { name: 'in time' })
        late = sleep(30).then(() => app.database.create('test_thing', { name: 'late' }))
      })
      await late
      expect(await names()).toEqual(['in time', 'late'])
    })
  })

  describe('bulk', () => {
    it('inserts, replaces and ignores', async () => {
      const row = (key: string, value: number) => ({ thing: 1, key, value })
      await app.bulk.upsert('test_pair', [row('a', 1), row('b', 1)])
      await app.bulk.upsert('test_pair', [row('b', 2), row('c', 2)])
      expect(await app.bulk.insert('test_pair', [row('c', 9), row('d', 3), row('e', 3)])).toBe(2)
      expect(await app.bulk.insert('test_pair', [row('f', 3)])).toBe(1)
      expect(await app.bulk.insert('test_pair', [row('f', 9)])).toBe(0)
      const rows = await app.bulk.rows<Pair>('SELECT `key`, value FROM test_pair ORDER BY `key`')
      expect(rows.map(({ key, value }) => `${key}${value}`).join()).toBe('a1,b2,c2,d3,e3,f3')
      expect(await app.bulk.run('UPDATE test_pair SET value = ? WHERE value = ?', [7, 3])).toBe(3)
    })

    it('reads values alike from all databases', async () => {
      const at = new Date(1_646_784_000_123)
      const bytes = new Uint8Array([1, 0, 255])
      await app.bulk.upsert('test_thing', [
        { id: 5, name: 'x', flag: true, at, bytes, amount: 3, note: null },
      ])
      const [row] = await app.bulk.rows<Record<string, unknown>>(
        'SELECT id, name, flag, at, bytes, amount, note, (SELECT count(*) FROM test_thing) AS count FROM test_thing',
      )
      expect({ ...row, bytes: [...(row!['bytes'] as Uint8Array)] }).toEqual({
        id: 5,
        name: 'x',
        flag: 1,
        at: at.getTime(),
        bytes: [1, 0, 255],
        amount: 3,
        note: null,
        count: 1,
      })
      expect((await app.database.get('test_thing', { id: 5 }))[0]).toMatchObject({ at, flag: true })
    })

    it('is atomic by itself', async () => {
      const rows = Array.from({ length: 1200 }, (_, i) => ({ thing: i, key: 'k', value: 1 }))
      const bad = [...rows, { thing: 5000, key: 'x'.repeat(30), value: 1 }]
      await expect(app.bulk.upsert('test_pair', bad)).rejects.toThrow()
      expect(await app.database.get('test_pair', {})).toHaveLength(0)
      await app.bulk.upsert('test_pair', rows)
      expect(await app.database.get('test_pair', {})).toHaveLength(1200)
    })

    it('runs statements together or not at all, and tells what each touched', async () => {
      const row = (key: string, value: number) => ({ thing: 1, key, value })
      await app.bulk.upsert('test_pair', [row('a', 1), row('b', 1), row('c', 2)])
      const set = (value: number, where: number) => ({
        sql: 'UPDATE test_pair SET value = ? WHERE value = ?',
        params: [value, where],
      })
      const values = async () => (await app.database.get('test_pair', {})).map(({ value }) => value).sort()
      expect(await app.bulk.batch([])).toEqual([])
      expect(await app.bulk.batch([set(5, 1), set(6, 2), set(7, 5), set(8, 1)])).toEqual([2, 1, 2, 0])
      expect(await app.bulk.batch([set(9, 6)])).toEqual([1])
      expect(await values()).toEqual([7, 7, 9])
      const wrong = { sql: 'UPDATE test_pair SET nothing = 1' }
      await expect(app.bulk.batch([set(1, 7), wrong, set(1, 9)])).rejects.toThrow()
      expect(await values()).toEqual([7, 7, 9])
      // Nothing is left open on the connection: what comes next is stored, and seen by others.
      for (let at = 0; at < 12; at++) await app.bulk.batch([set(10 + at, 9 + at)])
      const failing = app.database.withTransaction(async () => {
        expect(await app.bulk.batch([set(1, 7), set(2, 21)])).toEqual([2, 1])
        throw new Error('rolled back')
      })
      await expect(failing).rejects.toThrow('rolled back')
      expect(await values()).toEqual([21, 7, 7])
    })
  })

  describe('tables', () => {
    it('have their indexes, unique ones too', async () => {
      const indexes = await app.database.drivers[0]!.getIndexes('test_thing')
      const keys = indexes.map(
        (index) => `${index.unique ? 'unique ' : ''}${Object.keys(index.keys).join('+')}`,
      )
      expect(keys).toEqual(expect.arrayContaining(['amount', 'name+amount']))
    })

    it('can be added while a transaction runs', async () => {
      await app.database.withTransaction(async (database) => {
        await database.create('test_thing', { name: 'a' })
        app.model.extend('test_late' as never, { id: 'unsigned' } as never)
        await database.create('test_thing', { name: 'b' })
      })
      await app.database.create('test_late' as never, { id: 1 } as never)
      expect(await app.database.get('test_late' as never, {})).toHaveLength(1)
      expect(await names()).toEqual(['a', 'b'])
    })
  })

  it('does not change its tables at the next start', async () => {
    if (!store.lasting) return
    await app.database.create('test_thing', { name: 'stays' })
    const before = await store.schemaChanges(app)
    await store.close(app)
    app = await store.open(tables)
    expect(await names()).toEqual(['stays'])
    expect(await store.schemaChanges(app)).toBe(before)
  })
})
