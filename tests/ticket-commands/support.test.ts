import { PlatformSendError } from '@space-assistant/core/delivery/error'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { planRows } from '../scoreboard/rows'
import { picture, startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

beforeEach(async () => {
  test = await startApp()
})
afterEach(async () => {
  vi.useRealTimers()
  await test.stop()
})

async function support(): Promise<void> {
  await test.group('gs', 'support')
  await test.grant('helper', 'support')
}

describe('without a support group', () => {
  it('nothing is lost: what was reported comes when there is one', async () => {
    expect(await test.say('li', '/反馈 页面打不开', 'g1')).toContain('#1001')
    await support()
    await test.app.tickets.tick(new Date())
    await test.next('gs', '#1001')
    expect(await test.say('helper', '/回复 1001 好的', 'gs')).toContain('消息已送达反馈人')
  })
})

describe('many reports', () => {
  it('beyond the limit are bundled, none is left out', async () => {
    await support()
    const texts = ['页面打不开', '登录不上去', '声音没有了', '作业交不了', '课件不显示']
    for (const text of texts) await test.say('li', `/反馈 ${text}`, 'g1')
    expect(await test.say('li', '/反馈 还有打卡失败', 'g1')).toContain('反馈较多')
    for (const number of [1001, 1002, 1003]) await test.next('gs', `#${number} `)
    await test.app.tickets.tick(new Date(Date.now() + 6 * 60_000))
    const bundle = await test.next('gs', '合并告知')
    for (const number of [1004, 1005, 1006]) expect(bundle.text).toContain(`#${number}`)
    const quote = { id: bundle.id, content: bundle.text }
    expect(await test.say('helper', '<at id="514"/> 收到', 'gs', { quote })).not.toContain('答复')
  })

  it('by one person, more than anybody may ask in a minute, are all taken', async () => {
    await test.stop()
    test = await startApp({ limited: true })
    await support()
    const replies: string[] = []
    for (let i = 0; i < 40; i++) replies.push(await test.say('li', `/反馈 第${i}件事打不开`, 'g1'))
    expect(replies.filter((reply) => !reply.includes('已收到，编号'))).toEqual([])
    expect(await test.app.database.get('space_ticket', {}, ['number'])).toHaveLength(40)
    // Other things are still limited, and the reports did not use that up.
    const others: string[] = []
    for (let i = 0; i < 22; i++) others.push(await test.say('li', '/进度', 'g1'))
    expect(others.slice(0, 20).every((reply) => reply.includes('40 个正在处理'))).toBe(true)
    expect(others.slice(20)).toEqual([expect.stringContaining('太快'), ''])
  })

  it('that are alike are shown as such, raise an incident, and the next reporter hears that it is known', async () => {
    await support()
    await test.group('gt', 'staff')
    await test.say('a', '/反馈 资源上传失败一直转圈', 'g1')
    expect(await test.say('b', '/反馈 资源上传失败了一直转圈', 'g2')).toContain('与 #1001 相似')
    await test.next('gs', '#1001')
    expect((await test.next('gs', '#1002 功能故障')).text).toContain('相似的反馈：#1001')
    expect(await test.say('c', '/反馈 上传资源失败，转圈', 'g3')).toContain('已知（#1001）')
    expect((await test.next('gt', '突发问题')).text).toContain('3 人反馈')
    expect(await test.say('d', '/反馈 资源上传失败 一直转圈', 'g4')).toContain('已知（#1001）')
    expect(await test.say('d', '/加入 1001', 'g4')).toContain('已并入 #1001')
    expect(await test.say('b', '/加入 1001', 'g2')).toContain('已并入 #1001')
    expect(await test.say('e', '/反馈 我要换头像', 'g5')).toContain('#1005')
    await test.say('helper', '/办结 1001 已修复 服务已恢复', 'gs')
    for (const group of ['g1', 'g2', 'g4']) await test.next(group, '服务已恢复')
    expect(test.heard('g5')).toEqual([])
    expect(test.heard('gt').filter(({ text }) => text.includes('突发'))).toEqual([])
  })

  it.each([
    ['is known for a day', -1, true],
    ['is not known any more after a day', 1, false],
  ])('an incident %s', async (_, minutes, known) => {
    vi.useFakeTimers({ toFake: ['Date'] })
    await support()
    await test.group('gt', 'staff')
    const texts = ['资源上传失败一直转圈', '资源上传失败了一直转圈', '上传资源失败，转圈']
    for (const [index, text] of texts.entries()) await test.say(`u${index}`, `/反馈 ${text}`, 'g1')
    await test.next('gt', '突发问题')
    const [incident] = await test.app.database.get('space_ticket_incident', {})
    vi.setSystemTime((incident?.raisedAt.getTime() ?? 0) + 24 * 3_600_000 + minutes * 60_000)
    const reply = await test.say('d', '/反馈 资源上传失败 一直转圈', 'g4')
    expect(reply).toContain('#1004')
    if (known) expect(reply).toContain('已知（#1001）')
    else expect(reply).not.toContain('已知')
  })

  it("tell whoever joins number, state and outcome, and stay the reporter's to delete", async () => {
    await support()
    await test.group('gt', 'staff')
    for (const [user, group] of [
      ['a', 'g1'],
      ['b', 'g2'],
      ['c', 'g3'],
    ] as const)
      await test.say(user, '/反馈 资源上传失败一直转圈，张校长的班', group)
    await test.next('gt', '突发问题')
    expect(await test.say('stranger', '/加入 1001')).not.toMatch(/转圈|张校长/)
    for (const text of ['/进度', '/进度 1001', '/进度 1001 导出']) {
      expect(await test.say('stranger', text)).not.toMatch(/转圈|张校长/)
      expect(await test.say('stranger', text)).toContain('#1001')
    }
    await test.say('helper', '/办结 1001 已修复', 'gs')
    expect(await test.say('stranger', '/进度 1001')).toContain('已修复')
    await test.say('stranger', '/进度 1001 删除')
    expect(await test.say('stranger', '确认')).not.toContain('已删除')
    expect(await test.say('a', '/进度 1001', 'g1')).toContain('张校长')
    await test.say('a', '/进度 1001 删除')
    expect(await test.say('a', '确认')).toContain('已删除')
  })

  it('cannot be joined by guessing numbers', async () => {
    await support()
    await test.say('a', '/反馈 资源上传失败一直转圈', 'g1')
    expect(await test.say('x', '/加入 1001', 'g9')).toContain('不能加入')
    expect(await test.say('x', '/重开 1001', 'g9')).toContain('不是您反馈的')
  })
})

describe('support', () => {
  beforeEach(support)

  it('merges, corrects the category, marks as urgent and hands on', async () => {
    await test.group('gt', 'staff')
    await test.say('a', '/反馈 页面打不开', 'g1')
    await test.say('b', '/反馈 首页白屏', 'g2')
    expect(await test.say('helper', '/合并 1002 1001', 'gs')).toContain('已并入 #1001')
    await test.next('g2', '与 #1001 是同一问题')
    const told = await test.say('helper', '/回复 1002 正在修', 'gs')
    expect(told).toContain('#1001 已答复')
    expect(told).toContain('另有 1 位加入的人只会看到进展和办结结果')
    await test.next('g1', '正在修')
    await test.next('g2', '#1001 已有平台工作人员受理')
    expect(test.heard('g2').filter(({ text }) => text.includes('正在修'))).toEqual([])
    expect(await test.say('helper', '/改类 1001 登录', 'gs')).toContain('/改类 1001 1')
    expect(await test.say('helper', '/改类 1001 账号登录', 'gs')).toContain('分类已改')
    expect(await test.say('helper', '/加急 1001', 'gs')).toContain('已改为紧急')
    expect(await test.say('helper', '/转交 1001', 'gs')).toContain('2 专班群（工作群）')
    expect(await test.say('helper', '/转交 1001 2', 'gs')).toContain('已转交')
    expect((await test.next('gt', '转到本群')).text).toContain('#1001 账号登录（紧急）')
    expect(await test.say('helper', '/工单', 'gs')).toContain('#1001 账号登录（紧急） 待受理')
    expect(await test.say('helper', '/工单', 'g1')).toContain('私聊')
  })

  it('sees whether an answer has arrived or waits', async () => {
    await test.say('a', '/反馈 页面打不开', 'g1')
    const refusal = new PlatformSendError({ platform: 'chat', class: 'no-permission', outcome: 'rejected' })
    test.bot.fault = (channel, session) => (channel === 'g1' && !session ? refusal : undefined)
    expect(await test.say('helper', '/回复 1001 好的', 'gs')).toContain('已排队')
  })

  it('gets the explanation of the score with a complaint, the last import and the difference', async () => {
    await test.bind('li', '10002')
    const { app } = test
    const plan = await planRows(app, {
      withIds: false,
      rows: ['2022-05-01', '2022-05-02'].map((day) => ({
        ...{ row: 1, account: '10002', indicator: '空间登录', day: Date.parse(day) / 86_400_000 },
        ...{ count: 1, attributes: {}, valid: true },
      })),
    })
    await app.database.withTransaction(() => app.scoreboard.store(plan, 3))
    const platform = await app.scoreboard.planSnapshot([
      {
        ...{
          row: 1,
          subject: { kind: 'member', account: '10002' },
          day: Date.parse('2022-05-02') / 86_400_000,
        },
        ...{ total: 5, indicators: { 空间登录: 5 } },
      },
    ])
    await app.database.withTransaction(() => app.scoreboard.store(platform, 4))
    expect(await test.say('li', '/反馈 我的积分不对，没加分', 'g1')).toContain('计分异常')
    const { text } = await test.next('gs', '计分明细')
    expect(text).toContain('空间登录 2 天')
    expect(text).toContain('平台得分 5（2022-05-02），估算 2，相差 +3：空间登录 +3')
  })

  it('hears of a category that the reporter corrects, with the score when it is about one', async () => {
    await test.bind('li', '10002')
    expect(await test.say('li', '/反馈 首页白屏', 'g1')).toContain('分类不对请发送 /改类 1001')
    expect(await test.say('li', '/改类 1001', 'g1')).toContain('/改类 1001 1')
    expect(await test.say('other', '/改类 1001 计分异常', 'g1')).toContain('不是您反馈的')
    expect(await test.say('li', '/改类 1001 计分异常', 'g1')).toContain('已改为“计分异常”')
    await test.next('gs', '#1001 计分异常 反馈人改了分类')
    expect((await test.next('gs', '还没有计分数据')).text).toContain('#1001 计分异常')
    expect(await test.say('li', '/改类 1001 计分异常', 'g1')).toContain('不用再改')
    await test.say('helper', '/办结 1001 已解答', 'gs')
    expect(await test.say('li', '/改类 1001 其他', 'g1')).toContain('/重开 1001')
    expect(await test.say('helper', '/改类 1001 其他', 'gs')).toContain('已改为“其他”')
  })

  it('answers by quoting what the bot said about one ticket, and by nothing else', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('wang', '/反馈 登录不上去', 'g2')
    const quoting = (content: string, user?: string) =>
      test.say('helper', '好的', 'gs', { quote: { content, ...(user && { user: { id: user } }) } })
    for (const text of [
      '看看 #1001 吧',
      '#1001 的事\n#1002 的事',
      '等待过久的反馈 1 个：\n#1001 还没有首次答复',
    ]) {
      expect(await quoting(text)).toBe('')
    }
    expect(await quoting('#1001 我来', 'second')).toBe('')
    expect(test.heard('g1')).toEqual([])
    expect(await quoting('#1001 功能故障', '514')).toContain('#1001 已答复')
    expect(await quoting('@li #1001 平台工作人员答复：……')).toContain('#1001 已答复')
    expect(
      await test.say('li', '是新电脑', 'g1', { quote: { content: '已收到，编号 #1001（功能故障）。' } }),
    ).toContain('#1001 已转给')
  })

  it('sees the pictures of a report that was held back', async () => {
    for (const text of ['打不开', '登不上', '没声音']) await test.say('li', `/反馈 ${text}`, 'g1')
    await test.say('li', '/反馈 我的积分不对', 'g1', { elements: [picture()] })
    await test.app.tickets.tick(new Date(Date.now() + 6 * 60_000))
    const card = await test.next('gs', '#1004')
    expect(card.elements.some(({ type }) => type === 'img')).toBe(true)
    expect(await test.say('helper', '/工单 1004', 'gs')).toContain('[img]')
  })

  it('is refused what it may not, and others support’s verbs', async () => {
    await test.say('a', '/反馈 页面打不开', 'g1')
    expect(await test.say('a', '/接单 1001', 'g1')).not.toContain('由您受理')
    expect(await test.say('a', '/工单')).not.toContain('#1001')
    expect(await test.say('helper', '/工单 清除 1001')).not.toContain('已删除')
    expect(await test.say('helper', '/接单', 'gs')).toContain('请写上编号')
    expect(await test.say('helper', '/接单 4711', 'gs')).toContain('没有编号 #4711')
  })
})
