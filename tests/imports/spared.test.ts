// A refused row of a statement never erases what is known of the person and the day that it names.
import type { Context } from 'koishi'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { previewLines } from '../../plugins/cli/preview'
import { run } from '../../plugins/cli/score'
import { summarize } from '../../plugins/importer/summary'
import importerEnUS from '../../plugins/importer/locales/en-US.json'
import importerZhCN from '../../plugins/importer/locales/zh-CN.json'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'
import { csv, xlsx } from '../formats/fixture'
import { openApp, recordsHeader, rosterFile, take, value } from './app'

let store: Store
let app: Context

beforeEach(async () => {
  store = await stores['SQLite in memory']()
  app = await openApp(store)
  await take(app.imports, rosterFile())
})
afterEach(async () => {
  await store.close(app)
  await store.drop()
})

type Cells = (string | number)[]

const year = { from: parseDay('2022-01-01')!, to: parseDay('2022-12-31')! }
const points = () =>
  ['t1', 't2', 't3'].map((account) => app.scoreboard.board.points(account, { role: 'teacher', window: year }))
const rowsOf = async (account: string) =>
  (await app.scoreboard.records(account)).map(({ indicator, count }) => `${indicator} ${count}`).sort()
const preview = async (bytes: Uint8Array) =>
  value(await app.imports.preview({ name: 'a.csv', bytes }, operator))

const day = '2022-03-09'
const known: Cells[] = [
  ['t1', '空间登录', day, 1],
  ['t1', '资源建设', day, 2],
  ['t2', '资源建设', day, 3],
  ['t3', '资源建设', day, 1],
]
/** Of t1 one row is understood and one is refused. */
const broken: Cells[] = [
  ['t1', '资源建设', day, 1],
  ['t1', '空间登陆了', day, 1],
  ['t2', '资源建设', day, 2],
]
const corrected: Cells[] = [
  ['t1', '资源建设', day, 1],
  ['t1', '空间登录', day, 1],
  ['t2', '资源建设', day, 2],
]
const kinds: [string, (rows: readonly Cells[]) => Uint8Array | Promise<Uint8Array>][] = [
  ['csv', (rows) => csv(recordsHeader, ...rows)],
  ['xlsx', (rows) => xlsx(recordsHeader, ...rows)],
]

describe.each(kinds)('a refused row of a statement (%s)', (_, fileOf) => {
  it('leaves the person and the day that it names as they were', async () => {
    await take(app.imports, await fileOf(known))
    expect(points()).toEqual([3, 3, 1])
    const seen = await preview(await fileOf(broken))
    expect(seen).toMatchObject({
      understood: 2,
      refused: 1,
      change: { kind: 'records', added: 1, replaced: 1, members: 1, kept: { people: 1, days: 1 } },
    })
    value(await app.imports.confirm(seen.id, operator))
    expect(points()).toEqual([3, 2, 1])
    expect(await rowsOf('t1')).toEqual(['空间登录 1', '资源建设 2'])
    expect(await rowsOf('t2')).toEqual(['资源建设 2'])
  })

  it('does so when the person has no other row in the file', async () => {
    await take(app.imports, await fileOf(known))
    await take(app.imports, await fileOf([['t1', '空间登录', day, '一次'], ...broken.slice(2)]))
    expect(points()).toEqual([3, 2, 1])
  })

  it('says nothing about other days and other people of the file', async () => {
    const next = '2022-03-10'
    const later: Cells[] = known.map(([account, indicator, , count]) => [account!, indicator!, next, count!])
    await take(app.imports, await fileOf([...known, ...later]))
    await take(app.imports, await fileOf([...broken, ['t2', '资源建设', next, 1]]))
    // Of the next day the file is silent about t1, and that is what it says.
    expect(await rowsOf('t1')).toEqual(['空间登录 1', '资源建设 2'])
    expect(await rowsOf('t2')).toEqual(['资源建设 1', '资源建设 2'])
    expect(await rowsOf('t3')).toEqual(['资源建设 1', '资源建设 1'])
  })

  it('spares nothing when its person or its day cannot be read', async () => {
    await take(app.imports, await fileOf(known))
    const rows: Cells[] = [['t9', '空间登录', day, 1], ['t1', '空间登录', '三月', 1], ...broken.slice(2)]
    const seen = await preview(await fileOf(rows))
    expect(seen).toMatchObject({ refused: 2, change: { kept: { people: 0, days: 0 } } })
    value(await app.imports.confirm(seen.id, operator))
    expect(points()).toEqual([0, 2, 1])
  })

  it('keeps no row of the file out where nothing is known', async () => {
    const seen = await preview(await fileOf(broken))
    expect(seen.change).toMatchObject({ added: 2, replaced: 0, kept: { people: 0, days: 0 } })
    value(await app.imports.confirm(seen.id, operator))
    expect(points()).toEqual([1, 2, 0])
  })

  it('is taken back with its file, and the same file once more is nothing new', async () => {
    await take(app.imports, await fileOf(known))
    // A workbook that is written anew carries another time: the same file is the same bytes.
    const bytes = await fileOf(broken)
    const row = await take(app.imports, bytes)
    expect((await preview(bytes)).nothingNew).toBe(true)
    value(await app.imports.undo(row.id, operator))
    await expect.poll(points).toEqual([3, 3, 1])
    expect(await rowsOf('t1')).toEqual(['空间登录 1', '资源建设 2'])
  })

  it('stays as it was when what was known of it is taken back', async () => {
    const first = await take(app.imports, await fileOf(known))
    await take(app.imports, await fileOf(broken))
    value(await app.imports.undo(first.id, operator))
    await expect.poll(points).toEqual([0, 2, 0])
  })

  it('corrected replaces what was known, also after the file was taken back', async () => {
    await take(app.imports, await fileOf(known))
    const row = await take(app.imports, await fileOf(broken))
    await take(app.imports, await fileOf(corrected))
    expect(points()).toEqual([2, 2, 1])
    expect(await rowsOf('t1')).toEqual(['空间登录 1', '资源建设 1'])
    value(await app.imports.undo(row.id, operator))
    await expect.poll(points).toEqual([2, 2, 1])
  })
})

it('rows with ids add what they say beside a refused row', async () => {
  const withIds = (...rows: Cells[]) => csv([...recordsHeader, '记录编号'], ...rows)
  await take(app.imports, withIds(['t1', '空间登录', day, 1, 'R1']))
  const seen = await preview(withIds(['t1', '资源建设', day, 2, 'R2'], ['t1', '资源建没了', day, 1, 'R3']))
  expect(seen.change).toMatchObject({ added: 1, kept: { days: 0 } })
  value(await app.imports.confirm(seen.id, operator))
  expect(points()).toEqual([3, 0, 0])
})

it('the command line scores the same files alike', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'space-spared-'))
  const write = (name: string, bytes: Uint8Array) => {
    writeFileSync(join(folder, name), bytes)
    return join(folder, name)
  }
  const out = join(folder, 'out.json')
  const args = ['--scheme', 'config/schemes/xinzhou-2022.yml', '--roster', write('r.csv', rosterFile())]
  const files = [write('1.csv', csv(recordsHeader, ...known)), write('2.csv', csv(recordsHeader, ...broken))]
  expect(await run([...args, '--records', ...files, '--out', out])).toBe(0)
  const { teachers } = JSON.parse(readFileSync(out, 'utf8')) as {
    teachers: { account: string; points: number }[]
  }
  rmSync(folder, { recursive: true })
  expect(Object.fromEntries(teachers.map(({ account, points: has }) => [account, has]))).toMatchObject({
    ...{ t1: 3, t2: 2, t3: 1 },
  })
})

it('the preview says what stays, in the chat and on the command line', async () => {
  await take(app.imports, csv(recordsHeader, ...known))
  const seen = await preview(csv(recordsHeader, ...broken))
  const sentence =
    '不能用的行涉及 1 人，共 1 天：这些人这几天原有的明细保持不变，文件里他们这几天的其他行也不导入。改好后请再导入一次。'
  app.i18n.define('zh-CN', importerZhCN)
  app.i18n.define('en-US', importerEnUS)
  const say =
    (locale: string) =>
    (key: string, params: object = {}) =>
      app.i18n.render([locale], [`space-importer.${key}`], params).join('')
  expect(summarize(seen, say('zh-CN'), 1).split('\n')).toContain(sentence)
  expect(summarize(seen, say('en-US'), 1)).toContain('Named by refused rows: people 1, days 1 in all.')
  expect(previewLines(seen)).toContain(sentence)
  const whole = await preview(csv(recordsHeader, ...corrected))
  expect(summarize(whole, say('zh-CN'), 1)).not.toContain('保持不变')
  expect(previewLines(whole).join('\n')).not.toContain('保持不变')
})
