// Awards of a year over the real OneBot adapter, from the conditions to the certificate, by both schemes.
import { operator } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { csv } from '../formats/fixture'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { at, eventually, startHouse } from './house'
import type { House } from './house'

const patient = { wait: 20_000, quiet: 400 }
const boss = '4001'
let house: House
let fake: FakeOneBot

async function begin(scheme: string, now: string): Promise<void> {
  vi.useFakeTimers({ toFake: ['Date'], now: at(now), shouldAdvanceTime: true })
  fake = await startFakeOneBot()
  house = await startHouse({ onebot: fake }, { scheme })
  await give(boss, { kind: 'staff', label: '电教馆' })
}

afterEach(async () => {
  await house.stop()
  await fake.close()
  vi.useRealTimers()
})

const give = (userId: string, grant: { kind: 'staff' | 'judge' | 'town'; label: string; town?: string }) =>
  house.app.access.grants.give({ platform: 'onebot', selfId: fake.selfId, userId }, grant)
const link = (userId: string, account: string) =>
  house.app.access.link({ platform: 'onebot', selfId: fake.selfId, userId }, account)

async function take(name: string, bytes: Uint8Array): Promise<void> {
  const preview = await house.app.imports.preview({ name, bytes }, operator)
  if (!preview.ok) throw new Error(`${preview.code} ${JSON.stringify(preview.params)}`)
  const stored = await house.app.imports.confirm(preview.value.id, operator)
  if (!stored.ok) throw new Error(stored.code)
}

/** What somebody is answered in private. */
const whisper = async (user: string, text: string) => (await fake.whisper(user, text, patient)).join('\n')

const roster = csv(
  ['学校代码', '学校名称', '街镇', '学段', '姓名', '账号', '角色', '状态', '空间开通'],
  ['S1', '青铺中心小学', '青铺镇', '小学', '张三', '10001', '管理员、教师', '在岗', '是'],
  ['S1', '青铺中心小学', '青铺镇', '小学', '李四', '10002', '教师', '在岗', '是'],
  ['S2', '清港小学', '清港镇', '小学', '赵六', '20001', '管理员、教师', '在岗', '是'],
  ['S3', '清港职校', '清港镇', '职校', '孙八', '30001', '管理员、教师', '在岗', '是'],
)

describe('by the scheme of Xinzhou', () => {
  beforeEach(async () => {
    await begin('xinzhou-2022', '2022-05-25 10:00:00')
    await take('roster.csv', roster)
    await take(
      'records.csv',
      csv(
        ['账号', '指标', '时间', '次数'],
        ['10002', '资源建设', '2022-05-10', 2],
        ['20001', '教学成果', '2022-05-13', 1],
        ['30001', '课件制作', '2022-05-13', 1],
      ),
    )
    await give('5001', { kind: 'town', label: '总支', town: '青铺镇' })
    for (const one of [1, 2, 3]) await give(`600${one}`, { kind: 'judge', label: `专家${one}` })
    await link('7001', '10002')
  })

  it('a teacher is nominated, scored, published, commended and shown', async () => {
    expect(await whisper('7001', '/评优 深度应用优秀个人')).toContain('第 2 名（取前 10 名）')
    expect(await whisper(boss, '/评优 看板 深度应用优秀学校')).not.toContain('职校')
    await whisper(boss, '/评优 进入 推荐')
    expect(await whisper('5001', '/推荐 优秀教师空间 李四 有特色')).toContain('草稿')
    expect(await whisper('5001', '/推荐 提交 1')).toContain('已提交')
    await whisper(boss, '/评优 进入 审核')
    await whisper(boss, '/推荐 通过 全部')
    await whisper(boss, '/评优 进入 评审')
    for (const one of [1, 2, 3]) await whisper(boss, `/评审 评委 专家${one} 大学`)
    await whisper(boss, '/评审 分配 提交')
    expect(await whisper('7001', '/评优')).toBe('评审中，结果公示后会告诉大家。')
    vi.setSystemTime(at('2022-06-10 09:30:00'))
    await eventually(() =>
      expect(fake.delivered.some(({ user, text }) => user === '6003' && text.includes('评审今天截止'))).toBe(
        true,
      ),
    )
    for (const [index, points] of ['8 45 18 15', '9 44 17 16', '8 40 16 14'].entries())
      expect(await whisper(`600${index + 1}`, `/评审 ${points}`)).toContain('已提交')
    expect(await whisper(boss, '/评优 进入 计票')).toContain('已计票')
    expect(await whisper(boss, '/评优 进入 公示')).toContain('公示期 2022-06-13 至 2022-06-17')
    expect(await whisper('9999', '/异议 王某某 13800005678 材料不实')).toContain('编号 1')
    expect(await whisper(boss, '/异议 1 不成立 经核查属实')).toContain('已答复')
    vi.setSystemTime(at('2022-06-18 10:00:00'))
    expect(await whisper(boss, '/评优 进入 决定')).toContain('已决定')
    expect(await whisper(boss, '/评优 进入 表彰')).toContain('已表彰')
    expect(await whisper('9999', '/证书 xinzhou-2022-0006')).toContain('优秀教师空间，李四，青铺中心小学')
    await whisper(boss, '/评优 文件 证书')
    await eventually(() => {
      const sent = fake.delivered.find(({ user, file }) => user === boss && file?.name.endsWith('.pdf'))
      expect(sent?.file?.bytes.subarray(0, 5).toString()).toBe('%PDF-')
    })
    await whisper(boss, '/评优 进入 展示')
    expect(await whisper('9999', '/展示')).toContain('优秀教师空间：\n李四（青铺中心小学）')
  }, 120_000)
})

describe('by the scheme of Shishou', () => {
  beforeEach(async () => {
    await begin('shishou-2021', '2022-07-01 10:00:00')
    await take('roster.csv', roster)
    await take(
      'schools.csv',
      csv(
        ['学校代码', '学校名称', '学生数', '学生开通数'],
        ['S1', '青铺中心小学', 18, 18],
        ['S2', '清港小学', 19, 10],
        ['S3', '清港职校', 19, 19],
      ),
    )
    await take(
      'records.csv',
      csv(
        ['账号', '指标', '时间', '次数'],
        ['10001', '年级管理', '2022-03-01', 1],
        ['10002', '备课', '2022-05-10', 1],
        ['20001', '备课', '2022-05-13', 1],
      ),
    )
    await link('7001', '10001')
    await link('7002', '20001')
  })

  it('schools and people are chosen by activation, rank and what staff recognise', async () => {
    const own = await whisper('7001', '/评优')
    expect(own).toContain(
      '【应用示范学校】青铺中心小学：还有条件没有定\n✓ 开通率 100%，达到 90%\n✓ 第 1 名（取前 10 名）\n? “应用有特色”：由专班认定，还没有结果',
    )
    expect(await whisper('7002', '/评优 优秀管理员')).toContain('✗ 开通率 55%，要求 90%，还差开通 7 个空间')
    for (const step of ['推荐', '审核', '评审']) await whisper(boss, `/评优 进入 ${step}`)
    expect(await whisper(boss, '/评优 判定 应用示范学校 青铺中心小学 是 特色课程')).toContain('符合')
    await whisper(boss, '/评优 进入 计票')
    expect(await whisper(boss, '/评优 进入 公示')).toContain('个待定')
    await whisper(boss, '/评优 判定 应用示范学校 清港职校 否 没有特色')
    for (const name of ['张三', '李四', '赵六', '孙八'])
      await whisper(boss, `/评优 判定 优秀教师 ${name} ${name === '李四' ? '是' : '否'} 评议`)
    expect(await whisper(boss, '/评优 进入 公示')).toContain('公示期 2022-07-04 至 2022-07-08')
    vi.setSystemTime(at('2022-07-09 10:00:00'))
    await whisper(boss, '/评优 进入 决定')
    expect(await whisper(boss, '/评优 进入 表彰')).toContain('已表彰')
    expect(await whisper('9999', '/证书 shishou-2021-0001')).toContain('应用示范学校，青铺中心小学')
    expect(await whisper(boss, '/评优')).toContain('已表彰')
  }, 120_000)
})
