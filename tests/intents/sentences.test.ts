import { operator } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startBulletins } from '../bulletins/house'
import type { BulletinHouse } from '../bulletins/house'
import { csv } from '../formats/fixture'
import { at } from '../journeys/house'

const patient = { wait: 15_000, quiet: 250 }
const staff = '5001'
const administrator = '4001'
const teacher = '4002'
const unbound = '4999'
const foreign = '70009'
let test: BulletinHouse

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00') })
  test = await startBulletins()
  await test.house.startReminders()
  await test.take({
    name: 'schools.csv',
    bytes: csv(
      ['学校代码', '学校名称', '街镇', '学段', '学生数', '学生开通数', '参与学生数'],
      ['S1', '青铺中心小学', '青铺镇', '小学', 97, 60, 50],
      ['S2', '清港小学', '清港镇', '小学', 50, 50, 30],
      ['S3', '清港中学', '清港镇', '初中', 30, 29, ''],
    ),
  })
  const { access } = test.house.app
  await access.link({ platform: 'onebot', selfId: test.fake.selfId, userId: teacher }, '10002')
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

/** What a group reads when somebody asks the assistant there. */
async function sayIn(group: string, user: string, text: string): Promise<string> {
  return (await test.fake.say(group, user, text, { ...patient, at: true })).join('\n')
}

describe('figures of students and members', () => {
  it('the share of students who took part is that of the schools that told it', async () => {
    expect(await test.say('全区学生参与率多少', staff)).toBe(
      '全区学生参与率 54.4%，80/147 人参加了活动。\n有 2 所学校没有填学生数或参与学生数，没有算进去，请更新学校表。',
    )
    expect(await test.say('我们学校有多少学生参加了', administrator)).toBe(
      '青铺中心小学学生参与率 51.5%，50/97 人参加了活动。',
    )
    expect(await test.say('全区学生参与率多少', unbound)).toContain('您还没有绑定身份')
    expect(await sayIn(foreign, unbound, '全区学生参与率多少')).toContain('您还没有绑定身份')
  })

  it('active are those who got a point in the window', async () => {
    expect(await test.say('上周我们学校有多少老师在用', administrator)).toBe(
      '青铺中心小学上周（2022-05-09 至 2022-05-15）在岗 3 人，1 人有得分，占 33.3%。\n数据截至 2022-05-14。',
    )
    expect(await test.say('上周我们学校有多少老师在用', unbound)).toContain('绑定')
    expect(await sayIn(foreign, unbound, '全区上周多少老师活跃')).toContain('您还没有绑定身份')
  })
})

describe('awards', () => {
  it.each([
    ['我们学校能评上优秀学校吗', '/评优 深度应用优秀学校 本校'],
    ['我们离优秀学校还差多少分', '/评优 深度应用优秀学校 本校'],
  ])('%s is answered as %s', async (sentence, command) => {
    const answer = await test.say(command, administrator)
    expect(answer).not.toBe('')
    expect(await test.say(sentence, administrator)).toBe(answer)
  })

  it('when results come out is told with the dates of the phases', async () => {
    const state = await test.say('/评优 进度', administrator)
    const answer = await test.say('什么时候公布结果', administrator)
    expect(answer.split('\n')[0]).toBe(state)
    expect(answer).toContain('表彰展示：2022-06-11 至 2022-06-20')
  })

  it('results are told once they are public', async () => {
    expect(await test.say('获奖名单出来了吗', administrator)).toBe('结果还没有公布。')
    expect(await test.say('青铺中心小学能评上优秀学校吗', unbound)).toContain('绑定')
    expect(await sayIn(foreign, unbound, '青铺中心小学能评上优秀学校吗')).toContain('绑定')
  })
})

describe('reminders', () => {
  it('are switched for the asker and put off until a day', async () => {
    expect(await test.say('关闭提醒', teacher)).toContain('关')
    expect(await test.say('/提醒', teacher)).toBe(await test.say('提醒设置看一下', teacher))
    const stopped = await test.say('5月底之前不要提醒我', teacher)
    expect(stopped).toContain('2022-05-31')
    expect(await test.say('把提醒打开', teacher)).toContain('开')
  })

  it('of somebody unknown in a group are not touched', async () => {
    const before = await test.house.app.database.get('space_reminder_setting', {})
    expect(await sayIn(foreign, unbound, '关闭提醒')).toContain('绑定')
    expect(await test.house.app.database.get('space_reminder_setting', {})).toEqual(before)
  })
})

describe('tables', () => {
  const filesFor = async (text: string, user: string) =>
    (await test.hear(text, user)).flatMap(({ file }) => (file ? [file.name] : []))

  it('hold what the sentence names', async () => {
    expect(await filesFor('导出本校教师得分', administrator)).toEqual(['青铺中心小学教师深度应用报表.xlsx'])
    expect(await filesFor('导出全区排名', staff)).toEqual(['全区学校排名.xlsx'])
  })

  it('of others are refused, and those that are not understood are not made', async () => {
    expect(await filesFor('导出清港小学教师得分', administrator)).toEqual([])
    expect(await filesFor('导出火星小学教师得分', staff)).toEqual([])
    expect(await filesFor('导出全区排名', unbound)).toEqual([])
    expect(await test.say('导出全区排名', unbound)).toContain('您还没有绑定身份')
  })
})

describe('what organisers run', () => {
  it('groups are listed, and set up where that is said', async () => {
    expect(await test.say('都接了哪些群', staff)).toBe(await test.say('/群 列表', staff))
    expect(await test.say('都接了哪些群', administrator)).toContain('专班')
    expect(await sayIn(foreign, unbound, '把这个群设为交流群')).toContain('绑定')
    expect(await sayIn(foreign, staff, '怎么把这个群设为交流群')).not.toContain('已')
    const { groups } = test.house.app.access
    expect(await groups.list({ channelId: foreign })).toEqual([])
    await sayIn(foreign, staff, '把这个群设为交流群')
    expect(await groups.list({ channelId: foreign })).toMatchObject([{ purpose: 'exchange' }])
    const ref = { platform: 'onebot', selfId: test.fake.selfId, channelId: foreign }
    await groups.set(ref, undefined, operator)
  })

  it('the state is told to staff only', async () => {
    expect(await test.say('系统运行正常不', staff)).toBe(await test.say('/状态', staff))
    expect(await test.say('系统运行正常不', administrator)).toContain('专班')
    expect(await sayIn(foreign, unbound, '系统运行正常不')).toContain('绑定')
  })

  it('a bulletin is drafted only where that is ordered', async () => {
    expect(await test.say('怎么生成通报', staff)).toContain('/通报 起草')
    expect(await test.say('以前的通报有哪些', staff)).toContain('还没有')
    expect(await test.house.app.database.get('space_bulletin', {})).toEqual([])
    expect(await test.say('出一份上周的通报', administrator)).toContain('专班')
    expect(await sayIn(foreign, unbound, '出一份上周的通报')).toContain('绑定')
    expect(await test.say('出一份上周的通报', staff)).toContain('2022-05-09')
    expect(await test.house.app.database.get('space_bulletin', {})).toHaveLength(1)
  })
})

describe('one person and one list', () => {
  it('tasks of a person are for those who see the tasks of the school', async () => {
    expect(await test.say('李四还有什么任务', administrator)).toMatch(/^李四的任务：\n/)
    const colleague = await test.say('赵六还有什么任务', administrator)
    expect(colleague).toBe('“赵六”没有看懂。如果这是人名，您能查看的人里没有这个名字。')
    expect(await test.say('李四还有什么任务', unbound)).toContain('绑定')
    expect(await sayIn(foreign, unbound, '李四还有什么任务')).toContain('绑定')
  })

  it('a school’s place in its town is that of the town’s list', async () => {
    expect(await test.say('我们学校在青铺镇排第几', administrator)).toMatch(
      /^青铺中心小学 .*在青铺镇排第 1 名（共 1 所）。\n数据截至 2022-05-14。$/,
    )
    expect(await test.say('我们学校在青铺镇排第几', unbound)).toContain('绑定')
    expect(await sayIn(foreign, unbound, '我们学校在青铺镇排第几')).toContain('绑定')
  })
})

it('materials are listed for those who take part', async () => {
  expect(await test.say('资料', administrator)).toBe(await test.say('/资料', administrator))
  expect(await test.say('/帮助', administrator)).toContain('/资料：')
  expect(await test.say('资料', unbound)).toContain('您还没有绑定身份')
  expect(await sayIn(foreign, unbound, '资料')).toContain('您还没有绑定身份')
})
