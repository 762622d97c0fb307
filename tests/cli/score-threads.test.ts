import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { newPointsTable, pointsTask, putQuery } from '@space-assistant/core/scoring/lines/points'
import { announce, setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { putAccounts } from '@space-assistant/core/scoring/lines/texts'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import { openFile } from '../../plugins/cli/score/records'
import { Threads } from '../../plugins/cli/score/threads'
import { openEngine } from '../scoring/engine'

const folder = mkdtempSync(join(tmpdir(), 'space-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value

it('a machine with one processor counts both slices of a large file, and their points, by itself', async () => {
  const path = join(folder, 'records.csv')
  const lines = [
    '1,资源建设,2022-03-09,1,01\n',
    '1,资源建设,2022-03-10,1,02\n',
    '2,资源建设,2022-03-10,1,03\n',
  ]
  writeFileSync(path, `账号,指标,时间,次数,记录编号\n${lines.join('')}`)
  const bytes = readFileSync(path)
  const engine = await openEngine()
  const threads = new Threads(1)
  threads.start()
  threads.share(engine)
  const accounts = putAccounts(engine, ['1', '2'])
  const setup = (await setUpLines(bytes, { engine, headers, scheme, accounts }))!
  const middle = bytes.length - Buffer.byteLength(lines[2]!)
  const slices = [
    { path, from: setup.head.length, to: middle },
    { path, from: middle, to: bytes.length },
  ]
  announce(engine, setup)
  const results = await threads.read(slices, { setup, headers, before: undefined })
  expect(results.map(({ understood }) => understood)).toEqual([2, 1])
  const names = scheme.indicators.map(({ name }) => name)
  const numbers = [...names.keys()]
  const rules = new Ruleset(scheme, new Dictionary(names))
  const table = newPointsTable(engine, 2, numbers.length)
  const query = putQuery(engine, { rules, numbers, window: scheme.period }, table)
  await threads.points(pointsTask(setup, results, query))
  const points = engine.doubles.subarray(table.address / 8)
  const place = names.indexOf('资源建设')
  expect(points[place]).toBe(points[numbers.length + place]! * 2)
  expect(points[place]).toBeGreaterThan(0)
  await threads.stop()
})

it('a file of more than 2 GB is cut behind the line in its middle', () => {
  const path = join(folder, 'large.csv')
  const file = openSync(path, 'w')
  // Most of it is a hole that takes no room on the disk.
  const half = 2 ** 31
  writeSync(file, '\n', half + 5)
  writeSync(file, '\n', 2 * half - 1)
  closeSync(file)
  const { size, middle } = openFile(path)
  expect({ size, middle }).toEqual({ size: 2 * half, middle: half + 6 })
})
