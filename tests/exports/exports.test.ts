import { operator } from '@space-assistant/core/access/viewer'
import { readXlsx } from 'hucre'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at, eventually } from '../journeys/house'

let test: BulletinHouse
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00') })
  test = await startBulletins()
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

async function sheetOf(bytes: Uint8Array) {
  const { sheets } = await readXlsx(bytes)
  return (sheets[0]?.rows ?? []).map((row) => row.map((cell) => cell ?? ''))
}

const fileOf = async (text: string, user = '4001') => {
  const [got] = (await test.hear(text, user)).flatMap(({ file }) => (file ? [file] : []))
  return got
}

describe('/导出', () => {
  it('a school’s teachers with every indicator, with who, what and when above', async () => {
    const file = await fileOf('/导出 教师报表')
    expect(file?.name).toBe('青铺中心小学教师深度应用报表.xlsx')
    const rows = await sheetOf(file?.bytes ?? Buffer.of())
    expect(rows[0]?.[0]).toBe('青铺中心小学教师深度应用报表')
    expect(rows[1]?.[0]).toBe('张三 于 2022-05-17 10:00 导出：青铺中心小学教师深度应用报表')
    expect(rows[2]?.[0]).toContain('数据截至 2022-05-14')
    expect(rows[3]?.slice(0, 7)).toEqual(['名次', '姓名', '学校', '街镇', '任教学科', '得分', '空间登录'])
    expect(rows[3]).toHaveLength(6 + 17)
    expect(rows[4]?.slice(0, 7)).toEqual([1, '李四', '青铺中心小学', '青铺镇', '', 3, 1])
    expect(rows.slice(4)).toHaveLength(3)
  })

  it.each([
    ['/导出 学校排名', '全区学校排名.xlsx', ['名次', '学校', '街镇', '学段', '得分', '备注'], 4],
    [
      '/导出 开通率',
      '全区空间开通率.xlsx',
      ['学校', '街镇', '教师', '教师已开通', '学生', '学生已开通', '开通率（%）'],
      4,
    ],
    [
      '/导出 未完成',
      '青铺中心小学还有任务的教师.xlsx',
      ['学校', '姓名', '任教学科', '空间开通', '没完成的任务'],
      2,
    ],
  ])('%s', async (text, title, head, count) => {
    const file = await fileOf(text)
    expect(file?.name).toBe(title)
    const rows = await sheetOf(file?.bytes ?? Buffer.of())
    expect(rows[3]).toEqual(head)
    expect(rows.slice(4)).toHaveLength(count)
  })

  it('people of other schools are not for a school', async () => {
    expect(await test.say('/导出 教师报表 清港小学', '4001')).toContain('本校')
    expect(await test.say('/导出 教师报表 全区', '4001')).toContain('本校')
    expect(await test.say('/导出 学校排名', '4999')).toContain('绑定')
    expect((await fileOf('/导出 教师报表 全区', '5001'))?.name).toBe('全区教师深度应用报表.xlsx')
  })

  it('asked for in a group, it comes in private', async () => {
    await test.fake.say('70001', '4001', '/导出 教师报表', { at: true, wait: 15_000 })
    const inGroup = test.fake.delivered.filter(({ group }) => group === '70001')
    expect(inGroup.at(-1)?.text).toContain('已私聊发给您')
    expect(inGroup.some(({ file }) => file)).toBe(false)
    const before = test.fake.delivered.length
    await eventually(() => {
      const mine = test.fake.delivered.filter(({ user, file }) => user === '4001' && file)
      expect(mine.length).toBeGreaterThan(0)
      expect(test.fake.delivered.length).toBeGreaterThanOrEqual(before)
    })
  })

  it('is noted, for staff to read', async () => {
    expect(await test.say('/导出 记录', '4001')).toContain('工作专班')
    expect(await test.say('/导出 记录', '5001')).toContain('张三 青铺中心小学教师深度应用报表（3 行）')
    const log = await test.house.app.exports.log(operator)
    expect(log.ok && log.value.length).toBeGreaterThan(3)
  })

  it.each([
    ['/导出', '请写上要导出什么'],
    ['/导出 火星', '请写上要导出什么'],
    ['/导出 教师报表 火星', '没有看懂'],
  ])('%s', async (text, part) => {
    expect(await test.say(text, '4001')).toContain(part)
  })
})
