import { operator } from '@space-assistant/core/access/viewer'
import { readXlsx } from 'hucre'
import PizZip from 'pizzip'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { at, eventually } from '../journeys/house'
import { exportKinds } from '../../plugins/exports/ask'
import enUS from '../../plugins/exports/locales/en-US.json'
import zhCN from '../../plugins/exports/locales/zh-CN.json'
import words from '../../plugins/exports/words.json'

let test: BulletinHouse
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00') })
  test = await startBulletins()
})
// Nobody asks so much in one minute.
beforeEach(() => void vi.setSystemTime(Date.now() + 70_000))
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
    expect(rows[1]?.[0]).toMatch(/^张三 于 2022-05-17 10:0\d 导出：青铺中心小学教师深度应用报表$/)
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
    ['/导出 管理员报表 全区', '全区管理员报表.xlsx', ['名次', '姓名', '学校'], 1],
    ['/导出 学校排名 小学', '全区小学学校排名.xlsx', ['名次', '学校', '街镇'], 3],
    ['/导出 阶段', '活动阶段安排.xlsx', ['阶段', '开始', '结束', '状态', '要做什么'], 1],
    ['/导出 未绑定', '全区未绑定人员.xlsx', ['学校', '街镇', '姓名', '身份', '任教学科'], 1],
    ['/导出 未绑定 清港小学', '清港小学未绑定人员.xlsx', ['学校', '街镇', '姓名', '身份', '任教学科'], 1],
    ['/导出 群', '群列表.xlsx', ['群', '用途', '所属', '平台'], 2],
    ['/导出 评优', '评优名单.xlsx', ['奖项', '名次', '对象', '学校', '得分', '状态'], 1],
    ['/导出 导入', '导入记录.xlsx', ['编号', '时间', '谁', '文件', '种类'], 3],
    ['/导出 操作记录', '操作记录.xlsx', ['时间', '谁', '做了什么', '内容'], 4],
  ])('%s for staff', async (text, title, head, least) => {
    const file = await fileOf(text, '5001')
    expect(file?.name).toBe(title)
    const rows = await sheetOf(file?.bytes ?? Buffer.of())
    expect(rows[1]?.[0]).toMatch(/ 于 2022-05-17 1\d:\d\d 导出：/)
    expect(rows[1]?.[0]).toContain(`导出：${title.replace('.xlsx', '')}`)
    const at = rows.findIndex(([first]) => first === head[0])
    expect(rows[at]?.slice(0, head.length)).toEqual(head)
    expect(rows.slice(at + 1).length).toBeGreaterThanOrEqual(least)
  })

  it('bulletins and materials are listed by right', async () => {
    expect(await test.say('/通报 起草', '5001')).toContain('1 号《')
    const upload = { name: 'a.pdf', bytes: Buffer.from('%PDF-1.7\nmade up') }
    await test.say('/资料 上传 评选标准', '5001')
    const kept = (await test.fake.whisperFile('5001', upload, { wait: 15_000 })).join('')
    expect(kept).toContain('已存为 1 号资料')
    const rowsOf = async (text: string, user: string) => {
      const file = await fileOf(text, user)
      return (await sheetOf(file?.bytes ?? Buffer.of())).slice(2)
    }
    expect(await rowsOf('/导出 通报', '5001')).toEqual([
      ['编号', '内容', '状态', '数据截至', '发布时间'],
      [1, expect.stringContaining('工作进展情况通报'), '已起草', '2022-05-14', ''],
    ])
    // What is not published is not there for others.
    expect(await test.say('/导出 通报', '4001')).toContain('没有可以导出的')
    for (const user of ['5001', '4001']) {
      const [head, row, ...more] = await rowsOf('/导出 资料', user)
      expect(head).toEqual(['编号', '内容', '阶段', '种类', '大小（KB）', '谁', '时间'])
      expect(row?.slice(0, 5)).toEqual([1, '评选标准', '', 'pdf', 1])
      expect(more).toEqual([])
    }
    expect(await test.say('/导出 资料', '4999')).toContain('绑定')
    await test.say('/通报 取消 1', '5001')
  })

  it('the groups and the schools of an announcement, with their states', async () => {
    expect(await test.say('/公告 请各校报名，需回执', '5001')).toContain('公告预览')
    expect(await test.say('/导出 送达', '5001')).toBe('还没有发过公告。')
    expect(await test.say('确认', '5001')).toContain('共 2 个群')
    await eventually(async () => {
      vi.setSystemTime(Date.now() + 1000)
      const outcome = await test.house.app.announcements.sent.progress(operator, 1)
      expect(outcome.ok && outcome.value.counts.sent).toBe(2)
    })
    const sent = await sheetOf((await fileOf('/导出 送达 1', '5001'))?.bytes ?? Buffer.of())
    expect(sent.slice(3).map((row) => row[2])).toEqual(['已送达', '已送达'])
    expect(await test.say('/收到', '4001')).toContain('青铺中心小学')
    const file = await fileOf('/导出 回执 1', '5001')
    expect(file?.name).toBe('公告1回执情况.xlsx')
    const rows = await sheetOf(file?.bytes ?? Buffer.of())
    expect(rows.slice(3).map((row) => [row[0], row[2]])).toEqual([
      ['清港小学', '未回执'],
      ['清港中学', '未回执'],
      ['青铺中心小学', '已回执'],
    ])
    expect(await test.say('/导出 回执 9', '5001')).toContain('9 号公告没有要求回执')
  })

  it.each(['群', '送达', '回执', '推荐', '评优', '导入', '操作记录', '问题'])(
    '%s is not for a teacher or a stranger, and nothing of it is noted',
    async (list) => {
      const before = (await test.house.app.database.get('space_export', {})).length
      for (const user of ['4001', '4999']) {
        const got = await test.hear(`/导出 ${list}`, user)
        expect(got.some(({ file }) => file)).toBe(false)
        expect(got.map(({ text }) => text).join('')).not.toMatch(/refusal|space-/)
        expect(got.map(({ text }) => text).join('')).toMatch(/[。]/)
      }
      expect((await test.house.app.database.get('space_export', {})).length).toBe(before)
    },
  )

  it('those without a binding are for their own administrator, not for another', async () => {
    expect((await fileOf('/导出 未绑定', '4001'))?.name).toBe('青铺中心小学未绑定人员.xlsx')
    expect(await test.say('/导出 未绑定 清港小学', '4001')).toContain('管理员')
    expect(await test.say('/导出 未绑定 全区', '4001')).toContain('管理员')
  })

  it('a name that looks like a formula stays text', async () => {
    const name = "=cmd|' /C calc'!A0"
    const ref = { platform: 'onebot', selfId: test.fake.selfId, channelId: '70009' }
    await test.house.app.access.groups.set(ref, { purpose: 'exchange', name }, operator)
    const file = await fileOf('/导出 群', '5001')
    const zip = new PizZip(file?.bytes ?? Buffer.of())
    expect(zip.file('xl/worksheets/sheet1.xml')?.asText()).not.toMatch(/<f[ >]/)
    expect((await sheetOf(file?.bytes ?? Buffer.of())).flat()).toContain(name)
    await test.house.app.access.groups.set(ref, undefined, operator)
  })

  it('every kind of list has its words, title and refusals in both languages', () => {
    for (const texts of [zhCN, enUS])
      expect(Object.keys(texts['space-exports'].kind).sort()).toEqual([...exportKinds].sort())
    for (const names of [words.kinds, words.said])
      expect(Object.keys(names).sort()).toEqual([...exportKinds].sort())
    const all = Object.values(words.kinds).flat()
    expect(new Set(all).size).toBe(all.length)
  })

  it.each([
    ['/导出 群 城关镇', '这份名单是全区的'],
    ['/导出 学校排名 空间登录', '没有看懂'],
    ['/导出', '请写上要导出什么'],
    ['/导出 火星', '请写上要导出什么'],
    ['/导出 教师报表 火星', '没有看懂'],
  ])('%s', async (text, part) => {
    expect(await test.say(text, '4001')).toContain(part)
  })
})
