import { renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { leave, unconfirmed } from '../ask'
import { dataDir, readEnvironment } from '../house'
import { withServices } from '../services'
import type { PluginChoice } from '../services'
import { text } from '../text'
import { copyTables } from './copy'
import { countTables, readTables, tableNames } from './tables'
import type { TableContent } from './tables'

const options = { yes: { type: 'boolean', short: 'y', default: false } } as const

/** What only runs, speaks or listens: the others say which tables there are. */
const silent = new Set(['sqlite', 'qq', 'onebot', 'wecom', 'demo', 'help'])
const withTables: PluginChoice = (name) => !silent.has(name)
const driverOnly =
  (driver: string): PluginChoice =>
  (name) =>
    name === driver

/** `space move`: everything of the embedded database into the MySQL or MariaDB of the settings, or nothing. */
export async function run(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  readEnvironment()
  const host = process.env['MYSQL_HOST'] ?? ''
  const file = join(dataDir(), 'space.db')
  const refusal = !host
    ? text('move-no-mysql')
    : statSync(file, { throwIfNoEntry: false })?.isFile()
      ? await whyTargetFull()
      : text('move-nothing', { file })
  if (refusal !== undefined) {
    process.stderr.write(`${refusal}\n`)
    return 1
  }
  const params = { file, host, database: process.env['MYSQL_DATABASE'] || 'space' }
  const reason = await unconfirmed(text('move-ask', params), values.yes)
  if (reason) return leave(reason)
  const moved = await moveAll(host)
  const aside = `${file}.moved-${formatDay(dayOf(new Date()))}`
  renameSync(file, aside)
  process.stdout.write(`${text('move-done', { ...moved, aside })}\n`)
  return 0
}

/** Refused unless nobody has used the database yet. */
async function whyTargetFull(): Promise<string | undefined> {
  const found = await withServices(['bulk', 'database'], countTables, driverOnly('mysql'))
  const full = Object.entries(found).filter(
    ([name, rows]) => rows > 0 && !bookkeeping.has(name) && !ofAnyStart.has(name),
  )
  if (!full.length) return
  const names = full.map(([name]) => name).join(text('list-join'))
  return text('move-full', { database: process.env['MYSQL_DATABASE'] || 'space', names })
}

/** What a process that has a database open writes for itself. */
const bookkeeping: ReadonlySet<string> = new Set(['space_schema', 'space_lease', 'space_claim'])

/** Written when an installation without data starts: nothing of anybody's is lost when they are replaced. */
const ofAnyStart: ReadonlySet<string> = new Set([
  'space_scheme_adoption',
  'space_roster_revision',
  'space_score_revision',
  'space_indicator',
  'space_reminder_run',
])

async function moveAll(host: string): Promise<{ tables: number; rows: number }> {
  process.env['MYSQL_HOST'] = ''
  const source = await withServices(
    ['bulk', 'database'],
    (ctx) => readTables(ctx, bookkeeping),
    driverOnly('sqlite'),
  ).finally(() => (process.env['MYSQL_HOST'] = host))
  await withServices(
    ['bulk', 'database', 'tickets', 'awards'],
    (ctx) => waitForTables(ctx, source),
    withTables,
  )
  return withServices(['bulk', 'database'], (ctx) => copyTables(ctx, source), driverOnly('mysql'))
}

const WAIT_MS = 60_000

/** Plugins make their tables once what they need is there. */
async function waitForTables(
  ctx: Parameters<typeof tableNames>[0],
  source: readonly TableContent[],
): Promise<void> {
  for (const until = Date.now() + WAIT_MS; ;) {
    await ctx.model.prepared()
    const there = new Set(await tableNames(ctx))
    const missing = source.filter(({ name }) => !there.has(name)).map(({ name }) => name)
    if (!missing.length) return
    if (Date.now() > until) throw new Error(text('move-unknown', { names: missing.join(text('list-join')) }))
    await new Promise((done) => setTimeout(done, 200))
  }
}
