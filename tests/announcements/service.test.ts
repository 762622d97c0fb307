import { operator } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startApp } from '../reminders/app'
import type { TestApp } from '../reminders/app'

const at = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`)
let test: TestApp
beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: at('2022-05-13 10:00') })
  test = await startApp({ parts: ['announcements'] })
  await test.group('exchange', 'exchange')
  await test.group('east', 'exchange', { town: '城关镇' })
})
afterEach(async () => {
  await test.stop()
  vi.useRealTimers()
})

const who = { platform: 'chat', selfId: 'bot', userId: 'boss' }
const codeOf = (outcome: { ok: true } | { ok: false; code: string }) => (outcome.ok ? 'ok' : outcome.code)
const sentTo = (text: string) =>
  test.bot.sent.filter((each) => each.text.includes(text)).map(({ channelId }) => channelId)

it('the page writes, previews with the exact audience, confirms and follows what the chat does', async () => {
  const { announcements } = test.app
  const written = await announcements.write(operator, who, { text: '请 <各校> 周五前完成。', asks: true })
  if (!written.ok) throw new Error(written.code)
  const { row, targets, platforms } = written.value
  expect(targets.map(({ ref }) => ref.channelId).sort()).toEqual(['east', 'exchange'])
  expect(platforms).toMatchObject([{ platform: 'chat', groups: 2 }])
  expect(platforms[0]?.messages).toHaveLength(1)
  expect(platforms[0]?.messages[0]).toMatch(/^【公告】\n请 <各校> 周五前完成。\n.*收到/)
  const revised = await announcements.revise(operator, who, { audience: '城关镇' })
  expect(revised.ok && revised.value.targets.map(({ ref }) => ref.channelId)).toEqual(['east'])
  expect(codeOf(await announcements.revise(operator, who, { audience: '' }))).toBe('ok')
  expect(codeOf(await announcements.revise(operator, who, { due: at('2022-05-13 09:00') }))).toBe('past')
  expect(sentTo('周五')).toEqual([])
  expect(codeOf(await announcements.confirm(operator, { ...who, userId: 'other' }, row.id))).toBe('no-draft')
  const confirmed = await announcements.confirm(operator, who, row.id)
  expect(confirmed.ok && confirmed.value.changed).toBe(false)
  await vi.waitFor(() => expect(sentTo('周五').sort()).toEqual(['east', 'exchange']), { timeout: 10_000 })
  await vi.waitFor(
    async () => {
      const progress = await announcements.sent.progress(operator, row.id)
      expect(progress.ok && progress.value.counts.sent).toBe(2)
    },
    { timeout: 10_000 },
  )
  const standing = await announcements.answers.standing(operator, row.id)
  expect(standing.ok && standing.value.missing.length).toBeGreaterThan(0)
  expect(codeOf(await announcements.confirm(operator, who, row.id))).toBe('no-draft')
})

it('a group that has come since the preview is shown before anything is sent', async () => {
  const { announcements } = test.app
  const written = await announcements.write(operator, who, { text: '周五', asks: false })
  if (!written.ok) throw new Error(written.code)
  await test.group('late', 'exchange')
  const confirmed = await announcements.confirm(operator, who, written.value.row.id)
  expect(confirmed.ok && confirmed.value.changed).toBe(true)
  expect(sentTo('周五')).toEqual([])
})

it('nothing of it is for a school or a stranger', async () => {
  const { announcements } = test.app
  const school: Viewer = {
    account: '10001',
    grants: [{ kind: 'administrator', school: 'S1', account: '10001' }],
    place: { kind: 'private' },
  }
  const written = await announcements.write(operator, who, { text: '周五', asks: true })
  if (!written.ok) throw new Error(written.code)
  const { id } = written.value.row
  for (const viewer of [school, { grants: [], place: { kind: 'private' } } satisfies Viewer]) {
    const { sent, answers } = announcements
    const outcomes = await Promise.all([
      announcements.write(viewer, who, { text: 'x', asks: false }),
      announcements.preview(viewer, who),
      announcements.revise(viewer, who, { audience: '' }),
      announcements.adopt(viewer, who, id),
      announcements.drop(viewer, who),
      announcements.confirm(viewer, who, id),
      sent.list(viewer),
      sent.progress(viewer, id),
      sent.pause(viewer, id),
      sent.resume(viewer, id),
      sent.cancel(viewer, id),
      sent.resend(viewer, id, true),
      sent.arrived(viewer, id),
      sent.recallable(viewer, id),
      sent.recall(viewer, id),
      answers.standing(viewer, id),
      answers.remind(viewer, id),
    ])
    expect(new Set(outcomes.map(codeOf))).toEqual(new Set([viewer === school ? 'staff-only' : 'not-bound']))
  }
  expect(codeOf(await announcements.preview(operator, who))).toBe('ok')
})
