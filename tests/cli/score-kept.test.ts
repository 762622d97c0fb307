import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from './space'

// A fresh clone after `npm ci`, without `npm run build`, where nothing is kept yet.
const clone = mkdtempSync(join(tmpdir(), 'space-kept-'))
const scheme = join(clone, 'config/schemes/xinzhou-2022.yml')
const headers = join(clone, 'config/headers.yml')
const lib = join(clone, 'plugins/cli/lib/score')

beforeAll(() => {
  for (const part of ['config', 'plugins/cli', 'src', 'koishi.yml', 'package.json', 'package-lock.json']) {
    const made = (path: string) => !/\/(lib|dist|node_modules)$/.test(path)
    cpSync(join(root, part), join(clone, part), { recursive: true, filter: made })
  }
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))
  writeFileSync(join(clone, 'roster.csv'), '学校代码,学校名称,姓名,账号,角色\nS1,第一小学,张三,t1,教师\n')
  writeFileSync(join(clone, 'records.csv'), '账号,指标,时间\nt1,教学成果,2022-03-09\n')
})
afterAll(() => rmSync(clone, { recursive: true }))

function score(): Promise<{ code: number; stdout: string; stderr: string }> {
  const files = ['--roster', join(clone, 'roster.csv'), '--records', join(clone, 'records.csv')]
  const args = [join(clone, 'plugins/cli/bin.cjs'), 'score', '--scheme', scheme, ...files]
  return new Promise((done) => {
    execFile(
      process.execPath,
      args,
      { cwd: clone, env: { ...process.env, NODE_OPTIONS: '' } },
      (error, stdout, stderr) => done({ code: error ? Number(error.code) : 0, stdout, stderr }),
    )
  })
}

async function points(): Promise<number> {
  const { code, stdout, stderr } = await score()
  expect(stderr).toBe('')
  expect(code).toBe(0)
  const { teachers } = JSON.parse(stdout) as { teachers: { points: number }[] }
  return teachers[0]!.points
}

const change = (file: string, from: string, to: string) => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

describe('space score from a fresh clone', () => {
  it('gives the right answer when two begin at once, and again from what they kept', async () => {
    expect(await Promise.all([points(), points()])).toEqual([5, 5])
    expect(readdirSync(lib)).toEqual(
      expect.arrayContaining(['headers.kept', 'scheme.kept', 'index.js.cache']),
    )
    expect(await points()).toBe(5)
  })

  it('notices a changed scheme and changed words, also wrong ones', async () => {
    change(scheme, 'name: 教学成果', 'name: 教学作品')
    expect(JSON.parse((await score()).stdout)).toMatchObject({
      problems: [{ code: 'unknown-indicator' }],
    })
    change(headers, '指标名称,', '指标名称, 行为代号,')
    writeFileSync(join(clone, 'records.csv'), '账号,行为代号,时间\nt1,教学作品,2022-03-09\n')
    expect(await points()).toBe(5)
    change(headers, '行为代号', '账号')
    expect((await score()).stderr).toMatch(/config\/headers\.yml/)
    change(headers, '指标名称, 账号', '指标名称, 行为代号')
    expect(await points()).toBe(5)
    change(scheme, 'points:', 'pionts:')
    expect(await score()).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('pionts') as string,
    })
    change(scheme, 'pionts:', 'points:')
  })

  it('does without what it kept when that is damaged', async () => {
    for (const name of readdirSync(lib).filter((one) => /\.(kept|cache)$/.test(one))) {
      const bytes = readFileSync(join(lib, name))
      writeFileSync(join(lib, name), bytes.subarray(0, bytes.length >> 1))
    }
    expect(await points()).toBe(5)
    expect(await points()).toBe(5)
  })
})
