import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at, eventually } from '../journeys/house'

let test: BulletinHouse
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00'), shouldAdvanceTime: true })
  test = await startBulletins()
  const ref = { platform: 'onebot', selfId: test.fake.selfId }
  await test.house.app.access.link({ ...ref, userId: '4002' }, '10002')
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

const inGroup = (group: string) =>
  test.fake.delivered.filter((one) => one.group === group).map(({ text }) => text)

describe('an announcement that asks for an answer', () => {
  it('says so, and schools answer once', async () => {
    expect(await test.say('/收到', '4001')).toContain('没有需要回执的公告')
    expect(await test.say('/公告 请周五前上报名单 需回执')).toContain(
      '请周五前上报名单\n请各校管理员看到后回复：/收到',
    )
    await test.say('确认')
    await eventually(() => expect(inGroup('70001').join()).toContain('请各校管理员看到后回复：/收到'))
    expect(await test.say('/收到', '4002')).toContain('管理员')
    expect(await test.say('/收到', '4999')).toContain('绑定')
    expect(await test.say('/收到', '4001')).toBe('已记下：青铺中心小学收到 1 号公告。')
    expect(await test.say('/收到 1', '4001')).toBe('已记下：青铺中心小学收到 1 号公告。')
  })

  it('staff see who has not, remind once, and take the list as a file', async () => {
    expect(await test.say('/回执', '4001')).toContain('工作专班')
    expect(await test.say('/回执 1')).toContain('1 号公告：已回执 1 所，未回执 2 所：\n清港小学、清港中学')
    vi.setSystemTime(at('2022-05-17 10:30:00'))
    expect(await test.say('/回执 1 提醒')).toContain('已提醒未回执的 2 所')
    vi.setSystemTime(at('2022-05-17 10:40:00'))
    await eventually(() =>
      expect(inGroup('70002').join('\n')).toContain('1 号公告还有 2 所学校没有回执：清港小学、清港中学'),
    )
    expect(await test.say('/回执 1 提醒')).toContain('已经提醒过一次')
    const [file] = (await test.hear('/回执 1 导出')).flatMap(({ file: one }) => (one ? [one] : []))
    expect(file?.name).toBe('1 号公告回执.xlsx')
  })

  it('others are not asked about', async () => {
    await test.say('/公告 普通的通知')
    await test.say('确认')
    expect(await test.say('/回执 2')).toContain('2 号公告没有要求回执')
    expect(await test.say('/收到', '4001')).toContain('1 号公告')
  })
})
