// Somebody joins a group over the real OneBot adapter: one line on how to bind, once a day at most.
import { operator } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { at, eventually, startHouse } from './house'
import type { House } from './house'

let house: House
let fake: FakeOneBot

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00'), shouldAdvanceTime: true })
  fake = await startFakeOneBot()
  house = await startHouse({ onebot: fake })
  const who = { platform: 'onebot', selfId: fake.selfId }
  await house.app.access.groups.set({ ...who, channelId: '100' }, { purpose: 'exchange' }, operator)
  await house.app.access.groups.set({ ...who, channelId: '200' }, { purpose: 'support' }, operator)
  await house.startReminders()
})
afterEach(async () => {
  await house.stop()
  await fake.close()
  vi.useRealTimers()
})

const joins = (group: string, user: string) =>
  fake.push({
    ...{ post_type: 'notice', notice_type: 'group_increase', sub_type: 'approve' },
    ...{ group_id: Number(group), user_id: Number(user), operator_id: 0 },
  })
const greetings = (group: string) => fake.texts(group).filter((text) => text.includes('欢迎'))

it('is greeted in one line with how to bind, once a day however many come, in groups of the activity only', async () => {
  for (const user of ['501', '502', '503']) joins('100', user)
  for (const group of ['200', '300']) joins(group, '504')
  joins('100', fake.selfId)
  await eventually(() => expect(greetings('100')).toHaveLength(1))
  expect(greetings('100')[0]).toBe('欢迎新老师！私聊我发送“/绑定 姓名 学校”，绑定后可以查积分、任务和排名。')
  vi.setSystemTime(at('2022-05-17 16:00:00'))
  joins('100', '505')
  vi.setSystemTime(at('2022-05-18 09:00:00'))
  joins('100', '506')
  await eventually(() => expect(greetings('100')).toHaveLength(2))
  expect([...greetings('200'), ...greetings('300')]).toEqual([])
})
