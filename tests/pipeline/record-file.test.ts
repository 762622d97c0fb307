import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseHeaders } from '@space-assistant/core/formats/headers'
import { parseFile } from '@space-assistant/core/formats/parse'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import type { RecordRow } from '@space-assistant/core/formats/rows'
import type { IdSet } from '@space-assistant/core/pipeline/id-set'
import { setUpLines } from '@space-assistant/core/pipeline/line-setup'
import { collectRecordRows, joinTallies, readRecordFile } from '@space-assistant/core/pipeline/record-file'
import type { RecordFile, SliceTallies } from '@space-assistant/core/pipeline/record-file'
import { readRecordLines } from '@space-assistant/core/pipeline/record-lines'
import type { ReadSlices } from '@space-assistant/core/pipeline/record-lines'
import { decodeSheet, packSheet } from '@space-assistant/core/pipeline/record-sheet'
import { SliceReader } from '@space-assistant/core/pipeline/slice'
import { readLines, sourceOfBytes } from '@space-assistant/core/pipeline/source'
import { packAll, TallyCounter } from '@space-assistant/core/pipeline/tally-counter'
import type { PersonDays } from '@space-assistant/core/roster/person-days'
import { decodeTallies, emptyPack } from '@space-assistant/core/scoring/tallies'
import { encodeGbk } from '@space-assistant/core/text/gbk'

const headers = parseHeaders(readFileSync('config/headers.yml', 'utf8'), 'config/headers.yml')
const loaded = loadScheme(readFileSync('config/schemes/xinzhou-2022.yml', 'utf8'), 'xinzhou-2022.yml')
if (!loaded.ok) throw new Error('scheme')
const scheme = loaded.value
const accounts = ['42010001', '42010002', '00042', 't.zhang', '张老师', '4201000312345']

const numbers = scheme.indicators.map((_, index) => index)
const context = { headers, scheme, accounts, numbers, kind: 'records', problems: Infinity } as const

interface Outcome {
  withIds: boolean
  /** By account. */
  tallies: string[]
  /** Accounts that are named, and days. */
  named: string[]
  days: number[]
  rows: string[]
  ids: string[]
  problems: unknown[]
  /** Whom and which days refused rows of a statement name. */
  spared: string[]
  understood: number
}

/** What a file says, by the general reader and with nothing clever behind it. */
async function slow(bytes: Uint8Array): Promise<Outcome | undefined> {
  const file = await parseFile(bytes, { headers, scheme, kind: 'records', accounts: new Set(accounts) })
  if (file.kind !== 'records') return
  const seen = new Set<string>()
  const rows = file.rows.filter(({ recordId }) => {
    const isNew = recordId === undefined || !seen.has(recordId)
    if (recordId !== undefined) seen.add(recordId)
    return isNew
  })
  const tallies = accounts.map((account) => {
    const sums = new Map<string, number>()
    for (const { indicator, day, count, valid, ...row } of rows) {
      if (row.account !== account || !valid || !count) continue
      sums.set(`${indicator} ${day}`, (sums.get(`${indicator} ${day}`) ?? 0) + count)
    }
    return [...sums]
      .map(([key, count]) => `${key} ${count}`)
      .sort()
      .join('|')
  })
  return {
    withIds: file.withIds,
    tallies,
    named: accounts.filter((account) => rows.some((row) => row.account === account)),
    days: [...new Set(rows.map(({ day }) => day))].sort((a, b) => a - b),
    rows: rows.map(describeRow).sort(),
    ids: [...seen].sort(),
    problems: file.problems,
    spared: file.withIds ? [] : describeDays(file.spared),
    understood: file.understood,
  }
}

function describeRow({
  account,
  indicator,
  day,
  minute,
  count,
  valid,
  recordId,
  attributes,
}: Omit<RecordRow, 'row'>): string {
  return `${account} ${indicator} ${day} ${minute} ${count} ${valid} ${recordId} ${JSON.stringify(attributes)}`
}

const describeDays = (list: PersonDays) =>
  [...list].flatMap(([account, days]) => [...days].map((day) => `${account} ${day}`)).sort()

const allIds = (ids: IdSet) =>
  [
    ...ids.texts,
    ...[...ids.blocks()].flatMap(({ prefix, digits, block, bits }) =>
      Array.from({ length: 512 }, (_, bit) => bit).flatMap((bit) =>
        (bits[bit >> 5]! >>> (bit & 31)) & 1 ? prefix + String(block * 512 + bit).padStart(digits, '0') : [],
      ),
    ),
  ].sort()

function describeFile(file: RecordFile): Outcome {
  const { withIds, problems, spared, understood, stated, days, ids, sheets } = file
  const name = (indicator: number) => scheme.indicators[indicator]!.name
  return {
    withIds,
    tallies: accounts.map((account) =>
      decodeTallies(stated.get(account) ?? emptyPack)
        .map(({ indicator, day, count }) => `${name(indicator)} ${day} ${count}`)
        .sort()
        .join('|'),
    ),
    named: accounts.filter((account) => stated.has(account)),
    days: [...days].sort((a, b) => a - b),
    rows: accounts
      .flatMap((account) => {
        const sheet = sheets.get(account)
        const stored = sheet?.collector.sheet(sheet.member)
        if (!stored) return []
        const { records } = decodeSheet(stored.pack)
        expect(packSheet({ replaced: [], records })).toEqual({ ...stored, pack: new Uint8Array(stored.pack) })
        return records.map((record) => describeRow({ ...record, account, indicator: name(record.indicator) }))
      })
      .sort(),
    ids: allIds(ids),
    problems: [...problems],
    spared: withIds ? [] : describeDays(spared),
    understood,
  }
}

/** The file read in so many slices, in pieces of any size. */
async function inSlices(bytes: Uint8Array, parts: number, chunk: number): Promise<Outcome | undefined> {
  const setup = await setUpLines(bytes, context)
  if (!setup) return
  const bounds = boundsOf(bytes, setup.head.length, parts)
  const read: ReadSlices<{ tallies: SliceTallies }> = async (current, which) => {
    const slices = []
    for (let part = 0; part < parts; part++) {
      if (which && which.slice !== part) continue
      const counter = new TallyCounter(scheme, accounts.length)
      const reader = new SliceReader(current, {
        ...{ headers, sink: counter, problems: Infinity, before: which?.before },
        accounts: () => accounts,
      })
      for (const [from, to] of chunksOf(bytes, bounds[part]!, bounds[part + 1]!, chunk)) {
        await readLines(sourceOfBytes(bytes), { from, to }, reader)
      }
      const packed = packAll(counter.pack(numbers))
      const { members, days } = counter
      slices.push({ tallies: { packed, members, days }, result: reader.result() })
    }
    return slices
  }
  const lines = await readRecordLines(setup, read)
  if (!lines) return
  const joined = joinTallies(
    lines.slices.map(({ tallies }) => tallies),
    { accounts, first: scheme.period.from },
  )
  return {
    ...describeFile({ kind: 'records', ...lines, ...joined, unread: [], sheets: new Map() }),
    rows: [],
  }
}

function* chunksOf(bytes: Uint8Array, from: number, to: number, chunk: number): Generator<[number, number]> {
  for (let at = from; at < to;) {
    const end = Math.min(lineEnd(bytes, at + chunk), to)
    yield [at, end]
    at = end
  }
}

function boundsOf(bytes: Uint8Array, from: number, parts: number): number[] {
  const bounds = [from]
  for (let part = 1; part < parts; part++) {
    const even = from + Math.floor(((bytes.length - from) * part) / parts)
    bounds.push(Math.max(lineEnd(bytes, even), bounds.at(-1)!))
  }
  return [...bounds, bytes.length]
}

/** Where the line that holds position `at - 1` ends. */
function lineEnd(bytes: Uint8Array, at: number): number {
  if (at >= bytes.length) return bytes.length
  const end = bytes.indexOf(10, at - 1)
  return end < 0 ? bytes.length : end + 1
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
    if (encoding === 'gbk') return encodeGbk(text)
    return Buffer.from(encoding === 'bom' ? `\ufeff${text}` : text)
  })

describe('records files of plain lines', () => {
  it('say what the general reader finds in them, row by row', async () => {
    let counted = 0
    await fc.assert(
      fc.asyncProperty(files, async (bytes) => {
        const quick = await readRecordFile(sourceOfBytes(bytes), context)
        if (!quick) return
        counted++
        expect(describeFile(quick)).toEqual(await slow(bytes))
      }),
      { numRuns: 300 },
    )
    expect(counted).toBeGreaterThan(150)
  }, 120_000)

  it('say the same in slices and pieces of any size', async () => {
    let counted = 0
    await fc.assert(
      fc.asyncProperty(
        files,
        fc.integer({ min: 1, max: 3 }),
        fc.constantFrom(1, 40, 1 << 20),
        async (bytes, parts, chunk) => {
          const quick = await inSlices(bytes, parts, chunk)
          if (!quick) return
          counted++
          expect(quick).toEqual({ ...(await slow(bytes)), rows: [] })
        },
      ),
      { numRuns: 300 },
    )
    expect(counted).toBeGreaterThan(150)
  }, 120_000)

  it('say the same when the general reader has read them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (bytes) => {
        const parsed = await parseFile(bytes, {
          headers,
          scheme,
          kind: 'records',
          accounts: new Set(accounts),
        })
        if (parsed.kind !== 'records') return
        expect(describeFile(await collectRecordRows(parsed, context))).toEqual(await slow(bytes))
      }),
      { numRuns: 150 },
    )
  }, 120_000)
})

describe('a line of any length', () => {
  it.each([10, 300_000, 2_000_000])('of %i characters is read whole', async (length) => {
    const text = `账号,指标,时间,备注\n42010001,空间登录,2022-03-09,${'x'.repeat(length)}\n42010002,空间登录,2022-03-09,\n`
    const file = await readRecordFile(sourceOfBytes(Buffer.from(text)), context)
    expect(file && { understood: file.understood, refused: file.refused }).toEqual({
      understood: 2,
      refused: 0,
    })
  })

  it('longer than any record is left to the general reader', async () => {
    const text = `账号,指标,时间\n42010001,空间登录,2022-03-09${'x'.repeat(17 << 20)}`
    expect(await readRecordFile(sourceOfBytes(Buffer.from(text)), context)).toBeUndefined()
  })

  it('tell the columns that nothing is read of, however they were read', async () => {
    const text = '账号,指标,时间,班主任意见,备注\n42010001,空间登录,2022-03-09,好,x\n'
    const unread = [{ title: '班主任意见' }, { title: '备注' }]
    expect(await readRecordFile(sourceOfBytes(Buffer.from(text)), context)).toMatchObject({ unread })
    const parsed = await parseFile(Buffer.from(text), { headers, scheme })
    if (parsed.kind !== 'records') throw new Error(parsed.kind)
    expect(await collectRecordRows(parsed, context)).toMatchObject({ unread })
  })

  it('in which one line is no text are left to the general reader', async () => {
    const line = encodeGbk('账号,指标,时间\n42010001,空间登录,2022-03-09\n')
    const broken = Buffer.concat([
      line,
      Buffer.from('42010001,'),
      Buffer.from([0xff, 0xff]),
      Buffer.from(',2022-03-09\n'),
      line,
    ])
    expect(await readRecordFile(sourceOfBytes(broken), context)).toBeUndefined()
  })
})
