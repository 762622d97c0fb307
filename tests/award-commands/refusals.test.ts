// Bad input by the name of what is wrong with it, with what to do next.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startAwards } from './app'
import type { AwardApp } from './app'
import { chatBot } from './district'

let test: AwardApp
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'space-awards-'))
  cpSync('config', dir, { recursive: true })
  const file = join(dir, 'schemes/xinzhou-2022.yml')
  const head = '  - name: 优秀教师空间\n    subject: teacher\n'
  const quota =
    '    quota:\n      { per: town, each: 2, reserve: 50, shares: [{ name: 乡村教师, least: 35, towns: [新堤镇] }] }\n'
  const scheme = readFileSync(file, 'utf8')
    .replace(`${head}    conditions:\n`, `${head}${quota}    conditions:\n      - notStage: [职校]\n`)
    .replace(/^issuer:.*\n/m, '')
  writeFileSync(file, scheme)
  test = await startAwards('2022-05-25 10:00', { dir })
  await test.app.access.grants.give(
    { ...chatBot, userId: 'town2' },
    { kind: 'town', label: '总支', town: '邾城街' },
  )
  await test.say('boss', '/评优 进入 推荐')
  for (const name of ['李四', '钱七', '赵六', '王芳']) await test.say('town', `/推荐 优秀教师空间 ${name}`)
})
afterAll(async () => {
  await test.stop()
  rmSync(dir, { recursive: true })
})

it('a nominee beyond places and reserve: by how many, and whom to withdraw', async () => {
  await test.say('town', '/推荐 提交 1')
  await test.say('town', '/推荐 提交 2')
  expect(await test.say('town', '/推荐 提交 3')).toContain('已提交（备选）')
  expect(await test.say('town', '/推荐 提交 4')).toBe(
    '城关镇的名额是 2 个、备选 1 个，这是第 4 个，多出 1 个。要推荐这一个，请先撤回一个，例如：/推荐 撤回 3',
  )
})

it('a nominee of a stage that does not take part: which stage, which award', async () => {
  expect(await test.say('town2', '/推荐 优秀教师空间 职一')).toBe('职校不参加“优秀教师空间”的评选。')
})

it('too few of a kind that the notice asks for: a warning that hinders nothing', async () => {
  expect(await test.say('boss', '/推荐')).toContain(
    '注意：优秀教师空间里“乡村教师”有 0/3 个，通知要求不少于 35%（只是提醒，不影响提交）。',
  )
})

it('an issuer that nobody has written down: where to write it', async () => {
  await test.say('town', '/推荐 撤回 4')
  await test.say('boss', '/评优 进入 审核')
  await test.say('boss', '/推荐 通过 全部')
  await test.say('boss', '/评优 进入 评审')
  await test.say('boss', '/评优 进入 计票 强制')
  expect(await test.say('boss', '/评优 文件 公示')).toBe(
    '方案 xinzhou-2022 里还没有写落款单位。请在方案文件里加一行 issuer: 单位名称，采用方案后再生成。',
  )
})
