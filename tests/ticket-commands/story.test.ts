import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre'
import { h } from 'koishi'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { numberIn, picture, startApp } from './app'
import { RecordingBot } from './recording-bot'
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
    expect(filed).toContain('已收到，编号 #1001（功能故障')
    expect(filed).toContain('附件 1 个')
    const card = await test.next('gs', '#1001')
    expect(card.text).toContain('第一小学 管理员 张*')
    expect(card.text).toContain('资源上传失败，一直转圈')
    expect(card.elements.some(({ type }) => type === 'img')).toBe(true)

    expect(await test.say('helper', '/接单 1001', 'gs')).toContain('由您受理')
    expect((await test.next('g1', '受理')).text).toContain('@zhang #1001')
    const quote = { id: card.id, content: card.text }
    expect(await test.say('helper', '请清理缓存后重试', 'gs', { quote })).toContain('消息已送达反馈人')
    const answer = await test.next('g1', '请清理缓存后重试')

    const reply = await test.say('zhang', '还是不行', 'g1', {
      quote: { id: answer.id, content: answer.text },
    })
    expect(reply).toContain('已转给平台工作人员')
    await test.next('gs', '还是不行')
    expect(await test.say('helper', '/追问 1001 用的什么浏览器？', 'gs')).toContain('消息已送达反馈人')
    await test.next('g1', '用的什么浏览器')
    expect(await test.say('zhang', '/回复 火狐', 'g1')).toContain('#1001 已转给平台工作人员')
    await test.next('gs', '火狐')
    expect(await test.say('helper', '/办结 1001', 'gs')).toContain('/办结 1001 1')
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
    expect(await test.say('li', '登录不上去', 'g1')).toBe('')
    expect(await test.say('li', '<at id="514"/> 登录不上去', 'g1')).toContain('#1001（账号登录')
    const quote = { id: 'x', content: '作业没有计分', elements: [h.text('作业没有计分'), picture()] }
    const quoting = await test.say('li', '/反馈', 'g1', { quote })
    expect(quoting).toContain('#1002（计分异常')
    expect(quoting).toContain('附件 1 个')
    const card = await test.next('gs', '#1002')
    expect(card.text).toContain('（引用）作业没有计分')
    expect(card.elements.some(({ type }) => type === 'img')).toBe(true)
    expect(await test.say('wang', '班级打不开了，真是故障')).toContain('要转给平台工作人员吗')
    expect(await test.say('wang', '/进度')).toContain('没有正在处理的反馈')
    // The command in between was not swallowed, nor did it take the question away.
    expect(await test.say('wang', '是')).toContain('#1003')
    expect(await test.say('wang', '是')).not.toContain('已收到')
  })

  it('offered is taken by a yes at once', async () => {
    expect(await test.say('wang', '班级打不开了，真是故障')).toContain('要转给平台工作人员吗')
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

  it('is exported as a document: everything in private to those who may, masked in the support group', async () => {
    const said = '/反馈 登录不上，电话 13812345678'
    const filed = await test.say('zhang', said, 'g1', { elements: [picture()] })
    expect(filed).toContain('#1001')
    await test.say('helper', '/回复 1001 请重设密码', 'gs')
    const [open, masked] = [
      await exported('helper', '/工单 导出 1001'),
      await exported('helper', '/工单 导出 1001', 'gs'),
    ]
    expect(open.sheets).toEqual(['概况', '经过', '附件'])
    expect(open.cells).toContain('登录不上，电话 13812345678')
    expect(open.cells).toContain('请重设密码')
    expect(open.cells).toContain('第一小学 管理员 张三')
    expect(open.pictures).toBe(1)
    expect(masked.cells).toContain('登录不上，电话 138****5678[*1]')
    expect(masked.cells).toContain('第一小学 管理员 张*')
    expect(masked.pictures).toBe(0)
    const own = await exported('zhang', '/进度 1001 导出')
    expect(own.text).toContain('/进度 1001 删除')
    expect(own.cells).toContain('登录不上，电话 13812345678')
    expect(own.pictures).toBe(1)
    expect(await test.say('zhang', '/进度 1001 导出', 'g1')).toContain('私聊')
    expect(await test.say('other', '/进度 1001 导出')).toContain('没有编号 #1001')
  })

  it('is not shown whole to somebody who has only joined', async () => {
    await test.say('zhang', '/反馈 资源上传失败一直转圈，电话 13812345678', 'g1', { elements: [picture()] })
    await test.say('li', '/反馈 资源上传失败一直转圈', 'g2')
    expect(await test.say('li', '/加入 1001', 'g2')).toContain('已并入 #1001')
    const { cells, pictures } = await exported('li', '/进度 1001 导出')
    expect(cells.join()).not.toContain('138')
    expect(cells.join()).not.toContain('转圈')
    expect(cells.join()).not.toContain('张三')
    expect(pictures).toBe(0)
  })

  it('is erased with its files and with what was sent about it when the reporter asks', async () => {
    await test.say('zhang', '/反馈 页面打不开，密码是苹果', undefined, { elements: [picture()] })
    await test.next('gs', '#1001')
    await test.say('helper', '/回复 1001 苹果不是密码', 'gs')
    await test.next('private:zhang', '苹果不是密码')
    expect(readdirSync(join(test.dir, 'files'))).toHaveLength(1)
    expect(await test.say('zhang', '/进度 1001 删除')).toContain('删除请发送“确认 1001”')
    expect(await test.say('zhang', '确认')).toContain('已删除')
    await test.next('gs', '已按要求删除')
    await expect.poll(() => readdirSync(join(test.dir, 'files'))).toEqual([])
    expect(await test.app.database.get('space_ticket_person', {})).toEqual([])
    for (const table of ['space_ticket', 'space_ticket_event', 'space_message'] as const) {
      expect(JSON.stringify(await test.app.database.get(table, {})), table).not.toContain('苹果')
    }
    const [event] = await test.app.database.get('space_ticket_event', { ticket: 1001, version: 1 })
    expect(event).toMatchObject({ text: '', by: '' })
  })

  it('and was told in a bundle is erased there, and the rest of the bundle stays', async () => {
    for (const text of ['打不开', '登不上', '没声音', '不显示苹果', '作业丢了'])
      await test.say('zhang', `/反馈 ${text}`, 'g1')
    await test.app.tickets.tick(new Date(Date.now() + 6 * 60_000))
    await test.next('gs', '不显示苹果')
    await test.say('zhang', '/进度 1004 删除')
    expect(await test.say('zhang', '确认 1004')).toContain('已删除')
    const letters = JSON.stringify(await test.app.database.get('space_message', {}))
    expect(letters).not.toContain('苹果')
    expect(letters).toContain('作业丢了')
  })
})

/** The document that somebody is sent, and the pictures beside it. */
async function exported(user: string, text: string, group?: string) {
  const before = RecordingBot.sent.length
  await test.say(user, text, group)
  const sent = RecordingBot.sent.slice(before).filter(({ session }) => session)
  const elements = sent.flatMap((one) => one.elements)
  const [file] = h.select(elements, 'file')
  const book = await readXlsx(Buffer.from(String(file!.attrs['src']).split(',')[1]!, 'base64'))
  return {
    text: sent.map((one) => one.text).join(),
    sheets: book.sheets.map(({ name }) => name),
    cells: book.sheets.flatMap(({ rows }) => rows.flat().map(String)),
    pictures: h.select(elements, 'img').length,
  }
}
