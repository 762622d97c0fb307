// A process that dies at any statement of any act leaves what was there before, and the act can be repeated.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BulkValue } from 'koishi-plugin-space-database'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'
import { fingerprint } from './invariants'

let test: AwardApp
beforeEach(async () => {
  test = await startAwards('2022-05-25 10:00')
})
afterEach(() => test.stop())

const staff = {
  viewer: { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } },
  name: 'boss',
  chat: undefined,
}
const town = {
  viewer: { grants: [{ kind: 'town' as const, town: '城关镇' }], place: { kind: 'private' as const } },
  name: 'town',
  chat: undefined,
}

class Killed extends Error {}

/** Lets so many writing statements pass, then dies at the next; how many there were. */
function killAt(count: number): { restore(): void; seen(): number } {
  const { bulk } = test.app
  const original = {
    run: bulk.run.bind(bulk),
    upsert: bulk.upsert.bind(bulk),
    insert: bulk.insert.bind(bulk),
  }
  let seen = 0
  const pass = () => {
    if (seen++ >= count) throw new Killed()
  }
  bulk.run = (sql: string, params?: readonly BulkValue[]) => {
    pass()
    return original.run(sql, params)
  }
  bulk.upsert = (...args) => {
    pass()
    return original.upsert(...args)
  }
  bulk.insert = (...args) => {
    pass()
    return original.insert(...args)
  }
  return { restore: () => Object.assign(bulk, original), seen: () => seen }
}

/** Dies at each statement in turn, with nothing changed; then lets the act happen. */
async function survive(act: () => Promise<{ ok: boolean }>): Promise<number> {
  const before = await fingerprint(test.app)
  for (let count = 0; ; count++) {
    const kill = killAt(count)
    try {
      const outcome = await act()
      expect(outcome.ok).toBe(true)
      return count
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      kill.restore()
      expect(await fingerprint(test.app)).toBe(before)
    } finally {
      kill.restore()
    }
  }
}

it('every act of a round is all or nothing', async () => {
  const { rounds, nominations, judging, panel, objections, certificates } = test.app.awards
  const step = (to: Parameters<typeof rounds.step>[1]['to']) => survive(() => rounds.step(staff, { to }))
  let deaths = await step('nominating')
  deaths += await survive(() => nominations.draft(town, { award: '优秀教师空间', nominee: '10002' }))
  deaths += await survive(() => nominations.act(town, { id: 1, act: 'submit' }))
  deaths += await step('checking')
  deaths += await survive(() => nominations.act(staff, { id: 1, act: 'accept' }))
  deaths += await step('judging')
  for (const name of ['评委1', '评委2', '评委3'])
    deaths += await survive(() => panel.add(staff, { name, unit: '大学' }))
  deaths += await survive(() => judging.assign(staff, { seed: 1, apply: true }))
  for (const name of ['评委1', '评委2', '评委3']) {
    const of = { award: '优秀教师空间', nominee: '10002' }
    deaths += await survive(() =>
      judging.change(judgeActor(name), of, { act: 'submit', seen: 0, points: [8, 40, 16, 16] }),
    )
  }
  deaths += await step('tallied')
  deaths += await step('publicity')
  deaths += await survive(() =>
    objections.object(staff, { name: '张三', contact: '13800005678', content: '不实' }),
  )
  deaths += await survive(() => objections.step(staff, { id: 1, to: 'rejected', answer: '属实' }))
  test.as('2022-06-08 10:00')
  deaths += await step('decided')
  deaths += await step('commended')
  deaths += await survive(() =>
    certificates.reissue(staff, { number: 'xinzhou-2022-0001', name: '李肆', reason: '' }),
  )
  expect(deaths).toBeGreaterThan(60)
}, 120_000)

it('of two tabs on one sheet the second is told and overwrites nothing', async () => {
  const { rounds, nominations, judging, panel } = test.app.awards
  await rounds.step(staff, { to: 'nominating' })
  await nominations.draft(town, { award: '优秀教师空间', nominee: '10002' })
  await nominations.act(town, { id: 1, act: 'submit' })
  await rounds.step(staff, { to: 'checking' })
  await nominations.act(staff, { id: 1, act: 'accept' })
  await rounds.step(staff, { to: 'judging' })
  await panel.add(staff, { name: '评委1', unit: '大学' })
  await judging.assign(staff, { seed: 1, apply: true })
  const judge = judgeActor('评委1')
  const of = { award: '优秀教师空间', nominee: '10002' }
  const tabs = [1, 2].map((first) =>
    judging.change(judge, of, { act: 'save', seen: 0, points: [first, null, null, null] }),
  )
  const outcomes = await Promise.all(tabs)
  expect(outcomes.map((one) => (one.ok ? 'saved' : one.code)).sort()).toEqual([
    'saved',
    'sheet-changed-meanwhile',
  ])
  const own = await judging.ownSheets(judge)
  const saved = outcomes.findIndex(({ ok }) => ok) + 1
  expect(own.ok && own.value[0]?.points).toEqual([saved, null, null, null])
})
