import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { openFile } from '../../plugins/cli/score/records'
import { Threads } from '../../plugins/cli/score/threads'

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
  const setup = (await setUpLines(bytes, { headers, scheme, accounts: ['1', '2'] }))!
  const threads = new Threads(1)
  threads.start()
  const middle = bytes.length - Buffer.byteLength(lines[2]!)
  const slices = [
    { path, from: setup.head.length, to: middle },
    { path, from: middle, to: bytes.length },
  ]
  const results = await threads.read(slices, setup, { headers, before: undefined })
  expect(results.map(({ understood }) => understood)).toEqual([2, 1])
  const numbers = [...scheme.indicators.keys()]
  const counts = results.map((result) => result.counts)
  const points = await threads.points(counts, 2, { scheme, numbers, window: scheme.period })
  const place = scheme.indicators.findIndex(({ name }) => name === '资源建设')
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
