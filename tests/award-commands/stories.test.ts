// Random stories: whatever staff, towns, judges and objectors do in whatever order, the rules hold after every step.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AwardActor } from '../../plugins/awards/frame'
import { awardRoundStates } from '@space-assistant/core/awards/round'
import type { Grant } from '@space-assistant/core/access/viewer'
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { launchMariaDB } from '../database/mariadb'
import { judgeActor, startAwards } from './app'
import type { AwardApp } from './app'
import { checkRows, clearAwards, fingerprintOf, readRows } from './invariants'
import type { AwardRows } from './invariants'

const STORIES = Number(process.env['AWARD_STORIES'] ?? 15)
const STEPS = 28
const quota = { award: '优秀教师空间', places: 2, reserve: 0 }

let test: AwardApp
let dir: string
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'space-awards-'))
  cpSync('config', dir, { recursive: true })
  const file = join(dir, 'schemes/xinzhou-2022.yml')
  const scheme = readFileSync(file, 'utf8').replace(
    '  - name: 优秀教师空间\n    subject: teacher\n',
    '  - name: 优秀教师空间\n    subject: teacher\n    first: 2\n    quota: { per: town, each: 2 }\n',
  )
  writeFileSync(file, scheme)
})
afterAll(() => rmSync(dir, { recursive: true }))

const actor = (name: string, ...grants: Grant[]): AwardActor => ({
  name,
  viewer: { grants, place: { kind: 'private' } },
  chat: undefined,
})
const boss = actor('boss', { kind: 'staff' })
const town = actor('town', { kind: 'town', town: '城关镇' })
const other = actor('other', { kind: 'town', town: '新堤镇' })
const high = actor('high', { kind: 'administrator', school: 'H1', account: 'h1' })
const judge = judgeActor('评委1')
const guest = actor('guest')
const nominees = ['10001', '10002', '10003', '20001', '20002', '30001', 'h1', 'h2', 'v1']
const units = ['区电教馆', '大学', 'S1', '第二小学', '']
const days = ['2022-05-25', '2022-05-31', '2022-06-01', '2022-06-08', '2022-06-20', '2022-07-05']

type Random = (below: number) => number
const pick = <T>(random: Random, list: readonly T[]): T => list[random(list.length)]!

/** One act of somebody; what came of it. Most acts help the story on, some must be refused. */
async function act(random: Random, rows: AwardRows): Promise<{ ok: boolean }> {
  const { rounds, nominations, judging, panel, objections, certificates } = test.app.awards
  const at = awardRoundStates.indexOf(rows.round?.state ?? 'draft')
  const staffish = pick(random, [boss, boss, boss, town, judge, guest])
  const id = pick(random, rows.nominations.map((row) => row.id).concat(9))
  const sheet = pick(random, rows.sheets)
  const acts: (() => Promise<{ ok: boolean }>)[] = [
    () => rounds.step(staffish, { to: awardRoundStates[at + 1] ?? 'back', force: random(2) > 0 }),
    () => rounds.step(staffish, { to: awardRoundStates[at + 1] ?? 'back', force: random(2) > 0 }),
    () =>
      rounds.step(staffish, {
        to: random(4) ? pick(random, awardRoundStates) : 'back',
        reason: pick(random, ['', '有误']),
      }),
    () =>
      nominations.draft(pick(random, [town, town, other, high, guest, boss]), {
        award: '优秀教师空间',
        nominee: pick(random, nominees),
      }),
    () => nominations.draft(town, { award: '优秀教师空间', nominee: pick(random, nominees) }),
    () =>
      nominations.act(pick(random, [town, other, high]), {
        id,
        act: pick(random, ['submit', 'submit', 'withdraw']),
      }),
    () =>
      nominations.act(staffish, {
        id,
        act: pick(random, ['accept', 'accept', 'return', 'veto']),
        reason: pick(random, ['', '材料']),
      }),
    () =>
      panel.add(staffish, {
        name: `评委${1 + random(5)}`,
        unit: pick(random, units),
        ...(random(4) ? {} : { account: '30001' }),
      }),
    () => judging.assign(staffish, { seed: random(5), apply: random(4) > 0 }),
    () =>
      objections.object(guest, { name: pick(random, ['张三', '']), contact: '13800005678', content: '不实' }),
    () =>
      objections.step(staffish, {
        id: 1 + random(2),
        to: pick(random, ['investigating', 'rejected', 'upheld']),
        answer: pick(random, ['', '已核']),
      }),
    () =>
      rounds.decide(staffish, {
        award: '优秀教师空间',
        code: pick(random, nominees),
        yes: random(2) > 0,
        reason: pick(random, ['', '特色']),
      }),
    () =>
      certificates.reissue(staffish, {
        number: `xinzhou-2022-000${1 + random(3)}`,
        name: '新名',
        reason: '',
      }),
    async () => {
      test.as(`${pick(random, days)} 10:00`)
      return Promise.resolve({ ok: false })
    },
  ]
  const points = () => [10, 50, 20, 20].map((max) => (random(12) ? random(max + 1) : max + 1))
  if (sheet) {
    const seen = random(8) ? sheet.edit : sheet.edit + 1
    const own = judgeActor(sheet.judge)
    const submit = () => judging.change(own, sheet, { act: 'submit', seen, points: points() })
    acts.push(submit, submit, submit)
    acts.push(() =>
      judging.change(pick(random, [own, own, judgeActor('评委6'), boss, guest]), sheet, {
        act: pick(random, ['save', 'reopen', 'recuse']),
        seen,
        points: points(),
        reason: pick(random, ['', '亲属']),
      }),
    )
    acts.push(() => judging.voidSheet(staffish, { ...sheet, reason: pick(random, ['', '填错']) }))
    acts.push(() =>
      panel.declareConflict(staffish, { judge: sheet.judge, nominee: sheet.nominee, reason: '亲属' }),
    )
  }
  return pick(random, acts)()
}

/** Tells stories by their numbers; which states were reached. */
async function tellStories(numbers: readonly number[]): Promise<Set<string>> {
  const { app } = test
  const reached = new Set<string>()
  for (const story of numbers) {
    await clearAwards(app)
    test.as('2022-05-25 10:00')
    const random = randomFrom(story + 1)
    await begin(story % 5)
    let before = await readRows(app)
    for (let step = 0; step < STEPS; step++) {
      const outcome = await act(random, before)
      const after = await readRows(app)
      try {
        checkRows(before, after, { app, quota })
        if (!outcome.ok) expect(fingerprintOf(after)).toBe(fingerprintOf(before))
        await checkSecrecy(after.round?.state ?? 'draft')
      } catch (error) {
        throw new Error(`story ${story}, step ${step}`, { cause: error })
      }
      before = after
      reached.add(after.round?.state ?? 'draft')
    }
  }
  return reached
}

describe('random stories keep every rule after every step, and a refused act changes nothing', () => {
  afterEach(() => test.stop())

  it('on SQLite', async () => {
    test = await startAwards('2022-05-25 10:00', { dir })
    expect((await tellStories([...Array(STORIES).keys()])).size).toBeGreaterThan(5)
  }, 1_200_000)

  it('on MariaDB', async () => {
    const server = await launchMariaDB()
    onTestFinished(() => server.stop())
    test = await startAwards('2022-05-25 10:00', { dir, server: await server.database() })
    // Stories that begin at each of the places.
    expect((await tellStories([15, 16, 17, 18, 19])).size).toBeGreaterThan(5)
  }, 1_200_000)
})

/** Stories begin at different places, so that late states are reached often. */
async function begin(kind: number): Promise<void> {
  const { rounds, nominations, judging, panel } = test.app.awards
  if (kind === 0) return
  await rounds.step(boss, { to: 'nominating' })
  for (const nominee of ['10002', '20002']) {
    const drafted = await nominations.draft(town, { award: '优秀教师空间', nominee })
    if (drafted.ok) await nominations.act(town, { id: drafted.value.row.id, act: 'submit' })
  }
  if (kind === 1) return
  await rounds.step(boss, { to: 'checking' })
  for (const id of [1, 2]) await nominations.act(boss, { id, act: 'accept' })
  await rounds.step(boss, { to: 'judging' })
  for (const name of ['评委1', '评委2', '评委3', '评委4'])
    await panel.add(boss, { name, unit: name === '评委4' ? 'S1' : '大学' })
  await judging.assign(boss, { seed: 1, apply: true })
  if (kind === 2) return
  for (const sheet of (await readRows(test.app)).sheets)
    await judging.change(judgeActor(sheet.judge), sheet, {
      act: 'submit',
      seen: 0,
      points: [8, 40, 16, 16 - (kind % 4)],
    })
  await rounds.step(boss, { to: 'tallied' })
  if (kind === 3) return
  for (const code of ['10002', '20002'])
    await rounds.decide(boss, { award: '优秀教师空间', code, yes: true, reason: '并列' })
  await rounds.step(boss, { to: 'publicity' })
}

/** Nobody but staff learns a result before it is published. */
async function checkSecrecy(state: string): Promise<void> {
  const { rounds, certificates, objections, judging } = test.app.awards
  const isPublished = awardRoundStates.indexOf(state as 'draft') >= awardRoundStates.indexOf('publicity')
  for (const who of [guest, town, high, judge]) {
    expect((await rounds.results(who)).ok).toBe(isPublished)
    expect((await objections.list(who)).ok).toBe(false)
    expect((await judging.progress(who)).ok).toBe(false)
    expect((await certificates.all(who)).ok).toBe(false)
  }
  expect((await judging.ownSheets(boss)).ok).toBe(false)
  const prepared = await test.app.bulk.rows<{ state: string }>(
    "SELECT state FROM space_announcement WHERE origin LIKE 'award-%' AND state <> 'cancelled'",
  )
  if (!isPublished) expect(prepared).toEqual([])
}

/** Whole numbers below a bound that follow from a seed. */
function randomFrom(seed: number): Random {
  let state = seed * 2_654_435_761
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0
    const mixed = Math.imul(state ^ (state >>> 13), 3_266_489_917) >>> 0
    return Math.floor((mixed / 4_294_967_296) * below)
  }
}
