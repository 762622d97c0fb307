import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readXlsx } from 'hucre'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { csv } from '../formats/fixture'
import { files } from '../journeys/house'
import { space } from './space'

// Real processes, on machines that may have other things to do.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const folder = mkdtempSync(join(tmpdir(), 'space-export-'))
const env = { DATA_DIR: folder }
afterAll(() => rmSync(folder, { recursive: true, force: true }))

beforeAll(async () => {
  const bytes = {
    roster: files.roster,
    records: csv(['账号', '指标', '时间', '次数'], ['10002', '空间登录', '2022-05-13', 1]),
  }
  for (const [name, content] of Object.entries(bytes)) {
    const path = join(folder, `${name}.csv`)
    writeFileSync(path, content)
    const { code, stderr } = await space(['import', path, '--yes'], env)
    expect([code, stderr]).toEqual([0, ''])
  }
})

const out = join(folder, 'list.xlsx')

it.each([
  ['教师报表 全区', '全区教师深度应用报表', 5],
  ['学校排名 小学', '全区小学学校排名', 2],
  ['未绑定 青铺中心小学', '青铺中心小学未绑定人员', 3],
  ['导入', '导入记录', 2],
])('space export %s', async (what, title, count) => {
  const { code, stdout, stderr } = await space(['export', ...what.split(' '), '--out', out], env)
  expect([code, stderr]).toEqual([0, ''])
  expect(stdout).toBe(`已写入 ${out}，${count} 行。\n`)
  const { sheets } = await readXlsx(readFileSync(out))
  const rows = sheets[0]?.rows ?? []
  expect(rows[0]?.[0]).toBe(title)
  expect(rows[1]?.[0]).toMatch(new RegExp(`于 \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d 导出：${title}$`))
  // There are names in it.
  expect(statSync(out).mode & 0o077).toBe(0)
})

it.each([
  [[], '请写上要导出什么'],
  [['火星'], '请写上要导出什么'],
  [['教师报表', '火星'], '没有看懂'],
  [['群'], '没有可以导出的'],
  ...['问题', '送达', '回执', '推荐', '评优', '通报', '资料'].map(
    (list) => [[list], '请在聊天里向机器人要'] as [string[], string],
  ),
])('space export %j says what to do', async (args, sentence) => {
  const { code, stdout, stderr } = await space(['export', ...args], env)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toContain(sentence)
})
