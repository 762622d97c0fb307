import { readXlsx } from 'hucre'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planRows } from '../scoreboard/rows'
import { startAwards } from './app'
import type { AwardApp } from './app'

let test: AwardApp
beforeEach(async () => {
  test = await startAwards('2022-05-25 10:00')
})
afterEach(() => test.stop())

const boss = (text: string) => test.say('boss', text)
/** Says several things; the last answer. */
async function talk(...lines: [user: string, text: string][]): Promise<string> {
  let answer = ''
  for (const [user, text] of lines) answer = await test.say(user, text)
  return answer
}

/** A teacher of the town and one of the high school are nominated and accepted, and four judges share them. */
async function untilJudging(): Promise<void> {
  await boss('/评优 进入 推荐')
  await talk(['town', '/推荐 优秀教师空间 李四 有特色'], ['town', '/推荐 提交 1'])
  await talk(['high', '/推荐 优秀教师空间 高二'], ['high', '/推荐 提交 全部'])
  await talk(['boss', '/评优 进入 审核'], ['boss', '/推荐 通过 全部'], ['boss', '/评优 进入 评审'])
  for (const [judge, unit] of Object.entries({ 1: '区电教馆', 2: '第一小学', 3: '大学', 4: '大学' }))
    await boss(`/评审 评委 评委${judge} ${unit}`)
  await boss('/评审 分配 提交')
}

/** Everybody scores; the second judge is of the first nominee's school and gets the other one only. */
async function untilTallied(): Promise<void> {
  await untilJudging()
  await talk(['j1', '/评审 8 45 18 15'], ['j1', '/评审 9 40 15 15'], ['j2', '/评审 9 40 15 15'])
  await talk(
    ['j3', '/评审 9 40 15 15'],
    ['j3', '/评审 8 40 15 15'],
    ['j4', '/评审 9 40 15 15'],
    ['j4', '/评审 8 40 15 15'],
  )
  await boss('/评优 进入 计票')
}

describe('conditions', () => {
  it('are told to a teacher for the own school and the own person', async () => {
    expect(await test.say('teacher1', '/评优')).toBe(
      [
        '【深度应用优秀学校】第一小学：条件都满足',
        '✓ 学段 小学，参加评选',
        '✓ 第 1 名（取前 10 名）',
        '【深度应用优秀个人】李四：条件都满足',
        '✓ 学段 小学，参加评选',
        '✓ 第 1 名（取前 10 名）',
        '【优秀教师空间】李四：由街镇和高中推荐后由专家评分，目前没有被推荐。',
        '【优秀学校空间】第一小学：由街镇和高中推荐后由专家评分，目前没有被推荐。',
        '数据截至 2022-05-13。',
      ].join('\n'),
    )
  })

  it('of others are for those who may know them', async () => {
    expect(await test.say('teacher1', '/评优 深度应用优秀个人 张三')).toContain('管理员')
    expect(await test.say('admin1', '/评优 深度应用优秀个人 李四')).toContain('李四：条件都满足')
    expect(await test.say('admin2', '/评优 深度应用优秀个人 李四')).not.toContain('条件')
    expect(await test.say('town', '/评优 深度应用优秀学校 第二小学')).toContain('第二小学：条件都满足')
    expect(await test.say('nobody', '/评优 深度应用优秀学校 第一小学')).toContain('绑定')
  })

  it('mask a name where others read along', async () => {
    expect(await test.bot.say('admin1', '/评优 深度应用优秀个人 李四', 'exchange')).toContain(
      '李*：条件都满足',
    )
  })

  it('are told to staff as a board', async () => {
    const board = await boss('/评优 看板 深度应用优秀学校')
    expect(board).toContain('深度应用优秀学校：取前 10，参评 4，入选 4，待定 0')
    expect(board).toContain('1. 第一小学 3 入选')
    expect(board).not.toContain('职业学校')
    expect(await test.say('admin1', '/评优 看板')).not.toContain('入选')
  })

  it('say whom they did not understand', async () => {
    expect(await test.say('admin1', '/评优 优秀教师空间 无名氏')).toContain('没有找到“优秀教师空间 无名氏”')
  })
})

describe('nominations', () => {
  beforeEach(() => boss('/评优 进入 推荐'))

  it('are drafted with what is known, then submitted', async () => {
    expect(await test.say('town', '/推荐 优秀教师空间 李四 有特色')).toBe(
      '1. 优秀教师空间：李四（第一小学），城关镇推荐，草稿\n2022-03-10 至 2022-05-31：6 分，6 次行为。\n还是草稿。确认无误后发送：/推荐 提交 1',
    )
    expect(await test.say('town', '/推荐 提交 1')).toBe(
      '1. 优秀教师空间：李四（第一小学），城关镇推荐，已提交',
    )
  })

  it('leave a line in the log when the reason of a draft is written anew', async () => {
    await talk(['town', '/推荐 优秀教师空间 李四 有特色'], ['town', '/推荐 优秀教师空间 李四 更新快'])
    await test.say('town', '/推荐 优秀教师空间 李四 更新快')
    const log = await boss('/评优 记录')
    expect(log.match(/起草推荐/g)).toHaveLength(2)
    expect(log).toContain('有特色→更新快')
  })

  it.each([
    ['town', '/推荐 优秀教师空间 高二', '不属于您的街镇或学校'],
    ['teacher1', '/推荐 优秀教师空间 李四', '推荐由街镇和高中进行'],
    ['admin1', '/推荐 优秀教师空间 李四', '不属于您的街镇或学校'],
    ['town', '/推荐 优秀老师 李四', '请写奖项名称，可以推荐的是：优秀教师空间、优秀学校空间'],
    ['town', '/推荐 优秀教师空间 无名氏', '没有找到“无名氏”'],
    ['town', '/推荐 深度应用优秀个人 李四', '“深度应用优秀个人”按得分评选，不用推荐。'],
    ['town', '/推荐 提交 9', '没有 9 号推荐'],
    ['nobody', '/推荐', '推荐由街镇和高中进行'],
  ])('of %s by "%s" are refused with a reason', async (user, text, sentence) => {
    expect(await test.say(user, text)).toContain(sentence)
  })

  it('end with the local day of the deadline', async () => {
    test.as('2022-05-31 23:59')
    expect(await test.say('town', '/推荐 优秀教师空间 李四')).toContain('草稿')
    test.as('2022-06-01 00:00')
    expect(await test.say('town', '/推荐 提交 1')).toContain('推荐已在 2022-05-31 截止')
  })

  it('are seen by staff and their own unit only', async () => {
    await talk(['town', '/推荐 优秀教师空间 李四'], ['town', '/推荐 提交 1'])
    expect(await test.say('high', '/推荐')).not.toContain('李四')
    expect(await test.say('high', '/推荐 撤回 1')).toContain('没有 1 号推荐')
    expect(await boss('/推荐')).toContain('李四')
    expect(await test.bot.say('town', '/推荐', 'exchange')).not.toContain('李四')
  })

  it('are returned and vetoed with a reason', async () => {
    await talk(['town', '/推荐 优秀教师空间 李四'], ['town', '/推荐 提交 1'])
    expect(await boss('/推荐 退回 1')).toContain('请写原因')
    expect(await boss('/推荐 退回 1 缺材料')).toContain('已退回，请修改后再提交（缺材料）')
    expect(await test.say('town', '/推荐 通过 1')).toContain('只有工作专班可以做')
    expect(await talk(['town', '/推荐 提交 1'], ['boss', '/推荐 否决 1 师德问题'])).toContain(
      '已否决（师德问题）',
    )
    expect(await test.say('town', '/推荐 提交 1')).toContain('现在不能这样处理')
  })
})

describe('judging', () => {
  beforeEach(untilJudging)

  it('shows one nominee after the other, and takes points in one line', async () => {
    expect(await test.say('j1', '/评审')).toContain(
      '第 1 份 优秀教师空间：李四（第一小学）（未评）\n布局设计（0—10）未打分',
    )
    expect(await test.say('j1', '/评审 8 45 18 15')).toContain(
      '第 1 份 李四 已提交，合计 86 分（1/2）。\n第 2 份 优秀教师空间：高二',
    )
    expect(await talk(['j1', '/评审 改 1'], ['j1', '/评审 1 9 45 18 15'])).toContain('合计 87 分（1/2）')
  })

  it('takes points one by one', async () => {
    expect(await test.say('j1', '/评审 布局设计 9')).toContain('布局设计（0—10）9 分')
    expect(await test.say('j1', '/评审 提交')).toBe('“综合应用”没有打分（0—50）；0 分要写 0。')
    await talk(['j1', '/评审 综合应用 40'], ['j1', '/评审 应用效果 0'], ['j1', '/评审 特色创新 20'])
    expect(await test.say('j1', '/评审 提交')).toContain('合计 69 分')
  })

  it.each([
    ['/评审 8 45 18', '写了 3 个分数，这张表有 4 项'],
    ['/评审 11 45 18 15', '“布局设计”最多 10 分，写的是 11。'],
    ['/评审 8 -1 18 15', '“综合应用”写的是 -1，要在 0 到 50 之间。'],
    ['/评审 8 45.5 18 15', '“综合应用”写的是 45.5，要写 0 到 50 的整数。'],
    ['/评审 回避', '请写原因。'],
  ])('refuses "%s" with a reason', async (text, sentence) => {
    expect(await test.say('j1', text)).toContain(sentence)
  })

  it('gives nobody a nominee of the own school, and shows nobody the sheets of others', async () => {
    expect(await test.say('j2', '/评审 列表')).toBe('您的评分表（已提交 0/1）：\n1. 优秀教师空间 高二 未评')
    expect(await test.say('j5', '/评审')).toContain('还没有编入评委名单')
    expect(await test.say('teacher1', '/评审')).toContain('只有评审专家可以评分')
  })

  it('needs a unit of every judge', async () => {
    expect(await boss('/评审 评委 评委5')).toContain('请写评委5的单位')
  })

  it('does not count a sheet in conflict that staff declare later, nor lets it be changed', async () => {
    await test.say('j1', '/评审 8 45 18 15')
    expect(await boss('/评审 回避 评委1 优秀教师空间 李四 亲属')).toContain('已登记')
    await talk(['j3', '/评审 9 40 15 15'], ['j4', '/评审 9 40 15 15'])
    expect(await boss('/评审')).toContain('李四 只有 2 份有效评分（至少要 3 份）')
    // The sheet stays, marked, for the judge and in the table of scores.
    expect(await test.say('j1', '/评审 列表')).toContain('1. 优秀教师空间 李四 回避，不计分')
    const scores = await test.app.awards.documents.make(staff(), 'scores')
    const { sheets } = await readXlsx(scores.ok ? scores.value.bytes : Buffer.of())
    const row = sheets.flatMap(({ rows }) => rows).find((cells) => cells[1] === '李四')
    expect(row?.join(' ')).toContain('1 份回避，不计入')
    await test.say('j1', '/评审 改 1')
    expect(await test.say('j1', '/评审 1 9 45 18 15')).toContain('您需要回避这位参评对象')
  })

  it('shows staff who has not scored, and lets them never score', async () => {
    await test.say('j1', '/评审 8 45 18 15')
    expect(await boss('/评审')).toContain('评分表已提交 1/7。\n评委1 还有 1 份')
    expect(await boss('/评审 8 45 18 15')).not.toContain('已提交，合计')
  })

  it('is secret: nobody but staff learns anything before publicity', async () => {
    await untilTalliedAfterJudging()
    for (const user of ['teacher1', 'admin1', 'town', 'high', 'j1']) {
      for (const text of [
        '/评优',
        '/评优 看板',
        '/评优 优秀教师空间 我',
        '/评优 进度',
        '/展示',
        '/推荐',
        '/评优 记录',
      ]) {
        expect(await test.say(user, text), `${user} ${text}`).not.toMatch(/82|78\.5|入选/)
      }
    }
    expect(await test.say('teacher1', '/评优')).toBe('评审中，结果公示后会告诉大家。')
  })

  async function untilTalliedAfterJudging() {
    await talk(['j1', '/评审 8 45 18 15'], ['j1', '/评审 9 40 15 15'], ['j2', '/评审 9 40 15 15'])
    await talk(
      ['j3', '/评审 9 40 15 15'],
      ['j3', '/评审 8 40 15 15'],
      ['j4', '/评审 9 40 15 15'],
      ['j4', '/评审 8 40 15 15'],
    )
    await boss('/评优 进入 计票')
  }
})

describe('the result', () => {
  beforeEach(untilTallied)

  it('stays as it was tallied when an import comes later, which is said', async () => {
    const { app } = test
    const rows = [
      { row: 1, account: 'h1', indicator: '资源建设', day: 19095, count: 5, attributes: {}, valid: true },
    ]
    const plan = await planRows(app, { rows, withIds: false })
    await app.database.withTransaction(() => app.scoreboard.store(plan, 20))
    expect(await boss('/评优 进度')).not.toContain('会变')
    await app.database.withTransaction(() =>
      app.roster.store(
        app.roster.planRoster([
          {
            row: 1,
            account: '10002',
            name: '李四',
            schoolCode: 'S1',
            schoolName: '第一小学',
            roles: ['teacher'],
            state: 'retired',
          },
        ]),
        21,
      ),
    )
    expect(await boss('/评优 进度')).toContain('会变')
    expect((await test.app.awards.rounds.results(staff())).ok).toBe(true)
    const { value } = (await test.app.awards.rounds.results(staff())) as {
      value: { code: string; selected: number }[]
    }
    expect(value.find(({ code }) => code === '10002')?.selected).toBe(1)
  })

  it('is published, objected to, decided, commended and shown', async () => {
    expect(await boss('/评优 进入 公示')).toContain('公示期 2022-05-26 至 2022-06-01（含首尾两天）。')
    await expect
      .poll(() => test.bot.to('staff').find((text) => text.includes('评选结果公示')) ?? '', {
        timeout: 10_000,
      })
      .toContain('优秀教师空间（2 个）：李四（第一小学）、高二（新洲一中）')
    expect(await test.say('nobody', '/异议 张 13800005678 材料不实')).toContain('请写真实姓名')
    expect(await test.say('nobody', '/异议 张三 无 材料不实')).toContain('请写能联系到您的电话')
    expect(await test.bot.say('nobody', '/异议 张三 13800005678 材料不实', 'exchange')).toContain('请私聊')
    expect(await test.say('nobody', '/异议 张三 13800005678 材料不实')).toContain('编号 1')
    test.as('2022-06-02 10:00')
    expect(await boss('/评优 进入 决定')).toContain('还有 1 条异议没有答复')
    expect(await boss('/异议 1 不成立')).toContain('请写答复')
    expect(await test.say('town', '/异议 1 不成立 没事')).toContain('只有工作专班可以做')
    await boss('/异议 1 不成立 经核查属实')
    await expect
      .poll(() => test.bot.to('private:nobody').at(-1), { timeout: 10_000 })
      .toContain('经核查不成立。答复：经核查属实')
    expect(await boss('/评优 进入 决定')).toContain('已进入：已决定')
    expect(await boss('/评优 进入 表彰')).toContain('已进入：已表彰')
    expect(await test.say('nobody', '/证书 xinzhou-2022-0013')).toContain(
      '是有效的证书：优秀教师空间，李四，第一小学',
    )
    expect(await test.say('nobody', '/证书 xinzhou-2022-0013 1234567')).toContain('校验码不对')
    expect(await test.say('nobody', '/证书 xinzhou-2022-9999')).toContain('没有编号')
    expect(await test.say('town', '/证书 更正 xinzhou-2022-0013 李肆 错字')).toContain('只有工作专班可以做')
    expect(await boss('/证书 更正 xinzhou-2022-0013 李肆 错字')).toContain('更换为 xinzhou-2022-0015，李肆')
    expect(await test.say('nobody', '/证书 xinzhou-2022-0013')).toBe(
      '编号 xinzhou-2022-0013 已更换，现在有效的是 xinzhou-2022-0015。',
    )
    expect(await test.say('nobody', '/展示')).toContain('展示还没有开始')
    await boss('/评优 进入 展示')
    expect(await test.say('nobody', '/展示')).toContain('优秀教师空间：\n李肆（第一小学）\n高二（新洲一中）')
    await boss('/展示 撤下 优秀教师空间 李四')
    expect(await test.say('nobody', '/展示')).toContain('优秀教师空间：\n高二（新洲一中）')
    expect(await boss('/评优 记录')).toContain('进入 xinzhou-2022 commended→exhibited')
  })

  it('is a list for everybody once it is published, and for staff before', async () => {
    const list = '优秀教师空间：李四、高二'
    for (const text of ['/评优 名单', '/评优 获奖名单', '/评优 结果'])
      expect(await test.say('teacher1', text), text).toBe('评审中，结果公示后会告诉大家。')
    expect(await boss('/评优 获奖名单')).toContain(list)
    await boss('/评优 进入 公示')
    for (const text of ['/评优 名单', '/评优 获奖名单', '/评优 结果'])
      for (const user of ['teacher1', 'admin2', 'town']) expect(await test.say(user, text)).toContain(list)
    expect(await test.bot.say('admin1', '/评优 名单', 'exchange')).toContain(list)
    expect(await boss('/评优 名单')).toContain('参评')
  })

  it('is not decided while the publicity period runs, and a correction starts it again', async () => {
    await boss('/评优 进入 公示')
    expect(await boss('/评优 进入 决定')).toBe('公示期还没有结束，不能决定。')
    test.as('2022-06-02 10:00')
    expect(await boss('/评优 退回')).toContain('退回要写原因')
    expect(await boss('/评优 退回 名单有误')).toContain('已退回：已计票')
    expect(await boss('/评优 进入 公示')).toContain('公示期 2022-06-06 至 2022-06-10')
  })
})

function staff() {
  return {
    viewer: { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } },
    name: 'boss',
    chat: undefined,
  }
}
