// Whatever whoever asks wherever, nothing tells who wins before it is published.
import { awardRoundStates } from '@space-assistant/core/awards/round'
import type { AwardRoundState } from '@space-assistant/core/awards/round'
import type { Grant } from '@space-assistant/core/access/viewer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { awardDocumentKinds } from '@space-assistant/core/awards/document-kinds'
import type { AwardActor } from '../../plugins/awards/frame'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'

const award = '优秀教师空间'
const actor = (name: string, ...grants: Grant[]): AwardActor => ({
  ...{ name, chat: undefined },
  viewer: { grants, place: { kind: 'private' } },
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })
const outsiders = [
  actor('guest'),
  actor('support', { kind: 'support' }),
  town,
  actor('teacher', { kind: 'teacher', school: 'S1', account: '10002' }),
  actor('administrator', { kind: 'administrator', school: 'S2', account: '20001' }),
  judgeActor('评委1'),
]
const users = ['nobody', 'teacher1', 'admin1', 'admin2', 'town', 'high', 'j1', 'j5']
const questions = [
  ...[
    '/评优',
    '/评优 看板',
    '/评优 进度',
    '/评优 记录',
    '/评优 名单',
    '/评优 优秀教师空间',
    '/评优 文件 获奖名单',
  ],
  ...[
    '/评优 优秀教师空间 李四',
    '/评优 深度应用优秀学校 第一小学',
    '/评优 深度应用优秀个人 我',
    '评优结果',
    '谁获奖了',
  ],
  ...[
    '/评优 文件 公示',
    '/评优 文件 表彰决定',
    '/评优 文件 证书',
    '/评优 文件 评分汇总表',
    '/评优 判定 优秀教师空间 李四 是',
  ],
  ...['/展示', '/证书 xinzhou-2022-0001', '/证书', '/异议', '/异议 1', '/公告', '/公告 1', '/公告 采用 1'],
]
/** What only a result tells. Judges know their own points, which are 80 for everybody. */
const telling = /入选|获评|获奖空间|名单正在公示|是有效的证书|未入选|条件都满足|第 \d+ 名|得分 ?\d/

let test: AwardApp
beforeAll(async () => {
  test = await startAwards('2022-05-25 10:00')
})
afterAll(() => test.stop())

/** How a round comes to each state. */
const ways: Partial<Record<AwardRoundState, () => Promise<unknown>>> = {
  async checking() {
    const { nominations } = test.app.awards
    await nominations.draft(town, { award, nominee: '10002' })
    await nominations.act(town, { id: 1, act: 'submit' })
  },
  judging: () => test.app.awards.nominations.act(boss, { id: 1, act: 'accept' }),
  async tallied() {
    const { panel, judging } = test.app.awards
    for (const name of ['评委1', '评委2', '评委3']) await panel.add(boss, { name, unit: '大学' })
    await judging.assign(boss, { seed: 1, apply: true })
    for (const name of ['评委1', '评委2', '评委3'])
      await judging.change(
        judgeActor(name),
        { award, nominee: '10002' },
        { act: 'submit', seen: 0, points: [8, 40, 16, 16] },
      )
  },
  decided: () => Promise.resolve(test.as('2022-06-08 10:00')),
}

describe('in the state of', () => {
  it.each(awardRoundStates)(
    '%s',
    async (state) => {
      const { rounds } = test.app.awards
      if (state !== 'draft') {
        await ways[state]?.()
        expect(await rounds.step(boss, { to: state })).toMatchObject({ ok: true })
      }
      await askServices(state)
      const isSecret = state === 'judging' || state === 'tallied'
      if (isSecret) await askEverything()
      const prepared = await test.app.database.get('space_announcement', {})
      const isPublished = awardRoundStates.indexOf(state) >= awardRoundStates.indexOf('publicity')
      expect(prepared.length > 0).toBe(isPublished)
    },
    60_000,
  )
})

async function askEverything(): Promise<void> {
  for (const user of users) {
    for (const text of questions) {
      expect(await test.say(user, text), `${user} ${text}`).not.toMatch(telling)
      if (['teacher1', 'admin1', 'town'].includes(user))
        expect(await test.bot.say(user, text, 'exchange'), `${user} ${text} in a group`).not.toMatch(telling)
    }
  }
  // Staff are answered among themselves only.
  for (const text of questions)
    expect(await test.bot.say('boss', text, 'exchange'), `boss ${text}`).not.toMatch(telling)
}

/** The verbs behind the page and the chat. */
async function askServices(state: AwardRoundState): Promise<void> {
  const { awards } = test.app
  const { rounds, boards, judging, panel, objections, certificates, documents } = awards
  const isPublished = awardRoundStates.indexOf(state) >= awardRoundStates.indexOf('publicity')
  for (const who of outsiders) {
    expect((await rounds.results(who)).ok, who.name).toBe(isPublished)
    expect((await certificates.exhibition(who)).ok, who.name).toBe(state === 'exhibited')
    expect(await boards.overview(who), who.name).not.toHaveProperty('counts')
    const refused = await Promise.all([
      ...[boards.boards(who), judging.scores(who), judging.progress(who), panel.members(who)],
      ...[objections.list(who), certificates.all(who), awards.log(who, 5), awards.previewPublicity(who)],
      ...[rounds.step(who, { to: 'back', reason: '试' }), judging.assign(who, { seed: 1, apply: true })],
      rounds.decide(who, { award, code: '10002', yes: true, reason: '试' }),
      certificates.show(who, { award, code: '10002', hidden: true }),
      certificates.reissue(who, { number: 'xinzhou-2022-0001', name: '李肆', reason: '' }),
      judging.voidSheet(who, { award, nominee: '10002', judge: '评委1', reason: '试' }),
      panel.declareConflict(who, { judge: '评委1', nominee: '10002', reason: '试' }),
    ])
    expect(
      refused.map(({ ok }) => ok),
      who.name,
    ).toEqual(refused.map(() => false))
    for (const kind of awardDocumentKinds) {
      const made = await documents.make(who, kind)
      const isOwn = kind === 'nomination' || kind === 'summary' || kind === 'sheet'
      if (!isOwn) expect(made.ok, `${who.name} ${kind}`).toBe(false)
    }
  }
  expect((await judging.ownSheets(judgeActor('评委5'))).ok).toBe(false)
  expect((await judging.ownSheets(boss)).ok).toBe(false)
}
