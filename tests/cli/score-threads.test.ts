import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { setUpLines } from '@space-assistant/core/pipeline/line-setup'
import { joinTallies } from '@space-assistant/core/pipeline/record-file'
import { middleOf } from '@space-assistant/core/pipeline/source'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { decodeTallies } from '@space-assistant/core/scoring/tallies'
import { withFile } from '../../plugins/cli/score/slice-file'
import { ScoreThreads } from '../../plugins/cli/score/threads'

const folder = mkdtempSync(join(tmpdir(), 'space-threads-'))
afterAll(() => rmSync(folder, { recursive: true }))

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value

it.each([1, 2])('a machine with %i processors counts both slices of a large file', async (count) => {
  const path = join(folder, 'records.csv')
  const lines = [
    '1,资源建设,2022-03-09,1,01\n',
    '1,资源建设,2022-03-10,1,02\n',
    '2,资源建设,2022-03-10,1,03\n',
  ]
  writeFileSync(path, `账号,指标,时间,次数,记录编号\n${lines.join('')}`)
  const bytes = readFileSync(path)
  const threads = new ScoreThreads(count)
  threads.start()
  const accounts = ['1', '2']
  const setup = (await setUpLines(bytes, { headers, scheme, accounts }))!
  const middle = bytes.length - Buffer.byteLength(lines[2]!)
  const numbers = [...scheme.indicators.keys()]
  const common = { path, setup, headers, accounts: '1\n2', members: 2, numbers, before: undefined }
  const slices = await threads.read([
    { ...common, from: setup.head.length, to: middle },
    { ...common, from: middle, to: bytes.length },
  ])
  await threads.stop()
  expect(slices.map(({ result }) => result.understood)).toEqual([2, 1])
  const { stated } = joinTallies(
    slices.map(({ tallies }) => tallies),
    { accounts, first: scheme.period.from },
  )
  expect(accounts.map((account) => decodeTallies(stated.get(account)!).length)).toEqual([2, 1])
})

it('a file of more than 2 GB is cut behind the line in its middle', async () => {
  const path = join(folder, 'large.csv')
  const file = openSync(path, 'w')
  // Most of it is a hole that takes no room on the disk.
  const half = 2 ** 31
  writeSync(file, '\n', half + 5)
  writeSync(file, '\n', 2 * half - 1)
  closeSync(file)
  const found = await withFile(path, (source) => {
    const { size } = source
    return Promise.resolve({ size, middle: middleOf(source, { from: 0, to: size }) })
  })
  expect(found).toEqual({ size: 2 * half, middle: half + 6 })
})
