// What was decided is gone through again, people move, judges drop out: nothing of before holds by mistake.
import type { RosterRow } from '@space-assistant/core/formats/rows'
import type { Grant } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AwardActor } from '../../plugins/awards/frame'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'

const actor = (name: string, ...grants: Grant[]): AwardActor => ({
  ...{ name, chat: undefined },
  viewer: { grants, place: { kind: 'private' } },
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })
const award = '优秀教师空间'
const winner = 'xinzhou-2022-0013'

let test: AwardApp
beforeEach(async () => {
  test = await startAwards('2022-05-25 10:00')
})
afterEach(() => test.stop())

const schoolNames: Record<string, string> = { S1: '第一小学', S2: '第二小学', S3: '新堤中学' }
const moved = (account: string, name: string, schoolCode: string): RosterRow => ({
  ...{ row: 1, account, name, schoolCode, schoolName: schoolNames[schoolCode] ?? '' },
  ...{ roles: ['teacher'], opened: true },
})

function takeRoster(importId: number, ...rows: RosterRow[]): Promise<void> {
  const { app } = test
  return app.database.withTransaction(() => app.roster.store(app.roster.planRoster(rows), importId))
}

async function untilJudging(nominees: readonly string[], judges: Record<string, string>): Promise<void> {
  const { rounds, nominations, panel, judging } = test.app.awards
  await rounds.step(boss, { to: 'nominating' })
  for (const nominee of nominees) {
    const drafted = await nominations.draft(town, { award, nominee })
    if (drafted.ok) await nominations.act(town, { id: drafted.value.row.id, act: 'submit' })
  }
  await rounds.step(boss, { to: 'checking' })
  for (const at of nominees.keys()) await nominations.act(boss, { id: at + 1, act: 'accept' })
  await rounds.step(boss, { to: 'judging' })
  for (const [name, unit] of Object.entries(judges)) await panel.add(boss, { name, unit })
  await judging.assign(boss, { seed: 1, apply: true })
}

const submit = (judge: string, nominee: string, points = [8, 40, 16, 16], seen = 0) =>
  test.app.awards.judging.change(judgeActor(judge), { award, nominee }, { act: 'submit', seen, points })

const three = { 评委1: '大学', 评委2: '大学', 评委3: '大学' }

/** Both nominees win and are commended. */
async function untilCommended(): Promise<void> {
  const { rounds } = test.app.awards
  await untilJudging(['10002', '20002'], three)
  for (const judge of Object.keys(three))
    for (const nominee of ['10002', '20002']) await submit(judge, nominee)
  await rounds.step(boss, { to: 'tallied' })
  for (const code of ['10002', '20002']) await rounds.decide(boss, { award, code, yes: true, reason: '并列' })
  await rounds.step(boss, { to: 'publicity' })
  test.as('2022-06-08 10:00')
  await rounds.step(boss, { to: 'decided' })
  await rounds.step(boss, { to: 'commended' })
}

describe('a decision that is gone through again', () => {
  beforeEach(untilCommended)

  it('leads to a new publicity period only, and certificates say so meanwhile', async () => {
    expect(await test.say('nobody', `/证书 ${winner}`)).toContain('是有效的证书')
    expect(await test.say('boss', '/评优 退回 名单有误')).toContain('公示期 2022-06-09 至 2022-06-15')
    expect(await test.say('nobody', `/证书 ${winner}`)).toBe(
      `编号 ${winner} 所在的评选正在更正，结果公布后再查。`,
    )
    test.as('2022-06-16 10:00')
    await test.say('boss', '/评优 进入 决定')
    await test.say('boss', '/评优 进入 表彰')
    expect(await test.say('nobody', `/证书 ${winner}`)).toContain('是有效的证书')
  })

  it('takes the certificate back of who does not win any more, and leaves those of the others', async () => {
    const { rounds } = test.app.awards
    await rounds.step(boss, { to: 'back', reason: '材料不实' })
    await rounds.step(boss, { to: 'back', reason: '材料不实' })
    await rounds.decide(boss, { award, code: '10002', yes: false, reason: '材料不实' })
    await rounds.step(boss, { to: 'publicity' })
    test.as('2022-06-20 10:00')
    await rounds.step(boss, { to: 'decided' })
    await rounds.step(boss, { to: 'commended' })
    expect(await test.say('nobody', `/证书 ${winner}`)).toBe(`编号 ${winner} 的证书已经撤销，不再有效。`)
    expect(await test.say('nobody', '/证书 xinzhou-2022-0014')).toContain('是有效的证书')
    expect(await test.say('boss', `/证书 更正 ${winner} 李肆 错字`)).toContain('已经撤销')
  })

  it('gives another certificate to whose name the roster has corrected', async () => {
    const { rounds } = test.app.awards
    await takeRoster(30, moved('10002', '李肆', 'S1'))
    await rounds.step(boss, { to: 'back', reason: '姓名有误' })
    test.as('2022-06-20 10:00')
    await rounds.step(boss, { to: 'decided' })
    await rounds.step(boss, { to: 'commended' })
    expect(await test.say('nobody', `/证书 ${winner}`)).toContain('已更换，现在有效的是 xinzhou-2022-00')
  })
})

describe('an announcement that is not true any more', () => {
  it('is withdrawn before staff have sent it', async () => {
    const { rounds } = test.app.awards
    await untilJudging(['10002'], three)
    for (const judge of Object.keys(three)) await submit(judge, '10002')
    await rounds.step(boss, { to: 'tallied' })
    await rounds.step(boss, { to: 'publicity' })
    const states = async () =>
      (await test.app.database.get('space_announcement', {})).map(({ state }) => state)
    expect(await states()).toEqual(['proposed'])
    await rounds.step(boss, { to: 'back', reason: '名单有误' })
    expect(await states()).toEqual(['cancelled'])
    test.as('2022-05-26 10:00')
    await rounds.step(boss, { to: 'publicity' })
    expect(await states()).toEqual(['cancelled', 'proposed'])
  })
})

it('nothing is judged before the tally where no condition asks for it', async () => {
  const outcome = await test.app.awards.rounds.decide(boss, {
    ...{ award: '深度应用优秀学校', code: 'S1', yes: true, reason: '好' },
  })
  expect(outcome).toMatchObject({ ok: false, code: 'no-judgement' })
})

it('an objection from before that is upheld in the new publicity period stands in the way of the decision', async () => {
  const { rounds, objections } = test.app.awards
  await untilJudging(['10002'], three)
  for (const judge of Object.keys(three)) await submit(judge, '10002')
  await rounds.step(boss, { to: 'tallied' })
  await rounds.step(boss, { to: 'publicity' })
  await objections.object(actor('guest'), { name: '张三', contact: '13800005678', content: '不实' })
  test.as('2022-05-26 10:00')
  await rounds.step(boss, { to: 'back', reason: '名单有误' })
  await rounds.step(boss, { to: 'publicity' })
  await objections.step(boss, { id: 1, to: 'upheld', answer: '属实' })
  test.as('2022-06-20 10:00')
  expect(await rounds.step(boss, { to: 'decided' })).toMatchObject({ ok: false, code: 'objections-upheld' })
})

describe('a conflict', () => {
  it('is one with the school that the judge has left in the course of the year, at every moment', async () => {
    const { judging, panel, rounds } = test.app.awards
    await takeRoster(20, moved('30001', '孙八', 'S1'))
    await takeRoster(21, moved('30001', '孙八', 'S3'))
    await untilJudging(['10002', '20002'], three)
    await panel.add(boss, { name: '评委4', unit: '区电教馆', account: '30001' })
    const plan = await judging.assign(boss, { seed: 1, apply: true })
    expect(plan.ok && plan.value[0]?.sheets.get('评委4')).toEqual(['20002'])
    expect(await submit('评委4', '10002')).toMatchObject({ ok: false, code: 'no-such-sheet' })
    await rounds.step(boss, { to: 'tallied', force: true })
  })

  it('that arises after the sheet was submitted takes it out of the tally, and the sheet stays', async () => {
    const { judging, panel } = test.app.awards
    await untilJudging(['10002'], three)
    await panel.add(boss, { name: '评委4', unit: '区电教馆', account: '30001' })
    await judging.assign(boss, { seed: 1, apply: true })
    for (const judge of [...Object.keys(three), '评委4']) await submit(judge, '10002')
    const counted = async () => {
      const scores = await judging.scores(boss)
      return scores.ok && scores.value[0]?.nominees[0]?.result
    }
    expect(await counted()).toMatchObject({ sheets: 4, counted: 4 })
    await takeRoster(20, moved('30001', '孙八', 'S1'))
    expect(await counted()).toMatchObject({ sheets: 4, counted: 3 })
    const own = await judging.ownSheets({
      ...judgeActor('评委4'),
      viewer: { ...judgeActor('评委4').viewer, account: '30001' },
    })
    expect(own.ok && own.value[0]?.conflict).toBe('same-school')
  })

  it('is one with the school that the nominee has left', async () => {
    const { judging } = test.app.awards
    await untilJudging(['20002'], { ...three, 评委4: '新堤中学' })
    for (const judge of ['评委1', '评委2', '评委3', '评委4']) await submit(judge, '20002')
    await takeRoster(20, moved('20002', '钱七', 'S3'))
    await takeRoster(21, moved('20002', '钱七', 'S2'))
    const scores = await judging.scores(boss)
    expect(scores.ok && scores.value[0]?.nominees[0]?.result).toMatchObject({ sheets: 4, counted: 3 })
  })

  it('is one with oneself under another account', async () => {
    const { judging } = test.app.awards
    await test.bind('j2', '10002')
    await untilJudging(['10002', '20002'], three)
    const own = await judging.ownSheets(judgeActor('评委2'))
    expect(own.ok && own.value.map(({ row }) => row.nominee)).toEqual(['20002'])
  })
})

describe('sheets that are shared out again', () => {
  it('keep what is begun with its number, and no number comes twice', async () => {
    const { judging, panel } = test.app.awards
    await untilJudging(['10002', '20002', '10003'], three)
    await submit('评委1', '20002')
    await panel.add(boss, { name: '评委4', unit: '大学' })
    for (const seed of [2, 3]) await judging.assign(boss, { seed, apply: true })
    const own = await judging.ownSheets(judgeActor('评委1'))
    const rows = own.ok ? own.value.map(({ row }) => row) : []
    expect(rows.find(({ nominee }) => nominee === '20002')).toMatchObject({ number: 2, state: 'submitted' })
    expect(new Set(rows.map(({ number }) => number)).size).toBe(3)
  })
})
