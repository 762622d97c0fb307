import type { Context } from 'koishi'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'
import { csv, xlsx } from '../formats/fixture'
import { openApp, people, recordsFile, recordsHeader, rosterFile, take, value } from './app'

let store: Store
let app: Context

beforeEach(async () => {
  store = await stores['SQLite in memory']()
  app = await openApp(store)
})
afterEach(async () => {
  await store.close(app)
  await store.drop()
})

const year = { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! }
const points = (account: string) => app.scoreboard.board.points(account, { role: 'teacher', window: year })
const preview = async (bytes: Uint8Array, name = 'file.csv') =>
  value(await app.imports.preview({ name, bytes }, operator))

describe('a preview', () => {
  it('says what would change and changes nothing', async () => {
    const seen = await preview(rosterFile([...people, ['003', 'x', 'y', 'z', '校长', '']]), 'C:\\a\\名册.csv')
    expect(seen).toMatchObject({
      name: '名册.csv',
      kind: 'roster',
      understood: 3,
      refused: 1,
      problems: [{ row: 5, code: 'unknown-role' }],
      change: { kind: 'roster', members: { added: 3 }, schools: { added: 2 } },
      nothingNew: false,
    })
    expect(app.roster.members()).toEqual([])
    expect(await app.database.get('space_import', {})).toEqual([])
  })

  it('of records needs a roster', async () => {
    const outcome = await app.imports.preview(
      { name: 'a.csv', bytes: recordsFile(['t1', '空间登录', '2022-03-09', 1]) },
      operator,
    )
    expect(outcome).toMatchObject({ ok: false, code: 'no-roster' })
  })

  it('of a file that cannot be used is refused with the sentence of the file', async () => {
    const outcome = await app.imports.preview({ name: 'a.csv', bytes: new Uint8Array() }, operator)
    if (outcome.ok) throw new Error('understood')
    expect(app.imports.explain(outcome, 'zh-CN')).toBe('文件是空的。请重新导出后再导入。')
    expect(app.imports.explain({ code: 'no-such-import', params: { id: 7 } }, 'en-US')).toContain(
      'no import 7',
    )
  })

  it('is forgotten after a while, and when it is confirmed or given up', async () => {
    const { id } = await preview(rosterFile())
    app.imports.discard(id)
    expect(await app.imports.confirm(id, operator)).toMatchObject({ code: 'no-such-preview' })
    const again = await preview(rosterFile())
    value(await app.imports.confirm(again.id, operator))
    expect(await app.imports.confirm(again.id, operator)).toMatchObject({ code: 'no-such-preview' })
  })
})

describe('only staff import', () => {
  const administrator: Viewer = {
    account: 't1',
    grants: [{ kind: 'administrator', school: '001', account: 't1' }],
    place: { kind: 'private' },
  }
  const staffInExchange: Viewer = {
    grants: [{ kind: 'staff' }],
    place: { kind: 'group', purpose: 'exchange' },
  }
  it.each<[string, Viewer, string]>([
    ['an administrator', administrator, 'staff-only'],
    ['a stranger', { grants: [], place: { kind: 'private' } }, 'not-bound'],
    ['staff where others read along', staffInExchange, 'private-only'],
  ])('%s is refused everywhere', async (_, viewer, code) => {
    const { id } = await preview(rosterFile())
    const file = { name: 'a', bytes: rosterFile() }
    for (const outcome of [
      await app.imports.preview(file, viewer),
      await app.imports.confirm(id, viewer),
      await app.imports.undo(1, viewer),
      await app.imports.history(viewer),
    ]) {
      expect(outcome).toMatchObject({ ok: false, code })
      if (!outcome.ok) expect(app.imports.explain(outcome, 'zh-CN')).toMatch(/工作专班/)
    }
    expect(app.roster.members()).toEqual([])
  })
})

describe('an import', () => {
  it('is stored with what it did, and the same file again is nothing new', async () => {
    const row = await take(app.imports, rosterFile(), '名册.csv')
    expect(row).toMatchObject({
      id: 1,
      kind: 'roster',
      name: '名册.csv',
      understood: 3,
      refused: 0,
      changed: 5,
      state: 'stored',
    })
    expect(app.roster.members()).toHaveLength(3)
    const again = await preview(rosterFile())
    expect(again).toMatchObject({ nothingNew: true, same: { id: 1 } })
    expect(await app.imports.confirm(again.id, operator)).toEqual({
      ok: false,
      code: 'nothing-new',
      params: { id: 1 },
    })
    expect(value(await app.imports.history(operator))).toHaveLength(1)
  })

  it('of records changes scores; without ids the newest file wins, with ids each counts once', async () => {
    await take(app.imports, rosterFile())
    const day = ['2022-03-09', '2022-03-10']
    await take(app.imports, recordsFile(['t1', '空间登录', day[0]!, 1], ['t2', '资源建设', day[0]!, 3]))
    expect([points('t1'), points('t2')]).toEqual([1, 3])
    const statement = await take(
      app.imports,
      recordsFile(['t2', '资源建设', day[0]!, 2], ['t2', '资源建设', day[1]!, 1]),
    )
    expect(statement).toMatchObject({
      kind: 'records',
      understood: 2,
      firstDay: '2022-03-09',
      lastDay: '2022-03-10',
    })
    // The same school and day: what the older file said of t1 is void.
    expect([points('t1'), points('t2')]).toEqual([0, 3])
    const withIds = csv(
      [...recordsHeader, '记录编号'],
      ['t3', '空间登录', day[0]!, 1, 'R1'],
      ['t3', '空间登录', day[1]!, 1, 'R2'],
    )
    await take(app.imports, withIds)
    const more = csv(
      [...recordsHeader, '记录编号'],
      ['t3', '空间登录', day[1]!, 1, 'R2'],
      ['t3', '空间登录', '2022-03-11', 1, 'R3'],
    )
    expect(await take(app.imports, more)).toMatchObject({ repeated: 1, changed: 1 })
    expect(points('t3')).toBe(3)
    const same = await preview(more)
    expect(same.nothingNew).toBe(true)
    const statementAgain = await preview(
      recordsFile(['t2', '资源建设', day[0]!, 2], ['t2', '资源建设', day[1]!, 1]),
    )
    expect(statementAgain.nothingNew).toBe(true)
  })

  it('of records with ids says how many without ids are known for the same days', async () => {
    await take(app.imports, rosterFile())
    const day = '2022-03-09'
    await take(app.imports, recordsFile(['t1', '空间登录', day, 1], ['t2', '空间登录', '2022-03-10', 1]))
    const withIds = (...rows: string[][]) => csv([...recordsHeader, '记录编号'], ...rows)
    const same = await preview(
      withIds(['t1', '空间登录', day, '1', 'R1'], ['t3', '空间登录', day, '1', 'R2']),
    )
    expect(same.change).toMatchObject({ added: 2, beside: 1 })
    const other = await preview(withIds(['t1', '空间登录', '2022-03-11', '1', 'R3']))
    expect(other.change).toMatchObject({ added: 1, beside: 0 })
    await take(app.imports, withIds(['t3', '空间登录', day, '1', 'R2']))
    const again = await preview(withIds(['t3', '资源建设', day, '1', 'R4']))
    expect(again.change).toMatchObject({ added: 1, beside: 0 })
  })

  it('of records that have not happened yet is refused row by row', async () => {
    await take(app.imports, rosterFile())
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T12:00:00+08:00') })
    const rows = ['2022-03-09', '2022-03-10', '2022-03-11'].map((day) => ['t1', '空间登录', day, 1])
    for (const bytes of [recordsFile(...rows), await xlsx(recordsHeader, ...rows)]) {
      const seen = await preview(bytes)
      expect(seen).toMatchObject({ understood: 2, refused: 1 })
      expect(seen.problems).toMatchObject([{ row: 4, code: 'future', params: { value: '2022-03-11' } }])
    }
    vi.useRealTimers()
  })

  it('of two previews at once counts what the first has stored', async () => {
    await take(app.imports, rosterFile())
    const bytes = csv([...recordsHeader, '记录编号'], ['t3', '空间登录', '2022-03-09', 1, 'R1'])
    const [one, two] = [await preview(bytes), await preview(bytes)]
    const outcomes = await Promise.all([
      app.imports.confirm(one.id, operator),
      app.imports.confirm(two.id, operator),
    ])
    expect(outcomes.map((outcome) => outcome.ok || outcome.code)).toEqual([true, 'nothing-new'])
  })

  it('of a platform report', async () => {
    await take(app.imports, rosterFile())
    const bytes = csv(['账号', '总分', '空间登录'], ['t1', 88.5, 31], ['t2', 70, 20])
    const day = parseDay('2022-05-31')!
    const seen = value(await app.imports.preview({ name: 'a', bytes, day }, operator))
    expect(seen).toMatchObject({ kind: 'snapshot', change: { kind: 'snapshot', added: 2 } })
    value(await app.imports.confirm(seen.id, operator))
    expect(await app.scoreboard.snapshot({ kind: 'member', account: 't1' })).toMatchObject({
      day,
      total: 88.5,
    })
  })

  it('of a platform report with other points behind the same total, and of an older one once more', async () => {
    await take(app.imports, rosterFile())
    const day = parseDay('2022-05-31')!
    const report = (login: number, total: number) =>
      csv(['账号', '总分', '空间登录'], ['t1', total, login], ['t2', 70, 20])
    const give = async (bytes: Uint8Array) => {
      const seen = value(await app.imports.preview({ name: 'a', bytes, day }, operator))
      return (await app.imports.confirm(seen.id, operator)).ok
    }
    const newest = () => app.scoreboard.snapshot({ kind: 'member', account: 't1' })
    expect(await give(csv(['账号', '总分'], ['t1', 88]))).toBe(true)
    expect(await give(report(31, 88))).toBe(true)
    expect(await newest()).toMatchObject({ total: 88, indicators: { 空间登录: 31 } })
    expect(await give(report(30, 87))).toBe(true)
    expect(await give(report(30, 87))).toBe(false)
    expect(await give(report(31, 88))).toBe(true)
    expect(await newest()).toMatchObject({ total: 88, indicators: { 空间登录: 31 } })
  })

  it('reports progress', async () => {
    const seen: number[] = []
    const many = Array.from({ length: 2000 }, (_, i) => ['001', '实验小学', '张三', `m${i}`, '教师', ''])
    value(
      await app.imports.preview(
        { name: 'a', bytes: rosterFile(many), progress: (rows) => seen.push(rows) },
        operator,
      ),
    )
    expect(seen.length).toBeGreaterThan(3)
    expect(seen.at(-1)).toBe(2001)
  })
})

describe('undo', () => {
  it('restores what was before', async () => {
    await take(app.imports, rosterFile())
    const before = app.roster.members()
    const second = await take(
      app.imports,
      rosterFile([
        ['002', '新堤中学', '张三', 't1', '教师', ''],
        ['001', '实验小学', '赵六', 't4', '教师', ''],
      ]),
    )
    expect(app.roster.member('t1')?.school).toBe('002')
    expect(value(await app.imports.undo(second.id, operator))).toMatchObject({ state: 'undone' })
    await expect.poll(() => app.roster.members()).toEqual(before)
    expect(await app.imports.undo(second.id, operator)).toMatchObject({ code: 'already-undone' })
    expect(await app.imports.undo(99, operator)).toMatchObject({ code: 'no-such-import' })
    expect(value(await app.imports.history(operator)).map(({ id, state }) => [id, state])).toEqual([
      [2, 'undone'],
      [1, 'stored'],
    ])
  })

  it('of records leaves what later imports brought, and the file can come again', async () => {
    await take(app.imports, rosterFile())
    const first = recordsFile(['t1', '空间登录', '2022-03-09', 1], ['t2', '空间登录', '2022-03-09', 1])
    const one = await take(app.imports, first)
    await take(app.imports, recordsFile(['t3', '空间登录', '2022-03-09', 1]))
    value(await app.imports.undo(one.id, operator))
    await expect.poll(() => [points('t1'), points('t2'), points('t3')]).toEqual([0, 0, 1])
    await take(app.imports, first)
    expect([points('t1'), points('t2'), points('t3')]).toEqual([1, 1, 1])
  })

  it('of records with ids lets the same file come again, and all of it counts', async () => {
    await take(app.imports, rosterFile())
    const rows = Array.from({ length: 40 }, (_, i) => [
      ...['t1', '空间登录', `2022-03-${String((i % 28) + 1).padStart(2, '0')}`, 1],
      i % 2 ? `R${i}` : `编号-${i}`,
    ])
    const bytes = csv([...recordsHeader, '记录编号'], ...rows)
    for (let round = 0; round < 3; round++) {
      const row = await take(app.imports, bytes)
      expect(row).toMatchObject({ understood: 40, repeated: 0, changed: 1 })
      expect(await app.scoreboard.records('t1')).toHaveLength(40)
      value(await app.imports.undo(row.id, operator))
      await expect.poll(() => points('t1')).toBe(0)
      expect(await app.scoreboard.records('t1')).toEqual([])
    }
    expect(await app.database.get('space_record_id', {})).toEqual([])
    expect(await app.database.get('space_record_id_block', {})).toEqual([])
  })

  it('of more records than fit any list of arguments leaves nothing behind', async () => {
    await take(app.imports, rosterFile())
    const lines = Array.from({ length: 140_000 }, (_, i) => {
      const day = String((i % 28) + 1).padStart(2, '0')
      return `t${(i % 3) + 1},资源检索,2022-03-${day} 08:00,1,x-${i}`
    })
    const row = await take(
      app.imports,
      Buffer.from(`${recordsHeader.join(',')},记录编号\n${lines.join('\n')}`),
    )
    expect(row).toMatchObject({ understood: 140_000, changed: 3 })
    expect(points('t1')).toBeGreaterThan(0)
    value(await app.imports.undo(row.id, operator))
    await expect.poll(() => points('t1')).toBe(0)
    expect(await app.database.get('space_record_id', {})).toEqual([])
  }, 120_000)

  it('of ids that an older version kept as texts frees them too', async () => {
    await take(app.imports, rosterFile())
    const bytes = csv([...recordsHeader, '记录编号'], ['t1', '空间登录', '2022-03-09', 1, 'R0001'])
    const row = await take(app.imports, bytes)
    await app.database.remove('space_record_id_block', {})
    await app.database.create('space_record_id', { id: 'R0001', import: row.id })
    expect((await preview(bytes)).change).toMatchObject({ added: 0, repeated: 1 })
    value(await app.imports.undo(row.id, operator))
    expect(await app.database.get('space_record_id', {})).toEqual([])
    expect((await preview(bytes)).change).toMatchObject({ added: 1, repeated: 0 })
  })

  it('of a statement brings back what it had replaced', async () => {
    await take(app.imports, rosterFile())
    await take(app.imports, recordsFile(['t1', '空间登录', '2022-03-09', 1]))
    const second = await take(app.imports, recordsFile(['t2', '空间登录', '2022-03-09', 1]))
    expect([points('t1'), points('t2')]).toEqual([0, 1])
    value(await app.imports.undo(second.id, operator))
    await expect.poll(() => [points('t1'), points('t2')]).toEqual([1, 0])
  })
})

it('nothing is half stored when a part of it fails', async () => {
  await take(app.imports, rosterFile())
  const seen = await preview(recordsFile(['t1', '空间登录', '2022-03-09', 1]))
  const store = app.scoreboard.store.bind(app.scoreboard)
  app.scoreboard.store = async (plan, id) => {
    await store(plan, id)
    throw new Error('disk full')
  }
  await expect(app.imports.confirm(seen.id, operator)).rejects.toThrow('disk full')
  app.scoreboard.store = store
  expect(await app.database.get('space_import', {})).toHaveLength(1)
  expect(points('t1')).toBe(0)
  // The preview is still there.
  value(await app.imports.confirm(seen.id, operator))
  expect(points('t1')).toBe(1)
})
