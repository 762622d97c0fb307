import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApp } from '../ranking-commands/app'
import type { TestApp } from '../ranking-commands/app'

const who = (userId: string) => ({ platform: 'mock', selfId: '514', userId })
const lines = (text: string) => text.split('\n')
const today = (text: string) => vi.setSystemTime(new Date(`${text}T10:00:00+08:00`))

async function start(scheme: string): Promise<TestApp> {
  const test = await startApp({ scheme })
  await test.bind('zhang', '10001')
  await test.bind('li', '10002')
  await test.app.access.grants.give(who('boss'), { kind: 'staff', label: 'boss' })
  await test.app.access.grants.give(who('support'), { kind: 'support', label: 'support' })
  await test.app.access.grants.give(who('office'), { kind: 'town', label: 'office', town: '城关镇' })
  await test.group('exchange', 'exchange')
  await test.group('school1', 'school', 'S1')
  return test
}

let test: TestApp

describe('under caps', () => {
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
    test = await start('xinzhou-2022')
  })
  afterAll(() => test.stop())
  afterEach(() => today('2022-05-18'))

  it('the own task is the room that is left, most points first', async () => {
    const reply = lines(await test.say('li', '/任务'))
    expect(reply[0]).toBe('本周还可以得 97 分，先做分值高的：')
    expect(reply[1]).toBe('1. 互动授课，本周还可计 2 次，10 分（课堂教学应用）')
    expect(reply.at(-3)).toBe('另有 8 项分值较低的没有列出。')
    expect(reply.at(-2)).toBe('还没有做过的一次性项目：班级组建 50 分、信息完善 20 分。')
    expect(reply.at(-1)).toBe('按截至 2022-05-17 的数据。')
  })

  it('says how near the end of the week is', async () => {
    today('2022-05-22')
    expect(lines(await test.say('li', '/任务'))[1]).toContain('，今天截止')
    today('2022-05-21')
    expect(lines(await test.say('li', '/任务'))[1]).toContain('，还有 2 天')
  })

  it('an administrator sees who of the school is behind, alone where others read along', async () => {
    expect(lines(await test.say('zhang', '/任务 本校'))).toEqual([
      '第一小学教师 3 人，2 人本周还没有计分的行为。',
      '张三、王芳',
      '按截至 2022-05-17 的数据。',
    ])
    const masked = await test.say('zhang', '/任务 本校', 'exchange')
    expect(masked).not.toMatch(/张|王/)
    expect(masked).toContain('请私聊我')
    expect(await test.say('boss', '/任务 第二小学')).toContain('钱七')
    expect(await test.say('zhang', '/任务 第二小学')).toContain('只有本校')
  })

  it('a town office and staff see counts', async () => {
    expect(lines(await test.say('boss', '/任务'))).toEqual([
      '全区教师 7 人，4 人本周还没有计分的行为。',
      '需要关注的学校：第一小学 2/3、第二小学 2/3。',
      '空间开通率 75.3%。',
      '按截至 2022-05-17 的数据。',
    ])
    expect(lines(await test.say('office', '/任务'))[0]).toBe('城关镇教师 6 人，4 人本周还没有计分的行为。')
    expect(await test.say('office', '/任务 全区')).toContain('只有本校、所在街镇和工作专班')
  })

  it.each([
    ['我的任务', '/任务'],
    ['我还差什么？', '/任务'],
    ['/任务 本周', '/任务'],
    ['还有谁没完成', '/任务 本校'],
  ])('%s is %s', async (text, command) => {
    expect(await test.say('zhang', text)).toBe(await test.say('zhang', command))
    if (!text.startsWith('/')) expect(await test.say('zhang', text, 'exchange')).toBe('')
  })

  it('who has no scored task is told what to ask instead, once each', async () => {
    await test.bind('zhou', '40001')
    expect(lines(await test.say('zhou', '/任务'))).toEqual([
      '您的角色没有计分任务。可以发送“/排名 本校”看学校的得分。',
      '发送“/任务 本校”查看本校还有谁没完成。',
    ])
  })

  it('a town is named by those who may see it', async () => {
    expect(await test.say('boss', '/任务 城关镇')).toBe(await test.say('office', '/任务 本镇'))
    expect(await test.say('boss', '/任务 城关')).toBe(await test.say('office', '/任务 我们镇'))
    expect(await test.say('zhang', '/任务 城关镇')).toContain('只有本校、所在街镇和工作专班')
  })

  it('ends with the period', async () => {
    today('2023-01-01')
    expect(await test.say('li', '/任务')).toContain('计分已于 2022-12-31 结束')
    today('2021-12-31')
    expect(await test.say('li', '/任务')).toContain('计分从 2022-01-01 开始')
  })

  it.each([
    ['stranger', '/任务', '您还没有绑定身份'],
    ['stranger', '/任务 本校', '您还没有绑定身份'],
    ['support', '/任务 本校', '您可以查看“/排名 全区”'],
    ['office', '/任务 本校', '请写校名'],
    ['boss', '/任务 本镇', '请写街镇名'],
    ['support', '/任务', '没有绑定名册里的账号'],
    ['boss', '/任务 本校', '您没有绑定学校'],
    ['boss', '/任务 小学', '对应好几所学校'],
    ['boss', '/任务 火星', '没有看懂“火星”'],
  ])('%s asks %s', async (user, text, part) => {
    expect(await test.say(user, text)).toContain(part)
  })
})

describe('phases', () => {
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
    test = await start('xinzhou-2022')
  })
  afterAll(() => test.stop())

  it.each([
    ['2022-05-18', '【即将开始】报名推荐：2022-05-21 至 2022-05-31，3 天后开始。'],
    ['2022-05-24', '【进行中】报名推荐：2022-05-21 至 2022-05-31，还剩 7 天。'],
    ['2022-05-31', '【今天截止】报名推荐'],
    ['2022-06-05', '【已结束】报名推荐'],
    ['2022-07-01', '各阶段都已结束'],
  ])('on %s', async (day, part) => {
    today(day)
    expect(await test.say('stranger', '/阶段')).toContain(part)
  })
})

describe('under targets', () => {
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-03-09T10:00:00+08:00') })
    test = await start('shishou-2021')
  })
  afterAll(async () => {
    await test.stop()
    vi.useRealTimers()
  })

  it('the own tasks are those that are not met, per role, with where it is done', async () => {
    const reply = await test.say('zhang', '/任务')
    expect(reply).toContain('作为管理员：还有 8 项没有完成（已完成 0 项）：')
    expect(reply).toContain('作为教师：还有 5 项没有完成（已完成 0 项）：')
    expect(reply).toMatch(/资源上传，本周还差 1 次/)
    expect(reply).toContain('另有 2 项没有列出。')
  })

  it('the school list says how many each', async () => {
    expect(await test.say('zhang', '/任务 本校')).toContain('李四（5 项）')
  })

  it('opened spaces are held against the thresholds of the scheme', async () => {
    expect(await test.say('zhang', '/开通率')).toContain(
      '第一小学空间开通率 92%，已达到评优要求（90%），离目标 100% 还差一些。',
    )
    expect(await test.say('boss', '/开通率 第二小学')).toContain(
      '还没有达到评优要求（90%），至少还要开通 25 个。',
    )
  })
})

describe('help', () => {
  beforeAll(async () => {
    test = await start('xinzhou-2022')
  })
  afterAll(() => test.stop())

  it('lists what each may ask, and only commands that there are', async () => {
    const nobody = await test.say('stranger', '/帮助')
    expect(nobody).toContain('您还没有绑定身份')
    expect(nobody).not.toContain('/积分')
    // What would be refused there is not offered there.
    expect(nobody).not.toContain('/排名')
    expect(nobody).not.toContain('/开通率')
    expect(await test.say('stranger', '/帮助', 'exchange')).toContain('/排名 本校')
    expect(await test.say('stranger', '/帮助', 'exchange')).toContain('您还没有绑定身份')
    expect(nobody).not.toContain('/公告')
    expect(await test.say('li', '/帮助')).toContain('/积分 我')
    expect(await test.say('li', '/帮助')).not.toContain('/群')
    expect(await test.say('boss', '/帮助')).toContain('/群：')
    expect(await test.say('li', '帮助')).toContain('/积分 我')
  })

  it('shows examples for one command', async () => {
    expect(await test.say('li', '/帮助 排名')).toContain('例如：/排名 本校')
    expect(await test.say('li', '/帮助 /任务')).toContain('例如：/任务')
  })
})
