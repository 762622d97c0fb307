import type { RecordRow } from '@space-assistant/core/formats/rows'
import { parseDay } from '@space-assistant/core/calendar/day'
import { decodeTallies } from '@space-assistant/core/scoring/tallies'
import fc from 'fast-check'
import type { Context } from 'koishi'
import type { StoredRecord } from 'koishi-plugin-space-scoreboard'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { stores } from '../database/stores'
import type { Store } from '../database/stores'
import { planRows } from './rows'
import type { RowsOfFile } from './rows'
import { loadServices, person, record, schemeOf, services } from './district'

const day = (text: string) => parseDay(text)!
const D1 = day('2022-03-09')
const xinzhou = schemeOf('xinzhou-2022')
const shishou = schemeOf('shishou-2021')
const people = [
  person('A1', 'S1'),
  person('A2', 'S1'),
  person('B1', 'S2'),
  person('B2', 'S2'),
  person('C1', 'S3'),
]
const whole = { role: 'teacher', window: xinzhou.period } as const

describe.each([
  ['SQLite file', stores['SQLite file']],
  ['MariaDB', stores.MariaDB],
] as const)('scoreboard on %s', (_, launch) => {
  let store: Store
  let app: Context
  let importId = 0
  const schemes = { active: xinzhou }

  async function open(): Promise<Context> {
    const opened = await store.open((context) => loadServices(context, schemes))
    await services(opened)
    return opened
  }

  beforeAll(async () => {
    store = await launch()
    app = await open()
    const { roster } = app
    await app.database.withTransaction(() => roster.store(roster.planRoster(people), ++importId))
  })
  afterAll(async () => {
    await store.close(app)
    await store.drop()
  })

  const bring = async (file: RowsOfFile) => {
    const id = ++importId
    const plan = await planRows(app, file)
    await app.database.withTransaction(() => app.scoreboard.store(plan, id))
    return { id, ...plan.summary }
  }
  const undo = (id: number) => app.database.withTransaction(() => app.scoreboard.undo(id))
  const withIds = (...rows: RecordRow[]): RowsOfFile => ({ rows, withIds: true })
  const statement = (...rows: RecordRow[]): RowsOfFile => ({ rows, withIds: false })
  const points = (account: string) => app.scoreboard.board.points(account, whole)
  const clear = async () => {
    for (; importId > 1; importId--) await undo(importId)
  }

  it('has no data at first', () => {
    expect(app.scoreboard.dataUntil).toBeUndefined()
    expect(
      app.scoreboard.standing({ of: 'teachers', window: xinzhou.period, scope: { kind: 'district' } }).size,
    ).toBe(5)
  })

  it('scores what is stored, once it is stored', async () => {
    const changed = vi.fn()
    const off = app.on('space/scores-changed', changed)
    const plan = await planRows(app, statement(record('A1', '空间登录', D1), record('A2', '课件制作', D1)))
    await app.database.withTransaction(async () => {
      await app.scoreboard.store(plan, ++importId)
      expect(points('A1')).toBe(0)
      expect(changed).not.toHaveBeenCalled()
    })
    expect(changed).toHaveBeenCalledTimes(1)
    off()
    expect([points('A1'), points('A2')]).toEqual([1, 10])
    expect(app.scoreboard.dataUntil).toBe(D1)
    await clear()
    expect([points('A1'), points('A2')]).toEqual([0, 0])
    expect(app.scoreboard.dataUntil).toBeUndefined()
  })

  it('forgets a plan whose transaction fails', async () => {
    const plan = await planRows(app, statement(record('A1', '空间登录', D1)))
    const failing = app.database.withTransaction(async () => {
      await app.scoreboard.store(plan, 99)
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    expect(points('A1')).toBe(0)
    expect(await app.scoreboard.records('A1')).toEqual([])
  })

  it('counts an id once, whenever and in whichever file it comes', async () => {
    const row = (recordId: string) => record('A1', '资源建设', D1, { recordId })
    expect(await bring(withIds(row('r1'), row('r2'), row('r1')))).toMatchObject({ added: 2, repeated: 1 })
    expect(await bring(withIds(row('r2'), row('r3')))).toMatchObject({ added: 1, repeated: 1, members: 1 })
    expect(points('A1')).toBe(3)
    expect((await app.scoreboard.records('A1')).map(({ recordId }) => recordId).sort()).toEqual([
      'r1',
      'r2',
      'r3',
    ])
    await clear()
    expect(await bring(withIds(row('r1')))).toMatchObject({ added: 1, repeated: 0 })
    await clear()
  })

  it('lets a statement replace the days and schools that it covers, and nothing else', async () => {
    await bring(
      statement(record('A1', '空间登录', D1), record('A2', '空间登录', D1), record('B1', '空间登录', D1)),
    )
    await bring(statement(record('A2', '空间登录', D1 + 1)))
    const second = await bring(statement(record('A1', '课件制作', D1)))
    expect(second).toMatchObject({ added: 1, replaced: 2, members: 2, window: { from: D1, to: D1 } })
    expect(['A1', 'A2', 'B1'].map(points)).toEqual([10, 1, 1])
    expect(await app.scoreboard.records('A2')).toHaveLength(1)
    await undo(second.id)
    expect(['A1', 'A2', 'B1'].map(points)).toEqual([1, 2, 1])
    await clear()
  })

  it('takes imports of both kinds in the order in which they come', async () => {
    await bring(
      withIds(
        record('A1', '资源建设', D1, { recordId: 'x' }),
        record('A1', '资源建设', D1 + 1, { recordId: 'y' }),
      ),
    )
    await bring(statement(record('A2', '空间登录', D1)))
    const last = await bring(
      withIds(
        record('A1', '资源建设', D1, { recordId: 'x' }),
        record('A1', '课件制作', D1, { recordId: 'z' }),
      ),
    )
    expect([points('A1'), points('A2')]).toEqual([11, 1])
    expect(last).toMatchObject({ added: 1, repeated: 1, beside: 0 })
    await clear()
  })

  it('keeps invalid and zero rows for the details, without points', async () => {
    const attributes = { minutes: 10, participants: 2.5 }
    await bring(
      statement(
        record('A1', '互动授课', D1, { valid: false, minute: 485, attributes }),
        record('A1', '空间登录', D1, { count: 0 }),
      ),
    )
    expect(points('A1')).toBe(0)
    expect(await app.scoreboard.records('A1', { indicator: '互动授课' })).toEqual([
      { indicator: '互动授课', day: D1, minute: 485, count: 1, attributes, valid: false, importId },
    ])
    const replaced = await bring(statement(record('A2', '空间登录', D1)))
    expect(replaced.replaced).toBe(2)
    expect(await app.scoreboard.records('A1')).toEqual([])
    await clear()
  })

  it('plans anew when tallies have changed between plan and store', async () => {
    const early = await planRows(app, withIds(record('A1', '资源建设', D1, { recordId: 'p' })))
    await bring(
      withIds(
        record('A1', '资源建设', D1, { recordId: 'p' }),
        record('A1', '资源建设', D1, { recordId: 'q' }),
      ),
    )
    await app.database.withTransaction(() => app.scoreboard.store(early, ++importId))
    expect(points('A1')).toBe(2)
    await clear()
  })

  it('is the same after a restart', async () => {
    await bring(statement(record('A1', '空间登录', D1), record('C1', '教学成果', D1 + 3)))
    await store.close(app)
    app = await open()
    expect([points('A1'), points('C1')]).toEqual([1, 5])
    expect(app.scoreboard.dataUntil).toBe(D1 + 3)
    await clear()
  })

  it('lets points follow a member to another school', async () => {
    await bring(statement(record('A1', '课件制作', D1)))
    const { roster, scoreboard } = app
    const move = ++importId
    await app.database.withTransaction(() => roster.store(roster.planRoster([person('A1', 'S3')]), move))
    expect(scoreboard.board.schoolScore('S3', xinzhou.period)?.score).toBe(5)
    await app.database.withTransaction(() => roster.undo(move))
    await vi.waitFor(() => expect(scoreboard.board.schoolScore('S1', xinzhou.period)?.score).toBe(5))
    await clear()
  })

  it('keeps the platform’s own figures, the newest import of a day first', async () => {
    const subject = { kind: 'member', account: 'A1' } as const
    const figure = (at: number, total: number) => ({
      row: 1,
      subject,
      day: at,
      total,
      indicators: { 空间登录: total },
    })
    const store_ = async (rows: ReturnType<typeof figure>[]) => {
      const plan = await app.scoreboard.planSnapshot(rows)
      await app.database.withTransaction(() => app.scoreboard.store(plan, ++importId))
      return plan.summary
    }
    expect(await app.scoreboard.snapshot(subject)).toBeUndefined()
    expect(await store_([figure(D1, 10), figure(D1 + 7, 20)])).toMatchObject({
      added: 2,
      replaced: 0,
      members: 2,
    })
    expect(await store_([figure(D1 + 7, 21.5)])).toMatchObject({ added: 0, replaced: 1 })
    expect(await store_([figure(D1 + 7, 21.5)])).toMatchObject({ added: 0, replaced: 0 })
    expect(await app.scoreboard.snapshot(subject)).toEqual({
      day: D1 + 7,
      total: 21.5,
      indicators: { 空间登录: 21.5 },
    })
    expect((await app.scoreboard.snapshot(subject, D1 + 6))?.total).toBe(10)
    await undo(importId--)
    await undo(importId--)
    expect((await app.scoreboard.snapshot(subject))?.total).toBe(20)
    await clear()
    expect(await app.scoreboard.snapshot(subject)).toBeUndefined()
  })

  it('shows what other rules would change and then takes them over', async () => {
    await bring(statement(record('A1', '课件制作', D1)))
    const indicators = xinzhou.indicators.map((indicator) =>
      indicator.name === '课件制作'
        ? { ...indicator, rule: { kind: 'action', points: 4 } as const }
        : indicator,
    )
    const other = { ...xinzhou, indicators }
    expect(app.scoreboard.rescorePreview(other).members).toEqual([
      { account: 'A1', role: 'teacher', before: 10, after: 4 },
    ])
    expect(points('A1')).toBe(10)
    schemes.active = other
    await app.scoreboard.rescore()
    expect(points('A1')).toBe(4)
    schemes.active = shishou
    await app.scoreboard.rescore()
    expect(app.scoreboard.dataUntil).toBeUndefined()
    schemes.active = xinzhou
    await app.scoreboard.rescore()
    expect(points('A1')).toBe(10)
    await clear()
  })

  it('agrees with a plain model after any imports and undos', async () => {
    const indicators = ['空间登录', '资源建设', '课件制作']
    const row = fc.record({
      account: fc.constantFrom('A1', 'A2', 'B1', 'B2', 'C1'),
      indicator: fc.constantFrom(...indicators),
      day: fc.integer({ min: D1, max: D1 + 4 }),
      count: fc.nat(5),
      valid: fc.boolean(),
      recordId: fc.constantFrom('1', '2', '3', '4', '5', '6', '7', '8'),
    })
    const step = fc.oneof(
      fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 8 }), ids: fc.boolean() }),
      fc.record({ undo: fc.nat(20) }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        await clear()
        const model = new Model()
        for (const action of steps) {
          if ('undo' in action) {
            const target = model.imports[action.undo % Math.max(1, model.imports.length)]
            if (!target) continue
            model.undo(target.id)
            await undo(target.id)
          } else {
            const rows = action.rows.map(({ recordId, ...rest }) =>
              record(rest.account, rest.indicator, rest.day, action.ids ? { ...rest, recordId } : rest),
            )
            const { id } = await bring({ rows, withIds: action.ids })
            model.bring(id, rows, action.ids)
          }
        }
        for (const { account } of people) {
          const live = model.live(account)
          expect(describeRows(await app.scoreboard.records(account))).toEqual(describeRows(live))
          const { board } = app.scoreboard
          const tallies = decodeTallies(board.pack(account)).map((tally) => ({
            ...tally,
            indicator: board.dictionary.names[tally.indicator],
          }))
          expect(describeTallies(tallies)).toEqual(
            describeTallies(live.filter(({ valid, count }) => valid && count)),
          )
        }
      }),
      { numRuns: 25 },
    )
    await clear()
  })

  it('follows what another process imported', async () => {
    if (launch !== stores.MariaDB) return
    const other = await open()
    try {
      const id = ++importId
      await other.database.withTransaction(async () => {
        const plan = await planRows(other, statement(record('B1', '课件制作', D1)))
        await other.scoreboard.store(plan, id)
      })
      const mine = bring(statement(record('B2', '课件制作', D1 + 1)))
      await mine
      await vi.waitFor(() => expect([points('B1'), points('B2')]).toEqual([10, 10]), 5000)
      await vi.waitFor(() => expect(other.scoreboard.board.points('B2', whole)).toBe(10), 5000)
    } finally {
      await store.close(other)
    }
  })
})

/** What the rules of imports say, with nothing clever in it. */
class Model {
  imports: { id: number; rows: RecordRow[]; days: Set<number>; schools: Set<string> }[] = []

  bring(id: number, rows: RecordRow[], ids: boolean): void {
    const days = new Set(ids ? [] : rows.map((row) => row.day))
    const schools = new Set(ids ? [] : rows.map((row) => row.account[0]!))
    this.imports.push({ id, rows, days, schools })
  }

  undo(id: number): void {
    this.imports = this.imports.filter((known) => known.id !== id)
  }

  live(account: string): RecordRow[] {
    let live: RecordRow[] = []
    const seen = new Set<string>()
    for (const { rows, days, schools } of this.imports) {
      live = live.filter((row) => !(days.has(row.day) && schools.has(row.account[0]!)))
      for (const row of rows) {
        if (row.recordId === undefined || !seen.has(row.recordId)) live.push(row)
        if (row.recordId !== undefined) seen.add(row.recordId)
      }
    }
    return live.filter((row) => row.account === account)
  }
}

function describeRows(rows: readonly (RecordRow | StoredRecord)[]): string[] {
  return rows.map((row) => `${row.indicator} ${row.day} ${row.count} ${row.valid} ${row.recordId}`).sort()
}

function describeTallies(
  rows: readonly { indicator: string | undefined; day: number; count: number }[],
): string[] {
  const sums = new Map<string, number>()
  for (const { indicator, day: at, count } of rows) {
    sums.set(`${indicator} ${at}`, (sums.get(`${indicator} ${at}`) ?? 0) + count)
  }
  return [...sums].map(([key, count]) => `${key} ${count}`).sort()
}
