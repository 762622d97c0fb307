// Who reads what of a report, who may report, and what happens while nobody is there: over the real OneBot adapter.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { operator } from '@space-assistant/core/access/viewer'
import * as onebot from 'koishi-plugin-space-onebot'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { png, startApp } from '../ticket-commands/app'
import type { TestApp } from '../ticket-commands/app'

const patient = { wait: 15_000, quiet: 300 }
const [school, desk] = ['100', '200']
const [reporter, stranger, helper, boss] = ['501', '503', '601', '701']

let test: TestApp
let fake: FakeOneBot
let who: { platform: string; selfId: string }

beforeEach(async () => {
  fake = await startFakeOneBot()
  test = await startApp({
    bots: [],
    plugins: (app) => app.plugin(onebot, { ...onebot.Config({} as onebot.Config), ...fake.config }),
  })
  await fake.online()
  who = { platform: 'onebot', selfId: fake.selfId }
  await test.app.access.grants.give({ ...who, userId: helper }, { kind: 'support', label: '王工' })
  await test.app.access.grants.give({ ...who, userId: boss }, { kind: 'staff', label: '电教馆' })
  await test.app.access.link({ ...who, userId: reporter }, '10001')
})
afterEach(async () => {
  await test.stop()
  await fake.close()
})

const register = (channelId: string, purpose: 'support' | 'staff') =>
  test.app.access.groups.set({ ...who, channelId }, { purpose }, operator)
const arrives = (part: string, place: { group?: string; user?: string }) =>
  vi.waitFor(
    () => {
      const found = fake.delivered.find(
        (one) => one.group === place.group && one.user === place.user && one.text.includes(part),
      )
      if (!found) throw new Error(`no "${part}": ${JSON.stringify(fake.delivered.map(({ text }) => text))}`)
      return found
    },
    { timeout: 10_000, interval: 20 },
  )
const said = async (group: string, user: string, text: string, options = {}) =>
  (await fake.say(group, user, text, { ...patient, ...options })).join('\n')
const whispered = async (user: string, text: string) => (await fake.whisper(user, text, patient)).join('\n')

it('without any support group the reporter and staff are told so, and the card comes when one is registered', async () => {
  const receipt = await said(school, reporter, '/反馈 页面打不开')
  expect(receipt).toContain('还没有设置支持群')
  expect(receipt).not.toContain('已转给')
  await arrives('还没有支持群，没有人看得到', { user: boss })
  await said(school, reporter, '/反馈 声音也没有了')
  await register(desk, 'support')
  await test.app.tickets.tick(new Date())
  await arrives('#1001 功能故障\n', { group: desk })
  await arrives('#1002 功能故障\n', { group: desk })
  expect(fake.delivered.filter((one) => one.user === boss && one.text.includes('支持群'))).toHaveLength(1)
})

it('with staff only it is they who have it', async () => {
  await register('300', 'staff')
  expect(await said(school, reporter, '/反馈 页面打不开')).toContain('已转给工作专班')
  await arrives('#1001', { group: '300' })
})

it('the same text of the same person within a minute is one report', async () => {
  await register(desk, 'support')
  expect(await said(school, reporter, '/反馈 页面打不开')).toContain('编号 #1001')
  expect(await said(school, reporter, '/反馈 页面打不开')).toContain('和刚才的 #1001 一样，没有重复登记')
  expect(await said(school, stranger, '/反馈 页面打不开')).toContain('编号 #1002')
  await test.app.database.set('space_ticket', { number: 1001 }, { reportedAt: new Date(Date.now() - 61_000) })
  expect(await said(school, reporter, '/反馈 页面打不开')).toContain('编号 #1003')
})

describe('rights follow the person', () => {
  beforeEach(async () => {
    await register(desk, 'support')
    expect(await whispered(reporter, '/反馈 登录提示密码错误，电话 13812345678')).toContain('#1001')
  })
  const closed = async () => {
    for (const text of ['/进度', '/进度 1001', '/进度 1001 导出', '/工单 明文 1001']) {
      expect(await whispered(reporter, text)).not.toMatch(/密码错误|13812345678|138\*/)
    }
    expect(await whispered(reporter, '/回复 1001 我再看看')).not.toContain('已转给')
    await whispered(reporter, '/进度 1001 删除')
    expect(await whispered(reporter, '确认')).not.toContain('已删除')
  }

  it('after unbinding the chat account reads nothing of it', async () => {
    expect(await whispered(reporter, '/进度 1001')).toContain('密码错误')
    await whispered(reporter, '/绑定 解除')
    await closed()
    expect(await said(desk, helper, '/回复 1001 已重置')).toContain('没有发出：反馈人已解除绑定')
    expect(fake.delivered.filter((one) => one.user === reporter && one.text.includes('已重置'))).toEqual([])
  })

  it('a number that somebody else uses now reads nothing of it', async () => {
    await test.app.database.remove('space_person_link', { userId: reporter })
    await test.app.access.link({ ...who, userId: reporter }, '10002')
    await closed()
  })

  it('from another chat account of the same person everything is there, the answer too', async () => {
    await test.app.database.remove('space_person_link', { userId: reporter })
    await test.app.access.link({ ...who, userId: '599' }, '10001')
    expect(await whispered('599', '/进度 1001')).toContain('密码错误')
    await said(desk, helper, '/回复 1001 已重置')
    await arrives('已重置', { user: '599' })
  })
})

describe('somebody who is kept from filing', () => {
  it('is told until when and why, for so long as support has said, and is on the list', async () => {
    await register(desk, 'support')
    await said(school, stranger, '/反馈 你们都是骗子')
    expect(await said(desk, helper, '/工单 禁言 1001 3天')).toContain('禁言要写原因')
    expect(await said(school, reporter, '/工单 禁言 1001 3天 看他不顺眼')).not.toContain('已禁言')
    expect(await said(desk, helper, '/工单 禁言 1001 3天 反复提交无关内容')).toContain(
      '已禁言：#1001 的反馈人',
    )
    const refused = await said(school, stranger, '/反馈 你们还是骗子')
    expect(refused).toContain('您不能提交反馈（原因：反复提交无关内容）')
    expect(await said(school, reporter, '/反馈 页面打不开')).toContain('#1002')
    expect(await said(desk, helper, '/工单 禁言')).toMatch(
      /^被禁言的 1 人：\n#1001 u\*，到 .*反复提交无关内容$/,
    )
    expect(await said(desk, helper, '/工单 解禁 1001')).toContain('已解除')
    expect(await said(school, stranger, '/反馈 这次是真的打不开')).toContain('#1003')
    const [log] = await test.app.database.get('space_ticket_ban', {})
    expect(log).toMatchObject({ ticket: 1001, reason: '反复提交无关内容' })
    expect(log!.endedAt).toBeGreaterThan(0)
  })
})

it('what is answered before a report is passed on never says to report it', async () => {
  await register(desk, 'support')
  const answer = await said(school, reporter, '/反馈 忘记密码登录不了怎么办')
  expect(answer).toContain('转给平台工作人员')
  expect(answer).not.toContain('/反馈')
})

it('a number in a list of reports is shown whole or not at all', async () => {
  await register(desk, 'support')
  await whispered(reporter, '/反馈 页面打不开了请马上看看，电话 13812345678 急等')
  const list = await whispered(reporter, '/进度')
  expect(list).toMatch(/页面打不开了请马上看看，电话$/)
})

describe('quotas of a person and a day', () => {
  it('hold back attachments, never the text, and say so', async () => {
    await register(desk, 'support')
    const image = { type: 'image', data: { file: `base64://${png.toString('base64')}` } }
    const report = async (text: string) =>
      (await fake.say(school, reporter, [{ type: 'text', data: { text } }, image], patient)).join('\n')
    expect(await report('/反馈 页面打不开')).toContain('附件 1 个已一并转交')
    await test.app.database.set('space_ticket_file', { ticket: 1001 }, { size: 101 * 2 ** 20 })
    const over = await report('/反馈 声音也没有了')
    expect(over).toContain('编号 #1002')
    expect(over).toContain('今天发的附件已经够多')
    await test.app.database.set(
      'space_ticket_file',
      { ticket: 1001 },
      { size: 3_000 * 2 ** 20, at: new Date(0) },
    )
    await test.app.database.upsert('space_ticket_file', [
      ...Array.from({ length: 7 }, (_, index) => ({
        id: `x${index}`,
        ticket: 1,
        version: 1,
        name: 'a',
        type: 'a',
        size: 3_000 * 2 ** 20,
        at: new Date(0),
      })),
    ])
    expect(await report('/反馈 作业交不了')).toContain('附件的存放空间满了')
    await arrives('问题单附件的文件夹已满', { user: boss })
  })

  it('end somewhere for reports and replies, with a way out', async () => {
    await register(desk, 'support')
    await said(school, reporter, '/反馈 页面打不开')
    const { database } = test.app
    const [ticket] = await database.get('space_ticket', { number: 1001 })
    const [person] = await database.get('space_ticket_person', { ticket: 1001 })
    const numbers = Array.from({ length: 99 }, (_, index) => 2001 + index)
    await database.upsert(
      'space_ticket',
      numbers.map((number) => ({ ...ticket!, number })),
    )
    await database.upsert(
      'space_ticket_person',
      numbers.map((number) => ({ ...person!, ticket: number })),
    )
    expect(await said(school, reporter, '/反馈 还有一件')).toContain('您今天已登记 100 条反馈')
    expect(await said(school, stranger, '/反馈 我这里也有一件')).toContain('已收到')
    const [event] = await database.get('space_ticket_event', { ticket: 1001 })
    const versions = Array.from({ length: 50 }, (_, index) => 100 + index)
    await database.upsert(
      'space_ticket_event',
      versions.map((version) => ({ ...event!, version, kind: 'reply' as const })),
    )
    expect(await said(school, reporter, '/回复 1001 再补一句')).toContain('今天的补充已经很多')
  })
})

it('canned answers come from the configuration, by name or place', async () => {
  await register(desk, 'support')
  await said(school, reporter, '/反馈 登录不上去')
  expect(await said(desk, helper, '/工单 常用')).toContain('1 密码：请在登录页点“忘记密码”')
  expect(await said(desk, helper, '/回复 1001 常用 没有这个')).toContain('没有叫“没有这个”的常用答复')
  await said(desk, helper, '/回复 1001 常用 密码 谢谢')
  await arrives('请本校信息技术管理员在管理中心的用户管理里重置。 谢谢', { group: school })
})

it('a file on this machine that no setting names is refused with host and setting', async () => {
  await register(desk, 'support')
  const server = createServer((_, response) => response.end(png))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const image = { type: 'image', data: { file: 'a.png', url: `http://127.0.0.1:${port}/a.png` } }
  const text = { type: 'text', data: { text: '/反馈 页面打不开' } }
  const receipt = (await fake.say(school, reporter, [text, image], patient)).join('\n')
  expect(receipt.replaceAll('．', '.')).toContain(`（127.0.0.1:${port}）`)
  expect(receipt).toContain('ATTACHMENT_HOSTS')
  expect(receipt).toContain('#1001')
  server.close()
})
