// Files that come after the tally: nothing of the result changes, and staff read how much would.
import { readXlsx } from 'hucre'
import { operator } from '@space-assistant/core/access/viewer'
import type { Grant } from '@space-assistant/core/access/viewer'
import Imports from 'koishi-plugin-space-imports'
import * as exportsPlugin from 'koishi-plugin-space-exports'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { AwardActor } from '../../plugins/awards/frame'
import { csv } from '../formats/fixture'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'

const award = '优秀教师空间'
const actor = (name: string, grant: Grant): AwardActor => ({
  ...{ name, chat: undefined },
  viewer: { grants: [grant], place: { kind: 'private' } },
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })

/** One has retired and one is new. */
const lateRoster = csv(
  ['学校代码', '学校名称', '姓名', '账号', '角色', '状态'],
  ['S1', '第一小学', '李四', '10002', '教师', '退休'],
  ['S1', '第一小学', '周新', '50001', '教师', '在岗'],
)

let test: AwardApp
beforeEach(async () => {
  test = await startAwards('2022-05-25 10:00')
  test.app.plugin(Imports, { keepMinutes: 15 })
  test.app.plugin(exportsPlugin, { dir: 'data/exports', locale: 'zh-CN' })
  await test.app.lifecycle.flush()
  await test.app.model.prepared()
})
afterEach(() => test.stop())

async function untilTallied(): Promise<void> {
  const { rounds, nominations, panel, judging } = test.app.awards
  await rounds.step(boss, { to: 'nominating' })
  await nominations.draft(town, { award, nominee: '10002' })
  await nominations.act(town, { id: 1, act: 'submit' })
  await rounds.step(boss, { to: 'checking' })
  await nominations.act(boss, { id: 1, act: 'accept' })
  await rounds.step(boss, { to: 'judging' })
  for (const name of ['评委1', '评委2', '评委3']) await panel.add(boss, { name, unit: '大学' })
  await judging.assign(boss, { seed: 1, apply: true })
  for (const name of ['评委1', '评委2', '评委3'])
    await judging.change(
      judgeActor(name),
      { award, nominee: '10002' },
      { act: 'submit', seen: 0, points: [8, 40, 16, 16] },
    )
  await rounds.step(boss, { to: 'tallied' })
}

async function take(name: string, bytes: Uint8Array): Promise<void> {
  const { imports } = test.app
  const preview = await imports.preview({ name, bytes }, operator)
  if (!preview.ok) throw new Error(preview.code)
  const stored = await imports.confirm(preview.value.id, operator)
  if (!stored.ok) throw new Error(stored.code)
}

/** Everything that says how the round came out, as people get it. */
async function outcomeNow() {
  const { rounds, boards, documents } = test.app.awards
  const sheetRows = async (bytes: Uint8Array) =>
    (await readXlsx(bytes)).sheets.flatMap(({ rows }) => rows.slice(3))
  const [results, board] = [await rounds.results(boss), await boards.boards(boss, { count: 100 })]
  const list = await documents.make(boss, 'winners')
  const file = await test.app.exports.make(boss.viewer, 'boss', {
    ...{ kind: 'awards', scope: { kind: 'district' }, window: { from: 0, to: 0 } },
  })
  if (!results.ok || !board.ok || !list.ok || !file.ok) throw new Error('refused')
  return {
    results: results.value,
    counts: board.value.map(({ count }) => count),
    listed: await sheetRows(list.value.bytes),
    exported: await sheetRows(file.value.bytes),
  }
}

it('a roster and actions that come later change nothing, and staff read how many places would', async () => {
  await untilTallied()
  const before = await outcomeNow()
  expect(before.results.filter(({ selected }) => selected === 1).length).toBeGreaterThan(10)
  expect(await test.say('boss', '/评优 进度')).not.toContain('会变')
  // One who wins two awards has retired, and a new teacher would be among the first: three places.
  await take('名册.csv', lateRoster)
  await take('明细.csv', csv(['账号', '指标', '时间', '次数'], ['50001', '资源建设', '2022-05-20', 4]))
  expect(await test.say('boss', '/评优 进度')).toContain('数据已更新：按现在的数据，有 3 处会变。')
  expect(await outcomeNow()).toEqual(before)
  // Nobody else is told, neither before the list is published nor after.
  for (const user of ['teacher1', 'admin1', 'town', 'j1', 'nobody'])
    expect(await test.say(user, '/评优 进度'), user).not.toContain('会变')

  const { rounds } = test.app.awards
  expect((await rounds.step(boss, { to: 'publicity' })).ok).toBe(true)
  expect(await outcomeNow()).toEqual(before)
  expect(await test.say('boss', '/评优 进度')).toContain('有 3 处会变')
  // The published list holds for whoever asks about somebody.
  expect(await test.say('admin1', '/评优 深度应用优秀学校 第一小学')).toContain('第一小学')
  // Staff who want the new data tally again, and then nothing differs.
  await rounds.step(boss, { to: 'back', reason: '数据更新' })
  await rounds.step(boss, { to: 'back', reason: '数据更新' })
  await rounds.step(boss, { to: 'tallied' })
  expect(await test.say('boss', '/评优 进度')).not.toContain('会变')
  const after = await outcomeNow()
  const winners = ({ results }: typeof before) =>
    results.filter(({ selected }) => selected === 1).map(({ award: name, code }) => `${name} ${code}`)
  expect(winners(before).filter((one) => !winners(after).includes(one))).toEqual([
    '优秀教师空间 10002',
    '深度应用优秀个人 10002',
  ])
  expect(winners(after).filter((one) => !winners(before).includes(one))).toEqual(['深度应用优秀个人 50001'])
}, 60_000)
