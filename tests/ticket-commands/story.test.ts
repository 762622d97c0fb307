import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numberIn, picture, startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

beforeEach(async () => {
  test = await startApp()
  await test.group('gs', 'support')
  await test.grant('helper', 'support')
  await test.bind('zhang', '10001')
})
afterEach(() => test.stop())

describe('a report', () => {
  it('becomes a card, is taken, answered by a quote, asked back, resolved and rated', async () => {
    const filed = await test.say('zhang', '/反馈 资源上传失败，一直转圈', 'g1', { elements: [picture()] })
    const number = numberIn(filed)
    expect(number).toBe(1001)
    expect(filed).toContain('已收到，编号 #1001（功能故障）')
    expect(filed).toContain('附件 1 个')
    const card = await test.next('gs', '#1001')
    expect(card.text).toContain('第一小学 管理员 张*')
    expect(card.text).toContain('资源上传失败，一直转圈')
    expect(card.elements.some(({ type }) => type === 'img')).toBe(true)

    expect(await test.say('helper', '/接单 1001', 'gs')).toContain('由您受理')
    expect((await test.next('g1', '受理')).text).toContain('@zhang #1001')
    const quote = { id: card.id, content: card.text }
    expect(await test.say('helper', '请清理缓存后重试', 'gs', { quote })).toContain('反馈人已收到')
    const answer = await test.next('g1', '请清理缓存后重试')

    const reply = await test.say('zhang', '还是不行', 'g1', {
      quote: { id: answer.id, content: answer.text },
    })
    expect(reply).toContain('已转给技术支持')
    await test.next('gs', '还是不行')
    expect(await test.say('helper', '/追问 1001 用的什么浏览器？', 'gs')).toContain('反馈人已收到')
    await test.next('g1', '用的什么浏览器')
    expect(await test.say('zhang', '/回复 火狐', 'g1')).toContain('#1001 已转给技术支持')
    await test.next('gs', '火狐')
    expect(await test.say('helper', '/办结 1001', 'gs')).toContain('请选一个办结原因')
    expect(await test.say('helper', '/办结 1001 已修复 请升级浏览器', 'gs')).toContain('已办结')
    expect((await test.next('g1', '已办结')).text).toContain('已修复')
    expect(await test.say('zhang', '/评分 1001 5', 'g1')).toContain('谢谢评价')
    await test.next('gs', '评分 5 分')
    expect(await test.say('zhang', '/进度 1001', 'g1')).toContain('已关闭')
    const events = await test.app.database.get('space_ticket_event', { ticket: number })
    expect(events.map(({ kind }) => kind)).toEqual([
      ...['report', 'take', 'answer', 'reply', 'ask-back', 'reply', 'resolve', 'rate'],
    ])
  })

  it('is taken step by step, from a quoted message, and from a plain sentence', async () => {
    expect(await test.say('li', '/反馈', 'g1')).toContain('请把问题写在下一条消息里')
    expect(await test.say('li', '登录不上去', 'g1')).toContain('#1001（账号登录）')
    const quote = { id: 'x', content: '作业没有计分' }
    expect(await test.say('li', '/反馈', 'g1', { quote })).toContain('#1002（计分异常）')
    expect(await test.say('wang', '班级打不开了，真是故障')).toContain('要转给技术支持吗')
    expect(await test.say('wang', '/进度')).toContain('没有正在处理的反馈')
    // The command in between was not swallowed, nor did it take the question away.
    expect(await test.say('wang', '是')).toContain('#1003')
    expect(await test.say('wang', '是')).not.toContain('已收到')
  })

  it('offered is taken by a yes at once', async () => {
    expect(await test.say('wang', '班级打不开了，真是故障')).toContain('要转给技术支持吗')
    expect(await test.say('wang', '是的')).toContain('#1001')
    expect(await test.say('wang', '谢谢大家')).not.toContain('#')
  })
})

describe('what is private', () => {
  it('is masked for the support group and shown in private to support only', async () => {
    await test.say('zhang', '/反馈 账号登录不上，电话 13812345678，身份证 110105199001011232', 'g1')
    const card = await test.next('gs', '#1001')
    expect(card.text).not.toContain('13812345678')
    expect(card.text).toContain('138****5678')
    expect(await test.say('helper', '/工单 明文 1001', 'gs')).not.toContain('13812345678')
    expect(await test.say('helper', '/工单 明文 1001')).toContain('13812345678')
    expect(await test.say('other', '/工单 明文 1001')).not.toContain('13812345678')
    expect(await test.say('other', '/进度 1001')).toContain('没有编号 #1001')
    expect(await test.say('other', '/回复 1001 喂')).not.toContain('答复')
  })

  it('is erased with its files when the reporter asks', async () => {
    await test.say('zhang', '/反馈 页面打不开', undefined, { elements: [picture()] })
    await test.next('gs', '#1001')
    expect(readdirSync(join(test.dir, 'files'))).toHaveLength(1)
    expect(await test.say('zhang', '/进度 1001 删除')).toContain('已删除')
    await test.next('gs', '已按要求删除')
    expect(readdirSync(join(test.dir, 'files'))).toEqual([])
    expect(await test.app.database.get('space_ticket_person', {})).toEqual([])
    const [event] = await test.app.database.get('space_ticket_event', { ticket: 1001, version: 1 })
    expect(event).toMatchObject({ text: '', by: '' })
    expect(existsSync(join(test.dir, 'files'))).toBe(true)
  })
})
