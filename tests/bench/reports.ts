// How long the bot takes for many issue reports that come at once from many groups, over a real adapter and on both
// databases, and whether each was taken and support has heard of each exactly once.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchMariaDB } from '../database/mariadb'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { groups, numbersRead, people, reportText } from '../ticket-commands/flood'
import { buildBot, startBot } from './child'
import { median, printTable, seconds } from './paired'
import { benchBot } from './store'
import type { StoreOptions } from './store'

const support = '9000'
const now = '2022-12-30T12:00:00+08:00'
const quick = { quotas: false, quietFrom: '00:00', quietTo: '00:00' }
/** Options: --reports=1000 at once in each of --rounds=3 rounds, each on a database of its own. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const [reports, rounds] = [option('reports', 1000), option('rounds', 3)]
  buildBot()
  const row = printTable(`## ${reports} issue reports at once, ${people} people in ${groups} groups`, [
    ...['database', 'all taken in', 'slowest', 'reports', 'numbers', 'not heard by support', 'heard twice'],
  ])
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-reports-'))
  const server = await launchMariaDB()
  try {
    const stores: [string, (round: number) => Promise<StoreOptions>][] = [
      ['SQLite', async (round) => Promise.resolve({ kind: 'sqlite', path: join(folder, `${round}.db`) })],
      ['MariaDB', async () => ({ kind: 'mysql', settings: await server.database() })],
    ]
    for (const [name, open] of stores) {
      const found: Flood[] = []
      for (let round = 0; round < rounds; round++) {
        found.push(await flood(await open(round), { reports, dir: join(folder, 'files') }))
      }
      const times = found.map(({ ms }) => ms)
      const sum = (pick: (one: Flood) => number) => String(found.reduce((all, one) => all + pick(one), 0))
      row([
        ...[name, seconds(median(times)), seconds(Math.max(...times)), String(reports * rounds)],
        ...[sum(({ numbers }) => numbers), sum(({ unheard }) => unheard), sum(({ twice }) => twice)],
      ])
    }
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true })
  }
}

interface Flood {
  /** From the first report to the last receipt. */
  ms: number
  numbers: number
  unheard: number
  twice: number
}

async function flood(
  store: StoreOptions,
  { reports, dir }: { reports: number; dir: string },
): Promise<Flood> {
  const fake = await startFakeOneBot({ selfId: benchBot })
  const bot = await startBot({
    store,
    now,
    onebot: fake.config,
    outbox: quick,
    tickets: { group: support, dir },
  })
  try {
    await fake.online()
    const started = performance.now()
    for (let at = 0; at < reports; at++) report(fake, at)
    const numbers = () => receipts(fake)
    await until(
      () => numbers().size === reports,
      () => `${numbers().size} of ${reports} receipts`,
    )
    const ms = performance.now() - started
    await bot.hour()
    const heard = () => heardOf(fake)
    const ended = Date.now() + 30_000
    await until(
      () => Date.now() > ended || [...numbers()].every((number) => heard().has(number)),
      () => `${heard().size} of ${reports} heard`,
    )
    const counts = heard()
    return {
      ms,
      numbers: numbers().size,
      unheard: [...numbers()].filter((number) => !counts.has(number)).length,
      twice: [...counts.values()].filter((count) => count > 1).length,
    }
  } finally {
    await bot.stop()
    await fake.close()
  }
}

function report(fake: FakeOneBot, at: number): void {
  const user = 600 + (at % people)
  const text = reportText(at)
  fake.push({
    ...{ post_type: 'message', message_type: 'group', sub_type: 'normal', message_id: 1e6 + at },
    ...{ user_id: user, group_id: 1 + (at % groups), raw_message: text },
    message: [{ type: 'text', data: { text } }],
    sender: { user_id: user, nickname: 'teacher', card: '', role: 'member' },
  })
}

/** The numbers that reporters were given. */
function receipts(fake: FakeOneBot): Set<number> {
  return new Set(
    fake.delivered.flatMap(({ group, text }) => {
      const number = group === support ? undefined : /^已收到，编号 #(\d+)/.exec(text)?.[1]
      return number ? [Number(number)] : []
    }),
  )
}

/** How often support has read the head of each report. */
function heardOf(fake: FakeOneBot): Map<number, number> {
  const counts = new Map<number, number>()
  const texts = fake.delivered.flatMap(({ group, text }) => (group === support ? [text] : []))
  for (const number of numbersRead(texts)) counts.set(number, (counts.get(number) ?? 0) + 1)
  return counts
}

async function until(holds: () => boolean, state: () => string): Promise<void> {
  const deadline = Date.now() + 240_000
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(state())
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
