import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { picture, startApp } from '../ticket-commands/app'
import type { TestApp } from '../ticket-commands/app'

let test: TestApp

beforeEach(async () => {
  test = await startApp()
  await test.group('gs', 'support')
})
afterEach(() => test.stop())

describe('a question', () => {
  it('gets the answer first, by command, by mention, in private, and as a report', async () => {
    expect(await test.say('li', '/问答 忘记平台密码怎么办', 'g1')).toContain('平台的账号和密码由平台管理')
    expect(await test.say('li', '<at id="514"/> 忘记平台密码怎么办', 'g1')).toContain('没有解决请回复')
    expect(await test.say('li', '忘记平台密码怎么办')).toContain('平台的账号和密码由平台管理')
    expect(await test.say('li', '/反馈 数据什么时候更新', 'g1')).toContain('不是实时的')
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
  })

  it('with a picture is a report at once', async () => {
    const reply = await test.say('li', '/反馈 数据什么时候更新', 'g1', { elements: [picture()] })
    expect(reply).toContain('#1001')
  })

  it('that was not answered well becomes a report with the exchange', async () => {
    await test.say('li', '/问答 数据什么时候更新', 'g1')
    expect(await test.say('li', '没解决，已经三天了', 'g1')).toContain('编号 #1001')
    const card = await test.next('gs', '#1001')
    expect(card.text).toContain('数据什么时候更新\n已经三天了')
    expect(card.text).toContain('已给出的问答：机器人的数据来自平台导出的文件')
    expect(await test.say('li', '没解决', 'g1')).toBe('')
  })

  it('without an answer can be passed on; a command in between is not swallowed', async () => {
    expect(await test.say('li', '/问答 食堂今天中午吃什么', 'g1')).toContain('没有找到合适的回答')
    expect(await test.say('li', '/进度', 'g1')).toContain('没有正在处理的反馈')
    expect(await test.say('li', '转人工', 'g1')).toContain('#1001')
  })

  it('solved ends the matter; anything else goes its way', async () => {
    await test.say('li', '/问答 数据什么时候更新', 'g1')
    expect(await test.say('li', '谢谢！', 'g1')).toContain('有问题随时问')
    await test.say('li', '/问答 数据什么时候更新', 'g1')
    expect(await test.say('li', '今天天气真好', 'g1')).toBe('')
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
  })
})
