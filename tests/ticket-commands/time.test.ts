import { readXlsx } from 'hucre'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { h } from 'koishi'
import { startApp } from './app'
import { RecordingBot } from './recording-bot'
import type { TestApp } from './app'

let test: TestApp

beforeEach(async () => {
  test = await startApp()
  await test.group('gs', 'support')
  await test.grant('helper', 'support')
  await test.grant('boss', 'staff')
})
afterEach(() => test.stop())

const tickets = () => test.app.tickets
const ticket = async (number: number) => (await test.app.database.get('space_ticket', { number }))[0]!
/** Ticks when the clock of a ticket rings. */
const ring = async (number: number) => tickets().tick((await ticket(number)).timerDue!)

/** Moves a ticket into the past, as if it had been reported then. */
async function backdate(number: number, at: Date): Promise<void> {
  const times = { reportedAt: at, dueSince: at, changedAt: at }
  await test.app.database.set('space_ticket', { number }, times)
  await test.app.database.set('space_ticket_event', { ticket: number }, { at })
}

describe('silence after the resolution', () => {
  beforeEach(async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('helper', '/办结 1001 已修复', 'gs')
  })

  it('is warned of once, then closes; reopened it is alive', async () => {
    const due = (await ticket(1001)).timerDue!
    await tickets().tick(new Date(due.getTime() - 1000))
    expect((await ticket(1001)).timer).toBe('warn')
    await Promise.all([tickets().tick(due), tickets().tick(due)])
    await tickets().tick(due)
    await test.next('g1', '即将自动关闭')
    await ring(1001)
    await test.next('g1', '已关闭')
    expect((await ticket(1001)).state).toBe('closed')
    expect(test.heard('g1').filter(({ text }) => text.includes('关闭'))).toEqual([])
    expect(await test.say('li', '/重开 1001', 'g1')).toContain('已重新打开')
  })

  it('is stopped by the reporter', async () => {
    await ring(1001)
    await test.next('g1', '/保留 1001')
    expect(await test.say('li', '/保留 1001', 'g1')).toContain('暂不关闭')
    await test.next('gs', '希望暂不关闭')
    expect(await ticket(1001)).toMatchObject({ state: 'resolved', timer: 'warn' })
  })

  it('of a question closes for want of a reply', async () => {
    await test.say('li', '/反馈 声音放不出来，没有声音', 'g1')
    await test.say('helper', '/追问 1002 哪个课件', 'gs')
    await ring(1002)
    await ring(1002)
    await test.next('gs', '没有回复')
    expect(await ticket(1002)).toMatchObject({ state: 'closed', reason: 'no-reply' })
  })
})

describe('what waits too long', () => {
  it('is told once per time of day, to the support group and to staff', async () => {
    await test.group('gt', 'staff')
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('wang', '/反馈 登录不上去', 'g2')
    // Tuesday and Wednesday of a week without holidays.
    await backdate(1001, new Date('2026-11-24T09:00:00+08:00'))
    await backdate(1002, new Date('2026-11-24T17:25:00+08:00'))
    await tickets().tick(new Date('2026-11-25T08:59:00+08:00'))
    await tickets().tick(new Date('2026-11-25T09:05:00+08:00'))
    await tickets().tick(new Date('2026-11-25T09:06:00+08:00'))
    const digest = await test.next('gs', '等待过久的反馈 1 个')
    expect(digest.text).toContain('#1001 还没有首次答复')
    expect(digest.text).not.toContain('#1002')
    await test.next('gt', '#1001 还没有首次答复')
    await tickets().tick(new Date('2026-11-28T09:05:00+08:00'))
    expect(test.heard('gs').filter(({ text }) => text.includes('等待过久'))).toEqual([])
  })

  it('last week is told on Monday, and exported on demand to those who may', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('helper', '/办结 1001 已修复', 'gs')
    await backdate(1001, new Date('2026-11-25T09:00:00+08:00'))
    await tickets().tick(new Date('2026-11-30T08:50:00+08:00'))
    expect((await test.next('gs', '2026-11-23 至 2026-11-29 的反馈')).text).toContain('功能故障：新增 1')
    expect(await test.say('li', '/工单 导出')).not.toContain('[file]')
    expect(await test.say('boss', '/工单 导出 50')).toContain('统计和清单')
    const file = RecordingBot.sent.flatMap(({ elements }) => h.select(elements, 'file')).at(-1)!
    const bytes = Buffer.from(String(file.attrs['src']).split(',')[1]!, 'base64')
    const book = await readXlsx(bytes)
    expect(book.sheets.map(({ name }) => name)).toEqual(['合计', '按分类', '按学校', '按受理人', '清单'])
  })
})

describe('retention', () => {
  it('erases persons and texts of what was closed long ago, and keeps the figures', async () => {
    await test.say('li', '/反馈 页面打不开', 'g1')
    await test.say('li', '/已解决 1001', 'g1')
    await tickets().tick(new Date(Date.now() + 366 * 86_400_000))
    expect(await ticket(1001)).toMatchObject({ state: 'erased', title: '', category: 'fault' })
    expect(await test.app.database.get('space_ticket_person', {})).toEqual([])
  })
})
