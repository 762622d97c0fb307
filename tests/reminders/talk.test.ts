import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { dayOf } from '@space-assistant/core/calendar/day'
import * as reminders from 'koishi-plugin-space-reminders'
import { parseReminderCommand } from '../../plugins/reminders/wish'
import { anotherReminders, startApp } from './app'
import type { TestApp } from './app'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const ref = { platform: 'chat', selfId: 'bot' }
let test: TestApp

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-13 10:00') })
  test = await startApp()
  await test.bind('zhang', '10001')
  await test.bind('li', '10002')
  await test.bind('wang', '10003')
  await test.app.access.grants.give({ ...ref, userId: 'boss' }, { kind: 'staff', label: '电教馆' })
  await test.group('exchange', 'exchange')
  await test.group('school1', 'school', { school: 'S1' })
  await test.group('school2', 'school', { school: 'S2' })
})
afterAll(async () => {
  await test.stop()
  vi.useRealTimers()
})

describe('what somebody wants', () => {
  it.each([
    ['', 'view'],
    ['关', 'switch false weekly deadlines'],
    ['关 每周', 'switch false weekly'],
    ['每周关', 'switch false weekly'],
    ['开 截止', 'switch true deadlines'],
    ['打开全部', 'switch true weekly deadlines'],
    ['暂停到 3月20日', 'pause 3月20日'],
    ['暂停２周', 'pause 2周'],
    ['暂停', 'pause '],
    ['停发 本周', 'hold 本周'],
    ['照发', 'lift '],
    ['继续', 'resume'],
    ['预览 明天', 'preview 明天'],
    ['怎么用', 'unknown'],
    ['关门', 'unknown'],
  ])('%s', (text, expected) => {
    const wish = parseReminderCommand(text)
    const more = wish.kind === 'switch' ? [wish.on, ...wish.topics] : 'day' in wish ? [wish.day] : []
    expect([wish.kind, ...more].join(' ')).toBe(expected)
  })
})

describe('/提醒', () => {
  it('shows, turns off, pauses and goes on', async () => {
    expect(await test.bot.say('li', '/提醒')).toBe(
      [
        '您的提醒：每周提醒开，阶段和截止提醒开。',
        '下一次每周提醒：2022-05-16 08:30。',
        '设置：/提醒 关 每周、/提醒 开 截止、/提醒 暂停到 3月20日、/提醒 继续。',
      ].join('\n'),
    )
    expect(await test.bot.say('li', '/提醒 关 每周')).toBe('已保存。您的提醒：每周提醒关，阶段和截止提醒开。')
    expect(await test.bot.say('li', '/提醒 暂停到5月20日')).toBe(
      '已保存。您的提醒：每周提醒关，阶段和截止提醒开。暂停到 2022-05-20（含当天）。',
    )
    expect(await test.bot.say('li', '/提醒 继续')).toBe('已保存。您的提醒：每周提醒关，阶段和截止提醒开。')
    expect(await test.bot.say('li', '/提醒 开')).toContain('每周提醒开，阶段和截止提醒开。')
  })

  it('never shows a next reminder that is switched off or paused away', async () => {
    const next = '下一次每周提醒'
    await test.bot.say('li', '/提醒 关 每周')
    expect(await test.bot.say('li', '/提醒')).not.toContain(next)
    await test.bot.say('li', '/提醒 开')
    await test.bot.say('li', '/提醒 暂停 本周')
    expect(await test.bot.say('li', '/提醒')).toContain(`${next}：2022-05-16`)
    await test.bot.say('li', '/提醒 暂停到5月20日')
    expect(await test.bot.say('li', '/提醒')).toContain(`${next}：2022-05-23`)
    await test.bot.say('li', '/提醒 继续')
  })

  it.each([
    ['li', '/提醒 暂停', undefined, '请写上暂停到哪一天'],
    ['li', '/提醒 暂停到 2022-05-01', undefined, '2022-05-01 已经过去了'],
    ['li', '/提醒 暂停 999周', undefined, '最多暂停一年'],
    ['li', '/提醒 怎么用', undefined, '没有看懂“怎么用”'],
    ['stranger', '/提醒', undefined, '您还没有绑定身份'],
    ['li', '/提醒 关 每周', 'school1', '已保存。您的提醒：每周提醒关'],
    ['li', '/提醒 开', 'exchange', '已保存。您的提醒：每周提醒开'],
    ['stranger', '/提醒 关', 'school1', '您还没有绑定身份'],
    ['zhang', '/提醒 关', 'school1', '已保存。本群的提醒：每周提醒关'],
    ['zhang', '/提醒 开', 'school1', '已保存。本群的提醒：每周提醒开'],
    ['zhang', '/提醒 关', 'school2', '已保存。您的提醒：每周提醒关'],
    ['zhang', '/提醒 开', undefined, '已保存。您的提醒：每周提醒开'],
    ['li', '/提醒 预览', undefined, '只有工作专班'],
    ['boss', '/提醒 关', 'school1', '已保存。本群的提醒：每周提醒关'],
    ['boss', '/提醒 开', 'school1', '已保存。本群的提醒：每周提醒开'],
  ])('%s says %s in %s', async (user, text, group, part) => {
    expect(await test.bot.say(user, text, group)).toContain(part)
  })
})

describe('/提醒 预览', () => {
  it('says who gets what, when, and why others get nothing', async () => {
    await test.bot.say('wang', '/提醒 关')
    const lines = (await test.bot.say('boss', '/提醒 预览')).split('\n')
    expect(lines.slice(0, 7)).toEqual([
      '【每周提醒】2022-05-16 08:30 发出',
      '管理员：发给 2，不发 3',
      '　不发的原因：没有绑定聊天账号或设置学校群 3（如 赵六、孙八、新堤中学的学校群）',
      '教师：发给 2，不发 4',
      '　不发的原因：没有绑定聊天账号或设置学校群 3（如 赵六、孙八、钱七）、自己关闭了 1（如 王芳）',
      '专班：发给 1，不发 0',
      '例（管理员）：',
    ])
    expect(lines.slice(7, 13)).toEqual([
      '【本校一周】第一小学（到 2022-05-13）',
      '教师 3 人，2 人这一周没有计分的行为。',
      '名单：张三、王芳。',
      '空间开通率 92%。',
      '全区第 1 名（共 3 所）。',
      '按截至 2022-05-13 的数据。',
    ])
    await test.bot.say('wang', '/提醒 开')
  })

  it('is not shown where others read along', async () => {
    const text = await test.bot.say('boss', '/提醒 预览', 'exchange')
    expect(text).toBe('这个内容不能在群里办理，请私聊我再发一次。')
    expect(text).not.toMatch(/张三|王芳|赵六/)
  })

  it.each([
    ['/提醒 预览 5月17日', '2022-05-17 没有提醒（这一周的在 2022-05-16）。'],
    ['/提醒 预览 7月18日', '2022-07-18 没有提醒（学校放假）。'],
    ['/提醒 预览 5月24日', '【报名推荐，还剩 7 天】2022-05-24 08:30 发出'],
    ['/提醒 预览 5月31日', '【报名推荐，当天截止】2022-05-31 08:30 发出'],
    ['/提醒 预览 以后', '没有看懂日期“以后”'],
  ])('%s', async (text, part) => {
    expect(await test.bot.say('boss', text)).toContain(part)
  })
})

describe('a week that staff hold', () => {
  const week = '2022-05-16 至 2022-05-22'

  it('is asked about, for staff only, and can be let go on', async () => {
    vi.setSystemTime(at('2022-05-13 10:00'))
    expect(await test.bot.say('li', '/提醒 停发 下周')).toContain('只有工作专班')
    const asked = await test.bot.say('boss', '/提醒 暂停 下周')
    expect(asked).toContain(`要停发全区下周（${week}）的全部提醒吗？`)
    expect(asked).toContain('只想暂停自己的，请发送“/提醒 暂停到 2022-05-22”')
    expect(await test.bot.say('boss', '取消')).toContain('照常')
    await test.bot.say('boss', '/提醒 停发 下周')
    expect(await test.bot.say('boss', '确认')).toContain(`已停发：${week} 不给任何人发提醒`)
    expect(await test.bot.say('boss', '/提醒 预览 5月16日')).toMatch(/^【已停发】这一周（2022-05-16/)
    vi.setSystemTime(at('2022-05-16 08:30'))
    test.bot.sent.length = 0
    await startAgain()
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(test.bot.sent).toEqual([])
    expect(await test.bot.say('boss', '/提醒 照发 本周')).toBe(`${week} 的提醒恢复正常。`)
    expect(await test.bot.say('boss', '/提醒 照发 本周')).toContain('没有停发')
  })

  it('that is over is not held', async () => {
    expect(await test.bot.say('boss', '/提醒 停发 2022-05-10')).toContain('已经过去了')
  })

  it('is checked in the service too', async () => {
    const { reminders: service } = test.app
    const stranger = await test.app.access.viewer({ ...ref, userId: 'li', isDirect: true })
    const now = new Date()
    for (const outcome of [
      await service.hold(stranger, dayOf(now), { by: 'li', now }),
      await service.lift(stranger, dayOf(now), { now }),
      await service.previewWeek(stranger, dayOf(now)),
    ])
      expect(outcome).toMatchObject({ ok: false, code: 'staff-only' })
    const previewed = await service.previewWeek(operator, dayOf(now))
    if (!previewed.ok) throw new Error(previewed.code)
    expect(previewed.value.days.map(({ occasions }) => occasions.map(({ kind }) => kind))).toEqual([
      ['weekly'],
      ['phase-start'],
    ])
  })
})

describe('Monday morning', () => {
  it('arrives in private, in the school group when no administrator is bound, never in the exchange group', async () => {
    vi.setSystemTime(at('2022-05-16 08:30'))
    test.bot.sent.length = 0
    await startAgain()
    await expect.poll(() => test.bot.sent.length, { timeout: 10_000 }).toBe(5)
    expect(test.bot.to('private:li')[0]).toMatch(
      /^【本周任务】还可以得 \d+ 分，先做分值高的：\n1\. 互动授课，本周还可计 2 次，10 分（/,
    )
    // Administrator and teacher: one message.
    const [both, ...more] = test.bot.to('private:zhang')
    expect(more).toEqual([])
    expect(both).toMatch(
      /^【本校一周】[^]*【本周任务】[^]*发送“\/任务”看自己的，“\/任务 本校”看全部名单，发送“\/提醒 关”不再提醒。$/,
    )
    expect(both!.match(/按截至/g)).toHaveLength(1)
    expect(test.bot.to('school2')[0]).toContain('名单：赵*。')
    expect(test.bot.to('school1')).toEqual([])
    expect(test.bot.to('exchange')).toEqual([])
    expect(test.bot.to('private:boss')[0]).toContain('教师 6 人，4 人这一周没有计分的行为，涉及 3 所学校。')
    expect(await test.bot.say('boss', '/提醒 预览 今天')).toContain('已在 08:30 安排好，共 6 项。')
  })
})

describe('a week without data', () => {
  it('names nobody: staff are asked to import, teachers read what this week still gives', async () => {
    vi.setSystemTime(at('2022-05-23 08:30'))
    test.bot.sent.length = 0
    await startAgain()
    await expect.poll(() => test.bot.to('private:li').length, { timeout: 10_000 }).toBe(1)
    await expect.poll(() => test.bot.to('private:boss').length, { timeout: 10_000 }).toBe(1)
    const [digest, ...more] = test.bot.to('private:boss').filter((text) => text.includes('请导入到'))
    expect(more).toEqual([])
    expect(digest).toContain('数据只到 2022-05-13')
    expect(digest).not.toMatch(/管理员|张三|没有计分/)
    expect(test.bot.to('school1')).toEqual([])
    expect(test.bot.to('private:zhang').join()).not.toContain('名单')
    expect(test.bot.to('private:li').join()).not.toContain('一次性')
  })
})

/** The clock as a process makes it that starts now. */
async function startAgain(): Promise<void> {
  test.app.plugin(anotherReminders(), reminders.Config({} as reminders.Config))
  await test.app.lifecycle.flush()
}
