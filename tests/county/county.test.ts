// A county that is not the project's: everything of its own stands in config/local, and what it exports is read.
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { countyRecords, countyRoster, countySchools } from './made-up'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const root = resolve(import.meta.dirname, '../..')
const clone = mkdtempSync(join(tmpdir(), 'space-county-'))
const at = (name: string) => join(clone, name)

beforeAll(() => {
  for (const part of [
    'config',
    'plugins',
    'src',
    'koishi.yml',
    'package.json',
    'package-lock.json',
    '.env.example',
  ]) {
    const kept = (path: string) => !/\/(lib|dist|node_modules|local)$/.test(path)
    cpSync(join(root, part), at(part), { recursive: true, filter: kept })
  }
  symlinkSync(join(root, 'node_modules'), at('node_modules'))
  cpSync(join(import.meta.dirname, 'config'), at('config/local'), { recursive: true })
  writeFileSync(at('roster.csv'), countyRoster)
  writeFileSync(at('schools.csv'), countySchools)
  writeFileSync(at('records.csv'), countyRecords)
})
afterAll(() => rmSync(clone, { recursive: true, force: true }))

function run(args: string[], input = ''): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const env = {
    PATH: process.env['PATH'],
    SCHEME: 'yunling-2026',
    ONEBOT_SELF_ID: '1',
    ONEBOT_TOKEN: 'long-token',
  }
  const child = spawn(process.execPath, [at('plugins/cli/bin.cjs'), ...args], { cwd: clone, env })
  const heard = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (data: Buffer) => (heard[name] += data.toString()))
  child.stdin.end(input)
  return new Promise((done) => child.once('close', (code) => done({ code, ...heard })))
}

const files = ['--roster', 'roster.csv', '--schools', 'schools.csv', '--records', 'records.csv']

describe('a county of its own', () => {
  it('is found right, without a vacation in an activity of one term', async () => {
    const { code, stdout, stderr } = await run(['check'])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('config/local 里的 7 个文件已并入')
  })

  it('is scored by the name of its scheme and by its own headers', async () => {
    const { code, stdout, stderr } = await run(['score', '--scheme', 'yunling-2026', ...files])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    const report = JSON.parse(stdout) as { teachers: { account: string; points: number }[] }
    // 4 x 0.5 + 2 x 1 for the days, 2 x 3 for the lessons, nothing for nine pupils.
    expect(report.teachers.find(({ account }) => account === 'yl1001')?.points).toBe(10)
    // Who is lent to another place does not count.
    expect(report.teachers.some(({ account }) => account === 'yl1004')).toBe(false)
  })

  it('has its awards judged by its own conditions', async () => {
    const { code, stdout, stderr } = await run(['awards', '--scheme', 'yunling-2026', ...files])
    expect(stderr).toBe('')
    expect(code).toBe(0)
    expect(stdout).toContain('智慧校园')
    expect(stdout).toContain('课堂先锋')
  })

  it.each([
    ['村小排名', { intent: 'ranking', stage: '村小' }],
    ['本片区排名', { intent: 'ranking', where: 'own-town' }],
    ['微课发布排名', { intent: 'ranking', indicators: ['微课发布'] }],
    ['展评段我们学校老师排名', { intent: 'ranking', of: 'teacher', from: '2026-11-09', to: '2026-12-31' }],
    ['小视频课排名', { intent: 'ranking', indicators: ['微课发布'] }],
    ['微课要多长才有效', { intent: 'how-to', entry: 'yunling-lesson' }],
  ])('is understood in its own words: %s', async (question, intent) => {
    const asked = [
      'understand',
      '--scheme',
      'yunling-2026',
      '--as',
      'administrator:yl1000',
      '--today',
      '2026-12-01',
    ]
    const { stdout, stderr } = await run([...asked, ...files.slice(0, 4)], `${question}\n`)
    expect(stderr).toBe('')
    const { intents } = JSON.parse(stdout) as { intents: object[] }
    expect(intents, stdout).toHaveLength(1)
    expect(intents[0]).toMatchObject(intent)
  })
})
