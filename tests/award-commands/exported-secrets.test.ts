// What the parts beside the awards make of a round that is judged: exports, bulletins, announcements in the making.
import { readXlsx } from 'hucre'
import type { Grant } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import * as bulletins from 'koishi-plugin-space-bulletins'
import * as exportsPlugin from 'koishi-plugin-space-exports'
import Imports from 'koishi-plugin-space-imports'
import * as pictures from 'koishi-plugin-space-pictures'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AwardActor } from '../../plugins/awards/frame'
import { exportKinds } from '../../plugins/exports/ask'
import { planRows } from '../scoreboard/rows'
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
  ...[actor('guest'), actor('support', { kind: 'support' }), town, judgeActor('评委1')],
  actor('teacher', { kind: 'teacher', school: 'S1', account: '10002' }),
  actor('administrator', { kind: 'administrator', school: 'S1', account: '10001' }),
]
/** The mean of the sheets, and the words for who is in and out. */
const telling = /83\.33|入选|获评|获奖|待定|xinzhou-2022-\d/

let test: AwardApp
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'space-secrets-'))
  test = await startAwards('2022-05-25 10:00')
  const { app } = test
  app.plugin(Imports, { keepMinutes: 15 })
  app.plugin(pictures, pictures.Config({} as pictures.Config))
  app.plugin(exportsPlugin, { dir: join(folder, 'exports'), locale: 'zh-CN' })
  app.plugin(bulletins, bulletins.Config({ dir: join(folder, 'bulletins') } as bulletins.Config))
  await new Promise<void>((done) => app.inject(['exports', 'bulletins'], () => done()))
  await app.model.prepared()
  // Bulletins are written from fresh data only.
  const day = parseDay('2022-05-24') ?? 0
  const row = { row: 1, account: '20002', indicator: '资源建设', count: 1, attributes: {}, valid: true }
  const plan = await planRows(app, { rows: [{ ...row, day }], withIds: false })
  await app.database.withTransaction(() => app.scoreboard.store(plan, 20))
  await untilJudging()
})
afterAll(async () => {
  await test.stop()
  rmSync(folder, { recursive: true })
})

async function untilJudging(): Promise<void> {
  const { rounds, nominations, panel, judging } = test.app.awards
  await rounds.step(boss, { to: 'nominating' })
  await nominations.draft(town, { award, nominee: '10002' })
  await nominations.act(town, { id: 1, act: 'submit' })
  await rounds.step(boss, { to: 'checking' })
  await nominations.act(boss, { id: 1, act: 'accept' })
  await rounds.step(boss, { to: 'judging' })
  for (const name of ['评委1', '评委2', '评委3']) await panel.add(boss, { name, unit: '大学' })
  await judging.assign(boss, { seed: 1, apply: true })
  for (const [name, last] of Object.entries({ 评委1: 16, 评委2: 16, 评委3: 17 })) {
    const points = [8, 43, 16, last]
    await judging.change(judgeActor(name), { award, nominee: '10002' }, { act: 'submit', seen: 0, points })
  }
}

async function textOfExport(
  who: AwardActor,
  kind: (typeof exportKinds)[number],
): Promise<string | undefined> {
  const ask = { kind, scope: { kind: 'district' as const }, window: { from: 18900, to: 19400 } }
  const made = await test.app.exports.make(who.viewer, who.name, ask)
  if (!made.ok) return undefined
  return JSON.stringify((await readXlsx(made.value.bytes)).sheets.map(({ rows }) => rows))
}

describe.each(['judging', 'tallied'] as const)('while the round is %s', (state) => {
  beforeAll(async () => {
    if (state === 'tallied') expect((await test.app.awards.rounds.step(boss, { to: state })).ok).toBe(true)
  })

  it('no export tells anybody but staff who wins', async () => {
    for (const who of outsiders) {
      expect(await textOfExport(who, 'awards'), who.name).toBeUndefined()
      for (const kind of exportKinds)
        expect((await textOfExport(who, kind)) ?? '', `${who.name} ${kind}`).not.toMatch(telling)
    }
    // What is looked for is there for staff.
    expect(await textOfExport(boss, 'awards')).toMatch(/83\.33/)
    expect(await textOfExport(town, 'nominations')).toContain('李四')
  })

  it.each(['nobody', 'teacher1', 'admin1', 'admin2', 'town', 'high', 'j1', 'j5'])(
    '%s gets neither a file nor a word of it in chat',
    async (user) => {
      for (const text of ['/导出 评优', '/导出 评优名单', '/导出 看板', '导出评优名单']) {
        for (const group of [undefined, 'exchange']) {
          const answer = await test.bot.say(user, text, group)
          expect(answer, `${user} ${text}`).not.toMatch(/83\.33|入选|获评|李四|\[file\]/)
          if (!group) expect(answer, `${user} ${text}`).not.toBe('')
        }
      }
      for (const text of ['/通报', '/通报 1', '/通报 预览 1', '/通报 起草', '/公告', '/公告 1', '/公告 草稿'])
        expect(await test.say(user, text), `${user} ${text}`).not.toMatch(/83\.33|入选|获评|\[file\]/)
      expect(test.bot.to(`private:${user}`).join()).not.toContain('[file]')
    },
  )

  it('what staff export in a group goes to them alone', async () => {
    const before = test.bot.to('exchange').length
    await test.bot.say('boss', '/导出 评优', 'exchange')
    await expect.poll(() => test.bot.to('private:boss').at(-1), { timeout: 10_000 }).toContain('[file]')
    expect(test.bot.to('exchange').slice(before).join()).not.toMatch(/83\.33|入选|李四|\[file\]/)
  })

  it('a bulletin and an announcement that staff draft hold nothing of it', async () => {
    const drafted = await test.say('boss', '/通报 起草')
    expect(drafted).toContain('通报')
    expect(drafted).toContain('第一小学')
    expect(drafted).not.toMatch(telling)
    const [bulletin] = await test.app.database.get('space_bulletin', {}, { sort: { id: 'desc' } })
    const sections = await test.app.bulk.rows('SELECT * FROM space_bulletin_section')
    expect(bulletin).toBeDefined()
    expect(sections.length).toBeGreaterThan(0)
    expect(JSON.stringify([bulletin, sections])).not.toMatch(telling)
    expect(await test.say('boss', '/公告')).not.toMatch(telling)
    expect(await test.app.database.get('space_announcement', {})).toEqual([])
  })
})
