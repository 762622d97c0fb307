// Whoever lets the bot in is told once, in one line, what to do; sixty groups are registered in one go.
import { operator } from '@space-assistant/core/access/viewer'
import * as operations from 'koishi-plugin-space-operations'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { startFakeQq } from '../platforms/qq'
import type { FakeQq } from '../platforms/qq'
import { startFakeWecom } from '../platforms/wecom'
import type { FakeWecom } from '../platforms/wecom'
import { eventually, startHouse } from './house'
import type { House } from './house'

let house: House
let qq: FakeQq
let onebot: FakeOneBot
let wecom: FakeWecom

beforeEach(async () => {
  qq = await startFakeQq()
  onebot = await startFakeOneBot()
  wecom = await startFakeWecom()
  house = await startHouse({ qq, onebot, wecom })
  house.app.plugin(operations, operations.Config({} as operations.Config))
  await house.app.lifecycle.flush()
  await house.app.model.prepared()
})
afterEach(async () => {
  await house.stop()
  await Promise.all([qq.close(), onebot.close(), wecom.close()])
})

const told = (texts: string[]) => texts.filter((text) => text.includes('我是空间助手'))
const settled = () => new Promise((done) => setTimeout(done, 600))

it('in a QQ group and by a new friend there, as an answer to the event', async () => {
  const seconds = Math.floor(Date.now() / 1000)
  const group = { timestamp: seconds, group_openid: 'GROUPNEW01', op_member_openid: 'OWNER' }
  qq.event('GROUP_ADD_ROBOT', group, 'GROUPNEW01')
  qq.event('FRIEND_ADD', { timestamp: seconds, openid: 'FRIEND01' }, 'FRIEND01')
  await eventually(() => {
    expect(told(qq.texts('GROUPNEW01'))).toEqual([
      '大家好，我是空间助手。请工作专班在本群@我发送“/群 交流群”登记用途，登记后大家就可以问“/排名 本校”。',
    ])
    expect(told(qq.texts('FRIEND01'))).toHaveLength(1)
  })
  qq.event('GROUP_ADD_ROBOT', group, 'GROUPNEW01')
  await settled()
  expect(told(qq.texts('GROUPNEW01'))).toHaveLength(1)
})

it('in a OneBot group, and to a new friend; not when somebody else joins', async () => {
  const selfId = onebot.selfId
  await house.app.access.groups.set(
    { platform: 'onebot', selfId, channelId: '7001' },
    { purpose: 'exchange' },
    operator,
  )
  onebot.joined('7001')
  onebot.push({ post_type: 'notice', notice_type: 'friend_add', user_id: 42 })
  onebot.push({ post_type: 'notice', notice_type: 'group_increase', group_id: 7002, user_id: 43 })
  await eventually(() => {
    expect(told(onebot.texts('7001'))).toEqual([
      '大家好，我是空间助手。在群里发送“/排名 本校”就能看本校名次，发送“/帮助”看能问什么。',
    ])
    const privately = onebot.delivered.filter(({ user }) => user === '42').map(({ text }) => text)
    expect(told(privately)[0]).toContain('请先绑定身份')
  })
  await settled()
  expect(onebot.texts('7002')).toEqual([])
})

it('on WeCom, when the chat is opened: once, in the way that the platform has for it', async () => {
  expect(told(await wecom.enter('LiSi'))).toHaveLength(1)
  expect(told(await wecom.enter('LiSi'))).toHaveLength(0)
})

it('staff register sixty groups within a minute, a stranger is held back', async () => {
  const { access } = house.app
  const boss = { platform: 'onebot', selfId: onebot.selfId, userId: '4001' }
  await access.grants.give(boss, { kind: 'staff', label: '电教馆' })
  for (let number = 1; number <= 60; number++) {
    const [answer] = await onebot.say(String(8000 + number), '4001', '/群 交流群', { wait: 15_000, count: 1 })
    expect(answer).toContain('已设置，本群是：交流群')
  }
  expect(await access.groups.list({ platform: 'onebot' })).toHaveLength(60)
  const answers: string[] = []
  for (let number = 1; number <= 25; number++) {
    answers.push(...(await onebot.say('9001', '4002', '/群 交流群', { wait: 300, count: 1 })))
  }
  expect(answers.length).toBeLessThan(23)
})
