// On Sunday evening staff hand in the exports, on Monday at half past eight the schools hear of it: once per platform,
// over the real adapter against the platform's fake.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { operator } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'
import { at, eventually, files, startHouse } from './house'
import type { House } from './house'

let house: House
const patient = { wait: 15_000, quiet: 400 }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-15 19:00:00'), shouldAdvanceTime: true })
})
afterEach(async () => {
  await house.stop()
  vi.useRealTimers()
})

const staff = (who: { platform: string; selfId: string }, userId: string) =>
  house.app.access.grants.give({ ...who, userId }, { kind: 'staff', label: '电教馆' })
const schoolGroup = (who: { platform: string; selfId: string }, channelId: string) =>
  house.app.access.groups.set({ ...who, channelId }, { purpose: 'school', school: 'S1' }, operator)

/** A process that comes up shortly before half past eight on Monday. */
async function monday(): Promise<void> {
  vi.setSystemTime(at('2022-05-16 08:29:57'))
  await house.startReminders()
}

const digest = [
  '【本校一周】青铺中心小学（到 2022-05-14）',
  '教师 3 人，2 人这一周没有计分的行为。',
  '名单：张*、王*。',
]

describe('QQ', () => {
  const boss = 'B0B0B0B0'
  const admin = 'AD01AD01'
  const group = '6A8B3C2D1E0F'
  let fake: FakeQq
  let exports: Server
  let who: { platform: string; selfId: string }

  beforeEach(async () => {
    fake = await startFakeQq({ proactive: [boss, group] })
    exports = createServer(({ url }, response) =>
      response.end(url === '/roster' ? files.roster : files.records),
    )
    await new Promise<void>((resolve) => exports.listen(0, '127.0.0.1', resolve))
    house = await startHouse({ qq: fake })
    who = { platform: 'qq', selfId: fake.selfId }
    await staff(who, boss)
    await take('roster')
    await schoolGroup(who, group)
    await take('records')
  })
  afterEach(async () => {
    await fake.close()
    exports.close()
  })

  /** Staff send an export to the bot in private, look at the preview and say yes. */
  async function take(file: 'roster' | 'records'): Promise<void> {
    const { port } = exports.address() as AddressInfo
    expect((await fake.whisper(boss, '/导入', patient))[0]).toContain('请在 5 分钟内发送文件')
    const url = `http://127.0.0.1:${port}/${file}`
    const attachments = [{ content_type: 'file', url, filename: `${file}.csv` }]
    expect((await fake.whisper(boss, '', { ...patient, attachments })).at(-1)).toContain('预览')
    expect((await fake.whisper(boss, '确认', patient))[0]).toContain('导入完成')
  }

  test('the school hears in its group, on Monday at half past eight and not before', async () => {
    await monday()
    expect(fake.texts(group)).toEqual([])
    await eventually(() => expect(fake.texts(group)).toHaveLength(1))
    expect(Date.now()).toBeGreaterThanOrEqual(at('2022-05-16 08:30:00').getTime())
    expect(fake.texts(group)[0]?.split('\n').slice(0, 3)).toEqual(digest)
    expect(fake.texts(group)[0]).not.toMatch(/张三|王芳/)
  })

  test('where the owner does not let the bot speak first, it hears when somebody asks, within what may be answered', async () => {
    fake.turnSwitch(group, false)
    await monday()
    await eventually(async () => expect((await house.app.outbox.status()).counts.parked).toBe(1))
    // Announced while nobody may be spoken to: it waits there too.
    await fake.whisper(boss, '/公告 本周五前完成开通', patient)
    await fake.whisper(boss, '/公告 范围 青铺中心小学', patient)
    await fake.whisper(boss, '确认', patient)
    await eventually(async () => expect((await house.app.outbox.status()).counts.parked).toBe(2))
    expect(await fake.whisper(boss, '/公告 进度 1', patient)).toEqual([
      '1 号：1 个群，已送达 0，发送中 0，等人@我 1，失败 0，不确定 0。\n' +
        '群主没有允许机器人主动发言，已排队，下次群里有人@我时送达：青铺中心小学学校群（QQ）',
    ])
    expect(fake.texts(group)).toEqual([])

    await house.app.access.link({ ...who, userId: admin }, '10001')
    const said = await fake.say(group, admin, '/排名 本校', { ...patient, quiet: 2500 })
    expect(said[0]).toContain('青铺中心小学 本期')
    // What waits comes as one message, the announcement first.
    expect(said.slice(1).map((text) => text.split('\n').slice(0, 4 + digest.length))).toEqual([
      ['【公告】', '本周五前完成开通', '——活动工作专班', '', ...digest],
    ])
    const answers = fake.delivered.filter(({ place }) => place === group).map(({ body }) => body)
    expect(new Set(answers.map((body) => body['msg_id'])).size).toBe(1)
    expect(answers.length).toBeLessThanOrEqual(5)
    const own = answers.filter((body) => Number(body['msg_seq']) >= 101)
    expect(own.length).toBe(said.length - 1)
    expect(own.length).toBeLessThanOrEqual(3)
    expect(await fake.whisper(boss, '/公告 进度 1', patient)).toEqual([
      '1 号：发送完毕，1 个群，已送达 1，失败 0，不确定 0。',
    ])
    // Nothing comes a second time.
    const before = fake.texts(group).length
    await fake.say(group, admin, '/排名 本校', { ...patient, count: 1 })
    await fake.say(group, admin, '/阶段', { ...patient, count: 1 })
    expect(fake.texts(group)).toHaveLength(before + 2)
  })
})

describe('OneBot', () => {
  const boss = '4001'
  const teacher = '4002'
  const group = '700100'
  let fake: FakeOneBot

  beforeEach(async () => {
    fake = await startFakeOneBot()
    house = await startHouse({ onebot: fake })
    const who = { platform: 'onebot', selfId: fake.selfId }
    await staff(who, boss)
    await take('roster')
    await schoolGroup(who, group)
    await house.app.access.link({ ...who, userId: teacher }, '10002')
    await take('records')
  })
  afterEach(() => fake.close())

  async function take(file: 'roster' | 'records'): Promise<void> {
    expect((await fake.whisper(boss, '/导入', patient))[0]).toContain('请在 5 分钟内发送文件')
    const handed = { name: `${file}.csv`, bytes: files[file] }
    expect((await fake.whisperFile(boss, handed, patient)).at(-1)).toContain('预览')
    expect((await fake.whisper(boss, '确认', patient))[0]).toContain('导入完成')
  }
  const whispered = (user: string) =>
    fake.delivered.filter((message) => message.user === user).map(({ text }) => text)

  test('the teacher hears in private, the school in its group, staff hear of the district', async () => {
    const before = whispered(boss).length
    await monday()
    await eventually(() => {
      expect(fake.texts(group).map((text) => text.split('\n').slice(0, 3))).toEqual([digest])
      expect(whispered(teacher)).toHaveLength(1)
      expect(whispered(boss)).toHaveLength(before + 1)
    })
    expect(whispered(teacher)[0]).toMatch(/^【本周任务】还可以得 \d+ 分，先做分值高的：\n1\. 互动授课/)
    expect(whispered(boss).at(-1)).toContain('【全区一周】（到 2022-05-14）\n教师 5 人，')
  })

  test('a group that has muted the bot hears as soon as it is allowed to speak, once', async () => {
    let muted = true
    fake.fault = ({ action }) =>
      muted && action === 'send_group_msg'
        ? { kind: 'refuse', retcode: 1200, wording: 'EventChecker Failed: {"result": 120, "errMsg": ""}' }
        : undefined
    await monday()
    await eventually(async () => expect((await house.app.outbox.status()).counts.pending).toBe(1))
    const tries = () => fake.calls.filter(({ action }) => action === 'send_group_msg').length
    await eventually(() => expect(tries()).toBe(1))
    // Nobody hammers a group that does not listen.
    vi.setSystemTime(at('2022-05-16 08:39:00'))
    await new Promise((done) => setTimeout(done, 500))
    expect(tries()).toBe(1)
    muted = false
    vi.setSystemTime(at('2022-05-16 08:41:00'))
    await eventually(() => expect(fake.texts(group)).toHaveLength(1))
    vi.setSystemTime(at('2022-05-16 09:41:00'))
    await new Promise((done) => setTimeout(done, 500))
    expect(tries()).toBe(2)
  })

  test('a group that stays muted until the evening is not told of Monday on Tuesday', async () => {
    fake.fault = ({ action }) =>
      action === 'send_group_msg'
        ? { kind: 'refuse', retcode: 1200, wording: 'EventChecker Failed: {"result": 120, "errMsg": ""}' }
        : undefined
    await monday()
    await eventually(async () => expect((await house.app.outbox.status()).counts.pending).toBe(1))
    fake.fault = () => undefined
    vi.setSystemTime(at('2022-05-17 08:30:00'))
    await eventually(async () => {
      expect((await house.app.outbox.status()).failures).toEqual({ expired: 1 })
    })
    expect(fake.texts(group)).toEqual([])
  })
})

describe('WeCom', () => {
  const boss = 'ZhangJianGuo'
  const member = 'LiSi'
  const group = 'wrAbCdEf'
  let fake: FakeWecom
  let who: { platform: string; selfId: string }

  beforeEach(async () => {
    fake = await startFakeWecom()
    house = await startHouse({ wecom: fake, robots: { 值班: 'KEY' } })
    who = { platform: 'wecom', selfId: fake.botId }
    await staff(who, boss)
    await take('roster')
    await schoolGroup(who, group)
    await take('records')
  })
  afterEach(() => fake.close())

  async function take(file: 'roster' | 'records'): Promise<void> {
    expect((await fake.whisper(boss, '/导入', patient))[0]).toContain('请在 5 分钟内发送文件')
    const handed = { name: `${file}.csv`, bytes: files[file] }
    expect((await fake.whisper(boss, '', { ...patient, file: handed })).at(-1)).toContain('预览')
    expect((await fake.whisper(boss, '确认', patient))[0]).toContain('导入完成')
  }

  test('a chat that has never spoken to the bot hears when somebody asks', async () => {
    await monday()
    await eventually(async () => expect((await house.app.outbox.status()).counts.parked).toBe(1))
    await house.app.access.link({ ...who, userId: member }, '10001')
    const said = await fake.say(group, member, '/排名 本校', { ...patient, quiet: 2500 })
    expect(said[0]).toContain('青铺中心小学 本期')
    expect(said.slice(1).map((text) => text.split('\n').slice(0, 3))).toEqual([
      // Its markdown would take an asterisk away.
      digest.map((line) => line.replaceAll('*', '＊')),
    ])
    expect(fake.delivered.filter(({ place }) => place === group).map(({ via }) => via)).toEqual([
      'reply',
      'send',
    ])
    expect((await house.app.outbox.status()).counts.parked).toBe(0)
  })

  test('where the bot may not speak first, the robot of the group does', async () => {
    expect(await fake.say(group, boss, '/群 机器人 夜班', patient)).toEqual([
      '请写上群机器人的名称，例如“/群 机器人 名称”。现有：值班；不用了请发送“/群 机器人 无”。',
    ])
    expect(await fake.say(group, boss, '/群 机器人 值班', patient)).toEqual([
      '已记下：机器人不能主动发言时，由群机器人“值班”代发。',
    ])
    fake.fault = ({ cmd, body }) =>
      cmd === 'aibot_send_msg' && body['chatid'] === group ? { kind: 'refuse', errcode: 93008 } : undefined
    await monday()
    await eventually(() => {
      expect(fake.texts('webhook:KEY').map((text) => text.split('\n').slice(0, 3))).toEqual([digest])
    })
    // An announcement goes the same way, and staff read that it has arrived.
    await fake.whisper(boss, '/公告 本周五前完成开通', patient)
    await fake.whisper(boss, '/公告 范围 青铺中心小学', patient)
    await fake.whisper(boss, '确认', patient)
    await eventually(() =>
      expect(fake.texts('webhook:KEY')[1]).toBe('【公告】\n本周五前完成开通\n——活动工作专班'),
    )
    await eventually(async () =>
      expect(await fake.whisper(boss, '/公告 进度 1', patient)).toEqual([
        '1 号：发送完毕，1 个群，已送达 1，失败 0，不确定 0。',
      ]),
    )
  })
})
