// The page while a round is judged: what each role gets from every route, searched for who wins.
import { operator } from '@space-assistant/core/access/viewer'
import { awardDocumentKinds } from '@space-assistant/core/awards/document-kinds'
import type { OfficeRoute } from '@space-assistant/core/office/contract'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { cast, startOffice } from './app'
import type { Actor, OfficeApp } from './app'

const award = '优秀教师空间'
const bureau = { viewer: operator, name: 'bureau', chat: undefined }
const judges = ['judge', '评委乙', '评委丙']
const chatOf = (userId: string) => ({ platform: 'mock', selfId: '514', userId })

let office: OfficeApp
beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2022-05-24T01:00:00Z') })
  office = await startOffice()
  await untilJudging()
})
afterAll(async () => {
  await office.stop()
  vi.useRealTimers()
})

async function untilJudging(): Promise<void> {
  const { access, awards } = office.app
  const { rounds, nominations, panel, judging } = awards
  const as = async (userId: string) => ({
    ...{ name: userId, chat: chatOf(userId) },
    viewer: await access.viewer({ ...chatOf(userId), isDirect: true }),
  })
  await rounds.step(bureau, { to: 'nominating' })
  const town = await as(cast.town.userId)
  await nominations.draft(town, { award, nominee: '10002' })
  await nominations.act(town, { id: 1, act: 'submit' })
  await rounds.step(bureau, { to: 'checking' })
  await nominations.act(bureau, { id: 1, act: 'accept' })
  await rounds.step(bureau, { to: 'judging' })
  for (const name of judges) {
    if (name !== 'judge') await access.grants.give(chatOf(name), { kind: 'judge', label: name })
    await panel.add(bureau, { name, unit: '大学' })
  }
  await judging.assign(bureau, { seed: 1, apply: true })
  for (const [at, name] of judges.entries()) {
    const judge = await as(name === 'judge' ? cast.judge.userId : name)
    const points = [8, 43, 16, at ? 16 : 17]
    const given = await judging.change(judge, { award, nominee: '10002' }, { act: 'submit', seen: 0, points })
    expect(given.ok).toBe(true)
  }
}

const outsiders: Actor[] = ['support', 'town', 'judge', 'administrator', 'teacher', 'neighbour', 'stranger']

/** Nobody but staff is answered. */
const refused: [OfficeRoute, unknown][] = [
  ['award-board', { award, page: 1, search: '' }],
  ['award-board', { award: '深度应用优秀个人', page: 1, search: '李四' }],
  ['award-results', {}],
  ['award-log', {}],
  ['award-step', { to: 'publicity', from: 'tallied', reason: '', force: true }],
  ['award-step', { to: 'tallied', from: 'judging', reason: '', force: true }],
  ['award-decide', { award, code: '10002', yes: true, reason: '好' }],
  ['award-exhibit', { award, code: '10002', hidden: false }],
  ['judging', {}],
  ['judging-assign', { seed: 1, apply: false }],
  ['objections', {}],
  ['announcements', {}],
  ...awardDocumentKinds
    .filter((kind) => !['nomination', 'summary', 'sheet'].includes(kind))
    .map((kind): [OfficeRoute, unknown] => ['award-document', { kind, of: '' }]),
]

/** Answered to some; what they get tells nothing. */
const answered: [OfficeRoute, unknown][] = [
  ['welcome', {}],
  ['me', {}],
  ['award-round', {}],
  ['award-conditions', {}],
  ['nominations', {}],
  ['nomination-find', { award, search: '李四' }],
  ['sheets', {}],
  ['zone', {}],
  ['bulletins', {}],
  ['materials', {}],
  ['tickets', { whose: 'mine' }],
  ['schools', { search: '第一' }],
  ['ask', { text: '评优 优秀教师空间 李四' }],
  ['ask', { text: '谁获奖了' }],
  ['ask', { text: '/评优 看板' }],
  ['ask', { text: '导出评优名单' }],
]

/** The mean of the sheets and the words and marks of who is in. */
const telling = /83\.33|"selected":(true|1)|入选|获评|条件都满足|"count":\{/

describe.each(['judging', 'tallied'] as const)('while the round is %s', (state) => {
  beforeAll(async () => {
    if (state === 'judging') return
    expect((await office.app.awards.rounds.step(bureau, { to: state })).ok).toBe(true)
  })

  it.each(outsiders)('%s learns of no winner', async (actor) => {
    const client = await office.as(actor)
    for (const [route, input] of refused) {
      const response = await client.call(route, input)
      const body = await response.text()
      expect(response.status, `${route} ${body}`).toBeGreaterThanOrEqual(400)
      expect(body, route).not.toMatch(telling)
      expect(body, route).not.toMatch(/李四|10002/)
    }
    for (const [route, input] of answered) {
      const body = await (await client.call(route, input)).text()
      expect(body, `${route} ${JSON.stringify(input)}`).not.toMatch(telling)
    }
    const conditions = await client.call('award-conditions')
    const rows = conditions.ok ? ((await conditions.json()) as { rows: unknown[] }).rows : []
    expect(rows).toEqual([])
    // Nothing was moved by asking.
    expect((await office.app.awards.rounds.state()).state).toBe(state)
  })

  it('staff are answered with what is looked for', async () => {
    const client = await office.as('staff')
    const board = await (await client.call('award-board', { award, page: 1, search: '' })).text()
    expect(board).toContain('83.33')
    expect(await (await client.call('award-round')).text()).toMatch(telling)
  })
})
