import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operator } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context } from 'koishi'
import * as announcements from 'koishi-plugin-space-announcements'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startApp } from '../reminders/app'
import type { TestApp } from '../reminders/app'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
const ref = { platform: 'chat', selfId: 'bot' }
const files = mkdtempSync(join(tmpdir(), 'space-announcements-'))
let test: TestApp
const boss = (text: string, group?: string) => test.bot.say('boss', text, group)

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-13 10:00') })
  test = await startApp({ parts: ['announcements'], files })
  for (const userId of ['boss', 'other']) {
    await test.app.access.grants.give({ ...ref, userId }, { kind: 'staff', label: userId })
  }
  await test.group('exchange', 'exchange')
  await test.group('east', 'exchange', { town: '城关镇' })
  await test.group('school1', 'school', { school: 'S1' })
  await test.group('school3', 'school', { school: 'S3' })
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
  rmSync(files, { recursive: true, force: true })
})

const groupsWith = (text: string) =>
  [
    ...new Set(
      test.bot.sent
        .filter((each) => each.text.includes(text) && !each.channelId.startsWith('private'))
        .map((each) => each.channelId),
    ),
  ].sort()

describe('/公告', () => {
  it('is written, previewed with the exact count, confirmed and sent once', async () => {
    expect(await boss('/公告 请各校周五前完成任务。')).toBe(
      [
        '【公告预览，1 号】',
        '【公告】',
        '请各校周五前完成任务。',
        '——活动工作专班',
        '————————',
        '发往 2 个群（其他 2 个）。',
        '群：交流群（其他）、城关镇交流群（其他）。',
        '发送时间：确认后立即发出。',
        '发出请发送“确认 1”，不发请发送“取消”；再发图片或文件会加在后面。改范围：/公告 范围 城关镇；定时：/公告 定时 明天 8:30；不等到那时：/公告 立即。',
      ].join('\n'),
    )
    expect(groupsWith('周五')).toEqual([])
    expect(await boss('/公告 范围 城关镇')).toContain('发往 2 个群')
    expect(await boss('/公告 范围 全部')).toContain('发往 4 个群')
    expect(await boss('确认')).toBe('1 号公告开始发送，共 4 个群。发送“/公告 进度 1”查看。')
    await expect.poll(() => groupsWith('周五')).toEqual(['east', 'exchange', 'school1', 'school3'])
    await expect.poll(() => boss('/公告 进度')).toBe('1 号：发送完毕，4 个群，已送达 4，失败 0，不确定 0。')
    expect(await boss('确认')).not.toContain('开始发送')
    expect(await boss('/公告 确认')).toContain('没有等待确认的公告')
    expect(test.bot.to('exchange')).toHaveLength(1)
  })

  it('calls everybody only when that is asked for', async () => {
    expect(await boss('/公告 明天停电 @全体成员')).toContain(
      '您写了@全体成员，现在还不会@。要@请发送“/公告 全体”。',
    )
    const asked = await boss('/公告 全体')
    expect(asked).toContain('会@全体成员：只有普通 QQ 号')
    expect(await boss('/公告 全体')).not.toContain('会@全体成员：')
    await boss('/公告 全体')
    await boss('确认')
    await expect.poll(() => test.bot.to('exchange').length).toBe(1)
    expect(test.bot.to('exchange').join()).toContain('[all]明天停电')
  })

  it('asks for the text, swallows no command, and keeps lines', async () => {
    expect(await boss('/公告')).toContain('请在 10 分钟内把公告内容发给我')
    expect(await boss('/公告 列表')).toBe(
      '还没有发过公告。\n（还在等：公告的内容。接着发给我就行，不写了请发送“取消”。）',
    )
    await boss('/公告')
    expect(await boss('第一行\n第二行  <b>')).toContain('第一行\n第二行')
    expect(await boss('今天天气不错')).not.toContain('开始发送')
    expect(await boss('/状态')).toContain('连接：')
    expect(await boss('取消')).toBe('已放弃，没有发出。')
    expect(await boss('/公告 确认')).toContain('没有等待确认的公告')
  })

  it('shows the preview again when the groups have changed in between', async () => {
    await boss('/公告 通知')
    await test.group('late', 'exchange')
    const again = await boss('确认')
    expect(again).toContain('预览之后群有变化')
    expect(again).toContain('发往 3 个群')
    expect(test.bot.to('late')).toEqual([])
    expect(await boss('确认')).toContain('共 3 个群')
    await expect.poll(() => groupsWith('通知')).toEqual(['east', 'exchange', 'late'])
  })

  it('a draft belongs to who wrote it', async () => {
    await boss('/公告 通知')
    expect(await test.bot.say('other', '确认')).not.toContain('开始发送')
    expect(await test.bot.say('other', '/公告 确认')).toContain('没有等待确认的公告')
    expect(await test.bot.say('stranger', '/公告 通知')).toContain('绑定')
    expect(groupsWith('通知')).toEqual([])
  })

  it.each([
    ['/公告 范围 城关镇', '没有等待确认的公告'],
    ['/公告 进度 9', '没有 9 号公告'],
    ['/公告 暂停', '请写上编号'],
    ['/公告 定时 以后', '请写上日期和时间'],
    ['/公告 定时 今天 8:00', '2022-05-13 08:00 已经过去了'],
  ])('%s', async (text, part) => {
    expect(await boss(text)).toContain(part)
  })

  it('a wrong audience keeps the draft', async () => {
    await boss('/公告 通知')
    expect(await boss('/公告 范围 火星')).toContain('没有看懂范围“火星”')
    expect(await boss('/公告 范围 新堤中学')).toContain('群：新堤中学学校群（其他）。')
  })

  it('goes to single groups by the names that staff have given them', async () => {
    await test.app.access.groups.set(
      { ...ref, channelId: 'exchange' },
      { purpose: 'exchange', name: '江北 片区' },
      operator,
    )
    await boss('/公告 通知')
    expect(await boss('/公告 范围 江北片区、新堤中学')).toContain(
      '群：江北 片区（其他）、新堤中学学校群（其他）。',
    )
    await boss('确认')
    await expect.poll(() => groupsWith('通知')).toEqual(['exchange', 'school3'])
  })

  it('pictures and files are kept and sent along', async () => {
    const src = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a', 'hex').toString('base64')}`
    expect(await boss(`/公告 看图 ${h('img', { src }).toString()}`)).toContain('看图[img]')
    expect(await boss(h('file', { src, title: '附件.xlsx' }).toString())).toContain('看图[img][file]')
    await boss('确认')
    await expect.poll(() => groupsWith('看图[img][file]')).toEqual(['east', 'exchange'])
    expect(
      readdirSync(files)
        .map((name) => name.replace(/^\w+/, ''))
        .sort(),
    ).toEqual(['.png', '.xlsx'])
    expect(await boss(`/公告 ${h('img', { src: 'file:///etc/passwd' }).toString()}`)).toContain(
      '没有下载成功',
    )
  })
})

describe('an announcement that nobody has confirmed', () => {
  const sent = () => groupsWith('周五开会').filter((group) => group !== 'office')

  it.each(['好的', '<at id="other"/> 好的', '可以', '确认', '<at id="other"/> 确认 1', '收到'])(
    'is not sent by %s in the staff group',
    async (said) => {
      await test.group('office', 'staff')
      expect(await boss('/公告 周五开会', 'office')).toContain('发出请发送“确认 1”')
      await boss(said, 'office')
      await new Promise((resolve) => setTimeout(resolve, 200))
      expect(sent()).toEqual([])
      expect(await boss('确认 1', 'office')).toContain('1 号公告开始发送')
      await expect.poll(sent).toEqual(['east', 'exchange'])
    },
  )

  it('is not talked about where others read along', async () => {
    await boss('/公告 周五开会')
    expect(await boss('/公告', 'exchange')).toBe('这个内容不能在群里办理，请私聊我再发一次。')
    expect(await boss('周六见', 'exchange')).toBe('')
    expect(await boss('确认 1', 'exchange')).toContain('请私聊我')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent()).toEqual([])
  })

  it('is shown by its number, which makes no draft', async () => {
    await boss('/公告 周五开会')
    expect(await boss('/公告 1')).toBe('1 号：草稿，还没有确认。')
    expect(await boss('/公告 草稿')).toContain('周五开会')
  })

  it('gives way to a recall: a confirmation is of the later one', async () => {
    await boss('/公告 发错了')
    await boss('确认')
    await expect.poll(() => groupsWith('发错了')).toEqual(['east', 'exchange'])
    await boss('/公告 周五开会')
    expect(await boss('/公告 撤回 1')).toContain('之前等您确认的“发出 2 号公告”先放下了，没有办。')
    expect(await boss('确认')).toContain('开始撤回')
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(sent()).toEqual([])
  })
})

describe('the course of an announcement', () => {
  it('is sent at its time, also by a process that starts later', async () => {
    await boss('/公告 明早的通知')
    expect(await boss('/公告 定时 明天 8:30')).toContain('发送时间：2022-05-14 08:30。')
    expect(await boss('确认')).toContain('1 号公告将在 2022-05-14 08:30 发出，共 2 个群')
    expect(await boss('/公告 进度 1')).toBe('1 号：定于 2022-05-14 08:30 发往 2 个群。')
    vi.setSystemTime(at('2022-05-14 08:29'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(groupsWith('明早')).toEqual([])
    vi.setSystemTime(at('2022-05-14 08:30'))
    await expect.poll(() => groupsWith('明早')).toEqual(['east', 'exchange'])
  })

  it('is not sent hours late when nobody ran at its time, but staff are asked', async () => {
    await boss('/公告 今早八点半开会')
    await boss('/公告 定时 明天 8:30')
    await boss('确认')
    vi.setSystemTime(at('2022-05-14 15:00'))
    const asked =
      '1 号公告定于 2022-05-14 08:30，当时没能发出，已暂停。还要发请发送“/公告 继续 1”，不发请发送“/公告 取消 1”。'
    await expect.poll(() => test.bot.to('private:boss').filter((text) => text === asked)).toHaveLength(1)
    expect(test.bot.to('private:other')).toEqual([asked])
    expect(groupsWith('开会')).toEqual([])
    await boss('/公告 继续 1')
    await expect.poll(() => groupsWith('开会')).toEqual(['east', 'exchange'])
  })

  it('pauses and resumes before its time, and is cancelled', async () => {
    await boss('/公告 通知')
    await boss('/公告 定时 明天 8:30')
    await boss('确认')
    expect(await boss('/公告 暂停 1')).toContain('已暂停')
    vi.setSystemTime(at('2022-05-14 09:00'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(groupsWith('通知')).toEqual([])
    expect(await boss('/公告 暂停 1')).toContain('停不了')
    await boss('/公告 继续 1')
    await expect.poll(() => groupsWith('通知')).toEqual(['east', 'exchange'])
    await boss('/公告 第二个')
    await boss('/公告 定时 5月20日 8点')
    await boss('确认')
    expect(await boss('/公告 取消 2')).toContain('已取消')
    vi.setSystemTime(at('2022-05-20 09:00'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(groupsWith('第二个')).toEqual([])
  })

  it('stops what is still under way, and goes on with just that', async () => {
    // Muted groups wait ten minutes and are tried again.
    test.bot.refusals.set('east', { class: 'muted' })
    await boss('/公告 通知')
    await boss('确认')
    await expect
      .poll(() => boss('/公告 进度 1'))
      .toContain('机器人被禁言，每 10 分钟再试一次，请群管理员解除禁言：城关镇交流群（其他）')
    expect(await boss('/公告 暂停 1')).toContain('1 号：已暂停，2 个群，已送达 1')
    test.bot.refusals.clear()
    vi.setSystemTime(at('2022-05-13 10:30'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(groupsWith('通知')).toEqual(['exchange'])
    await boss('/公告 继续 1')
    await expect.poll(() => groupsWith('通知')).toEqual(['east', 'exchange'])
    expect(test.bot.to('exchange')).toHaveLength(1)
  })

  it('waits out the quiet hours unless staff will not', async () => {
    vi.setSystemTime(at('2022-05-13 22:00'))
    expect(await boss('/公告 夜里')).toContain('发送时间：2022-05-14 07:00。')
    expect(await boss('/公告 立即')).toContain('确认后立即发出')
    await boss('确认')
    await expect.poll(() => groupsWith('夜里')).toEqual(['east', 'exchange'])
  })

  it('is recalled where the platform can', async () => {
    await boss('/公告 写错了')
    await boss('确认')
    await expect.poll(() => boss('/公告 进度 1')).toContain('发送完毕')
    expect(await boss('/公告 撤回 1')).toBe(
      [
        '【撤回预览，1 号】已送达 2 个群。',
        '可以撤回 2 个。',
        '撤回请发送“确认 1”，不撤回请发送“取消”。QQ 群里发出 2 分钟内才能撤回，请尽快。',
      ].join('\n'),
    )
    expect(await boss('取消')).toBe('没有撤回。')
    expect(test.bot.deleted).toEqual([])
    await boss('/公告 撤回 1')
    expect(await boss('确认')).toBe('开始撤回。发送“/公告 进度 1”查看结果。')
    await expect
      .poll(() => boss('/公告 进度 1'))
      .toBe('1 号：已停止，2 个群，已撤回 2，没有撤回 0。\n已撤回：交流群（其他）、城关镇交流群（其他）')
    expect(test.bot.deleted).toHaveLength(2)
    expect(await boss('/公告 撤回 1')).toBe(
      '【撤回预览，1 号】已送达 2 个群。\n都不能撤回。\n请发送“/公告 内容”另发一条更正。',
    )
    expect(test.bot.deleted).toHaveLength(2)
    test.bot.canDelete = false
    await boss('/公告 又写错了')
    await boss('确认')
    await expect.poll(() => boss('/公告 进度 2')).toContain('发送完毕')
    expect(await test.bot.say('stranger', '/公告 撤回 2')).toContain('绑定')
    await boss('/公告 撤回 2')
    await boss('确认')
    await expect
      .poll(() => boss('/公告 进度 2'))
      .toContain('平台没有同意撤回，请群管理员撤回，或另发更正：交流群（其他）、城关镇交流群（其他）')
  })

  it('of two processes one puts it into the outbox', async () => {
    const another = {
      name: 'another',
      inject: announcements.inject,
      apply: (ctx: Context, config: announcements.Config) => announcements.apply(ctx, config),
    }
    const config = announcements.Config({ tickMs: 50 } as announcements.Config)
    // Each process has its own service.
    const fork = test.app.isolate('announcements').plugin(another, config)
    await test.app.lifecycle.flush()
    await boss('/公告 通知')
    await boss('确认')
    await expect.poll(() => boss('/公告 进度 1')).toContain('发送完毕，2 个群，已送达 2')
    expect(test.bot.to('exchange')).toEqual(['【公告】\n通知\n——活动工作专班'])
    const [row] = await test.app.bulk.rows<{ n: number }>(
      `SELECT COUNT(*) AS n FROM space_message WHERE batch = 'announcement/1'`,
    )
    expect(row?.n).toBe(2)
    fork.dispose()
  })

  it('proposes the opening of a phase once, and staff send it', async () => {
    vi.setSystemTime(at('2022-05-21 08:10'))
    await expect.poll(() => test.bot.to('private:boss').length).toBe(1)
    const [proposal] = test.bot.to('private:boss')
    expect(proposal).toContain('今天“报名推荐”开始，建议发公告：')
    expect(test.bot.to('private:other')).toHaveLength(1)
    expect(await boss('/公告 采用 1')).toContain('【公告预览，1 号】')
    expect(await test.bot.say('other', '/公告 采用 1')).toContain('可能已有人采用')
    expect(await boss('确认')).toContain('开始发送')
    vi.setSystemTime(at('2022-05-21 12:10'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(test.bot.to('private:other')).toHaveLength(2)
  })
})

describe('the closing of a phase', () => {
  const proposed = () => test.bot.to('private:boss')

  it('is proposed on its last day, from eight in the morning on, once', async () => {
    vi.setSystemTime(at('2022-05-30 10:00'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    vi.setSystemTime(at('2022-05-31 07:59'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(proposed()).toEqual([])
    vi.setSystemTime(at('2022-05-31 08:00'))
    await expect.poll(() => proposed().length).toBe(1)
    expect(proposed()[0]).toContain('今天“报名推荐”截止')
    expect(proposed()[0]).toContain('还没有上报推荐名单的单位')
    vi.setSystemTime(at('2022-05-31 15:00'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(proposed()).toHaveLength(1)
  })

  it('is not proposed from eight in the evening on', async () => {
    vi.setSystemTime(at('2022-05-31 20:00'))
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(proposed()).toEqual([])
    vi.setSystemTime(at('2022-05-31 19:59'))
    await expect.poll(() => proposed().length).toBe(1)
  })
})

it('/状态 is for staff and says what waits and what failed', async () => {
  expect(await test.bot.say('stranger', '/状态')).not.toContain('连接')
  test.bot.refusals.set('east', { class: 'gone' })
  await boss('/公告 通知')
  await boss('确认')
  await expect
    .poll(() => boss('/状态'))
    .toBe(
      [
        '连接：其他在线（启动后还没有收到消息）。',
        '消息：排队 0，等人@我 0，不确定 0，失败 1，已送达 1。',
        '失败原因：群不存在或机器人不在群里 1。',
      ].join('\n'),
    )
})
