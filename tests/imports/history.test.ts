import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Context } from 'koishi'
import { describe, expect, it } from 'vitest'
import { operator } from '@space-assistant/core/access/viewer'
import { formatDay } from '@space-assistant/core/calendar/day'
import { run } from '../../plugins/cli/score'
import { stores } from '../database/stores'
import { Reference } from '../scoring/reference'
import { openApp, value } from './app'
import { bytesOf, History } from './history'
import type { Brought, Person, Row } from './history'

type Step = { bring: Brought } | { again: number } | { undo: number }

const accounts = ['t1', 't2', 't3', 't4', 't5']
const days = ['2022-01-01', '2022-01-02', '2022-01-03', '2022-02-28', '2022-03-01', '2022-12-31']

const person = (account: string): fc.Arbitrary<Person> =>
  fc.record({
    account: fc.constant(account),
    school: fc.constantFrom('S1', 'S2', 'S3'),
    roles: fc.constantFrom('教师', '教师', '管理员', '教师、管理员'),
    state: fc.constantFrom('在岗', '在岗', '在岗', '退休', '离岗'),
  })
const row: fc.Arbitrary<Row> = fc.record({
  account: fc.constantFrom(...accounts),
  indicator: fc.constantFrom('空间登录', '资源建设', '互动授课', '信息完善'),
  day: fc.constantFrom(...days),
  count: fc.integer({ min: 0, max: 4 }),
  minutes: fc.constantFrom(14, 15),
  id: fc.constantFrom('R1', 'R2', 'R3', 'R4', 'R5', 'R6', 'R7'),
})
const roster = (...people: Person[]): Step => ({ bring: { kind: 'roster', people } })

const people = fc.tuple(...accounts.map(person))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.tuple(people, fc.subarray(accounts, { minLength: 1 })).map(([all, some]): Step => {
      return roster(...all.filter(({ account }) => some.includes(account)))
    }),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({
        kind: fc.constant('records' as const),
        withIds: fc.boolean(),
        rows: fc.array(row, { minLength: 1, maxLength: 8 }),
      })
      .map((bring): Step => ({ bring })),
  },
  { weight: 1, arbitrary: fc.nat(20).map((again): Step => ({ again })) },
  { weight: 4, arbitrary: fc.nat(20).map((undo): Step => ({ undo })) },
)
const story = fc.tuple(people, fc.array(step, { minLength: 3, maxLength: 12 }))

/** A whole story on a database of its own, compared with the plain way after every step. */
async function live(app: Context, steps: readonly Step[]): Promise<void> {
  const history = new History()
  const brought: Brought[] = []
  for (const each of steps) {
    if ('undo' in each) {
      const { id } = history.kept[each.undo % Math.max(1, history.kept.length)] ?? {}
      // Without anybody on the roster there is nothing to compare.
      if (id === undefined || !without(history, id).members().length) continue
      value(await app.imports.undo(id, operator))
      history.undo(id)
    } else {
      const one = 'bring' in each ? each.bring : brought[each.again % Math.max(1, brought.length)]
      if (!one) continue
      brought.push(one)
      await bring(app, history, one)
    }
    await compare(app, history)
  }
  await compareBatch(app, history)
}

function without(history: History, id: number): History {
  const rest = new History()
  rest.kept = history.kept.filter((each) => each.id !== id)
  return rest
}

async function bring(app: Context, history: History, one: Brought): Promise<void> {
  const before = state(history)
  const preview = await app.imports.preview({ name: 'a.csv', bytes: bytesOf(one) }, operator)
  // Everybody named in the file is unknown.
  if (!preview.ok) return expect(preview.code).toBe('file')
  const outcome = await app.imports.confirm(preview.value.id, operator)
  history.add(outcome.ok ? outcome.value.id : -1, one)
  if (outcome.ok) return
  expect(outcome.code).toBe('nothing-new')
  expect(state(history)).toEqual(before)
  history.undo(-1)
}

const state = (history: History) => [sumsOf(history), sorted(history.members()), sorted(history.schools())]
/** What a file with nothing new leaves as it is: sums, whatever ids its rows have and however they are split. */
function sumsOf(history: History): string[] {
  const sums = new Map<string, number>()
  for (const { account, indicator, day, count } of history.done()) {
    const key = `${account} ${indicator} ${day}`
    if (count) sums.set(key, (sums.get(key) ?? 0) + count)
  }
  return [...sums].map(([key, count]) => `${key} ${count}`).sort()
}
const sorted = (values: readonly object[]) => values.map((each) => JSON.stringify(each)).sort()

async function compare(app: Context, history: History): Promise<void> {
  const scheme = app.schemes.active
  const members = history.members()
  await expect
    .poll(() => app.roster.members().map(({ account, school, state: is }) => [account, school, is]))
    .toEqual(
      members
        .map(({ account, school, state: is }) => [account, school, is])
        .sort(([a], [b]) => (a! < b! ? -1 : 1)),
    )
  const reference = new Reference(scheme, members, history.schools(), history.done())
  for (const window of [scheme.period, { from: scheme.period.from + 1, to: scheme.period.from + 60 }]) {
    for (const of of ['schools', 'teachers', 'administrators'] as const) {
      const expected = reference.standing(
        of === 'schools' ? of : of === 'teachers' ? 'teacher' : 'administrator',
        window,
        () => true,
      )
      const places = app.scoreboard.standing({ of, window, scope: { kind: 'district' } }).entries(0, 99)
      expect(places.map(({ rank, code, score }) => [rank, code, score])).toEqual(expected)
    }
  }
  const known = history.rows()
  for (const { account } of members) {
    const stored = await app.scoreboard.records(account)
    expect(
      stored.map(({ indicator, day, count }) => `${formatDay(day)} ${indicator} ${count}`).sort(),
    ).toEqual(
      known
        .filter((each) => each.account === account)
        .map(({ day, indicator, count }) => `${day} ${indicator} ${count}`)
        .sort(),
    )
  }
}

/** The command line on the files that were kept says the same, unless people changed school in between. */
async function compareBatch(app: Context, history: History): Promise<void> {
  const now = new Map(history.members().map(({ account, school }) => [account, school]))
  const files = { roster: [] as string[], records: [] as string[] }
  const isLater = history.kept.some(
    ({ brought, schools }) => brought.kind === 'records' && !same(schools, now),
  )
  if (isLater || !history.kept.some(({ brought }) => brought.kind === 'records')) return
  const folder = mkdtempSync(join(tmpdir(), 'space-history-'))
  for (const { id, brought } of history.kept) {
    const path = join(folder, `${id}.csv`)
    writeFileSync(path, bytesOf(brought))
    files[brought.kind].push(path)
  }
  const out = join(folder, 'out.json')
  const args = ['--scheme', 'config/schemes/xinzhou-2022.yml', '--roster', ...files.roster]
  expect(await run([...args, '--records', ...files.records, '--out', out])).toBe(0)
  const answer = JSON.parse(readFileSync(out, 'utf8')) as Record<string, { rank: number | null }[]>
  rmSync(folder, { recursive: true })
  const window = app.schemes.active.period
  // The scheme has nothing by which administrators could be ranked.
  expect(answer['administrators']).toEqual([])
  for (const of of ['schools', 'teachers'] as const) {
    const places = app.scoreboard.standing({ of, window, scope: { kind: 'district' } }).entries(0, 99)
    expect(answer[of]!.filter(({ rank }) => rank !== null)).toMatchObject(
      places.map(({ rank, code, score }) =>
        of === 'schools' ? { rank, code, score } : { rank, account: code, points: score },
      ),
    )
  }
}

function same(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value)
}

async function tell(steps: readonly Step[]): Promise<void> {
  const store = await stores['SQLite in memory']()
  const app = await openApp(store)
  try {
    await live(app, steps)
  } finally {
    await store.close(app)
    await store.drop()
  }
}

describe('imports and what is taken back of them', () => {
  it('come to the same as what is kept, imported into an empty database', async () => {
    await fc.assert(
      fc.asyncProperty(story, ([everybody, steps]) => tell([roster(...everybody), ...steps])),
      { numRuns: 30 },
    )
  }, 300_000)

  const t1 = { account: 't1', school: 'S1', roles: '教师', state: '在岗' }
  const t2 = { ...t1, account: 't2' }
  const login = { account: 't1', indicator: '空间登录', day: '2022-03-01', count: 1, minutes: 0, id: 'R1' }
  const others = { ...login, account: 't2', id: 'R2' }
  const ids = (...rows: Row[]): Step => ({ bring: { kind: 'records', withIds: true, rows } })
  const statement = (...rows: Row[]): Step => ({ bring: { kind: 'records', withIds: false, rows } })

  // Regressions.
  it.each<[string, Step[]]>([
    [
      'people whom a later roster names too stay when the first is taken back',
      [roster(t1, t2), roster(t1, { ...t2, school: 'S2' }), statement(login), { undo: 0 }],
    ],
    [
      'a statement made void does not let rows come back that another statement left out too',
      [roster(t1, t2), statement(login), statement(others), statement({ ...others, count: 2 }), { undo: 2 }],
    ],
    [
      'rows with ids count for the file that brought them again when the first is taken back',
      [roster(t1, t2), ids(login), ids(login, others), { undo: 1 }],
    ],
    [
      'and for a third one after that, and not where a statement between has the word',
      [
        roster(t1, t2),
        ids(login),
        ids({ ...login, count: 2 }, others),
        statement({ ...others, day: '2022-03-02' }),
        ids({ ...login, day: '2022-03-02' }, { ...others, id: 'R3' }),
        { undo: 1 },
        { undo: 1 },
      ],
    ],
    [
      'a file that comes again after another one with other rows of the same sums is nothing new',
      [
        roster(t1, t2),
        statement({ ...login, count: 1 }, { ...login, count: 3 }, { ...others, count: 0 }),
        statement({ ...login, count: 2 }, { ...login, count: 2 }, { ...others, count: 0, id: 'R3' }),
        { again: 1 },
        { undo: 2 },
      ],
    ],
    ['a file that was taken back can come again', [roster(t1, t2), ids(login), { undo: 1 }, { again: 1 }]],
  ])('%s', (_, steps) => tell(steps))
})
