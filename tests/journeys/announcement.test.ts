// Staff tell sixty groups on three platforms something, over the real adapters; seven groups refuse, each in its own way.
import { operator } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'
import { at, eventually, files, startHouse } from './house'
import type { House } from './house'

const boss = '4001'
const text = '期末安排请看通知'
/** As groups read it. */
const letter = (said: string) => `【公告】\n${said}\n——活动工作专班`
const patient = { wait: 15_000, quiet: 400 }
const each = <T>(make: (number: number) => T) => Array.from({ length: 20 }, (_, index) => make(index + 1))
const qqGroups = each((number) => `6A8B3C2D1E0F${String(number).padStart(4, '0')}`)
const oneBotGroups = each((number) => String(700_000 + number))
const wecomGroups = each((number) => `wrChat${number}`)

let house: House
let fakeQq: FakeQq
let fakeOneBot: FakeOneBot
let fakeWecom: FakeWecom

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-06-15 10:00:00'), shouldAdvanceTime: true })
  fakeQq = await startFakeQq({ proactive: qqGroups.slice(1) })
  fakeOneBot = await startFakeOneBot()
  fakeWecom = await startFakeWecom()
  for (const chat of wecomGroups.slice(1)) fakeWecom.spoken.add(chat)
  house = await startHouse({ qq: fakeQq, onebot: fakeOneBot, wecom: fakeWecom })
  const { app } = house
  await take(files.roster)
  const places = { qq: fakeQq.selfId, onebot: fakeOneBot.selfId, wecom: fakeWecom.botId }
  await app.access.grants.give(
    { platform: 'onebot', selfId: places.onebot, userId: boss },
    { kind: 'staff', label: '电教馆' },
  )
  const groups = { qq: qqGroups, onebot: oneBotGroups, wecom: wecomGroups }
  const names: Record<string, string> = { [qqGroups[1]!]: '江北片区', [wecomGroups[1]!]: '中学校长' }
  for (const platform of ['qq', 'onebot', 'wecom'] as const) {
    for (const channelId of groups[platform]) {
      const ref = { platform, selfId: places[platform], channelId }
      const name = names[channelId]
      const setting = { purpose: 'exchange', ...(name !== undefined && { name }) } as const
      await app.access.groups.set(ref, setting, operator)
    }
  }
  refuse()
})
afterAll(async () => {
  await house.stop()
  await Promise.all([fakeQq.close(), fakeOneBot.close(), fakeWecom.close()])
  vi.useRealTimers()
})

async function take(bytes: Uint8Array): Promise<void> {
  const preview = await house.app.imports.preview({ name: 'roster.csv', bytes }, operator)
  if (!preview.ok) throw new Error(preview.code)
  await house.app.imports.confirm(preview.value.id, operator)
}

/** Seven groups refuse: the first of QQ and of WeCom by themselves, the others like this. */
function refuse(): void {
  fakeQq.fault = ({ path, method }) => {
    if (method !== 'POST' || !path.endsWith('/messages')) return
    const [, group] = /groups\/([^/]+)\//.exec(path) ?? []
    if (group === qqGroups[1]) return { kind: 'refuse', code: 40054002 }
    return group === qqGroups[2] ? { kind: 'refuse', code: 40054010 } : undefined
  }
  fakeOneBot.fault = ({ action, params }) => {
    if (action !== 'send_group_msg') return
    const group = String(params['group_id'])
    const wording = 'EventChecker Failed: {"result": 110, "errMsg": "you are not in the group"}'
    if (group === oneBotGroups[0]) return { kind: 'refuse', retcode: 1200, wording }
    // It arrives, but the implementation says nothing before the connection falls.
    return group === oneBotGroups[19]
      ? { kind: 'refuse', retcode: 1200, wording: 'Timeout: NTEvent', delivered: true }
      : undefined
  }
  fakeWecom.fault = ({ cmd, body }) =>
    cmd === 'aibot_send_msg' && body['chatid'] === wecomGroups[1]
      ? { kind: 'refuse', errcode: 45009 }
      : undefined
}

/** Waits as the platforms' limits have it, twenty messages a minute, by letting the minutes pass. */
async function inSomeMinutes(check: () => void | Promise<void>): Promise<void> {
  for (let minute = 0; ; minute++) {
    try {
      return await eventually(check, 5_000)
    } catch (error) {
      if (minute === 8) throw error
      vi.setSystemTime(new Date(Date.now() + 60_000))
    }
  }
}

const say = async (said: string) => (await fakeOneBot.whisper(boss, said, patient)).join('\n')
const heard = () =>
  [
    ...fakeQq.delivered.filter((message) => message.text === letter(text)).map(({ place }) => place),
    ...fakeOneBot.delivered
      .filter((message) => message.text === letter(text))
      .map(({ group }) => group ?? ''),
    ...fakeWecom.delivered.filter((message) => message.text === letter(text)).map(({ place }) => place),
  ].sort()
const refusing = [...qqGroups.slice(0, 3), ...[oneBotGroups[0]!], ...wecomGroups.slice(0, 2)]
const arriving = [...qqGroups, ...oneBotGroups, ...wecomGroups]
  .filter((group) => !refusing.includes(group))
  .sort()

test('sixty groups are told, seven refuse, and staff read why and what happens next', async () => {
  expect(await say(`/公告 ${text}`)).toContain(
    '发往 60 个群（QQ 40 个、企业微信 20 个）。\n群：交流群 1 号（QQ）、',
  )
  expect(await say('确认')).toBe('1 号公告开始发送，共 60 个群。发送“/公告 进度 1”查看。')
  // Nobody waits for those that refuse.
  await inSomeMinutes(() => expect(heard()).toEqual(arriving))
  await eventually(async () =>
    expect(await say('/公告 进度 1')).toBe(
      [
        '1 号：60 个群，已送达 53，发送中 2，等人@我 2，失败 2，不确定 1。',
        '群主没有允许机器人主动发言，已排队，下次群里有人@我时送达：交流群 1 号（QQ）',
        '机器人被禁言，每 10 分钟再试一次，请群管理员解除禁言：江北片区（QQ）',
        '没有送达，平台不接受这个内容，请改写后另发一条：交流群 3 号（QQ）',
        '没有送达，群已解散或机器人不在群里，请把机器人拉回群再发送“/公告 重发 1”：交流群 21 号（QQ）',
        '不确定是否送达，请到群里看一下：没看到就发送“/公告 重发 1 不确定”，看到了就发送“/公告 已到 1”：交流群 40 号（QQ）',
        '群里还没有人@过我，我不能先说话，已排队，有人@我时送达：交流群 41 号（企业微信）',
        '发得太快，平台让等一等，稍后自动再发：中学校长（企业微信）',
      ].join('\n'),
    ),
  )
  const receipt = (await say('/公告 回执 1')).split('\n')
  expect(receipt[2]).toBe('江北片区（QQ）：机器人被禁言，每 10 分钟再试一次，请群管理员解除禁言')
  expect(receipt[8]).toMatch(/^已送达 53 个：交流群 4 号（QQ）、交流群 5 号（QQ）、/)
  expect(receipt[9]).toBe('第 1 页，共 3 页。下一页：/公告 回执 1 2')
  const pages = [receipt.join('\n'), await say('/公告 回执 1 2'), await say('/公告 回执 1 第3页')]
  const named = pages.join('\n').match(/交流群 \d+ 号（QQ）|交流群 \d+ 号（企业微信）|江北片区|中学校长/g)
  expect(new Set(named).size).toBe(60)
  expect(pages[2]).toContain('第 3 页，共 3 页。')
  // What a group is called on the platform is nobody's business.
  expect(receipt.join()).not.toMatch(/6A8B3C2D|7000|wrChat/)
})

test('each of the seven gets it when its reason is gone, and nobody gets it twice', async () => {
  fakeQq.fault = () => undefined
  fakeOneBot.fault = () => undefined
  fakeWecom.fault = () => undefined
  fakeQq.turnSwitch(qqGroups[0]!, true)
  await eventually(() => expect(heard()).toContain(qqGroups[0]))
  await fakeWecom.say(wecomGroups[0]!, 'LiSi', '/阶段', patient)
  await eventually(() => expect(heard()).toContain(wecomGroups[0]))
  vi.setSystemTime(at('2022-06-15 10:11:00'))
  await eventually(() => {
    expect(heard()).toContain(qqGroups[1])
    expect(heard()).toContain(wecomGroups[1])
  })
  // The bot is back where it was thrown out; nobody has spoken there.
  fakeOneBot.joined(oneBotGroups[0]!)
  expect(await say('/公告 重发 1')).toContain('重新发送 2 个群。')
  await eventually(() => expect(heard()).toEqual([...qqGroups, ...oneBotGroups, ...wecomGroups].sort()))
  expect(await say('/公告 已到 1 第九群')).toContain('没有叫“第九群”的群可改')
  expect(await say('/公告 已到 1 交流群 40 号')).toBe(
    [
      '要把 1 号公告里不确定的 1 个群记为已送达：',
      '交流群 40 号（QQ）',
      '确认请发送“确认 1”，不改请发送“取消”。只改几个：/公告 已到 1 群名、群名。',
    ].join('\n'),
  )
  expect(await say('/公告 进度 1')).toContain('不确定 1')
  expect(await say('确认 1')).toContain('1 个群已记为送达。记错了请在一分钟内发送“/公告 撤销 1”。')
  expect(await say('/公告 撤销 1')).toBe('已撤销，1 个群仍是不确定。')
  expect(await say('/公告 撤销 1')).toContain('没有一分钟内可以撤销的')
  // Sent again it would arrive twice: asked first, and stopped within the minute.
  expect(await say('/公告 重发 1 不确定')).toContain(
    '再发给下面 1 个群（其中不确定的可能会收到两遍）：\n交流群 40 号（QQ）',
  )
  expect(await say('确认')).toContain('1 个群一分钟后重发')
  expect(await say('/公告 撤销 1')).toBe('已撤销，1 个群仍是不确定。')
  await say('/公告 已到 1')
  expect(await say('确认')).toContain('1 个群已记为送达')
  await eventually(async () =>
    expect(await say('/公告 进度 1')).toBe('1 号：发送完毕，60 个群，已送达 60，失败 0，不确定 0。'),
  )
})

test('taken back in time, where the platform can', async () => {
  vi.setSystemTime(at('2022-06-15 11:00:00'))
  const before = { qq: fakeQq.delivered.length, onebot: fakeOneBot.delivered.length }
  await say('/公告 时间写错了')
  await say('确认')
  await inSomeMinutes(async () => expect(await say('/公告 进度 2')).toContain('发送完毕，60 个群，已送达 60'))
  expect(await say('/公告 撤回 2')).toBe(
    [
      '【撤回预览，2 号】已送达 60 个群。',
      '可以撤回 40 个。',
      '20 个在不能撤回的平台（企业微信）。',
      '撤回请发送“确认 2”，不撤回请发送“取消”。QQ 群里发出 2 分钟内才能撤回，请尽快。',
    ].join('\n'),
  )
  expect(fakeQq.recalled).toEqual([])
  expect(await say('确认')).toBe('开始撤回。发送“/公告 进度 2”查看结果。')
  await eventually(async () =>
    expect((await say('/公告 进度 2')).split('\n')).toEqual([
      '2 号：已停止，60 个群，已撤回 40，没有撤回 20。',
      expect.stringMatching(
        /^已撤回：交流群 1 号（QQ）、江北片区（QQ）、交流群 3 号（QQ）、.*交流群 40 号（QQ）$/,
      ),
      '第 1 页，共 2 页。下一页：/公告 进度 2 2',
    ]),
  )
  expect(await say('/公告 进度 2 2')).toContain(
    '这个平台不能撤回，请另发更正：交流群 41 号（企业微信）、中学校长（企业微信）、',
  )
  const wrong = (messages: { id: string; text: string }[]) =>
    messages.filter((message) => message.text === letter('时间写错了')).map(({ id }) => id)
  expect([...fakeQq.recalled].sort()).toEqual(wrong(fakeQq.delivered.slice(before.qq)).sort())
  expect([...fakeOneBot.recalled].sort()).toEqual(wrong(fakeOneBot.delivered.slice(before.onebot)).sort())
})

test('taken back too late, staff read what to do instead', async () => {
  vi.setSystemTime(at('2022-06-15 13:00:00'))
  await say('/公告 发早了')
  await say('/公告 范围 交流群')
  await say('确认')
  await inSomeMinutes(async () => expect(await say('/公告 进度 3')).toContain('发送完毕，60 个群，已送达 60'))
  vi.setSystemTime(at('2022-06-15 13:10:00'))
  expect(await say('/公告 撤回 3')).toBe(
    [
      '【撤回预览，3 号】已送达 60 个群。',
      '可以撤回 20 个。',
      '20 个发出已超过 2 分钟，不能撤回。',
      '20 个在不能撤回的平台（企业微信）。',
      '撤回请发送“确认 3”，不撤回请发送“取消”。QQ 群里发出 2 分钟内才能撤回，请尽快。',
    ].join('\n'),
  )
  await say('确认')
  await eventually(async () =>
    expect(await say('/公告 进度 3')).toContain('3 号：已停止，60 个群，已撤回 20，没有撤回 40。'),
  )
  expect(`${await say('/公告 进度 3')}\n${await say('/公告 进度 3 2')}`).toContain(
    '发出已超过 2 分钟，不能撤回，请另发更正：交流群 1 号（QQ）、',
  )
})

test('a picture and a file arrive on every platform as they were sent', async () => {
  vi.setSystemTime(at('2022-06-15 15:00:00'))
  const picture = Buffer.from('89504e470d0a1a0a', 'hex')
  const url = `data:image/png;base64,${picture.toString('base64')}`
  const segments = [
    { type: 'text', data: { text: '/公告 请看图和附件' } },
    { type: 'image', data: { file: 'a.png', url } },
  ]
  expect((await fakeOneBot.whisper(boss, segments, patient)).join('\n')).toContain('【公告预览')
  const table = { name: '安排.csv', bytes: files.roster }
  expect((await fakeOneBot.whisperFile(boss, table, patient)).join('\n')).toContain('发往 60 个群')
  // One group of each platform is enough.
  await say('/公告 范围 江北片区、交流群 22 号、中学校长')
  expect(await say('确认')).toContain('共 3 个群')
  await inSomeMinutes(async () => expect(await say('/公告 进度')).toContain('发送完毕，3 个群，已送达 3'))
  const bytes = Buffer.from(files.roster)
  const pictures = [
    fakeQq.delivered.filter(({ place }) => place === qqGroups[1]).map(({ file }) => file?.bytes),
    fakeWecom.delivered.filter(({ place }) => place === wecomGroups[1]).map(({ file }) => file?.bytes),
  ]
  for (const arrived of pictures) {
    expect(arrived.filter((each) => each?.equals(picture))).toHaveLength(1)
    expect(arrived.filter((each) => each?.equals(bytes))).toHaveLength(1)
  }
  const inGroup = fakeOneBot.delivered.filter(({ group }) => group === oneBotGroups[1])
  expect(inGroup.filter(({ file }) => file?.bytes.equals(bytes)).map(({ file }) => file?.name)).toEqual([
    '安排.csv',
  ])
  const images = inGroup.flatMap(({ segments }) => segments).filter(({ type }) => type === 'image')
  expect(images.map(({ data }) => data['file'])).toEqual([`base64://${picture.toString('base64')}`])
})

test('/状态 tells the two ways into QQ apart', async () => {
  expect((await say('/状态')).split('\n')[0]).toMatch(
    /^连接：QQ 官方机器人在线（[^）]*）、QQ 普通号在线（最近一次收到消息 .*）、企业微信在线（.*）。$/,
  )
})
