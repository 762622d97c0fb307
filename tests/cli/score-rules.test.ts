import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { formatDay } from '@space-assistant/core/calendar/day'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import type { Window } from '@space-assistant/core/calendar/day'
import { run } from '../../plugins/cli/score'
import { bytesOf, History } from '../imports/history'
import type { Brought, Person, Row } from '../imports/history'
import { Reference } from '../scoring/reference'
import { windowsOf } from '../scoring/district'

const folder = mkdtempSync(join(tmpdir(), 'space-score-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

const accounts = ['t1', 't2', 't3', 't4', 't5', 't6']

const people = fc.tuple(
  ...accounts.map((account) =>
    fc.record<Person>({
      account: fc.constant(account),
      school: fc.constantFrom('S1', 'S2', 'S10'),
      roles: fc.constantFrom('教师', '教师', '管理员', '教师、管理员'),
      state: fc.constantFrom('在岗', '在岗', '在岗', '退休', '离岗'),
    }),
  ),
)

/** Single rows and runs of days at the edges of the year, of weeks and of months, some outside the period. */
function filesOf({ period: { from, to }, indicators }: Scheme): fc.Arbitrary<Brought> {
  const day = fc.oneof(
    fc.integer({ min: from - 2, max: from + 16 }),
    fc.integer({ min: to - 16, max: to + 2 }),
    fc.integer({ min: from + 50, max: from + 100 }),
  )
  const one = fc.record({
    account: fc.constantFrom(...accounts),
    indicator: fc.constantFrom(...indicators.map(({ name }) => name)),
    day,
    count: fc.constantFrom(0, 1, 1, 1, 2, 5, 12),
    minutes: fc.constantFrom(14, 15),
    id: fc.nat(60).map((id) => `R${id}`),
  })
  const rows = fc.tuple(one, fc.constantFrom(1, 1, 1, 2, 7, 8, 9)).map(([first, length]) =>
    Array.from({ length }, (_, i): Row => {
      const id = i ? `${first.id}.${first.account}.${i}` : first.id
      return { ...first, id, day: formatDay(first.day + i) }
    }),
  )
  return fc
    .record({ withIds: fc.boolean(), lists: fc.array(rows, { minLength: 1, maxLength: 12 }) })
    .map(({ withIds, lists }) => ({ kind: 'records', withIds, rows: lists.flat() }))
}

const inside = ({ from, to }: Window, rows: readonly Row[]) =>
  rows.filter(({ day }) => day >= formatDay(from) && day <= formatDay(to))

describe.each(['xinzhou-2022', 'shishou-2021'])('space score by the rules of %s', (id) => {
  const file = `config/schemes/${id}.yml`
  const loaded = loadScheme(readFileSync(file, 'utf8'), `${id}.yml`)
  if (!loaded.ok) throw new Error(`${file} is not valid`)
  const scheme = loaded.value

  async function score(brought: readonly Brought[], { from, to }: Window): Promise<Answer> {
    const paths = brought.map((_, index) => join(folder, `${index}.csv`))
    for (const [index, path] of paths.entries()) writeFileSync(path, bytesOf(brought[index]!))
    const out = join(folder, 'out.json')
    const window = ['--from', formatDay(from), '--to', formatDay(to)]
    const [roster, ...records] = paths
    const args = ['--scheme', file, '--roster', roster!, '--records', ...records, ...window, '--out', out]
    expect(await run(args)).toBe(0)
    return JSON.parse(readFileSync(out, 'utf8')) as Answer
  }

  it('agrees with the plain implementation, whatever the files', async () => {
    const cases = fc.tuple(
      people,
      fc.array(filesOf(scheme), { minLength: 1, maxLength: 3 }),
      windowsOf(scheme),
    )
    await fc.assert(
      fc.asyncProperty(cases, async ([everybody, files, window]) => {
        const roster: Brought = { kind: 'roster', people: everybody }
        const answer = await score([roster, ...files], window)
        const history = new History()
        history.add(0, roster)
        for (const each of files) {
          if (each.kind === 'records') history.add(1, { ...each, rows: inside(scheme.period, each.rows) })
        }
        const reference = new Reference(scheme, history.members(), history.schools(), history.done())
        for (const role of ['teacher', 'administrator'] as const) {
          // Where no indicator is the role's, there is nothing to rank by.
          const isScored = scheme.indicators.some((indicator) => indicator.role === role)
          const expected = isScored ? reference.standing(role, window, () => true) : []
          const list = answer[`${role}s`]
          expect(list.map(({ rank, account, points }) => [rank, account, points])).toEqual(expected)
          for (const { account, indicators } of list) {
            for (const { name } of scheme.indicators) {
              expect(indicators[name] ?? 0).toBe(reference.points(account, role, window, [name]))
            }
          }
        }
        const ranked = answer.schools.filter(({ rank }) => rank !== null)
        expect(ranked.map(({ rank, code, score: is }) => [rank, code, is])).toEqual(
          reference.standing('schools', window, () => true),
        )
        expect(answer.schools).toHaveLength(history.schools().length)
      }),
      { numRuns: 60 },
    )
  }, 300_000)
})

interface Answer {
  teachers: { account: string; points: number; rank: number; indicators: Record<string, number> }[]
  administrators: Answer['teachers']
  schools: { code: string; score: number | null; rank: number | null }[]
}
