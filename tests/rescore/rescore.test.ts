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
  await test.app.identity.grant(
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
    expect(shown).toContain('还没有预览过')
    expect(shown).toContain('1 人、1 所学校')
    expect(shown).toContain('李四（教师）22 变为 27')
    expect(shown).toContain('第一小学 14 变为 15.67')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 14 分')
    expect(await test.say('boss', '/方案 采用')).toBe('已采用新的方案，1 人的得分已重新计算。')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 15.67 分')
  })

  it('with a mistake in the file changes nothing and says where', async () => {
    change('- { from: 8, points: 3 }', '- { from: 0, points: 3 }')
    expect(await test.say('boss', '/方案')).toContain('xinzhou-2022．yml 第')
    expect(await test.say('boss', '/方案 采用')).toContain('现在的方案没有动')
    expect(await test.say('zhang', '/排名 本校')).toContain('本期 15.67 分')
  })
})
