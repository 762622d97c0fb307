// An xlsx of 100,000 records: file -> preview -> stored -> fresh scores, against reading it with hucre and doing nothing.
import { activity } from '@space-assistant/core/demo/activity'
import { makeDistrict } from '@space-assistant/core/demo/district'
import { recordId } from '@space-assistant/core/demo/exports'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Scheme } from '@space-assistant/core/scheme/scheme'
import { streamXlsxRows, writeXlsx } from 'hucre'
import { Context, Logger } from 'koishi'
import * as imports from 'koishi-plugin-space-imports'
import * as roster from 'koishi-plugin-space-roster'
import Schemes from 'koishi-plugin-space-schemes'
import * as scoreboard from 'koishi-plugin-space-scoreboard'
import * as mysql from 'koishi-plugin-space-mysql'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { mkdtempSync, rmSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { launchMariaDB } from '../database/mariadb'
import { median, paired, printTable, runHere, seconds } from './paired'
import { readBenchScheme } from './score-data'
import { fillStore } from './store'

Logger.levels.base = Logger.ERROR

const ROWS = 100_000
const SIZE = 20
const staff: Viewer = { grants: [{ kind: 'staff' }], place: { kind: 'private' } }
const header = [
  '账号',
  '姓名',
  '学校名称',
  '指标',
  '时间',
  '次数',
  '记录编号',
  '时长',
  '人数',
  '资源数',
  '作品数',
  '天数',
]

export async function run(options: readonly string[]): Promise<void> {
  const rounds = Number(options.find((one) => one.startsWith('--rounds='))?.split('=')[1] ?? 7)
  // One more for the round that warms up.
  const files: Uint8Array[] = []
  for (let round = 0; round <= rounds; round++) files.push(await makeWorkbook(readBenchScheme(), round))
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-import-'))
  const server = await launchMariaDB()
  try {
    const row = printTable(
      `## import of an xlsx of ${ROWS} records and ${header.length} columns, 6,000 members`,
      [
        ...['database', 'preview, stored, fresh scores', 'reading with hucre', 'ratio'],
        ...['longest pause of the bot in the preview', 'in storing'],
      ],
    )
    const settings = await server.database()
    const stores: [string, (app: Context) => void][] = [
      ['SQLite', (app) => void app.plugin(sqlite, { path: join(folder, 'space.db') })],
      ['MariaDB', (app) => void app.plugin(mysql, settings)],
    ]
    for (const [name, plugin] of stores) row([name, ...(await measure(plugin, files))])
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

async function measure(plugin: (app: Context) => void, files: readonly Uint8Array[]): Promise<string[]> {
  const app = await openServices(plugin)
  await fillStore(app, { size: SIZE, from: '2022-01-01', to: '2022-06-30' })
  await app.roster.load()
  await app.scoreboard.load()
  let round = 0
  const pauses: Pauses = { preview: [], confirm: [] }
  const imported = () => runHere(() => importOnce(app, files[round++]!, pauses))
  const read = () =>
    runHere(async () => {
      let rows = 0
      for await (const row of streamXlsxRows(files[0]!)) if (row) rows++
      if (rows !== ROWS + 1) throw new Error(`hucre read ${rows} rows`)
    })
  await imported()
  pauses.preview = []
  pauses.confirm = []
  const result = await paired({ imported, read }, files.length - 1)
  app.scope.dispose()
  return [
    seconds(result.imported.ms),
    seconds(result.read.ms),
    (result.imported.ms / result.read.ms).toFixed(2),
    seconds(median(pauses.preview)),
    seconds(median(pauses.confirm)),
  ]
}

/** The longest times, one for each round, in which nobody could be answered. */
interface Pauses {
  preview: number[]
  confirm: number[]
}

async function watched<T>(pauses: number[], act: () => Promise<T>): Promise<T> {
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const value = await act()
  delay.disable()
  pauses.push(delay.max / 1e6)
  return value
}

async function importOnce(app: Context, bytes: Uint8Array, pauses: Pauses): Promise<void> {
  const { imports } = app
  const preview = await watched(pauses.preview, () =>
    imports.preview({ name: 'records.xlsx', bytes, kind: 'records' }, staff),
  )
  if (!preview.ok) throw new Error(app.imports.explain(preview, 'zh-CN'))
  if (preview.value.understood !== ROWS) throw new Error(`${preview.value.understood} rows were understood`)
  const stored = await watched(pauses.confirm, () => imports.confirm(preview.value.id, staff))
  if (!stored.ok) throw new Error(app.imports.explain(stored, 'zh-CN'))
  const window = app.schemes.active.period
  const standing = app.scoreboard.standing({ of: 'teachers', window, scope: { kind: 'district' } })
  if (!standing.size) throw new Error('nobody is ranked')
}

/** The services that an import goes through, on a database. */
export async function openServices(plugin: (app: Context) => void): Promise<Context> {
  const app = new Context()
  plugin(app)
  app.plugin(Schemes, { scheme: 'xinzhou-2022', dir: 'config', pollSeconds: 3600 })
  app.plugin(roster, { pollSeconds: 3600 })
  app.plugin(scoreboard, { pollSeconds: 3600 })
  app.plugin(imports.default, { keepMinutes: 15 })
  const ready = new Promise<void>((resolve) => app.inject(['imports'], () => resolve()))
  await app.start()
  await ready
  return app
}

/** The first records after the activity that is stored already, in every round with ids of their own. */
async function makeWorkbook(scheme: Scheme, round: number): Promise<Uint8Array> {
  const district = makeDistrict({ size: SIZE })
  const names = new Map(district.schools.map(({ code, name }) => [code, name]))
  const rows: (string | number | null)[][] = [header]
  const window = { from: scheme.period.from + 181, to: scheme.period.to }
  for (const { day, length, member, indicator, minute, count } of activity(district, scheme, { window })) {
    for (let at = 0; at < length && rows.length <= ROWS; at++) {
      const { account, name, school } = district.members[member[at]!]!
      const time = `${formatDay(day)} ${two(minute[at]! / 60)}:${two(minute[at]! % 60)}`
      const values = [
        account,
        name,
        names.get(school)!,
        scheme.indicators[indicator[at]!]!.name,
        time,
        count[at]!,
      ]
      rows.push([...values, `${round}${recordId(day, at)}`, 40, 40, 10, 10, 5])
    }
    if (rows.length > ROWS) break
  }
  return writeXlsx({ sheets: [{ name: 'records', rows }] })
}

const two = (value: number) => String(Math.floor(value)).padStart(2, '0')
