// Pictures from the question to the bytes, one after the other and a hundred at once; bulletins with their files; and a
// report of 6,000 teachers as a workbook. All through the services of a bot that runs on a database.
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { operator } from '@space-assistant/core/access/viewer'
import { parseDay } from '@space-assistant/core/calendar/day'
import { Context, h, Logger } from 'koishi'
import type { Plugin } from 'koishi'
import type {} from 'koishi-plugin-space-bulletins'
import type {} from 'koishi-plugin-space-exports'
import type {} from 'koishi-plugin-space-pictures'
import * as sqlite from 'koishi-plugin-space-sqlite'
import { setClock } from '../../plugins/cli/clock'
import { printTable } from './paired'
import { fillStore } from './store'

const IDLE_MS = 1000
const first = ['schemes', 'roster', 'scoreboard'] as const
const rest = [
  'access',
  'imports',
  'conversation',
  'outbox',
  'documents',
  'pictures',
  'exports',
  'bulletins',
] as const
const window = { from: '2022-01-01', to: '2022-05-17' }
const dayOf = (text: string) => parseDay(text) ?? 0

/** Options: --size=20, each of 12 schools and 300 members. */
export async function run(options: readonly string[]): Promise<void> {
  const size = Number(options.find((one) => one.startsWith('--size='))?.split('=')[1] ?? 20)
  setFlagsFromString('--expose-gc')
  setClock(new Date('2022-05-18T10:00:00+08:00'))
  Logger.levels.base = Logger.ERROR
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-pictures-'))
  const path = join(folder, 'space.db')
  try {
    const filled = await start(path, { names: first, folder })
    await fillStore(filled, { size, ...window })
    await stop(filled)
    const app = await start(path, { names: [...first, ...rest], folder })
    const print = printTable('Pictures, bulletins and exports', ['Work', 'Measured', 'Goal'])
    for (const row of [...(await pictures(app)), await bulletins(app), await report(app)]) print(row)
    await stop(app)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function start(
  path: string,
  { names, folder }: { names: readonly string[]; folder: string },
): Promise<Context> {
  const app = new Context({ i18n: { locales: ['zh-CN'] } })
  app.baseDir = resolve(__dirname, '../..')
  const settings: Record<string, object> = {
    schemes: { scheme: 'xinzhou-2022', dir: 'config' },
    pictures: { idleMs: IDLE_MS },
    bulletins: { dir: join(folder, 'bulletins') },
    exports: { dir: join(folder, 'exports') },
  }
  const load = (name: string, config: object = {}) => {
    const exported = createRequire(__filename)(name) as { default?: object }
    app.plugin((exported.default ?? exported) as Plugin, config as never)
  }
  load('@koishijs/plugin-http')
  databases.set(app, app.plugin(sqlite, { path }))
  for (const name of names) load(`koishi-plugin-space-${name}`, settings[name])
  await app.start()
  const services = names.includes('bulletins') ? ['bulletins', 'exports', 'pictures'] : ['scoreboard', 'bulk']
  await new Promise<void>((ready) => app.inject(services, () => ready()))
  await app.model.prepared()
  return app
}

async function stop(app: Context): Promise<void> {
  await app.parallel('exit', 'SIGTERM')
  databases.get(app)?.dispose()
  await app.stop()
}

/** What closes each one's database. */
const databases = new Map<Context, { dispose(): boolean }>()

const collect = () => (runInNewContext('gc') as () => void)()
/** Of all threads. */
const cpuSeconds = () => (process.cpuUsage().user + process.cpuUsage().system) / 1e6
const megabytes = () => Math.round(process.memoryUsage().rss / 2 ** 20)

/** A ranking of the district in a window of its own, so that no two pictures are one. */
function paint(app: Context, seed: number): Promise<Uint8Array> {
  const { roster, scoreboard, schemes, access } = app
  const say = (key: string, params: object = {}) => h.unescape(app.i18n.text(['zh-CN'], [key], params))
  const context = {
    ctx: { roster, scoreboard, schemes, access },
    viewer: operator,
    today: dayOf(window.to),
    say,
  }
  const district = { kind: 'district' } as const
  const days = { from: dayOf(window.from) + Math.floor(seed / 12), to: dayOf(window.to) - (seed % 12) }
  const outcome = app.pictures.answer(context, { kind: 'list', of: 'school', scope: district, window: days })
  if (!outcome.ok) throw new Error(outcome.code)
  return app.pictures.paint(outcome.value.picture)
}

async function pictures(app: Context): Promise<string[][]> {
  for (let at = 0; at < 5; at++) await paint(app, at)
  const times: number[] = []
  const idle = cpuSeconds()
  for (let at = 5; at < 35; at++) {
    const began = performance.now()
    await paint(app, at)
    times.push(performance.now() - began)
  }
  const each = Math.round(((cpuSeconds() - idle) / times.length) * 1000)
  await wait(IDLE_MS * 2)
  collect()
  const before = megabytes()
  const lag = monitorEventLoopDelay({ resolution: 5 })
  lag.enable()
  const began = performance.now()
  await Promise.all(Array.from({ length: 100 }, (_, at) => paint(app, 100 + at)))
  lag.disable()
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const during = megabytes()
  await wait(IDLE_MS * 4)
  collect()
  const ms = (nanoseconds: number) => `${Math.round(nanoseconds / 1e6)} ms`
  const middle = times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN
  return [
    [
      'ranking of 30 rows from question to bytes, p50',
      `${Math.round(middle)} ms, ${each} ms CPU`,
      '250 ms (20 rows)',
    ],
    [
      '100 other ones at once: time, lag of the event loop p99 and most',
      `${seconds} s, ${ms(lag.percentile(99))}, ${ms(lag.max)}`,
      '100 ms',
    ],
    ['memory before, then, after', `${before}, ${during}, ${megabytes()} MB`, 'within 50 MB'],
  ]
}

async function bulletins({ bulletins: service }: Context): Promise<string[]> {
  const author = { person: 'bench', name: 'bench' }
  const [began, idle] = [performance.now(), cpuSeconds()]
  for (let at = 0; at < 12; at++) {
    const days = { from: dayOf(window.from), to: dayOf(window.to) - at }
    const drafted = await service.work.draft(operator, author, { window: days })
    if (!drafted.ok) throw new Error(drafted.code)
    for (const form of ['picture', 'document', 'table'] as const) {
      const file = await service.file(operator, drafted.value.head.id, form)
      if (!file.ok) throw new Error(file.code)
    }
  }
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  const cpu = (cpuSeconds() - idle).toFixed(1)
  return ['12 bulletins with picture, Word and workbook', `${seconds} s, ${cpu} s CPU`, '10 s']
}

async function report({ exports }: Context): Promise<string[]> {
  const days = { from: dayOf(window.from), to: dayOf(window.to) }
  collect()
  const [before, began, idle] = [megabytes(), performance.now(), cpuSeconds()]
  const made = await exports.make(operator, 'bench', {
    ...{ kind: 'report', scope: { kind: 'district' }, window: days },
  })
  if (!made.ok) throw new Error(made.code)
  const seconds = ((performance.now() - began) / 1000).toFixed(2)
  const work = `report of ${made.value.rows} teachers with every indicator as a workbook`
  const cpu = (cpuSeconds() - idle).toFixed(2)
  return [work, `${seconds} s, ${cpu} s CPU, ${megabytes() - before} MB more`, '1.5 s, 150 MB']
}
