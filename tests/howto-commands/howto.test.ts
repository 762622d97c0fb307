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
    expect(await test.say('li', '<at id="514"/> 忘记平台密码怎么办', 'g1')).toContain(
      '平台的账号和密码由平台管理',
    )
    expect(await test.say('li', '忘记平台密码怎么办')).toContain('平台的账号和密码由平台管理')
    const report = await test.say('li', '/反馈 数据什么时候更新', 'g1')
    expect(report).toContain('不是实时的')
    expect(report).toMatch(/仍要转给平台工作人员吗？转请发送“确认 \d{4}”。$/)
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
  })

  it('with a picture is a report at once', async () => {
    const reply = await test.say('li', '/反馈 数据什么时候更新', 'g1', { elements: [picture()] })
    expect(reply).toContain('#1001')
  })

  it('that was not answered well becomes a report with the exchange after a yes', async () => {
    await test.say('li', '/问答 数据什么时候更新', 'g1')
    expect(await test.say('li', '没解决，已经三天了', 'g1')).toBe('')
    const offer = await test.say('li', '<at id="514"/> 没解决，已经三天了', 'g1')
    expect(offer).toMatch(/^刚才问的是“数据什么时候更新”。要转给平台工作人员吗？转请发送“确认 \d{4}”。$/)
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
    expect(await test.say('li', '好的', 'g1')).toBe('')
    const [number = ''] = /\d{4}/.exec(offer) ?? []
    expect(await test.say('li', `确认 ${number}`, 'g1')).toContain('编号 #1001')
    const card = await test.next('gs', '#1001')
    expect(card.text).toContain('数据什么时候更新\n已经三天了')
    expect(card.text).toContain('已给出的问答：机器人的数据来自平台导出的文件')
    expect(await test.say('li', '没解决')).not.toContain('要转给平台工作人员吗')
  })

  it('without an answer can be passed on; a command in between is not swallowed', async () => {
    expect(await test.say('li', '/问答 食堂今天中午吃什么')).toContain('没有找到合适的回答')
    expect(await test.say('li', '/进度')).toContain('没有正在处理的反馈')
    expect(await test.say('li', '转人工')).toContain('要转给平台工作人员吗')
    expect(await test.say('li', '是')).toContain('#1001')
  })

  it.each([
    '不对吧张老师 明天才开会',
    '<at id="7"/> 不对',
    '不对，我问的是资源建设',
    '没用的东西',
    '好的',
    '谢谢！',
    '今天天气真好',
  ])('leaves nothing waiting: %s in a group files nothing', async (said) => {
    await test.say('li', '/问答 数据什么时候更新', 'g1')
    expect(await test.say('li', said, 'g1')).toBe('')
    expect(await test.say('li', `<at id="514"/> ${said}`, 'g1')).not.toContain('#')
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
  })

  it('in private is followed by any other question', async () => {
    await test.say('li', '忘记平台密码怎么办')
    expect(await test.say('li', '/进度')).toBe('您没有正在处理的反馈。发送 /反馈 即可反馈问题。')
    expect(await test.say('li', '不对，我问的是数据什么时候更新')).not.toContain('#')
    expect(await test.app.database.get('space_ticket', {})).toEqual([])
  })
})
