import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordsCsv, rosterCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { rosterExport } from '@space-assistant/core/demo/exports'
import { parseDay } from '@space-assistant/core/calendar/day'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { weekly } from '../demo/schemes'
import { freePort, Space, space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-import-'))
const env = { DATA_DIR: join(folder, 'data') }
const roster = join(folder, '名册.csv')
const dirty = join(folder, '名册.xlsx')
const records = join(folder, '明细.csv')

beforeAll(async () => {
  const district = makeDistrict()
  const day = parseDay('2022-03-09')!
  writeFileSync(roster, [...rosterCsv(district)].join(''))
  writeFileSync(dirty, (await rosterExport(district)).bytes)
  writeFileSync(records, [...recordsCsv(district, weekly, { window: { from: day, to: day } })].join(''))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('space import', () => {
  it('refuses records before there is a roster', async () => {
    const { code, stderr } = await space(['import', records, '--yes'], env)
    expect(code).toBe(1)
    expect(stderr).toContain('请先导入名册')
  })

  it('shows what a file holds and would do, and changes nothing, with --dry-run', async () => {
    const { code, stdout } = await space(['import', dirty, '--dry-run'], env)
    expect(code).toBe(0)
    expect(stdout).toContain('名册，可用 300 行，不能用 2 行')
    expect(stdout).toContain('1.23457E+17')
    expect(stdout).toContain('将新增 300 人')
    expect((await space(['import', records, '--yes'], env)).code).toBe(1)
  })

  it('refuses a file of an absurd size without reading it', async () => {
    const file = join(folder, 'huge.csv')
    writeFileSync(file, '')
    truncateSync(file, 3 * 2 ** 30)
    const { code, stdout, stderr } = await space(['import', file], env)
    rmSync(file)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(`${file}: 文件有 3072 MB，最多 64 MB。请分成几个文件。\n`)
  })

  it('asks nobody where there is no terminal', async () => {
    const { code, stderr } = await space(['import', roster], env)
    expect(code).toBe(1)
    expect(stderr).toContain('--yes')
  })

  it('stores several files in the order given, and the same files once', async () => {
    const first = await space(['import', roster, records, '--yes'], env)
    expect(first.stderr).toBe('')
    expect(first.stdout).toMatch(/名册[^]*已导入，编号 1。[^]*行为明细[^]*已导入，编号 2。/)
    expect(first.code).toBe(0)
    const second = await space(['import', records, '--yes'], env)
    expect(second.stdout).toContain('没有新内容')
    expect(second.code).toBe(0)
  })

  it('names what is wrong with its arguments', async () => {
    expect((await space(['import'])).stderr).toContain('请写上要导入的文件')
    expect((await space(['import', roster, '--as', 'picture'])).stderr).toContain(
      'roster, schools, records, snapshot',
    )
    expect((await space(['import', roster, '--date', '3月9日'])).stderr).toContain('2022-03-09')
    expect((await space(['import', join(folder, 'no.csv')])).stderr).toContain('no.csv')
    expect(await space(['import', folder])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${folder} 是文件夹，请写上里面要导入的文件。\n`,
    })
  })

  it('is listed, undone by its number, and once', async () => {
    const listed = await space(['history'], env)
    expect(listed).toMatchObject({ code: 0, stderr: '' })
    expect(listed.stdout).toMatch(
      /^2  \d{4}-\d\d-\d\d \d\d:\d\d  行为明细  xinzhou-2022  明细\.csv  \d+ 行  \S+\n1  .*  名册  xinzhou-2022  名册\.csv  300 行  \S+\n$/,
    )
    const unasked = await space(['undo', '2'], env)
    expect(unasked).toMatchObject({ code: 1, stdout: '' })
    expect(unasked.stderr).toContain('--yes')
    const undone = await space(['undo', '2', '--yes'], env)
    expect(undone).toMatchObject({ code: 0, stdout: '2 号导入（行为明细）已撤销，以后导入的内容保留。\n' })
    expect((await space(['history'], env)).stdout).toMatch(/^2 .*已撤销\n1 /)
    expect(await space(['undo', '2', '--yes'], env)).toMatchObject({ code: 1, stdout: '' })
    expect((await space(['undo', '99', '--yes'], env)).stderr).toBe(
      '没有 99 号导入。编号见 npx space history。\n',
    )
    for (const given of [[], ['x'], ['1', '2'], ['0']]) {
      expect((await space(['undo', ...given], env)).code).toBe(2)
    }
    expect((await space(['import', records, '--yes'], env)).stdout).toContain('已导入，编号 3。')
  })

  it('says how many refused rows it does not list', async () => {
    const file = join(folder, '生人.csv')
    const strangers = Array.from(
      { length: 100_002 },
      (_, at) => `n${at},${weekly.indicators[0]!.name},2022-03-09`,
    )
    writeFileSync(file, ['账号,指标,时间', ...strangers].join('\n'))
    const { stdout } = await space(['import', file, '--dry-run'], env)
    expect(stdout).toContain('\n  还有 2 行不能用，没有列出。\n')
  })

  it('speaks of schools only in the preview of a table of schools', async () => {
    const file = join(folder, '学校表.csv')
    writeFileSync(file, '学校代码,学校名称,学生数\n990001,新办小学,300\n')
    const { stdout } = await space(['import', file, '--dry-run'], env)
    expect(stdout).toBe(
      '学校表.csv：学校表，可用 1 行，不能用 0 行\n将新增学校 1 所、更新 0 所\n只是预览，什么也没有改动。\n',
    )
  })

  it('says at once where the database should be when there is none, and what to look at', async () => {
    const port = String(await freePort())
    const away = await space(['history'], { ...env, MYSQL_HOST: '127.0.0.1', MYSQL_PORT: port })
    expect(away).toMatchObject({ code: 1, stdout: '' })
    expect(away.stderr).toContain(`连不上数据库 127.0.0.1:${port}（`)
    expect(away.stderr).toContain('.env 里 MYSQL_HOST 等几项没有写错')
    const unusable = await space(['history'], { DATA_DIR: roster })
    expect(unusable).toMatchObject({ code: 1, stdout: '' })
    expect(unusable.stderr).toContain('打不开')
    expect(unusable.stderr).toContain('请确认 DATA_DIR 是可以写的文件夹')
  })

  it('leaves a database alone that a running bot holds', async () => {
    const bot = new Space(['start'], { ...env, PORT: String(await freePort()) })
    await bot.said('server listening')
    const { code, stderr } = await space(['import', roster, '--yes'], env)
    bot.kill()
    await bot.ended
    expect(code).toBe(1)
    expect(stderr).toContain('正在被另一个进程使用')
  })
})
