// `space score` against DuckDB on the same file with as many threads, and against csv-parse reading the file and doing nothing.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Candidate } from './paired'
import { megabytes, paired, printTable, runNode, seconds, times } from './paired'
import { makeData, schemePath } from './score-data'
import type { BenchData } from './score-data'

const root = resolve(__dirname, '../..')
const threads = '2'

interface Place {
  account?: string
  code?: string
  points?: number
  score?: number
  rank: number | null
  indicators?: Record<string, number>
}

/**
 * Options: --rounds=7 --millions=1,10 --ids (only with ids) --no-ids (only without) --size=42 (300 members each)
 * --main=FILE (another start file than the command's own, which compiles anew when a source is newer than the build).
 */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string) => options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1]
  const rounds = Number(option('rounds') ?? 7)
  const main = option('main') ?? join(root, 'plugins/cli/bin.cjs')
  const millions = (option('millions') ?? '1,10').split(',').map(Number)
  const district = Number(option('size') ?? 42)
  const variants = [true, false].filter((ids) => !options.includes(ids ? '--no-ids' : '--ids'))
  const columns = [
    'records',
    'file',
    'ids',
    'space score',
    'DuckDB',
    'faster',
    'memory',
    'DuckDB',
    'share',
    'csv-parse',
    'faster',
  ]
  const row = printTable('## space score: the whole process', columns)
  for (const size of millions) {
    for (const withIds of variants)
      row(await measure(makeData(size * 1e6, withIds, district), { rounds, main }))
  }
}

async function measure(
  data: BenchData,
  { rounds, main }: { rounds: number; main: string },
): Promise<string[]> {
  const own = join(tmpdir(), 'space-bench-own.json')
  const theirs = join(tmpdir(), 'space-bench-duckdb.json')
  const space = () =>
    runNode([
      ...[main, 'score', '--scheme', schemePath, '--out', own],
      ...['--roster', data.rosterPath, '--records', data.recordsPath],
    ])
  const duckdb = () =>
    runNode([
      ...[join(__dirname, 'score-duckdb.mjs'), data.schemeJson, data.rosterPath, data.recordsPath, theirs],
      threads,
    ])
  const csvParse = () => runNode([join(__dirname, 'score-csv-parse.mjs'), data.recordsPath])
  space()
  duckdb()
  compare(own, theirs)
  const small = data.records <= 1e6
  const candidates: Record<string, Candidate> = { space, duckdb }
  if (small) candidates['csvParse'] = csvParse
  const result = await paired(candidates, rounds)
  const [a, b, c] = [result['space']!, result['duckdb']!, result['csvParse']]
  return [
    ...[`${data.records / 1e6} million`, megabytes(data.bytes), data.withIds ? 'yes' : 'no'],
    ...[seconds(a.ms), seconds(b.ms), times(b.ms, a.ms)],
    ...[megabytes(a.bytes), megabytes(b.bytes), (a.bytes! / b.bytes!).toFixed(2)],
    ...(c ? [seconds(c.ms), times(c.ms, a.ms)] : ['', '']),
  ]
}

/** Both must say the same of everybody before any time means anything. */
function compare(own: string, theirs: string): void {
  const ours = JSON.parse(readFileSync(own, 'utf8')) as Record<string, Place[]>
  const files = JSON.parse(readFileSync(theirs, 'utf8')) as Record<string, string>
  if (ours['problems']?.length) throw new Error('space score refused rows')
  for (const list of ['teachers', 'administrators', 'schools']) {
    const lines = readFileSync(files[list]!, 'utf8').split('\n').filter(Boolean)
    // Long lists come from several threads of the baseline, in any order.
    const places = lines.map((line) => JSON.parse(line) as Place).sort(inOrder)
    const expected = places.map(plain)
    const found = ours[list]!.filter(({ rank }) => rank !== null).map(plain)
    if (found.length !== expected.length)
      throw new Error(`${list}: ${found.length} places, not ${expected.length}`)
    for (const [index, place] of expected.entries()) {
      if (found[index] !== place)
        throw new Error(`${list}, place ${index + 1}: ${found[index]}, not ${place}`)
    }
  }
}

function inOrder(one: Place, other: Place): number {
  const [code, otherCode] = [one, other].map(({ account, code }) => account ?? code ?? '')
  return Number(one.rank) - Number(other.rank) || (code! < otherCode! ? -1 : 1)
}

function plain({ account, code, points, score, rank, indicators }: Place): string {
  const parts = Object.entries(indicators ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([account ?? code, points ?? score, Number(rank), parts])
}
