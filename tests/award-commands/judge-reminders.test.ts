// Reminders to judges in a round that goes on from day to day: who reads what on which day, through the outbox.
import type { Grant } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AwardActor } from '../../plugins/awards/frame'
import { at, judgeActor, startAwards } from './app'
import type { AwardApp } from './app'

const award = '优秀教师空间'
const actor = (name: string, grant: Grant): AwardActor => ({
  ...{ name, chat: undefined },
  viewer: { grants: [grant], place: { kind: 'private' } },
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })

let test: AwardApp
beforeEach(async () => {
  test = await startAwards('2022-05-25 10:00')
  const { rounds, nominations, panel, judging } = test.app.awards
  await rounds.step(boss, { to: 'nominating' })
  for (const nominee of ['10002', '20002']) {
    const drafted = await nominations.draft(town, { award, nominee })
    if (drafted.ok) await nominations.act(town, { id: drafted.value.row.id, act: 'submit' })
  }
  await rounds.step(boss, { to: 'checking' })
  for (const id of [1, 2]) await nominations.act(boss, { id, act: 'accept' })
  await rounds.step(boss, { to: 'judging' })
  // The sixth is on the panel without a sheet, the seventh cannot be reached.
  for (const name of ['评委1', '评委2', '评委3', '评委7']) await panel.add(boss, { name, unit: '大学' })
  await judging.assign(boss, { seed: 1, apply: true })
  await panel.add(boss, { name: '评委6', unit: '大学' })
})
afterEach(() => test.stop())

const submit = (judge: string, nominee: string) =>
  test.app.awards.judging.change(
    judgeActor(judge),
    { award, nominee },
    { act: 'submit', seen: 0, points: [8, 40, 16, 16] },
  )

/** What each judge has read so far, in order. */
const read = () =>
  Object.fromEntries([1, 2, 3, 4, 5, 6].map((number) => [number, test.bot.to(`private:j${number}`)]))

/** Waits until a day's reminders are planned, and everything that the outbox has is sent. */
async function dayAt(time: string): Promise<void> {
  test.as(time)
  await test.app.awards.remindJudges(at(time))
  const waiting = async () => {
    const messages = await test.app.database.get('space_message', {})
    return messages.filter(({ state }) => state === 'pending' || state === 'leased').length
  }
  await expect.poll(waiting, { timeout: 10_000 }).toBe(0)
}

const open = (text: string, count: number) => text.replace('{n}', String(count))
const start = '评审从今天开始，您有 {n} 份评分表，2022-06-10 截止。发送“/评审”开始。'
const half = '评审已过半，您还有 {n} 份评分表没有提交，2022-06-10 截止。发送“/评审”继续。'
const three = '评审还有 3 天截止（2022-06-10），您还有 {n} 份评分表没有提交。发送“/评审”继续。'
const one = '评审明天截止（2022-06-10），您还有 {n} 份评分表没有提交。发送“/评审”继续。'
const last = '评审今天截止（2022-06-10），您还有 {n} 份评分表没有提交。发送“/评审”继续。'

describe('judges with open sheets, and nobody else, are reminded', () => {
  it('on the first day, in the middle, and 3, 1 and 0 days before the end, each day once', async () => {
    await submit('评委1', '10002')
    for (let day = 25; day <= 31; day++) await dayAt(`2022-05-${day} 10:00`)
    expect(read()).toEqual({ 1: [], 2: [], 3: [], 4: [], 5: [], 6: [] })
    for (let day = 1; day <= 12; day++) {
      const date = `2022-06-${String(day).padStart(2, '0')}`
      // Before nine and in the evening nobody is disturbed; a second look on a day says nothing more.
      for (const time of ['08:59', '10:00', '10:01', '19:59', '20:00']) await dayAt(`${date} ${time}`)
      if (day === 2) for (const nominee of ['10002', '20002']) await submit('评委2', nominee)
      if (day === 5) await submit('评委1', '20002')
      if (day === 7) await submit('评委3', '10002')
    }
    expect(read()).toEqual({
      1: [open(start, 1), open(half, 1)],
      2: [open(start, 2)],
      3: [open(start, 2), open(half, 2), open(three, 2), open(one, 1), open(last, 1)],
      4: [],
      5: [],
      6: [],
    })
  }, 60_000)

  it('not of sheets that are recused or void, and not once the round is tallied', async () => {
    const { judging, rounds } = test.app.awards
    for (const nominee of ['10002', '20002']) {
      const recuse = { act: 'recuse' as const, seen: 0, reason: '亲属' }
      await judging.change(judgeActor('评委1'), { award, nominee }, recuse)
      await judging.voidSheet(boss, { award, nominee, judge: '评委2', reason: '填错' })
    }
    await dayAt('2022-06-01 10:00')
    expect(read()).toMatchObject({ 1: [], 2: [], 3: [open(start, 2)] })
    expect((await rounds.step(boss, { to: 'tallied', force: true })).ok).toBe(true)
    await dayAt('2022-06-10 10:00')
    expect(read()).toMatchObject({ 3: [open(start, 2)] })
  }, 60_000)

  it('again of a sheet that was taken up again', async () => {
    for (const nominee of ['10002', '20002']) await submit('评委3', nominee)
    await dayAt('2022-06-01 10:00')
    expect(read()).toMatchObject({ 3: [] })
    await test.app.awards.judging.change(
      judgeActor('评委3'),
      { award, nominee: '10002' },
      { act: 'reopen', seen: 1 },
    )
    await dayAt('2022-06-09 10:00')
    expect(read()).toMatchObject({ 3: [open(one, 1)] })
  }, 60_000)
})
