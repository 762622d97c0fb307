import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PlatformSendError } from '@space-assistant/core/delivery/error'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp
let dir: string

async function open(): Promise<void> {
  test = await startApp({ dir })
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'space-tickets-'))
  await open()
  await test.group('gs', 'support')
  await test.grant('helper', 'support')
  await test.grant('second', 'support')
})
afterEach(async () => {
  await test.stop()
  rmSync(dir, { recursive: true, force: true })
})

describe('two helpers at once', () => {
  it('one takes it, the other reads that it is taken; the reporter hears it once', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    const replies = await Promise.all(['helper', 'second'].map((who) => test.say(who, '/接单 1001', 'gs')))
    expect(replies.filter((reply) => reply.includes('由您受理'))).toHaveLength(1)
    expect(replies.filter((reply) => reply.includes('已有人受理'))).toHaveLength(1)
    await test.next('g1', '受理')
    expect(test.heard('g1').filter(({ text }) => text.includes('受理'))).toEqual([])
  })

  it('both answers reach the reporter, none of many is lost', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    const answers = Array.from({ length: 12 }, (_, i) => `答复${String.fromCharCode(65 + i)}`)
    await Promise.all(
      answers.map((text, i) => test.say(i % 2 ? 'helper' : 'second', `/回复 1001 ${text}`, 'gs')),
    )
    for (const text of answers) await test.next('g1', text)
    const [ticket] = await test.app.database.get('space_ticket', { number: 1001 })
    expect(ticket!.version).toBe(13)
  })

  it('one resolves while the reporter replies: both are told, the reply is with support', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await Promise.all([
      test.say('helper', '/办结 1001 已解答 好了', 'gs'),
      test.say('li', '/回复 1001 还是打不开', 'g1'),
    ])
    await test.next('gs', '还是打不开')
    await test.next('g1', '已办结')
  })
})

describe('after the end', () => {
  beforeEach(async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('helper', '/办结 1001 已修复', 'gs')
    await test.say('li', '/已解决 1001', 'g1')
  })

  it('an answer is relayed as an addition', async () => {
    expect(await test.say('helper', '/回复 1001 再补充一句', 'gs')).toContain('消息已送达反馈人')
    expect((await test.next('g1', '再补充一句')).text).toContain('平台工作人员补充')
  })

  it('a reply is refused and reopening offered; reopened it is with support again', async () => {
    expect(await test.say('li', '/回复 1001 又坏了', 'g1')).toContain('/重开 1001')
    expect(await test.say('li', '/重开 1001 又坏了', 'g1')).toContain('已重新打开')
    expect((await test.next('gs', '要求重新处理')).text).toContain('又坏了')
  })
})

describe('the original message', () => {
  it('deleted: support is told, the ticket goes on and answers still arrive', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1', { messageId: 'original' })
    const session = test.bot.session()
    session.type = 'message-deleted'
    session.event.channel = { id: 'g1', type: 0 }
    session.event.user = { id: 'li' }
    session.event.message = { id: 'original' }
    test.bot.dispatch(session)
    await test.next('gs', '撤回了原消息')
    expect(await test.say('helper', '/回复 1001 好了吗', 'gs')).toContain('消息已送达反馈人')
    await test.next('g1', '好了吗')
  })
})

describe('a restart', () => {
  it('between any two steps changes nothing', async () => {
    const restart = async () => {
      await test.stop()
      await open()
    }
    expect(await test.say('li', '/反馈 页面打不开', 'g1')).toContain('#1001')
    const card = await test.next('gs', '#1001')
    await restart()
    const quote = { id: card.id, content: card.text }
    expect(await test.say('helper', '请重试', 'gs', { quote })).toContain('#1001 已答复')
    await test.next('g1', '请重试')
    await restart()
    expect(await test.say('li', '/回复 可以了', 'g1')).toContain('#1001')
    await test.next('gs', '可以了')
    await restart()
    expect(await test.say('helper', '/办结 1001 已解答', 'gs')).toContain('已办结')
    await restart()
    expect(await test.say('li', '/评分 1001 4', 'g1')).toContain('谢谢评价')
    await test.next('gs', '评分 4 分')
    expect(await test.say('li', '/反馈 另一件事出错', 'g1')).toContain('#1002')
  })

  it('with messages that could not leave: they leave afterwards, once', async () => {
    const away = new PlatformSendError({ platform: 'chat', class: 'network', outcome: 'rejected' })
    test.bot.fault = (_, session) => (session ? undefined : away)
    await test.say('li', '/反馈 页面打不开', 'g1')
    expect(test.heard('gs')).toEqual([])
    await test.stop()
    await open()
    await test.next('gs', '#1001')
    expect(test.heard('gs')).toEqual([])
  })
})
