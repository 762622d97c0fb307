import { operator } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
  test = await startApp()
  await test.bind('li', '10002')
  await test.group('exchange', 'exchange')
})

afterAll(async () => {
  vi.useRealTimers()
  await test.stop()
})

describe('a sentence without a command', () => {
  it.each(['我的积分', '我的得分是多少', '我现在多少分', '请问我有多少分？', '我本期得了几分'])(
    'asks for the own points: %s',
    async (text) => {
      expect(await test.say('li', text)).toBe(await test.say('li', '/积分'))
      // What is one's own is not told to a group that only happened to hear it.
      expect(await test.say('li', text, 'exchange')).toBe('')
    },
  )

  it.each([
    ['本校多少分', '/积分 本校'],
    ['本校开通率', '/开通率 本校'],
    ['全区的空间开通率是多少', '/开通率 全区'],
  ])('%s is %s', async (text, command) => {
    expect(await test.say('li', text)).toBe(await test.say('li', command))
  })

  it.each(['下一页', '今天天气不错'])('asks nothing of these: %s', async (text) => {
    expect(await test.say('nobody-yet', text)).toContain('没有听懂')
  })

  it('turns the page of what was shown last', async () => {
    await test.say('li', '/排名 全区 教师')
    const first = await test.say('li', '/明细')
    expect(await test.say('li', '下一页')).toContain('第 2 页，共 2 页。')
    expect(await test.say('li', '上一页')).toBe(first)
    expect(await test.say('li', '下一页', 'exchange')).toBe('')
  })
})

describe('a code without its command', () => {
  const codeOf = async (account: string) => {
    const list = await test.app.access.codes('S1', operator)
    return list.ok ? list.value.rows.find((row) => row.account === account)!.code : ''
  }

  it('binds in private', async () => {
    expect(await test.say('wang', (await codeOf('10003')).toLowerCase())).toContain('绑定成功：王芳')
  })

  it('is void once it was said in a group, however it was typed', async () => {
    const code = await codeOf('10001')
    const shown = `${code.slice(0, 4)}-${code.slice(4)}`
    // Eight characters may be anything.
    expect(await test.say('zhang', 'ABCD2345', 'exchange')).toBe('')
    expect(await test.say('zhang', shown.toLowerCase(), 'exchange')).toContain('这个码已作废')
    expect(await test.say('zhang', code)).toContain('没有这个绑定码')
    expect(await test.say('zhang', `<at id="514"/>${await codeOf('10001')}`, 'exchange')).toContain('已作废')
  })
})
