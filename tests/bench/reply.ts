// How long a question takes over a real adapter on loopback, against a bare Koishi `echo` over the same adapter and database,
// and what memory the bot takes beside a bare one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { launchMariaDB } from '../database/mariadb'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { buildBot, startBot } from './child'
import type { BenchBot } from './child'
import { median, megabytes, printTable } from './paired'
import { benchBot, benchUsers } from './store'
import type { FillOptions, StoreOptions } from './store'

interface Size {
  name: string
  fill: FillOptions
  now: string
}

const year = { from: '2022-01-01', to: '2022-12-30' }
const week = { from: '2022-12-19', to: '2022-12-30' }
const now = '2022-12-30T12:00:00+08:00'
const sizes: Size[] = [
  { name: '6,000 members, a year', fill: { size: 20, ...year }, now },
  { name: '60,000 members, two weeks', fill: { size: 200, ...week }, now },
  { name: '600,000 members, two weeks', fill: { size: 2000, ...week }, now },
]
const questions = ['/排名 本校', '/任务', '/排名 全区 教师']

/**
 * Options: --asked=40 questions of each kind in each of --rounds=7 rounds, --sizes=3 how many of the sizes (or
 * --only=2 for the second alone), --database=sqlite or mariadb.
 */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  const [asked, rounds, only] = [option('asked', 40), option('rounds', 7), option('only', 0)]
  const stores = await (options.includes('--database=mariadb') ? onMariaDB() : onSQLite())
  buildBot()
  const times = printTable(`## replies over a real adapter on loopback, ${stores.name}`, [
    ...['district', 'question', 'p50', 'echo p50', 'ratio', 'p99', 'echo p99'],
  ])
  const memory: string[][] = []
  try {
    for (const size of only ? [sizes[only - 1]!] : sizes.slice(0, option('sizes', 3))) {
      const pair = [await stores.make(), await stores.make()] as const
      memory.push(await measure(size, { stores: pair, asked, rounds, row: times }))
    }
  } finally {
    await stores.end()
  }
  const row = printTable('## memory of the running bot', ['district', 'bot', 'bare Koishi', 'more'])
  for (const cells of memory) row(cells)
}

/** Makes empty stores of one kind. */
interface Stores {
  name: string
  make(): Promise<StoreOptions>
  end(): Promise<void>
}

function onSQLite(): Stores {
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-reply-'))
  let made = 0
  return {
    name: 'SQLite',
    make: () => Promise.resolve({ kind: 'sqlite', path: join(folder, `${++made}.db`) }),
    end: () => Promise.resolve(rmSync(folder, { recursive: true })),
  }
}

async function onMariaDB(): Promise<Stores> {
  const server = await launchMariaDB()
  return {
    name: 'MariaDB',
    make: async () => ({ kind: 'mysql', settings: await server.database() }),
    end: () => server.stop(),
  }
}

interface Measure {
  /** For the bot, and for the bare one. */
  stores: readonly [StoreOptions, StoreOptions]
  asked: number
  rounds: number
  row: (cells: readonly string[]) => void
}

async function measure(size: Size, { stores, asked, rounds, row }: Measure): Promise<string[]> {
  const [store, bareStore] = stores
  await (await startBot({ store, now: size.now, fill: size.fill })).stop()
  const fakes = [
    await startFakeOneBot({ selfId: benchBot }),
    await startFakeOneBot({ selfId: benchBot }),
  ] as const
  const bot = await startBot({ store, now: size.now, onebot: fakes[0].config })
  const bare = await startBot({ store: bareStore, now: size.now, bare: true, onebot: fakes[1].config })
  try {
    await ask(fakes[0], questions, 20)
    await ask(fakes[1], ['/echo'], 20)
    const own = new Map<string, number[]>(questions.map((question) => [question, []]))
    const echo: number[] = []
    for (let round = 0; round < rounds; round++) {
      for (const question of questions) own.get(question)!.push(...(await ask(fakes[0], [question], asked)))
      echo.push(...(await ask(fakes[1], ['/echo'], asked)))
    }
    const ms = (value: number) => `${value.toFixed(1)} ms`
    for (const [question, values] of own) {
      row([
        ...[size.name, question, ms(median(values)), ms(median(echo))],
        ...[(median(values) / median(echo)).toFixed(2), ms(rank(values, 0.99)), ms(rank(echo, 0.99))],
      ])
    }
    return await memoryOf(size, bot, bare)
  } finally {
    await bot.stop()
    await bare.stop()
    await Promise.all(fakes.map((fake) => fake.close()))
  }
}

async function memoryOf({ name }: Size, bot: BenchBot, bare: BenchBot): Promise<string[]> {
  const [own, other] = [await bot.memory(), await bare.memory()]
  return [name, megabytes(own), megabytes(other), megabytes(own - other)]
}

/** Milliseconds from the event written to the answer read, one question after the other. */
async function ask(fake: FakeOneBot, texts: readonly string[], times: number): Promise<number[]> {
  const found: number[] = []
  for (let at = 0; at < times; at++) {
    const text = texts[at % texts.length]!
    const user = text.includes('全区') ? benchUsers.staff : benchUsers.administrator
    const started = performance.now()
    const [answer] = await fake.whisper(user, text === '/echo' ? '/echo 排名' : text, {
      count: 1,
      wait: 20_000,
    })
    if (!answer) throw new Error(`no answer to ${text}`)
    if (text !== '/echo' && !/第 ?\d|任务|分/.test(answer)) throw new Error(`${text}: ${answer}`)
    found.push(performance.now() - started)
  }
  return found
}

function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
