import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { recordsCsv, rosterCsv } from '@space-assistant/core/demo/csv'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { loadScheme } from '@space-assistant/core/scheme/loader'
import { formatDay } from '@space-assistant/core/calendar/day'
import { attributes } from '@space-assistant/core/scheme/scheme'
import type { Scheme } from '@space-assistant/core/scheme/scheme'

export const schemePath = resolve(__dirname, '../../config/schemes/xinzhou-2022.yml')

export function readBenchScheme(): Scheme {
  const loaded = loadScheme(readFileSync(schemePath, 'utf8'), schemePath)
  if (!loaded.ok) throw new Error('the scheme of the benchmark is wrong')
  return loaded.value
}

export interface BenchData {
  records: number
  withIds: boolean
  rosterPath: string
  recordsPath: string
  /** What the baseline needs to know of the scheme. */
  schemeJson: string
  bytes: number
}

/** A district of 12,600 members and a year with so many records, made once per size and kept in the temporary folder. */
export function makeData(records: number, withIds: boolean, size = 42): BenchData {
  const scheme = readBenchScheme()
  const name = `space-bench-${size}-${records}${withIds ? '' : '-without-ids'}`
  const path = (end: string) => join(tmpdir(), `${name}${end}`)
  const district = makeDistrict({ size })
  if (!existsSync(path('-records.csv'))) {
    // Twelve months at the usual pace are about 790 records a member; another number takes another pace.
    const pace = (records / district.members.length / 790) * 1.05
    const options = { window: scheme.period, pace, ids: withIds, limit: records }
    writeAll(path('-roster.csv'), rosterCsv(district))
    writeAll(path('-records.csv'), recordsCsv(district, scheme, options))
  }
  writeFileSync(path('-scheme.json'), JSON.stringify(plainScheme(scheme, withIds)))
  return {
    records,
    withIds,
    rosterPath: path('-roster.csv'),
    recordsPath: path('-records.csv'),
    schemeJson: path('-scheme.json'),
    bytes: statSync(path('-records.csv')).size,
  }
}

function writeAll(path: string, chunks: Iterable<string>): void {
  const file = openSync(`${path}.part`, 'w')
  for (const chunk of chunks) writeSync(file, chunk)
  closeSync(file)
  renameSync(`${path}.part`, path)
}

function plainScheme({ indicators, period, schoolScore }: Scheme, withIds: boolean) {
  return {
    from: formatDay(period.from),
    to: formatDay(period.to),
    withIds,
    attributes,
    terms: schoolScore.map(({ role }) => role),
    indicators: indicators.map(({ name, role, rule, requirement }) => ({
      name,
      role,
      requirement,
      ...(rule.kind === 'streak' ? { streak: true } : { points: rule.points, ...rule.cap }),
    })),
  }
}
