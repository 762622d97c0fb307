import { operator } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { at } from '../journeys/house'
import { startBulletins } from './house'
import type { BulletinHouse } from './house'

let test: BulletinHouse
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-17 10:00:00') })
  test = await startBulletins()
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
})

const staff = operator
const school: Viewer = {
  account: '10001',
  grants: [{ kind: 'administrator', school: 'S1', account: '10001' }],
  place: { kind: 'private' },
}
const stranger: Viewer = { grants: [], place: { kind: 'private' } }
const [first, second] = [
  { person: 'onebot:5001', name: 'a' },
  { person: 'onebot:5002', name: 'b' },
]
const window = { from: parseDay('2022-01-01') ?? 0, to: parseDay('2022-12-31') ?? 0 }

async function drafted() {
  const { bulletins } = test.house.app
  const outcome = await bulletins.work.draft(staff, first, { window })
  if (!outcome.ok) throw new Error(outcome.code)
  return outcome.value.head
}

const codeOf = (outcome: { ok: true } | { ok: false; code: string }) => (outcome.ok ? 'ok' : outcome.code)

it('who edits, approves or publishes what has changed meanwhile is told so, and nothing is overwritten', async () => {
  const { work, publishing } = test.house.app.bulletins
  const { id, edits } = await drafted()
  const demands = (text: string, seen: number) =>
    work.edit(staff, id, { section: 'demands', text, edits: seen })
  expect(codeOf(await demands('first', edits))).toBe('ok')
  expect(codeOf(await demands('second', edits))).toBe('changed-meanwhile')
  const looked = await work.look(staff, id, first.person)
  if (!looked.ok) throw new Error(looked.code)
  const { bulletin, acts } = looked.value
  expect(bulletin.sections.find(({ part }) => part === 'demands')?.content).toBe('first')
  expect(acts).toEqual(['edit', 'refresh', 'submit', 'drop'])
  const submitted = await work.submit(staff, id, { ...first, edits: bulletin.head.edits })
  if (!submitted.ok) throw new Error(submitted.code)
  const seen = submitted.value.head.edits
  expect(codeOf(await work.set(staff, id, { title: 'other', edits: seen }))).toBe('ok')
  await work.submit(staff, id, first)
  expect(codeOf(await work.approve(staff, id, { ...second, edits: seen }))).toBe('changed-meanwhile')
  const approved = await work.approve(staff, id, second)
  if (!approved.ok) throw new Error(approved.code)
  expect(codeOf(await publishing.publish(staff, id, { edits: seen }))).toBe('changed-meanwhile')
  expect(codeOf(await publishing.publish(staff, id, { edits: approved.value.head.edits }))).toBe('ok')
  expect(codeOf(await publishing.publish(staff, id))).toBe('already-published')
})

it('of two who edit in the same moment one is told so', async () => {
  const { work } = test.house.app.bulletins
  const { id, edits } = await drafted()
  const outcomes = await Promise.all(
    ['a', 'b', 'c'].map((text) => work.edit(staff, id, { section: 'demands', text, edits })),
  )
  expect(outcomes.map(codeOf).sort()).toEqual(['changed-meanwhile', 'changed-meanwhile', 'ok'])
})

it('every verb of staff is refused to a school, and everything to a stranger', async () => {
  const { bulletins } = test.house.app
  const { work, publishing } = bulletins
  const { id } = await drafted()
  const due = new Date(Date.now() + 3_600_000)
  const verbs = (viewer: Viewer) => [
    work.draft(viewer, first, { window }),
    work.correct(viewer, first, { id, why: 'x' }),
    work.edit(viewer, id, { section: 'demands', text: 'x' }),
    work.set(viewer, id, { title: 'x' }),
    work.refresh(viewer, id),
    work.submit(viewer, id, first),
    work.sendBack(viewer, id, { ...first, reason: 'x' }),
    work.approve(viewer, id, second),
    work.schedule(viewer, id, due),
    work.drop(viewer, id),
    work.look(viewer, id, first.person),
    publishing.preview(viewer, id),
    publishing.publish(viewer, id),
    publishing.progress(viewer, id),
  ]
  for (const viewer of [school, stranger]) {
    const codes = new Set((await Promise.all(verbs(viewer))).map(codeOf))
    expect([...codes]).toEqual([viewer === school ? 'staff-only' : 'not-bound'])
  }
  const reads = (viewer: Viewer) => [
    work.show(viewer, id),
    bulletins.file(viewer, id, 'picture'),
    bulletins.file(viewer, id, 'document'),
    bulletins.file(viewer, id, 'table'),
    bulletins.picture(viewer, id),
    bulletins.caption(viewer, id),
  ]
  expect(new Set((await Promise.all(reads(school))).map(codeOf))).toEqual(new Set(['no-such']))
  expect(new Set((await Promise.all(reads(stranger))).map(codeOf))).toEqual(new Set(['not-bound']))
  await work.submit(staff, id, first)
  await work.approve(staff, id, second)
  expect(codeOf(await publishing.publish(staff, id))).toBe('ok')
  expect(new Set((await Promise.all(reads(school))).map(codeOf))).toEqual(new Set(['ok']))
})

it('why a correction was sent back is not what the groups read as its reason', async () => {
  const { bulletins } = test.house.app
  const { work, publishing } = bulletins
  const { id } = await drafted()
  await work.submit(staff, id, first)
  await work.approve(staff, id, second)
  await publishing.publish(staff, id)
  const corrected = await work.correct(staff, first, { id, why: 'one was missing' })
  if (!corrected.ok) throw new Error(corrected.code)
  const next = corrected.value.head.id
  await work.submit(staff, next, first)
  await work.sendBack(staff, next, { ...second, reason: 'the title is too long' })
  const caption = await bulletins.caption(staff, next)
  expect(caption.ok && caption.value).toContain('one was missing')
  expect(caption.ok && caption.value).not.toContain('too long')
  expect(await test.say(`/通报 ${next}`)).toContain('退回原因：the title is too long')
})
