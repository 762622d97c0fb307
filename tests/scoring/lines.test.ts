import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { Dictionary } from '@space-assistant/core/scoring/dictionary'
import { planRecords } from '@space-assistant/core/scoring/change'
import { countFile, inMemory } from '@space-assistant/core/scoring/lines/file'
import { encodeGbk } from '@space-assistant/core/scoring/lines/gbk'
import { setUpLines } from '@space-assistant/core/scoring/lines/setup'
import { putAccounts } from '@space-assistant/core/scoring/lines/texts'
import { packMembers } from '@space-assistant/core/scoring/lines/visit'
import { decodeTallies, emptyPack } from '@space-assistant/core/scoring/tallies'
import type { Pack } from '@space-assistant/core/scoring/tallies'
import { openEngine } from './engine'

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value
const accounts = ['42010001', '42010002', '00042', 't.zhang', '张老师', '4201000312345']

interface Outcome {
  withIds: boolean
  packs: string[]
  problems: unknown[]
  understood: number
}

const tallies = (packs: readonly Pack[], dictionary: Dictionary) =>
  packs.map((pack) =>
    decodeTallies(pack)
      .map(({ indicator, day, count }) => `${dictionary.names[indicator]} ${day} ${count}`)
      .sort()
      .join('|'),
  )

async function slow(bytes: Uint8Array): Promise<Outcome | undefined> {
  const file = await parseFile(bytes, { headers, scheme, kind: 'records', accounts: new Set(accounts) })
  if (file.kind !== 'records') return
  const dictionary = new Dictionary()
  const { members } = planRecords(file, {
    dictionary,
    pack: () => emptyPack,
    school: () => 'S1',
    members: () => accounts,
    seen: () => false,
  })
  const after = new Map(members.map((member) => [member.account, member.after]))
  const packs = accounts.map((account) => after.get(account) ?? emptyPack)
  const { withIds, problems, understood } = file
  return { withIds, packs: tallies(packs, dictionary), problems, understood }
}

async function fast(bytes: Uint8Array, parts: number, chunk: number): Promise<Outcome | undefined> {
  const engine = await openEngine()
  const setup = await setUpLines(bytes, {
    engine,
    headers,
    scheme,
    accounts: putAccounts(engine, accounts),
  })
  if (!setup) return
  const counted = await countFile(setup, inMemory(engine, bytes, headers, { parts, chunk }))
  if (!counted) return
  const dictionary = new Dictionary(scheme.indicators.map(({ name }) => name))
  const packs: Pack[] = []
  const { slices } = counted
  packMembers(
    { engine, setup, slices },
    { from: 0, to: accounts.length, numbers: dictionary.names.map((_, i) => i) },
    (member, pack) => {
      packs[member] = pack
    },
  )
  const { withIds, problems, understood } = counted
  return { withIds, packs: tallies(packs, dictionary), problems, understood }
}

const names = scheme.indicators.map(({ name }) => name)
const cell = {
  account: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...accounts) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        ' 42010001',
        '４２０１０００１',
        '42',
        '',
        '1.23E+17',
        'nobody',
        '"42010002"',
        '合计',
        '="00042"',
      ),
    },
  ),
  indicator: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...names) },
    { weight: 1, arbitrary: fc.constantFrom('资源 建设', '资源建没', '', '"资源建设"', '空间登录 ', 'x') },
  ),
  time: fc.oneof(
    {
      weight: 8,
      arbitrary: fc.constantFrom(
        '2022-03-09',
        '2022-03-09 08:00',
        '2022/3/9 8:05',
        '2022-12-31 23:59:59',
        '2022.3.10',
      ),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '2022年3月9日',
        '44629',
        '2022-02-30',
        '2021-12-31',
        '2022-03-09 25:00',
        '2022-03-099',
        '',
        '２０２２-03-09',
        '2022-03-09T08:00',
        '20220309',
        '2022-3/9',
        '2022-03-09 pm 3:00',
        '2022-03-09 ',
      ),
    },
  ),
  count: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('1', '', '3', '0', '255', '300') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('-1', '1.5', 'x', '１', '1000001', '00000000001', '"1,000"', ' 2', '+2'),
    },
  ),
  minutes: fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom('', '15', '14', '20.5') },
    { weight: 1, arbitrary: fc.constantFrom('-3', '15分', ' ', '=A1', '1e9') },
  ),
  name: fc.constantFrom('张三', 'Li', '', '李 四', '"王"', '小计', '合计：', '总,计', 'x"y'),
}
const ids = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 12 }).map((id) => `R${String(id).padStart(4, '0')}`) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }).map((id) => String(2203090 + id)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'R-1',
      'uuid-7f',
      'R0001 ',
      '"R0002"',
      'Ｒ0003',
      '',
      '123456789012345678',
      '1E5',
      '420106199001011234',
    ),
  },
)
const layouts = [
  { header: '账号,指标,时间,次数,时长', columns: ['account', 'indicator', 'time', 'count', 'minutes'] },
  { header: '时间,姓名,账号,次数,指标', columns: ['time', 'name', 'account', 'count', 'indicator'] },
  { header: '姓名,账号,指标,时间', columns: ['name', 'account', 'indicator', 'time'] },
  {
    header: '某区行为明细\n账号,指标,时间,记录编号,次数,时长',
    columns: ['account', 'indicator', 'time', 'id', 'count', 'minutes'],
  },
  { header: '记录编号,时间,账号,指标', columns: ['id', 'time', 'account', 'indicator'] },
] as const

const line = ({ columns, header }: (typeof layouts)[number], withId: fc.Arbitrary<string>) =>
  fc.oneof(
    {
      weight: 20,
      arbitrary: fc
        .tuple(...columns.map((column) => (column === 'id' ? withId : cell[column])))
        .map((cells) => cells.join(',')),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '',
        ',,,',
        header.split('\n').at(-1)!,
        '合计,,,9',
        'a,b,c,d,e,f,g,h',
        '42010001,空间登录,2022-03-09',
      ),
    },
  )

const files = fc
  .constantFrom(...layouts)
  .chain((layout) =>
    fc.record({
      header: fc.constant(layout.header),
      lines: fc.oneof(
        { weight: 5, arbitrary: fc.array(line(layout, ids), { maxLength: 25 }) },
        { weight: 1, arbitrary: fc.array(line(layout, fc.constant('')), { maxLength: 25 }) },
        { weight: 1, arbitrary: fc.array(line(layout, fc.oneof(fc.constant(''), ids)), { maxLength: 25 }) },
      ),
      end: fc.constantFrom('\n', '\r\n'),
      last: fc.boolean(),
      encoding: fc.constantFrom('utf-8', 'bom', 'gbk'),
    }),
  )
  .map(({ header, lines, end, last, encoding }) => {
    const text = [header, ...lines].join(end) + (last ? end : '')
    if (encoding === 'gbk') return encodeGbk(text) ?? Buffer.from(text)
    return Buffer.from(encoding === 'bom' ? `\ufeff${text}` : text)
  })

describe('counting plain lines', () => {
  it('finds what the general reader finds, in slices and chunks of any size', async () => {
    let counted = 0
    await fc.assert(
      fc.asyncProperty(
        files,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 40, 1 << 20),
        async (bytes, parts, chunk) => {
          const quick = await fast(bytes, parts, chunk)
          if (!quick) return
          counted++
          expect(quick).toEqual(await slow(bytes))
        },
      ),
      { numRuns: 300 },
    )
    expect(counted).toBeGreaterThan(150)
  })
})
