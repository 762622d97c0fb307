import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { personName } from '@space-assistant/core/access/person-name'
import { operator } from '@space-assistant/core/access/viewer'
import { Logger } from 'koishi'
import { startApp } from './app'
import type { TestApp } from './app'

it.each([
  ['the roster goes first', { member: '张三', labels: ['李工'], nicks: ['小李'] }, '张三'],
  ['then what staff said', { labels: ['李工'], nicks: ['小李'] }, '李工'],
  ['then the group, then the platform', { labels: [], nicks: ['', '小李'] }, '小李'],
  ['an id is no name', { labels: [], nicks: ['6A8B3C2D'] }, ''],
])('%s', (_, known, name) => expect(personName({ ...known, userId: '6A8B3C2D' })).toBe(name))

describe('who speaks', () => {
  let test: TestApp
  beforeEach(async () => {
    test = await startApp()
  })
  afterEach(() => test.stop())

  const who = (userId: string, name?: string) => ({
    ...{ platform: 'mock', selfId: '514', userId, channelId: 'g1', isDirect: false },
    event: { user: { ...(name !== undefined && { name }) } },
  })

  it('is called by roster, label or nickname, and by no id', async () => {
    const { access } = test.app
    await access.link(who('a'), '10002')
    await access.grants.give(who('b'), { kind: 'support', label: '李工' })
    expect(await access.nameOf(who('a', 'nick'))).toBe('李四')
    expect(await access.nameOf(who('b', 'nick'))).toBe('李工')
    expect(await access.nameOf(who('c', '小王'))).toBe('小王')
    expect(await access.nameOf({ ...who('C0FFEE', 'C0FFEE'), platform: 'qq' })).toBe('QQ 用户')
  })

  it('is one person in every chat that a code has joined', async () => {
    const { access } = test.app
    await access.grants.give(who('boss'), { kind: 'staff', label: '张老师' })
    const code = await access.linkCode({ ...who('boss'), isDirect: true })
    expect(await access.bindByCode(who('boss-in-group'), code.ok ? code.value.code : '')).toMatchObject({
      ok: true,
    })
    expect(await access.principalOf(who('boss-in-group'))).toMatchObject({ userId: 'boss' })
    expect(await access.principalOf(who('boss'))).toMatchObject({ userId: 'boss' })
    expect(await access.principalOf(who('else'))).toMatchObject({ userId: 'else' })
  })

  it('has chats that are looked up without a warning of the framework', async () => {
    const { access } = test.app
    const warned: string[] = []
    const target = {
      record: (record: { content: string }) => void warned.push(record.content),
      levels: { base: 3 },
    }
    Logger.targets.push(target)
    try {
      await access.link(who('a'), '10002')
      expect((await access.chats(['10002'])).get('10002')).toHaveLength(1)
      expect((await access.unbound('S1', operator)).ok).toBe(true)
    } finally {
      Logger.targets.splice(Logger.targets.indexOf(target), 1)
    }
    expect(warned.join('\n')).not.toContain('is not registered')
  })
})
