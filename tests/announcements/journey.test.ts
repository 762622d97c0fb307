// The staff of a district tell sixty groups on three platforms something; seven groups refuse, each in its own way.
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { operator } from '@space-assistant/core/identity/viewer'
import type { Context } from 'koishi'
import { ChatBot } from '../reminders/chat'
import type { Refusal } from '../reminders/chat'
import { startApp } from '../reminders/app'
import type { TestApp } from '../reminders/app'

const platforms = ['qq', 'onebot', 'wecom'] as const
const refusals: Record<string, Refusal> = {
  'qq-1': { class: 'no-permission' },
  'qq-2': { class: 'content' },
  'qq-3': { class: 'gone' },
  'onebot-1': { class: 'muted' },
  'onebot-2': { class: 'server', outcome: 'unknown' },
  'wecom-1': { class: 'rate' },
  'wecom-2': { class: 'auth' },
}
const bots = {} as Record<(typeof platforms)[number], ChatBot>
const forks: { dispose(): boolean }[] = []
let test: TestApp

beforeAll(async () => {
  // Whatever the time is, no quiet hours.
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-13T10:00:00+08:00') })
  test = await startApp({ parts: ['announcements'] })
  const { app } = test
  await app.identity.grant(
    { platform: 'chat', selfId: 'bot', userId: 'boss' },
    { kind: 'staff', label: '电教馆' },
  )
  for (const platform of platforms) {
    const fork = app.plugin({
      name: platform,
      apply: (ctx: Context) => void (bots[platform] = new ChatBot(ctx, { platform })),
    })
    forks.push(fork)
    for (let i = 1; i <= 20; i++) {
      const channelId = `${platform}-${i}`
      const refusal = refusals[channelId]
      if (refusal) bots[platform].refusals.set(channelId, refusal)
      await app.identity.setGroup({ platform, selfId: 'bot', channelId }, { purpose: 'exchange' }, operator)
    }
  }
})
afterAll(async () => {
  for (const fork of forks) fork.dispose()
  await test.stop()
  vi.useRealTimers()
})

const boss = (text: string) => test.bot.say('boss', text)
const arrived = () =>
  platforms.flatMap((platform) => bots[platform].sent.map(({ channelId }) => channelId)).sort()

it('tells 60 groups of which 7 refuse, and staff read why', async () => {
  const preview = await boss('/公告 期末安排请看通知')
  expect(preview).toContain('发往 60 个群（QQ 40 个、企业微信 20 个）。')
  expect(await boss('确认')).toContain('共 60 个群')
  await expect
    .poll(() => boss('/公告 进度 1'), { timeout: 10_000, interval: 100 })
    .toMatch(/^1 号：60 个群，已送达 53，发送中 3，等人@我 1，失败 2，不确定 1。/)
  expect((await boss('/公告 进度 1')).split('\n').slice(1).sort()).toEqual(
    [
      '群主没有允许机器人主动发言，已排队，下次群里有人@我时送达：交流群 1 号（QQ）',
      '没有送达，平台不接受这个内容，请改写后另发一条：交流群 2 号（QQ）',
      '没有送达，群已解散或机器人不在群里，请把机器人拉回群再发送“/公告 重发 1”：交流群 3 号（QQ）',
      '机器人被禁言，每 10 分钟再试一次，请群管理员解除禁言：交流群 21 号（QQ）',
      '不确定是否送达，请到群里看一下：没看到就发送“/公告 重发 1 不确定”，看到了就发送“/公告 已到 1”：交流群 22 号（QQ）',
      '发得太快，平台让等一等，稍后自动再发：交流群 41 号（企业微信）',
      '机器人登录失效，稍后自动再试，请维护人员检查机器人的密钥：交流群 42 号（企业微信）',
    ].sort(),
  )
  const all = platforms.flatMap((platform) => Array.from({ length: 20 }, (_, i) => `${platform}-${i + 1}`))
  expect(arrived()).toEqual(all.filter((id) => !refusals[id]).sort())
  expect(await boss('/公告 回执 1')).toContain('已送达 53 个')
})

it('the group that refused hears it as soon as somebody there speaks', async () => {
  test.app.emit('space/inbound', {
    ...{ platform: 'qq', selfId: 'bot', channelId: 'qq-1', anchorId: 'm1', anchorKind: 'message' },
    at: Date.now(),
  })
  await expect.poll(() => bots.qq.to('qq-1')).toEqual(['期末安排请看通知'])
  await expect.poll(() => boss('/公告 进度 1')).toContain('已送达 54，发送中 3，等人@我 0')
})

it('staff send it again to those that failed, and say that the doubtful one arrived', async () => {
  bots.qq.refusals.delete('qq-2')
  expect(await boss('/公告 重发 1')).toContain('重新发送 2 个群。')
  await expect.poll(() => bots.qq.to('qq-2')).toEqual(['期末安排请看通知'])
  expect(await boss('/公告 已到 1')).toBe('1 个不确定的群已记为送达。')
  await expect.poll(() => boss('/公告 进度 1')).toContain('已送达 56，发送中 3，等人@我 0，失败 1，不确定 0')
  expect(arrived().filter((id) => id === 'qq-4')).toHaveLength(1)
})

it('of two processes one puts it into the outbox', async () => {
  const announcements = await import('koishi-plugin-space-announcements')
  const copy = {
    name: 'another',
    inject: announcements.inject,
    apply: (ctx: Context, config: never) => announcements.apply(ctx, config),
  }
  const fork = test.app.plugin(copy, announcements.Config({ tickMs: 50 } as never) as never)
  await test.app.lifecycle.flush()
  await boss('/公告 第二件事')
  await boss('确认')
  await expect.poll(() => bots.onebot.to('onebot-9')).toEqual(['期末安排请看通知', '第二件事'])
  const [row] = await test.app.bulk.rows<{ n: number }>(
    `SELECT COUNT(*) AS n FROM space_letter WHERE batch = 'announcement/2'`,
  )
  expect(row?.n).toBe(60)
  fork.dispose()
})
