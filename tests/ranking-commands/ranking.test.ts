import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseDay } from '@space-assistant/core/calendar/day'
import { byteLength } from '@space-assistant/core/delivery/split'
import { planRows } from '../scoreboard/rows'
import { startApp } from './app'
import type { TestApp } from './app'

let test: TestApp

const who = (userId: string) => ({ platform: 'mock', selfId: '514', userId })

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-18T10:00:00+08:00') })
  test = await startApp()
  const { access } = test.app
  for (const [user, account] of [
    ['zhang', '10001'],
    ['li', '10002'],
    ['zhao', '20001'],
    ['zhou', '40001'],
    ['ouyang', '10009'],
  ] as const) {
    await test.bind(user, account)
  }
  await access.grants.give(who('boss'), { kind: 'staff', label: 'boss' })
  await access.grants.give(who('support'), { kind: 'support', label: 'support' })
  await access.grants.give(who('office'), { kind: 'town', label: 'office', town: '城关镇' })
  await test.group('exchange', 'exchange')
  await test.group('school1', 'school', 'S1')
  await test.group('school2', 'school', 'S2')
})

afterAll(async () => {
  vi.useRealTimers()
  await test.stop()
})

const lines = (text: string) => text.split('\n')

describe('the own school', () => {
  it('is answered with place, score, change, neighbours, the platform and the date of the data', async () => {
    // S1: (17 + 5 + 20 + 0) / 3 = 14; S2: 50 / 3; S3: 5. A week before, S2 had nothing.
    expect(lines(await test.say('zhang', '/排名 本校', 'exchange'))).toEqual([
      '第一小学 本期 14 分，全区第 2 名（共 3 所），比上周末降 1 名',
      '城关镇第 2 名（共 2 所）、小学第 2 名（共 2 所）',
      '前面是第二小学（第 1 名，16.67 分，差 2.67 分）；后面是新堤中学（第 3 名，5 分，少 9 分）',
      '平台报表（2022-05-15）：12.5 分，以平台为准；按记录估算 12.33 分，平台多 0.17 分',
      '数据截至 2022-05-17。',
    ])
  })

  it.each([
    '/排名',
    '／排名　本校',
    '/排名本校',
    '本校排名',
    '我们学校第几',
    '排名本校',
    '<at id="514"/>本校排名',
  ])('is meant by %s', async (text) => {
    expect(lines(await test.say('zhang', text))[0]).toContain('第一小学 本期 14 分')
  })

  it.each(['本校排名', '我们学校第几', '全区学校排名'])(
    'is answered in a group without slash or mention: %s',
    async (text) => {
      expect(await test.say('zhang', text, 'exchange')).toContain('名')
    },
  )

  it.each([
    '排名出来了吗',
    '今天排第几节课',
    '本校排名又掉了, 大家加油上传资源',
    '第二名的学校真厉害',
    '他排第几',
    '我第几',
    '我排第几名',
  ])('is not taken from what people say among themselves: %s', async (text) => {
    expect(await test.say('zhang', text, 'exchange')).toBe('')
  })

  it('is the school of the group for somebody without one', async () => {
    expect(lines(await test.say('boss', '/排名 本校', 'school1'))[0]).toContain('第一小学 本期 14 分')
    expect(lines(await test.say('stranger', '/排名 本校', 'school1'))[0]).toContain('第一小学 本期 14 分')
  })

  it('can be asked for a week, a day, an indicator', async () => {
    expect(lines(await test.say('zhang', '/排名 本校 上周'))[0]).toBe(
      '第一小学 上周（2022-05-09 至 2022-05-15） 9.33 分，全区第 1 名（共 3 所）',
    )
    expect(lines(await test.say('zhang', '/排名 本校 资源建设'))[0]).toContain(
      '第一小学 本期（资源建设） 1.67 分',
    )
    expect(await test.say('zhang', '/排名 本校 5月16日')).toContain('第一小学 2022-05-16 当天 1.67 分')
    expect(await test.say('zhang', '/排名 本校 5月1日到5月16日')).toContain(
      '第一小学 2022-05-01 至 2022-05-16 期间 14 分',
    )
  })

  it('is said to be level with a school of the same score', async () => {
    expect(lines(await test.say('zhang', '/排名 本校 空间记录'))[2]).toBe('与第二小学并列第 1 名（0 分）')
  })

  it('is compared with last week only while the time asked for still runs', async () => {
    expect(await test.say('zhang', '/排名 本校 5月1日到5月31日')).toContain('比上周末降 1 名')
    expect(await test.say('zhang', '/排名 本校 5月1日到5月14日')).not.toContain('上周末')
  })

  it('names the day it is compared with when the data ends before this week', async () => {
    vi.setSystemTime(new Date('2022-06-01T09:00:00+08:00'))
    expect(lines(await test.say('zhang', '/排名 本校'))[0]).toContain('比 2022-05-15 降 1 名')
    vi.setSystemTime(new Date('2022-05-18T09:00:00+08:00'))
  })

  it('is compared in a group of indicators under the name of the group', async () => {
    expect(lines(await test.say('zhang', '/排名 全区 师生互动'))[0]).toBe(
      '全区学校排名，本期（师生互动），共 3 所：',
    )
    expect(lines(await test.say('zhang', '/排名 全区 资源建设 空间记录 教学成果 成果传播'))[0]).toBe(
      '全区学校排名，本期（资源建设、空间记录、教学成果 等 4 项），共 3 所：',
    )
  })
})

describe('a role that the scheme gives no points to', () => {
  it('has no standing and no score', async () => {
    expect(await test.say('zhang', '/排名 本校 管理员')).toContain('本方案不给管理员计分')
    expect(await test.say('zhang', '/积分')).not.toContain('管理员')
    await test.bind('zhou', '40001')
    expect(await test.say('zhou', '/积分')).toBe(
      '本方案不给管理员计分，周九没有个人得分。可以发送“/排名 本校”看学校的得分。',
    )
  })
})

describe('standings of schools', () => {
  it('mark the own school and know town, stage and named windows', async () => {
    expect(lines(await test.say('zhang', '/排名 全区'))).toEqual([
      '全区学校排名，本期，共 3 所：',
      '1. 第二小学 16.67 分',
      '2. 第一小学 14 分（本校）',
      '3. 新堤中学 5 分',
      '数据截至 2022-05-17。',
    ])
    expect(lines(await test.say('office', '/排名'))[0]).toBe('城关镇学校排名，本期，共 2 所：')
    expect(lines(await test.say('boss', '/排名'))[0]).toBe('全区学校排名，本期，共 3 所：')
    expect(lines(await test.say('boss', '/排名 全区 初中'))).toContain('1. 新堤中学 5 分')
    expect(lines(await test.say('boss', '/排名 全区 评优期'))[0]).toContain(
      '评优期（2022-03-10 至 2022-05-31）',
    )
  })
})

describe('standings of teachers', () => {
  it('show everybody to staff, masked in groups', async () => {
    const reply = lines(await test.say('boss', '/排名 全区 教师'))
    expect(reply.slice(0, 3)).toEqual([
      '全区教师排名，本期，共 7 人：',
      '1. 赵六（第二小学） 50 分',
      '2. 李四（第一小学） 22 分',
    ])
    expect(reply.filter((line) => line.startsWith('5. '))).toHaveLength(3)
    const masked = await test.say('boss', '/排名 全区 教师', 'exchange')
    expect(masked).toBe('个人的得分、记录、任务和名单不在群里公布，请私聊我再问一次。')
  })

  it('show only the own school to its teachers, with their places in the district', async () => {
    const reply = await test.say('li', '/排名 全区 教师')
    expect(lines(reply)).toEqual([
      '全区教师排名，本期，共 7 人：',
      '2. 李四 22 分（我）',
      '3. 王芳 20 分',
      '5. 张三 0 分',
      '只列出本校的人；外校人员的名单只有其本校、所在街镇和工作专班可以看。',
      '数据截至 2022-05-17。',
    ])
  })

  it.each(['/排名 本校 教师', '/排名 我', '/积分', '/积分 王芳', '/明细', '/排名 全区 教师'])(
    'are not told outside the own school group: %s',
    async (text) => {
      for (const group of ['exchange', 'school2']) {
        const reply = await test.say('li', text, group)
        expect(reply).not.toMatch(/李|王|张|\d+ 分/)
        expect(reply).toContain('请私聊我再问一次')
      }
      if (text !== '/排名 全区 教师') expect(await test.say('li', text, 'school1')).not.toContain('请私聊我')
    },
  )

  it('of another school are for its town office and staff', async () => {
    expect(await test.say('li', '/排名 第二小学 教师')).toContain('只有本校、所在街镇和工作专班可以看')
    expect(await test.say('zhang', '/排名 第二小学 教师')).toContain('只有本校、所在街镇和工作专班可以看')
    expect(await test.say('support', '/排名 第二小学 教师')).toContain('只有本校、所在街镇和工作专班可以看')
    expect(await test.say('office', '/排名 第二小学 教师')).toContain('1. 赵六')
    expect(await test.say('office', '/排名 新堤中学 教师')).toContain('只有本校、所在街镇和工作专班可以看')
    expect(await test.say('stranger', '/排名 本校 教师', 'school1')).toContain('您还没有绑定身份')
  })

  it('of another town are refused with a sentence that says so, and what may be asked instead', async () => {
    const reason = '教师的得分和名单只有本校、所在街镇和工作专班可以看。您可以查看'
    expect(await test.say('zhang', '/排名 新堤镇 教师')).toBe(`${reason}“/排名 本校”或“/积分 我”。`)
    expect(await test.say('office', '/排名 新堤镇 教师')).toBe(`${reason}“/排名 本镇 教师”。`)
    expect(await test.say('support', '/排名 新堤镇 教师')).toBe(`${reason}“/排名 全区”。`)
  })

  it('of one school do not name it behind each of them', async () => {
    expect(lines(await test.say('boss', '/排名 第二小学 教师')).slice(0, 2)).toEqual([
      '第二小学教师排名，本期，共 3 人：',
      '1. 赵六 50 分',
    ])
  })
})

describe('points and their reasons', () => {
  it('say where every point comes from and what the platform has', async () => {
    expect(lines(await test.say('li', '/积分'))).toEqual([
      '李四（第一小学 教师）本期 22 分，全区第 2 名（共 7 人），本校第 1 名（共 3 人），与上周末持平',
      '空间登录 12 天，最长连续 12 天，第 8 天起每天 2 分（5 天），共 17 分',
      '资源建设 7 次，计 5 次（每周最多 5 次），共 5 分',
      '平台报表（2022-05-17）：24 分，以平台为准；按记录估算 22 分，平台多 2 分（资源建设 +2）',
      '数据截至 2022-05-17。',
    ])
    expect(await test.say('li', '/积分 本周')).toContain(
      '资源建设 本周 7 次，计 5 次（每周最多 5 次），共 5 分',
    )
    expect(await test.say('li', '/排名 我')).toContain('本校前后：第 2 名 王芳 20 分。')
  })

  it('of a school are the means that they are made of', async () => {
    // Logins 17, uploads 5 and a complete profile 20, shared by three.
    expect(lines(await test.say('li', '/积分 本校'))).toEqual([
      '第一小学 本期 14 分，全区第 2 名（共 3 所），比上周末降 1 名',
      '教师 3 人，合计 42 分，平均 14 分',
      '各项的平均分：空间建设 14 分、教学应用 0 分、师生互动 0 分、教师研修 0 分、校园管理 0 分',
      '平台报表（2022-05-15）：12.5 分，以平台为准；按记录估算 12.33 分，平台多 0.17 分',
      '数据截至 2022-05-17。',
    ])
    const parts = '各项的平均分：空间登录 5.67 分、资源建设 1.67 分'
    expect(lines(await test.say('li', '/积分 本校 空间登录 资源建设')).slice(1, 3)).toEqual([
      '教师 3 人，合计 22 分，平均 7.33 分',
      parts,
    ])
    expect(lines(await test.say('li', '/积分 本校 空间登录')).slice(1)).toEqual([
      '教师 3 人，合计 17 分，平均 5.67 分',
      '数据截至 2022-05-17。',
    ])
  })

  it('of a colleague are for the school, not for a group outside', async () => {
    expect(lines(await test.say('zhang', '/积分 李四'))[0]).toContain('李四（第一小学 教师）')
    const masked = await test.say('zhang', '/积分 李四', 'exchange')
    expect(masked).toContain('请私聊我')
    expect(masked).not.toMatch(/李|\d 分/)
  })

  it.each([
    '/积分 NAME',
    '/积分 NAME 2022-02-30',
    '/积分 NAME 李四',
    '/积分 NAME 数学',
    '/积分 NAME 第二小学',
    '/积分 NAME 本校 全区',
    '/积分 我 NAME',
    '/积分 NAME老师',
    '/明细 NAME 2022-02-30',
    '/明细 NAME 本周 上周',
    '/排名 NAME',
  ])('answer an unbound person alike for names that there are and are not: %s', async (text) => {
    for (const group of [undefined, 'exchange']) {
      const replies = await Promise.all(
        ['李四', '马某'].map(async (name) => {
          const reply = await test.say(`stranger-${name}`, text.replace('NAME', name), group)
          return reply.replaceAll(name, 'NAME')
        }),
      )
      expect(replies[0]).toBe(replies[1])
      expect(replies[0]).not.toBe('')
    }
  })

  it('of others are refused in the same words as names that there are not', async () => {
    const stranger = await test.say('zhang', '/积分 钱七')
    const nobody = await test.say('zhang', '/积分 马无名')
    expect(stranger.replace('钱七', '')).toBe(nobody.replace('马无名', ''))
    expect(await test.say('boss', '/积分 马无名')).toContain('名册里没有“马无名”')
  })

  // Some end like a school's name, some begin with a word that means something.
  it.each(['马无名', '马无中', '马小校', '马无名老师', '全无'])(
    'answer %s, who is nowhere, like people of other schools, wherever the name stands',
    async (name) => {
      for (const command of ['/积分', '/明细'])
        for (const [before, after] of [
          ['', ''],
          ['', ' 本周'],
          ['本周 ', ''],
        ] as const)
          for (const user of ['zhang', 'stranger', 'support']) {
            const there = await test.say(user, `${command} ${before}钱七${after}`)
            expect(await test.say(user, `${command} ${before}${name}${after}`)).toBe(
              there.replace('钱七', name),
            )
          }
    },
  )

  it('of a stage are those of its schools', async () => {
    expect(await test.say('zhang', '/积分 小学')).toBe(await test.say('zhang', '/排名 全区 小学'))
  })

  it('know a name with a title, and still suggest what a longer word may be', async () => {
    expect(lines(await test.say('zhang', '/积分 李四老师'))[0]).toContain('李四（第一小学 教师）本期 22 分')
    expect(await test.say('li', '/积分 资源健设')).toContain('您要问的是不是：资源建设')
    expect(await test.say('li', '/积分 第一小雪校区')).toContain('没有')
  })

  it('tell namesakes apart', async () => {
    expect(await test.say('boss', '/积分 王芳')).toContain('有 2 位同名的人')
    expect(await test.say('boss', '/积分 王芳 第二小学')).toContain('王芳（第二小学 教师）本期 0 分')
    expect(await test.say('boss', '/积分 王芳 数学 本期')).toContain('王芳（第一小学 教师）')
    expect(await test.say('zhang', '/积分 王芳')).toContain('王芳（第一小学 教师）本期 20 分')
  })

  it('are not there for who has no account, and for who is not active', async () => {
    expect(await test.say('boss', '/积分 我')).toContain('没有绑定名册里的账号')
    expect(await test.say('stranger', '/积分')).toContain('您还没有绑定身份')
    expect(await test.say('boss', '/积分 欧阳修')).toContain('欧阳修不在岗')
    expect(await test.say('ouyang', '/积分')).toContain('欧阳修不在岗')
  })
})

describe('records', () => {
  it('come newest first, page by page, with what is not counted marked', async () => {
    const first = lines(await test.say('li', '/明细'))
    expect(first[0]).toBe('李四的行为记录，本期，共 14 条，新的在前：')
    expect(first[1]).toBe('2022-05-17 信息完善 1 次（不符合有效要求，不计分）')
    expect(first[2]).toBe('2022-05-16 08:05 资源建设 7 次')
    expect(first.at(-2)).toBe('第 1 页，共 2 页，发送“/明细 下一页”看后面的。')
    const second = lines(await test.say('li', '/明细 下一页'))
    expect(second.slice(1, 3)).toEqual(['2022-05-02 空间登录 1 次', '2022-05-01 空间登录 1 次'])
    expect(lines(await test.say('li', '/明细 资源建设'))[0]).toContain('共 1 条')
  })

  it('of a colleague go on with the same colleague', async () => {
    const own = lines(await test.say('zhang', '/明细'))
    const first = lines(await test.say('zhang', '/明细 李四'))
    const second = lines(await test.say('zhang', '/明细 下一页'))
    expect(second[0]).toBe(first[0])
    expect(second.slice(1, 3)).toEqual(['2022-05-02 空间登录 1 次', '2022-05-01 空间登录 1 次'])
    expect(lines(await test.say('zhang', '/明细 李四 上一页'))).toEqual(first)
    // Another person's pages are others.
    expect(lines(await test.say('zhang', '/明细 我'))).toEqual(own)
    expect(lines(await test.say('zhang', '/明细 李四 下一页'))[0]).toBe(first[0])
  })

  it.each(['/明细 本校', '/明细 全区 本周', '/明细 第二小学', '/明细 教师', '/明细 小学'])(
    'are of one person, whatever is asked: %s',
    async (text) => {
      expect(await test.say('zhang', text)).toMatch(/^“\/明细”只看一个人的行为记录。请发送“\/明细”看自己的/)
    },
  )

  it('and points are of one person at a time', async () => {
    for (const text of ['/积分 李四 王芳', '/明细 张三 李四', '/积分 我 李四']) {
      expect(await test.say('zhang', text)).toBe('一次只能看一个人的。请分开问。')
    }
    // Of somebody of another school nothing is said.
    expect(await test.say('zhang', '/积分 李四 钱七')).not.toContain('一次只能')
  })

  it('are for oneself, the own administrator, the town office and staff', async () => {
    expect(await test.say('zhang', '/明细 李四 本周')).toContain('李四的行为记录')
    expect(await test.say('office', '/明细 李四 本周')).toContain('李四的行为记录')
    expect(await test.say('li', '/明细 张三')).toBe(
      '每一条行为记录只有本人、本校信息技术管理员、所在街镇和工作专班可以看。发送“/明细”可以看自己的。',
    )
    expect(await test.say('support', '/明细 李四 本周')).toContain('没有“李四”')
    expect(await test.say('zhang', '/明细 李四', 'exchange')).not.toContain('李四')
  })
})

describe('opened spaces', () => {
  it('of oneself are those of the own school', async () => {
    expect(await test.say('zhang', '/开通率 我')).toBe(await test.say('zhang', '/开通率 本校'))
  })

  it('of a school, the district, and the last ones', async () => {
    expect(lines(await test.say('zhang', '/开通率'))).toEqual([
      '第一小学空间开通率 92%',
      '教师 2/3 人，学生 90/97 人已开通。',
    ])
    expect(lines(await test.say('stranger', '/开通率 全区', 'exchange'))).toEqual([
      '全区空间开通率 75.3%',
      '教师 6/7 人，学生 110/147 人已开通。',
      '有 2 所学校没有填学生数，学生没有算进去，请更新学校表。',
      '各街镇：城关镇 75.1%、新堤镇 100%。',
      '开通率靠后的学校：第二小学 43.3%、第一小学 92%。',
    ])
  })
})

describe('what cannot be answered', () => {
  it.each([
    ['stranger', '/排名 本校', '您还没有绑定身份'],
    ['stranger', '/排名 本镇', '您还没有绑定身份'],
    ['stranger', '/开通率', '您还没有绑定身份'],
    ['boss', '/排名 本校', '您没有绑定学校'],
    ['zhang', '/开通率 火星', '没有看懂“火星”。请这样问：“/开通率 本校”“/开通率 全区”，或发送“/帮助”。'],
    ['stranger', '/排名 全区', '您还没有绑定身份'],
    ['boss', '/排名 本镇', '不知道本镇是哪里'],
    ['boss', '/排名 第三小学', '您要找的是不是：第一小学、第二小学'],
    ['boss', '/排名 天马行空大学', '没有'],
    ['boss', '/排名 空心小学', '没有在岗教师，不参加排名'],
    ['zhang', '/排名 本校 今天', '还没有数据，数据截至 2022-05-17'],
    ['zhang', '/排名 本校 2021-03-01', '不在计分周期（2022-01-01 至 2022-12-31）内'],
    ['zhang', '/排名 -x 本校', '没有看懂“x”'],
    ['zhang', '/积分 - 李四', '李四（第一小学 教师）本期 22 分'],
    ['zhang', '/任务 -本校', '没有看懂“-本校”'],
    ['zhang', '/排名 本校 2月30日', '没有“2月30日”这一天'],
    ['zhang', '/排名 第一小学 第二小学', '城关镇第 2 名（共 2 所）、小学第 2 名'],
    ['zhang', '/排名 本周 上周', '一次只能问一段时间'],
    ['zhang', '/排名 全区 特校', '没有符合条件的'],
    ['zhang', '/排名 😀', '我'],
  ])('%s asks %s', async (user, text, part) => {
    const reply = await test.say(user, text)
    if (part !== '我') expect(reply).toContain(part)
    expect(reply).not.toBe('')
  })

  it('is never longer than the platform takes, nor holds elements of others', async () => {
    const reply = await test.say('zhang', `/排名 <at id="1"/>${'很长'.repeat(800)}`)
    expect(byteLength(reply)).toBeLessThan(1800)
    expect(reply).toContain('问题太长了')
    expect(await test.say('zhang', '/积分 &lt;at id="all"/&gt;')).not.toContain('<at')
  })
})

describe('many at once', () => {
  it('a hundred different people in one new group are all answered', async () => {
    const users = Array.from({ length: 100 }, (_, i) => `new${i}`)
    await test.group('big', 'exchange')
    const replies = await Promise.all(users.map((user) => test.say(user, '/排名 全区', 'big')))
    expect(replies.filter((reply) => reply.startsWith('全区学校排名'))).toHaveLength(100)
  })
})

it('says that nothing was imported yet', async () => {
  const empty = await startApp({ empty: true })
  await empty.bind('zhang', '10001')
  for (const text of ['/排名 本校', '/积分', '/明细', '/排名 全区 教师']) {
    expect(await empty.say('zhang', text)).toContain('还没有导入行为数据')
  }
  await empty.stop()
})

it('says of a school whose score has two terms that they are added', async () => {
  const two = await startApp({ scheme: 'shishou-2021', empty: true })
  await two.bind('zhang', '10001')
  const { scoreboard, database } = two.app
  const done = { row: 1, day: parseDay('2022-05-10')!, count: 1, attributes: {}, valid: true }
  const rows = [
    { ...done, account: '10001', indicator: '年级管理' },
    { ...done, account: '10002', indicator: '资源上传' },
  ]
  const plan = await planRows(two.app, { rows, withIds: false })
  await database.withTransaction(() => scoreboard.store(plan, 3))
  expect(lines(await two.say('zhang', '/积分 本校')).slice(0, 3)).toEqual([
    '第一小学 本期 1.33 分，全区第 1 名（共 3 所）',
    '管理员 1 人，合计 1 分，平均 1 分；教师 3 人，合计 1 分，平均 0.33 分；学校得分是这几个平均分之和',
    '各项的平均分：空间建设 1 分、班主任工作 0 分、教学教研工作 0.33 分',
  ])
  await two.stop()
})
