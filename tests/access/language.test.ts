import { afterEach, beforeEach, expect, it } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
beforeEach(async () => {
  test = await startApp()
})
afterEach(() => test.stop())

it('is chosen by a word, kept for the person and for nobody else, and changed back', async () => {
  expect(await test.say('u1', '/语言')).toContain('/语言 English')
  expect(await test.say('u1', '/语言 Klingon')).toContain('我只会中文和英文')
  expect(await test.say('u1', '/语言 English')).toBe('All right, I answer you in English from now on.')
  expect(await test.say('u1', '/绑定')).toContain('You are not bound yet')
  expect(await test.say('u1', '/绑定', 'g1')).toContain('You are not bound yet')
  expect(await test.say('u2', '/绑定')).toContain('您还没有绑定')
  expect(await test.say('u1', '/语言 中文')).toBe('好的，以后用中文回答您。')
  expect(await test.say('u1', '/绑定')).toContain('您还没有绑定')
})

it('is kept through an awaited answer, and after a restart', async () => {
  const admin = { platform: 'mock', selfId: '514', userId: 'u1' }
  await test.app.access.link(admin, '10001')
  await test.say('u1', '/语言 en')
  const asked = await test.say('u1', '/绑定 名单')
  expect(asked).toContain('for new binding codes')
  expect(await test.say('u1', '确认')).toContain('Binding codes of 第一小学')
  await test.app.access.languages.load()
  expect(test.app.access.languages.of(admin)).toBe('en-US')
  expect((await test.app.access.unbound('S1', operator)).ok).toBe(true)
})
