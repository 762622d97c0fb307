import * as rescore from 'koishi-plugin-space-rescore'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApp } from '../ranking-commands/app'
import type { TestApp } from '../ranking-commands/app'

const dir = mkdtempSync(join(tmpdir(), 'space-rescore-'))
const file = join(dir, 'schemes/xinzhou-2022.yml')
let test: TestApp

beforeAll(async () => {
  cpSync('config', dir, { recursive: true })
  test = await startApp({ dir })
  test.app.plugin(rescore)
  await test.bind('zhang', '10001')
  await test.app.access.grants.give(
    { platform: 'mock', selfId: '514', userId: 'boss' },
    { kind: 'staff', label: '王老师' },
  )
})

afterAll(async () => {
  await test.stop()
  rmSync(dir, { recursive: true, force: true })
})

const change = (from: string, to: string) => {
  const text = readFileSync(file, 'utf8')
  expect(text).toContain(from)
  writeFileSync(file, text.replace(from, to))
}

describe('a change of the rules', () => {
  it('is for staff only, in private', async () => {
    expect(await test.say('zhang', '/方案')).toContain('工作专班')
    expect(await test.say('boss', '/方案', 'exchange')).not.toContain('正在使用')
  })

  it('is not seen where there is none', async () => {
    expect(await test.say('boss', '/方案')).toContain('config 里的方案没有改动')
  })

  it('is adopted only after somebody has looked at what it changes', async () => {
    // The 8th and later days of a run: 2 points become 3, so Li Si's 5 such days give 5 points more.
    change('- { from: 8, points: 2 }', '- { from: 8, points: 3 }')
    const shown = await test.say('boss', '/方案 采用')
    expect(shown).toContain('1 人、1 所学校')
    expect(shown).toContain('李四（教师）22 变为 27')
    expect(shown).toContain('第一小学 14 变为 15.67')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 14 分')
    expect(await test.say('boss', '好的')).toContain('请发送“确认')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 14 分')
    expect(await test.say('boss', '确认')).toBe('已采用（第 2 次），1 人的得分已重新计算。')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 15.67 分')
  })

  it('with a mistake in the file changes nothing and says where', async () => {
    change('- { from: 8, points: 3 }', '- { from: 0, points: 3 }')
    expect(await test.say('boss', '/方案')).toContain('xinzhou-2022．yml 第')
    expect(await test.say('boss', '/方案 采用')).toContain('正在使用的规则没有动')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 15.67 分')
  })

  it('of a requirement says that it is for later imports', async () => {
    change('- { from: 0, points: 3 }', '- { from: 8, points: 3 }')
    change('minutes: { min: 15 }', 'minutes: { min: 20 }')
    const shown = await test.say('boss', '/方案')
    expect(shown).toContain('不影响任何人的得分')
    expect(shown).toContain('另外，互动授课 的有效条件也改了，只对以后导入的记录生效')
    expect(await test.say('boss', '确认')).toBe('已采用（第 3 次），0 人的得分已重新计算。')
  })

  it('that is none has only the words read anew', async () => {
    expect(await test.say('boss', '/方案 采用')).toContain('已重新读取说法、列名和日历')
  })

  it('is in the history, for staff', async () => {
    const lines = (await test.say('boss', '/方案 历史')).split('\n')
    expect(lines[0]).toContain('采用过的规则')
    expect(lines[1]).toMatch(/^第 3 次：\d{4}-\d\d-\d\d，王老师 采用$/)
    expect(lines[3]).toMatch(/^第 1 次：.*首次启动时采用$/)
    expect(await test.say('zhang', '/方案 历史')).toContain('工作专班')
  })

  it('is asked for in three ways, and others are told them', async () => {
    expect(await test.say('boss', '/方案 删除 😀')).toBe(
      '可以发送“/方案”看改动，“/方案 采用”使它生效，“/方案 历史”看采用过的记录。',
    )
  })

  it('brings its names into questions once it is adopted, not before', async () => {
    const ask = async () => [
      await test.say('zhang', '/排名 本校 冲刺期'),
      await test.say('zhang', '本校冲刺期排第几'),
    ]
    const window = '  - { name: 评优期, from: 2022-03-10, to: 2022-05-31 }\n'
    change(window, `${window}  - { name: 冲刺期, from: 2022-04-01, to: 2022-04-30 }\n`)
    for (const reply of await ask()) expect(reply).not.toContain('2022-04-30')
    expect(await test.say('boss', '/方案 采用')).toContain('不影响任何人的得分')
    expect(await test.say('boss', '确认')).toContain('已采用（第 4 次）')
    for (const reply of await ask()) expect(reply).toContain('2022-04-30')
  })
})
