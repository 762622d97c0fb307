import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { operator } from '@space-assistant/core/access/viewer'
import * as qq from 'koishi-plugin-space-qq'
import * as wecom from 'koishi-plugin-space-wecom'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'
import { png, startApp } from '../ticket-commands/app'
import type { TestApp } from '../ticket-commands/app'

const group = '6A8B3C2D1E0F'
const reporter = 'F0E1D2C3B4A5'
const chat = 'wrSupport'
const helper = 'WangGang'

let house: TestApp
let fakeQq: FakeQq
let fakeWecom: FakeWecom
let pictures: Server

/** How much of each place has been looked at. */
const read = { qq: 0, wecom: 0 }

/** The next message in the QQ group, or in support's chat, that holds a text. */
async function arrives(where: 'qq' | 'wecom', part: string) {
  return vi.waitFor(
    () => {
      const all = where === 'qq' ? fakeQq.delivered : fakeWecom.delivered
      const at = all.findIndex((message, index) => index >= read[where] && message.text.includes(part))
      if (at < 0)
        throw new Error(`no "${part}": ${JSON.stringify(all.slice(read[where]).map(({ text }) => text))}`)
      read[where] = at + 1
      return all[at]!
    },
    { timeout: 8000, interval: 20 },
  )
}

beforeEach(async () => {
  Object.assign(read, { qq: 0, wecom: 0 })
  fakeQq = await startFakeQq()
  fakeWecom = await startFakeWecom()
  pictures = createServer((_, response) => response.end(png))
  await new Promise<void>((resolve) => pictures.listen(0, '127.0.0.1', resolve))
  house = await startApp({
    bots: [],
    trustedHosts: `127.0.0.1:${(pictures.address() as AddressInfo).port}`,
    plugins(app) {
      app.plugin(qq, { ...qq.Config({} as qq.Config), ...fakeQq.config })
      const webhooks = `support=${fakeWecom.webhook('KEY')}`
      app.plugin(wecom, { ...wecom.Config({} as wecom.Config), ...fakeWecom.config, webhooks })
    },
  })
  const { access } = house.app
  await vi.waitFor(() => expect(house.app.bots.map(({ status }) => Number(status))).toEqual([1, 1, 1]), {
    timeout: 10_000,
  })
  const support = { platform: 'wecom', selfId: fakeWecom.botId, channelId: chat }
  await access.groups.set(support, { purpose: 'support' }, operator)
  await access.grants.give({ ...support, userId: helper }, { kind: 'support', label: '王工' })
  await access.link({ platform: 'qq', selfId: fakeQq.selfId, userId: reporter }, '10001')
  // Somebody has to speak to the bot before it may speak there.
  await fakeWecom.say(chat, helper, '/工单')
  read.wecom = fakeWecom.delivered.length
})

afterEach(async () => {
  await house.stop()
  await fakeQq.close()
  await fakeWecom.close()
  pictures.close()
})

test('reported in a QQ group, worked on in WeCom, with pictures, answer, question, resolution and rating', async () => {
  const { port } = pictures.address() as AddressInfo
  const attachments = [{ content_type: 'image/png', url: `http://127.0.0.1:${port}/a`, filename: 'a.png' }]
  const [filed] = await fakeQq.say(group, reporter, '/反馈 资源上传失败，电话 13812345678', { attachments })
  expect(filed).toContain('已收到，编号 #1001（功能故障')
  read.qq = fakeQq.delivered.length

  const card = await arrives('wecom', '#1001 功能故障')
  // A reply in WeCom is markdown, in which an asterisk of its own would vanish; a message of its own is not.
  const plain = card.text.replaceAll('＊', '*')
  expect(plain).toContain('第一小学 管理员 张*')
  expect(plain).toContain('138****5678')
  expect((await arrives('wecom', '[image')).file!.bytes.equals(png)).toBe(true)

  // The group's robot gets a copy, for those who only read.
  await vi.waitFor(() => expect(fakeWecom.texts('webhook:KEY').join()).toContain('#1001 功能故障'))

  // A quotation in WeCom carries the text only: the number in it says which ticket is meant.
  const [told] = await fakeWecom.say(chat, helper, '请升级浏览器后重试', { quote: card.text })
  expect(told).toContain('#1001 已答复。消息已送达反馈人。')
  const answer = await arrives('qq', '请升级浏览器后重试')
  expect(answer.text).toContain('#1001 平台工作人员答复')

  const image = fakeWecom.encrypted({ name: 'b.png', bytes: png })
  await fakeWecom.say(chat, helper, '/追问 1001 是这个页面吗', { mixed: [{ msgtype: 'image', image }] })
  await arrives('qq', '是这个页面吗')
  await vi.waitFor(() => expect(fakeQq.delivered.some(({ file }) => file?.bytes.equals(png))).toBe(true))

  expect(await fakeQq.say(group, reporter, '/回复 是的')).toEqual(['#1001 已转给平台工作人员。'])
  await arrives('wecom', '回复：是的')
  const [resolved] = await fakeWecom.say(chat, helper, '办结 1001 已修复 服务已恢复')
  expect(resolved).toContain('#1001 已办结。消息已送达反馈人。')
  await arrives('qq', '#1001 已办结（已修复）')
  expect(await fakeQq.say(group, reporter, '/评分 1001 5')).toEqual(['谢谢评价（#1001）。'])
  await arrives('wecom', '评分 5 分')
  expect((await fakeQq.say(group, reporter, '/进度 1001'))[0]).toContain('已关闭')
})

test('an answer that QQ does not let out is parked, support sees it, and it arrives when somebody speaks', async () => {
  await fakeQq.say(group, reporter, '/反馈 页面打不开')
  await arrives('wecom', '#1001')
  const tell = async (text: string) => (await fakeWecom.say(chat, helper, `/回复 1001 ${text}`))[0]
  for (const text of ['一', '二', '三']) expect(await tell(`第${text}句`)).toContain('消息已送达反馈人')
  expect(await tell('第四句')).toContain('已排队')
  expect(fakeQq.texts(group).join('\n')).not.toContain('第四句')
  await fakeQq.say(group, 'SOMEBODYELSE', '/进度')
  await arrives('qq', '第四句')
})
