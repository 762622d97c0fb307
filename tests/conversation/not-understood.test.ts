import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApp } from '../ranking-commands/app'
import type { TestApp } from '../ranking-commands/app'

let test: TestApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
  test = await startApp()
  await test.bind('zhang', '10001')
  await test.bind('li', '10002')
  await test.group('exchange', 'exchange')
  const boss = { platform: 'mock', selfId: '514', userId: 'boss' }
  await test.app.access.grants.give(boss, { kind: 'staff', label: '电教馆' })
})

afterAll(async () => {
  vi.useRealTimers()
  await test.stop()
})

describe('what was not understood', () => {
  it('is kept masked and counted, and shown to staff with what was nearest', async () => {
    await test.say('zhang', '李四老师那个杠杠的不 13800138000')
    await test.say('li', '李四老师那个杠杠的不 13800138000')
    await test.say('zhang', '如果李四退休了多少分')
    await test.say('zhang', '随便聊聊天气', 'exchange')
    const told = await test.say('boss', '/状态 没听懂')
    expect(told).toContain('2 次：李*')
    expect(told).toMatch(/1 次：如果李\*.*最接近：李\* 的得分/)
    expect(told).not.toMatch(/李四|13800138000|天气/)
    expect(await test.say('boss', '都有哪些话没听懂')).toBe(told)
  })

  it('is for staff alone, and not for a group of others', async () => {
    expect(await test.say('zhang', '/状态 没听懂')).toBe('没听懂的话只有工作专班能看。')
    expect(await test.say('boss', '/状态 没听懂', 'exchange')).toContain('请私聊我')
  })

  it('is kept for 30 days', async () => {
    vi.setSystemTime(new Date('2022-06-17T10:00:00+08:00'))
    expect(await test.say('boss', '/状态 没听懂')).toBe('近 30 天没有没听懂的话。')
    await test.say('zhang', '嘎嘎嘎嘎嘎')
    await test.app.conversation.missed.settled()
    const rows = await test.app.database.get('space_not_understood', {})
    expect(rows.map(({ text }) => text)).toEqual(['嘎嘎嘎嘎嘎'])
  })
})
