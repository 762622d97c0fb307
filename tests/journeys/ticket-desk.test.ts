// What support does with reports, and what of it reporters read: over the real OneBot adapter against its fake.
import { operator } from '@space-assistant/core/access/viewer'
import * as onebot from 'koishi-plugin-space-onebot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startApp } from '../ticket-commands/app'
import type { TestApp } from '../ticket-commands/app'

const patient = { wait: 15_000, quiet: 300 }
const [school, desk] = ['100', '200']
const [reporter, other, helper, colleague, boss] = ['501', '502', '601', '602', '701']

let test: TestApp
let fake: FakeOneBot

beforeEach(async () => {
  fake = await startFakeOneBot()
  test = await startApp({
    bots: [],
    plugins: (app) => app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config }),
  })
  await fake.online()
  const who = { platform: 'onebot', selfId: fake.selfId }
  const { access } = test.app
  await access.groups.set({ ...who, channelId: desk }, { purpose: 'support' }, operator)
  for (const userId of [helper, colleague])
    await access.grants.give({ ...who, userId }, { kind: 'support', label: '王工' })
  await access.grants.give({ ...who, userId: boss }, { kind: 'staff', label: '电教馆' })
  await access.link({ ...who, userId: reporter }, '10001')
})
afterEach(async () => {
  await test.stop()
  await fake.close()
})

const arrives = (group: string, part: string) =>
  vi.waitFor(
    () => {
      const found = fake.delivered.find((one) => one.group === group && one.text.includes(part))
      if (!found) throw new Error(`no "${part}" in ${group}: ${JSON.stringify(fake.texts(group))}`)
      return found
    },
    { timeout: 10_000, interval: 20 },
  )
const said = async (group: string, user: string, text: string, options = {}) =>
  (await fake.say(group, user, text, { ...patient, ...options })).join('\n')
/** A report with its card in support's group. */
const reported = async (text = '资源上传失败，一直转圈') => {
  expect(await said(school, reporter, `/反馈 ${text}`)).toContain('编号 #1001')
  return arrives(desk, '#1001')
}

describe('under a card', () => {
  it('what support say to each other is no answer', async () => {
    const { id } = await reported()
    const mention = { type: 'at', data: { qq: colleague } }
    const talk = { type: 'text', data: { text: ' 你看下，这个老师态度很差' } }
    await fake.say(desk, helper, [mention, talk], { quote: id, quiet: 300 })
    await fake.say(desk, helper, '@李工 你看下，这个老师态度很差', { quote: id, quiet: 300 })
    await fake.say(desk, helper, [{ type: 'at', data: { qq: fake.selfId } }, mention, talk], {
      quote: id,
      quiet: 300,
    })
    expect(await said(desk, helper, '/工单 1001')).not.toContain('态度')
    expect(fake.texts(school).join()).not.toContain('态度')
    await said(desk, helper, '请换浏览器试试', { quote: id })
    await arrives(school, '请换浏览器试试')
  })

  it('a note is read by support and nobody else, wherever the reporter looks', async () => {
    await reported()
    expect(await said(desk, helper, '/备注 1001 这个老师上周也来过')).toBe('#1001 已备注，反馈人看不到。')
    expect(await said(desk, colleague, '/工单 1001')).toContain('备注（内部）：这个老师上周也来过')
    expect(await said(school, reporter, '/进度 1001')).not.toContain('上周也来过')
    expect((await fake.whisper(reporter, '/进度 1001', patient)).join()).not.toMatch(/上周也来过|备注/)
    expect(await said(school, other, '/备注 1001 我也看看')).toContain('绑定')
    expect(fake.texts(school).join()).not.toContain('上周也来过')
  })

  it('an answer is taken back within a minute and vanishes; the reporter is told', async () => {
    await reported()
    await said(desk, helper, '/回复 1001 您的密码是 abc')
    const wrong = await arrives(school, '您的密码是 abc')
    expect(await said(desk, colleague, '/撤回 1001')).toContain('没有您可以撤回的答复')
    expect(await said(desk, helper, '/撤回 1001')).toContain('已撤回')
    await vi.waitFor(() => expect(fake.recalled).toContain(wrong.id), { timeout: 10_000 })
    await arrives(school, '刚才的答复已撤回')
    expect(await said(desk, helper, '/撤回 1001')).toContain('没有您可以撤回的答复')
    const look = await said(desk, helper, '/工单 1001')
    expect(look).toContain('［已撤回］')
    expect(look).toContain('撤回答复')
    expect(await said(school, reporter, '/进度 1001')).not.toContain('您的密码')
  })

  it('later it is corrected, which the reporter reads as a correction', async () => {
    await reported()
    expect(await said(desk, helper, '/更正 1001 看下面')).toContain('还没有答复过')
    await said(desk, helper, '/回复 1001 周三恢复')
    await test.app.database.set(
      'space_ticket_event',
      { ticket: 1001, kind: 'answer' },
      { at: new Date(Date.now() - 61_000) },
    )
    expect(await said(desk, helper, '/撤回 1001')).toContain('已过一分钟，不能撤回。发送 /更正 1001 内容')
    await said(desk, helper, '/更正 1001 周四恢复')
    await arrives(school, '#1001 更正：周四恢复')
  })
})

describe('text in angle brackets', () => {
  it.each(['<未授权访问>', '先点<保存>再提交', '当 a<b 且 c>d 时报错', '显示 &lt;空&gt; 字样'])(
    '%s',
    async (text) => {
      const { text: card } = await reported(text)
      expect(card).toContain(text)
      await said(desk, helper, `/回复 1001 看到 ${text} 请刷新`)
      await arrives(school, `看到 ${text} 请刷新`)
      await said(school, reporter, `/回复 1001 还是 ${text}`)
      await arrives(desk, `还是 ${text}`)
      await said(desk, helper, `/办结 1001 已修复 不再出现 ${text}`)
      await arrives(school, `不再出现 ${text}`)
    },
  )

  it('control characters and marks of direction are gone', async () => {
    const { text } = await reported('打不开\u202egnp.exe\u202c页面\u0007')
    expect(text).toContain('打不开gnp.exe页面')
  })
})

describe('how each answer stands', () => {
  const refuse = () => {
    fake.fault = ({ action, params }) =>
      action === 'send_group_msg' && String(params['group_id']) === school
        ? { kind: 'refuse', retcode: 120, wording: '你已被禁言' }
        : undefined
  }

  it('is shown with the ticket: delivered, waiting', async () => {
    await reported()
    await said(desk, helper, '/回复 1001 第一句')
    await arrives(school, '第一句')
    refuse()
    await said(desk, helper, '/回复 1001 第二句')
    const look = await said(desk, helper, '/工单 1001')
    expect(look).toMatch(/第一句［已送达］/)
    // On a busy machine the platform's refusal may come after the time for an answer: then nobody knows.
    expect(look).toMatch(/第二句［(正在发送|等待送达|不确定是否送达)］/)
    expect(await said(school, reporter, '/进度 1001')).not.toContain('［')
  })

  it('one that expired unseen after 14 days, and one that arrived late, are told to support', async () => {
    await reported()
    refuse()
    await said(desk, helper, '/回复 1001 第一句')
    await said(desk, helper, '/回复 1001 第二句')
    const { database } = test.app
    const [first, second] = await database.get('space_ticket_told', { ticket: 1001 })
    const earlier = new Date(Date.now() - 14 * 86_400_000)
    await database.set('space_ticket_told', { ticket: 1001 }, { at: earlier })
    await database.set(
      'space_message',
      { id: `ticket/${first!.key}` },
      { expiresAt: Date.now() - 1, state: 'failed', reason: 'expired', settledAt: Date.now() },
    )
    fake.fault = () => undefined
    await database.set(
      'space_message',
      { id: `ticket/${second!.key}` },
      { notBefore: 0, state: 'pending', reason: '' },
    )
    test.app.outbox.wake()
    await arrives(school, '第二句')
    await vi.waitFor(
      async () => {
        const [state] = await test.app.outbox.states([`ticket/${second!.key}`])
        expect(state).toBe('sent')
      },
      { timeout: 10_000 },
    )
    await test.app.tickets.tick(new Date())
    await arrives(desk, '一直没有送达，已过期')
    await arrives(desk, '的答复刚刚送达反馈人')
    expect(await said(desk, helper, '/工单 1001')).toContain('第一句［过期，没有看到］')
    await test.app.tickets.tick(new Date())
    expect(fake.texts(desk).filter((text) => text.includes('一直没有送达'))).toHaveLength(1)
  })
})

describe('an answered report that nobody ends', () => {
  it('is ended after a warning', async () => {
    await reported()
    await said(desk, helper, '/回复 1001 已经处理')
    await arrives(school, '已经处理')
    const [row] = await test.app.database.get('space_ticket', { number: 1001 })
    await test.app.tickets.tick(new Date(row!.timerDue!.getTime() + 1000))
    await arrives(school, '即将自动关闭')
    const [warned] = await test.app.database.get('space_ticket', { number: 1001 })
    await test.app.tickets.tick(new Date(warned!.timerDue!.getTime() + 1000))
    await arrives(school, '#1001 已关闭')
    expect(await said(desk, helper, '/工单 1001')).toContain('已答复，没有再提出问题')
  })
})
