import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { addId, hasId, IdSet, SLACK } from '@space-assistant/core/scoring/lines/engine'
import type { Engine } from '@space-assistant/core/scoring/lines/engine'
import { putPeople } from '@space-assistant/core/scoring/lines/people'
import {
  addPackPoints,
  addPoints,
  newPointsTable,
  pointsTask,
  putQuery,
} from '@space-assistant/core/scoring/lines/points'
import { EngineRankings } from '@space-assistant/core/scoring/lines/ranking'
import { fitsCounts, setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { sliceField } from '@space-assistant/core/scoring/lines/slice'
import type { SliceResult } from '@space-assistant/core/scoring/lines/slice'
import { putAccounts } from '@space-assistant/core/scoring/lines/texts'
import { packMembers } from '@space-assistant/core/scoring/lines/visit'
import { Ruleset } from '@space-assistant/core/scoring/rules'
import { decodeTallies } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import { windowsOf } from './district'
import { engineFile, openEngine } from './engine'

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const scheme = schemeOf('xinzhou-2022')
/** More than fit into one group. */
const members = 3000

function schemeOf(id: string): Scheme {
  const loaded = loadScheme(readFileSync(`config/schemes/${id}.yml`, 'utf8'), `${id}.yml`)
  if (!loaded.ok) throw new Error(id)
  return loaded.value
}

async function begin(of: Scheme) {
  const engine = await openEngine()
  const accounts = putAccounts(
    engine,
    Array.from({ length: members }, (_, member) => `t${member}`),
  )
  const head = Buffer.from('账号,指标,时间\n')
  const setup = (await setUpLines(head, { engine, headers, scheme: of, accounts }))!
  const slices = [0, 1, 2].map((): SliceResult => {
    const address = engine.calls.newSlice(setup.address, 0)
    return { address, ids: 0, rows: 0, understood: 0, repeated: 0, problems: [] }
  })
  return { engine, setup, slices }
}

it('is compiled from the sources beside it (npm run engine)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'space-engine-'))
  const out = join(folder, 'engine.wasm')
  execFileSync(process.execPath, ['.tools/engine.mjs', out])
  expect(readFileSync(out).equals(readFileSync(engineFile))).toBe(true)
  rmSync(folder, { recursive: true })
}, 120_000)

interface Added {
  slice: number
  member: number
  indicator: number
  day: number
  count: number
}

function addedTo({ indicators, period }: Scheme): fc.Arbitrary<Added[]> {
  const added = fc.record({
    slice: fc.nat(2),
    member: fc.oneof(fc.nat(members - 1), fc.constantFrom(0, 1, 511, 512, 1023, 1024, members - 1)),
    indicator: fc.oneof(fc.nat(indicators.length - 1), fc.nat(1)),
    day: fc.oneof(fc.nat(period.to - period.from), fc.nat(3)),
    count: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.constantFrom(15, 16, 255, 1_000_000)),
  })
  /** Days in a row, which streaks and caps are about, in any order. */
  const row = fc
    .tuple(added, fc.integer({ min: 2, max: 90 }), fc.boolean())
    .map(([first, length, backwards]) => {
      const days = Array.from({ length }, (_, i) => Math.min(first.day + i, period.to - period.from))
      return (backwards ? days.reverse() : days).map((day) => ({ ...first, day }))
    })
  return fc
    .array(fc.oneof({ weight: 5, arbitrary: added.map((one) => [one]) }, row), { maxLength: 120 })
    .map((lists) => lists.flat())
}

function addAll(engine: Engine, slices: readonly SliceResult[], list: readonly Added[]): void {
  for (const { slice, member, indicator, day, count } of list) {
    engine.calls.count(slices[slice]!.address, member, indicator, day, count)
  }
}

it('packs what slices counted, member by member and added up', async () => {
  const numbers = [...scheme.indicators.keys()].reverse()
  await fc.assert(
    fc.asyncProperty(addedTo(scheme), fc.nat(members), fc.nat(members), async (list, a, b) => {
      const { engine, setup, slices } = await begin(scheme)
      addAll(engine, slices, list)
      const [from, to] = [Math.min(a, b), Math.max(a, b)]
      const expected = new Map<string, number>()
      for (const { member, indicator, day, count } of list) {
        const key = `${member} ${numbers[indicator]} ${scheme.period.from + day}`
        if (member >= from && member < to) expected.set(key, (expected.get(key) ?? 0) + count)
      }
      const found = new Map<string, number>()
      const told: number[] = []
      packMembers({ engine, setup, slices }, { from, to, numbers }, (member, pack) => {
        told.push(member)
        for (const { indicator, day, count } of decodeTallies(pack))
          found.set(`${member} ${indicator} ${day}`, count)
      })
      expect(found).toEqual(expected)
      expect(told).toEqual(Array.from({ length: to - from }, (_, index) => from + index))
    }),
    { numRuns: 100 },
  )
})

it.each(['xinzhou-2022', 'shishou-2021'])('gives the points of %s that tallies give', async (id) => {
  const of = schemeOf(id)
  const names = of.indicators.map(({ name }) => name)
  const numbers = [...names.keys()]
  const rules = new Ruleset(of, new Dictionary(names))
  let given = 0
  await fc.assert(
    fc.asyncProperty(addedTo(of), windowsOf(of), async (list, window) => {
      const { engine, setup, slices } = await begin(of)
      addAll(engine, slices, list)
      const [own, expected] = [0, 1].map(() => newPointsTable(engine, members, names.length))
      const query = putQuery(engine, { rules, numbers, window }, own!)
      // As two threads do it.
      const task = pointsTask(setup, slices, query)
      addPoints(engine, { ...task, to: 2 << setup.shift })
      addPoints(engine, { ...task, from: 2 << setup.shift })
      const packs: Pack[] = []
      packMembers({ engine, setup, slices }, { from: 0, to: members, numbers }, (_, pack) => packs.push(pack))
      addPackPoints(engine, packs, { rules, numbers, window }, expected!)
      const points = [own!, expected!].map(({ address }) =>
        Buffer.from(engine.bytes.slice(address, address + members * names.length * 8)),
      )
      expect(points[0]!.equals(points[1]!)).toBe(true)
      given += engine.doubles
        .subarray(own!.address / 8, own!.address / 8 + members * names.length)
        .reduce((sum, one) => sum + one, 0)
    }),
    { numRuns: 100 },
  )
  expect(given).toBeGreaterThan(100)
})

it('reads no byte behind its memory, however long the account of the line before was', async () => {
  const { engine, setup, slices } = await begin(scheme)
  const account = 'x'.repeat(300)
  const lines = Buffer.from(`${account},空间登录,2022-03-09\nt1,空间登录,2022-03-09\n`)
  // The last bytes of the memory, with as much behind the lines as must be readable.
  const unused = engine.calls.take(5 << 20) + (5 << 20)
  const rest = engine.bytes.length - unused
  const start = engine.calls.take(rest) + rest - lines.length - SLACK
  expect(start + lines.length + SLACK).toBe(engine.bytes.length)
  engine.bytes.set(lines, start)
  expect(engine.calls.countLines(slices[0]!.address, start, start + lines.length)).toBe(start + lines.length)
  expect(sliceField(engine, slices[0]!.address, 'understood')).toBe(1)
  expect(sliceField(engine, slices[0]!.address, 'asideSize')).toBe(1)
  expect(setup.columns).toEqual(['account', 'indicator', 'time'])
})

it('a period of more days than an entry can hold is left to the general reader', () => {
  const { from } = scheme.period
  expect(fitsCounts({ ...scheme, period: { from, to: from + 4095 } })).toBe(true)
  expect(fitsCounts({ ...scheme, period: { from, to: from + 4096 } })).toBe(false)
})

const id = fc.oneof(
  { weight: 4, arbitrary: fc.nat(2000).map(String) },
  { weight: 4, arbitrary: fc.nat(2000).map((number) => `R${String(number).padStart(6, '0')}`) },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Za-z]{1,9}\d{1,16}$/) },
  { weight: 1, arbitrary: fc.stringMatching(/^\d{14,20}$/) },
  { weight: 1, arbitrary: fc.uuid() },
  {
    weight: 1,
    arbitrary: fc.constantFrom('a', 'A', '1e5', '编号7', '编号8', '0', '00', '000000000000000', 'x-1'),
  },
)

it('knows every record id that it was told, and no other', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(id, { maxLength: 400 }),
      fc.array(id, { maxLength: 200 }),
      async (list, other) => {
        const engine = await openEngine()
        const [one, two] = [new IdSet(engine), new IdSet(engine)]
        const plain = new Set<string>()
        for (const each of list) {
          expect(addId(engine, one.address, each)).toBe(!plain.has(each))
          plain.add(each)
        }
        for (const each of other) {
          expect(hasId(engine, one.address, each)).toBe(plain.has(each))
          two.add(each)
        }
        expect(engine.calls.idsMeet(one.address, two.address) !== 0).toBe(
          other.some((each) => plain.has(each)),
        )
        one.addAll(two.address)
        for (const each of other) expect(hasId(engine, one.address, each)).toBe(true)
        expect(addId(engine, one.address, 'none of these')).toBe(true)
      },
    ),
    { numRuns: 100 },
  )
})

it('takes ids that are far apart without a block for each', async () => {
  const engine = await openEngine()
  const ids = new IdSet(engine)
  for (let number = 0; number < 50_000; number++) {
    expect(ids.add(String(number * 7_919_000_003).padStart(15, '0'))).toBe(true)
  }
  expect(hasId(engine, ids.address, '000000000000001')).toBe(false)
  expect(engine.bytes.length).toBeLessThan(40 << 20)
})

/** With points of so many decimals; half of the members have none. */
function schemeWith(decimals: number): Scheme {
  const [first] = scheme.indicators.filter(({ rule }) => rule.kind === 'action')
  const points = Number((1 / 10 ** decimals).toFixed(decimals))
  const one = { ...first!, name: '"引号" \\ 指标', rule: { kind: 'action' as const, points } }
  return { ...scheme, indicators: [one, ...scheme.indicators.filter(({ name }) => name !== first!.name)] }
}

const person = fc.record({
  name: fc.oneof(fc.constantFrom('张三', '李"四', 'a\\b', '表\t格', '😀', ''), fc.string({ maxLength: 5 })),
  school: fc.constantFrom('S1', 'S2', 'S"3', '００４'),
  roles: fc.constantFrom<('teacher' | 'administrator')[]>(
    ['teacher'],
    ['administrator'],
    ['administrator', 'teacher'],
  ),
  state: fc.constantFrom('active' as const, 'active' as const, 'retired' as const),
  points: fc.array(fc.oneof(fc.constant(0), fc.nat(5), fc.nat(2_000_000)), { minLength: 3, maxLength: 3 }),
})

it.each([0, 2, 6, 8])(
  'ranks members and writes them as JSON, with points of %i decimals',
  async (decimals) => {
    const of = schemeWith(decimals)
    const names = of.indicators.map(({ name }) => name)
    const rules = new Ruleset(of, new Dictionary(names))
    expect(rules.scale).toBe(
      10 ** Math.max(decimals, Math.log10(new Ruleset(scheme, new Dictionary()).scale)),
    )
    const accounts = fc.uniqueArray(
      fc.oneof(fc.stringMatching(/^t\d{1,4}$/), fc.constantFrom('Ａ', '𠮷', '“', 'T', 'a"b')),
      { minLength: 1, maxLength: 60 },
    )
    const people = accounts.chain((list) =>
      fc.tuple(...list.map((account) => person.map((one) => ({ account, ...one })))),
    )
    await fc.assert(
      fc.asyncProperty(people, async (list) => {
        const engine = await openEngine()
        const schools = [...new Set(list.map(({ school }) => school))].map((code) => ({ code, name: code }))
        const everybody = list.map((one) => ({
          ...one,
          name: Buffer.from(one.name.replace(/\n/g, ' ')).toString(),
        }))
        const table = newPointsTable(engine, list.length, names.length)
        for (const [member, { points }] of list.entries()) {
          engine.doubles.set(points, table.address / 8 + member * names.length)
        }
        const rankings = new EngineRankings(engine, putPeople(engine, everybody, schools), table, rules)
        for (const role of ['teacher', 'administrator'] as const) {
          const wanted = of.indicators.map((indicator) => indicator.role === role)
          const scores = everybody
            .filter(({ roles, state }) => state === 'active' && roles.includes(role))
            .map(({ account, name, school, points }) => {
              const sum = points.reduce((total, one, at) => total + (wanted[at] ? one : 0), 0)
              const score = Math.round(sum / Math.max(rules.scale / 1e6, 1)) / Math.min(rules.scale, 1e6)
              const shown = points.map((one, at) => [names[at]!, wanted[at] ? one / rules.scale : 0] as const)
              const indicators = Object.fromEntries(shown.filter(([, one]) => one !== 0))
              return { account, name, school, points: score, indicators }
            })
          const expected = scores
            .map((one) => ({ ...one, rank: 1 + scores.filter(({ points }) => points > one.points).length }))
            .sort((a, b) => a.rank - b.rank || Buffer.compare(Buffer.from(a.account), Buffer.from(b.account)))
          const ranking = rankings.rank(role)
          const json = Buffer.concat([...rankings.json(ranking)].map((bytes) => Buffer.from(bytes)))
          expect(JSON.parse(`[${json.toString().slice(1)}]`)).toEqual(expected)
          const places = [...rankings.places(ranking)].map(({ indicators, ...place }) => ({
            ...place,
            indicators: Object.fromEntries(
              indicators.flatMap((one, at) => (one ? [[names[at]!, one] as const] : [])),
            ),
          }))
          expect(places).toEqual(expected)
          const sums = rankings.sums(role)
          for (const [index, { code }] of rankings.people.schools.entries()) {
            const own = scores.filter(({ school }) => school === code)
            expect(sums.members[index]).toBe(own.length)
          }
        }
      }),
      { numRuns: 60 },
    )
  },
)
