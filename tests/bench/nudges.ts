// How fast a week's nudges are planned and written to the outbox, and that the memory for it does not grow with their
// number. The process has loaded roster and board before: what it uses above that is the planning's.
import { buildSync } from 'esbuild'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { launchMariaDB } from '../database/mariadb'
import type { NudgerOptions, NudgerReport } from './nudger'
import { megabytes, printTable, seconds } from './paired'
import type { StoreOptions } from './store'

const root = resolve(__dirname, '../..')
const built = join(root, 'node_modules/.cache/space-bench/nudger.js')
const now = '2022-05-16T08:31:00+08:00'

/** Options: --sizes=10000,100000,1000000 teachers; --stores=SQLite,MariaDB. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: string) =>
    (options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise).split(',')
  buildSync({
    ...{ entryPoints: [join(__dirname, 'nudger.ts')], outfile: built, bundle: true, platform: 'node' },
    ...{ target: 'node20', packages: 'external', logLevel: 'error' },
  })
  const row = printTable('## planning the nudges of a week and writing them', [
    ...['database', 'teachers', 'messages', 'time', 'messages a second'],
    ...['memory, loaded', 'peak while planning', 'above loaded'],
  ])
  for (const database of option('stores', 'SQLite,MariaDB')) {
    for (const size of option('sizes', '10000,100000,1000000')) {
      await withStore(database, async (store) => {
        const teachers = Number(size)
        await nudger({ act: 'fill', store, teachers, now })
        const { messages, ms, loaded, peak } = await nudger({ act: 'plan', store, teachers, now })
        if (messages < teachers) throw new Error(`${messages} messages for ${teachers} teachers`)
        row([
          ...[database, size, String(messages), seconds(ms), ((messages / ms) * 1000).toFixed(0)],
          ...[megabytes(loaded), megabytes(peak), megabytes(peak - loaded)],
        ])
      })
    }
  }
}

async function withStore(database: string, act: (store: StoreOptions) => Promise<void>): Promise<void> {
  if (database === 'SQLite') {
    const folder = mkdtempSync(join(tmpdir(), 'space-bench-nudges-'))
    await act({ kind: 'sqlite', path: join(folder, 'nudges.db') })
    return rmSync(folder, { recursive: true })
  }
  const server = await launchMariaDB()
  try {
    await act({ kind: 'mysql', settings: await server.database() })
  } finally {
    await server.stop()
  }
}

async function nudger(options: NudgerOptions): Promise<NudgerReport> {
  const child = fork(built, [JSON.stringify(options)], {
    ...{ cwd: root, execArgv: ['--expose-gc'] },
    env: { ...process.env, NODE_OPTIONS: '', TZ: 'Asia/Shanghai' },
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the ${options.act} of the benchmark ended`)
  })
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [NudgerReport]
  await ended.catch(() => undefined)
  return report
}
