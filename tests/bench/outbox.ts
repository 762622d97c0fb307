// How fast the outbox sends, against the adapter alone; what a line of chatter costs, against a bare Koishi `echo`; and
// how long an answer takes while ten thousand messages go out.
import { buildSync } from 'esbuild'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { launchMariaDB } from '../database/mariadb'
import { startFakeOneBot } from '../platforms/onebot'
import type { FakeOneBot } from '../platforms/onebot'
import { buildBot, startBot } from './child'
import type { Drainer, Order, Way } from './drainer'
import { median, printTable } from './paired'
import { benchBot, benchUsers } from './store'
import type { StoreOptions } from './store'

const root = resolve(__dirname, '../..')
const built = join(root, 'node_modules/.cache/space-bench/drainer.js')
const now = '2022-12-30T12:00:00+08:00'
const GROUPS = 20
const quick = { quotas: false, quietFrom: '00:00', quietTo: '00:00' }

/** Options: --messages=3000 of each of --rounds=7 rounds, --lines=4000 of chatter, --queued=10000 while --asked=300 questions; --parts=7 of 1, 2, 4. */
export async function run(options: readonly string[]): Promise<void> {
  const option = (name: string, otherwise: number) =>
    Number(options.find((one) => one.startsWith(`--${name}=`))?.split('=')[1] ?? otherwise)
  buildBot()
  buildSync({
    ...{ entryPoints: [join(__dirname, 'drainer.ts')], outfile: built, bundle: true, platform: 'node' },
    ...{ target: 'node20', packages: 'external', logLevel: 'error' },
  })
  const folder = mkdtempSync(join(tmpdir(), 'space-bench-outbox-'))
  try {
    const [rounds, parts] = [option('rounds', 7), option('parts', 7)]
    if (parts & 1) await drain(folder, { messages: option('messages', 3000), rounds })
    if (parts & 2) await chatter(folder, { lines: option('lines', 4000), rounds })
    if (parts & 4) await meanwhile(folder, { queued: option('queued', 10_000), asked: option('asked', 300) })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function drain(
  folder: string,
  { messages, rounds }: { messages: number; rounds: number },
): Promise<void> {
  const row = printTable('## messages a second against a platform that answers at once', [
    ...['database', 'outbox', 'loop of sendMessage', 'ratio', '64 loops side by side', 'ratio'],
  ])
  const server = await launchMariaDB()
  try {
    const stores: [string, StoreOptions][] = [
      ['SQLite', { kind: 'sqlite', path: join(folder, 'drain.db') }],
      ['MariaDB', { kind: 'mysql', settings: await server.database() }],
    ]
    for (const [name, store] of stores) {
      const rates = await drainRates(store, { messages, rounds })
      const of = (way: Way) => median(rates[way])
      const shares = (way: Way) => median(rates[way].map((rate, round) => rates.outbox[round]! / rate))
      row([
        ...[name, of('outbox').toFixed(0), of('loop').toFixed(0), shares('loop').toFixed(2)],
        ...[of('queues').toFixed(0), shares('queues').toFixed(2)],
      ])
    }
  } finally {
    await server.stop()
  }
}

async function drainRates(
  store: StoreOptions,
  { messages, rounds }: { messages: number; rounds: number },
): Promise<Record<Way, number[]>> {
  const fake = await startFakeOneBot({ selfId: benchBot })
  const drainer = await startDrainer({ store, onebot: fake.config })
  const rates: Record<Way, number[]> = { outbox: [], loop: [], queues: [] }
  try {
    await fake.online()
    let from = 0
    for (let round = -1; round < rounds; round++) {
      for (const way of ['outbox', 'loop', 'queues'] as const) {
        const started = performance.now()
        const goal = fake.delivered.length + messages
        await drainer.order({ way, from, messages, groups: 64 })
        // Of the outbox it counts what is sent once everything is written down, of the others all.
        const begun = way === 'outbox' ? performance.now() : started
        const already = way === 'outbox' ? messages - (goal - fake.delivered.length) : 0
        await arrive(fake, goal)
        from += messages
        const rate = ((messages - already) / (performance.now() - begun)) * 1000
        if (round >= 0) rates[way].push(rate)
      }
    }
  } finally {
    await drainer.stop()
    await fake.close()
  }
  return rates
}

async function arrive(fake: FakeOneBot, count: number): Promise<void> {
  const deadline = Date.now() + 120_000
  while (fake.delivered.length < count) {
    if (Date.now() > deadline) throw new Error(`${fake.delivered.length} of ${count} messages arrived`)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

async function startDrainer(options: Drainer) {
  const child = fork(built, [JSON.stringify(options)], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  const ended = once(child, 'exit').then(() => {
    throw new Error('the sender of the benchmark ended')
  })
  ended.catch(() => {})
  const next = () => Promise.race([once(child, 'message'), ended])
  await next()
  return {
    async order(order: Order): Promise<void> {
      const done = next()
      child.send(order)
      await done
    },
    async stop(): Promise<void> {
      const exit = once(child, 'exit')
      child.kill('SIGTERM')
      await exit
    },
  }
}

async function chatter(folder: string, { lines, rounds }: { lines: number; rounds: number }): Promise<void> {
  const fakes = [
    await startFakeOneBot({ selfId: benchBot }),
    await startFakeOneBot({ selfId: benchBot }),
  ] as const
  const store = (name: string) => ({ kind: 'sqlite', path: join(folder, `${name}.db`) }) as const
  const fill = { size: 20, from: '2022-12-19', to: '2022-12-30' }
  const bot = await startBot({ store: store('chat'), now, fill, onebot: fakes[0].config, outbox: quick })
  const bare = await startBot({ store: store('bare'), now, bare: true, onebot: fakes[1].config })
  const row = printTable('## one line of chatter, one after the other', [
    ...['dropped line', 'bare Koishi echo', 'ratio'],
  ])
  try {
    const [dropped, echoed]: [number[], number[]] = [[], []]
    // A bare Koishi loses messages of groups that it has not met: one each, one after the other.
    for (let group = 0; group < GROUPS; group++) {
      await met(fakes[0], group, '/阶段')
      await met(fakes[1], group, '/echo hello')
    }
    for (let round = -1; round < rounds; round++) {
      const own = await flood(fakes[0], { lines, text: 'see you at three', last: '/阶段' })
      const echo = await flood(fakes[1], { lines: lines / 10, text: '/echo see you at three' })
      if (round < 0) continue
      dropped.push(own)
      echoed.push(echo)
    }
    const ratio = median(dropped.map((each, round) => each / echoed[round]!))
    const ms = (values: number[]) => `${median(values).toFixed(3)} ms`
    row([ms(dropped), ms(echoed), ratio.toFixed(3)])
  } finally {
    await Promise.all([bot.stop(), bare.stop()])
    await Promise.all(fakes.map((fake) => fake.close()))
  }
}

/** Milliseconds for each of many lines; `last` is answered when the ones before it are through. */
async function flood(
  fake: FakeOneBot,
  { lines, text, last }: { lines: number; text: string; last?: string },
): Promise<number> {
  await fake.online()
  const started = performance.now()
  const goal = fake.delivered.length + (last ? 1 : lines)
  for (let at = 0; at < lines; at++) {
    say(fake, text, at)
    // The sockets' buffers are not what is measured.
    if (at % 200 === 199) await new Promise((resolve) => setImmediate(resolve))
  }
  if (last) say(fake, last, lines)
  await arrive(fake, goal)
  return (performance.now() - started) / lines
}

async function met(fake: FakeOneBot, group: number, text: string): Promise<void> {
  await fake.online()
  const goal = fake.delivered.length + 1
  say(fake, text, group)
  await arrive(fake, goal)
}

let serial = 1e6

function say(fake: FakeOneBot, text: string, at: number): void {
  const [user, group] = [Number(benchUsers.administrator), (at % GROUPS) + 1]
  fake.push({
    ...{ post_type: 'message', message_type: 'group', sub_type: 'normal', message_id: serial++ },
    ...{ user_id: user, group_id: group, raw_message: text },
    message: [{ type: 'text', data: { text } }],
    sender: { user_id: user, nickname: 'teacher', card: '', role: 'member' },
  })
}

async function meanwhile(
  folder: string,
  { queued, asked }: { queued: number; asked: number },
): Promise<void> {
  const path = join(folder, 'meanwhile.db')
  const store = { kind: 'sqlite', path } as const
  const fill = { size: 20, from: '2022-12-19', to: '2022-12-30' }
  await (await startBot({ store, now, fill })).stop()
  const fake = await startFakeOneBot({ selfId: benchBot })
  const due = new Date(now).getTime() + 3_000
  const idle = await startBotAnd(async () => ask(fake, asked))
  const row = printTable(`## /排名 本校 while ${queued} messages go out`, [
    ...['', 'p50', 'p99', 'messages a second meanwhile'],
  ])
  const writer = await startDrainer({ store, onebot: { ...fake.config, endpoint: 'ws://127.0.0.1:9' } })
  await writer.order({ way: 'outbox', from: 0, messages: queued, groups: 300, due })
  await writer.stop()
  let rate = 0
  const busy = await startBotAnd(async () => {
    await arrive(fake, fake.delivered.length + 200)
    const [before, started] = [groupMessages(fake), performance.now()]
    const times = await ask(fake, asked, () => groupMessages(fake) < queued)
    rate = ((groupMessages(fake) - before) / (performance.now() - started)) * 1000
    return times
  })
  await fake.close()
  const ms = (value: number) => `${value.toFixed(1)} ms`
  row(['idle', ms(median(idle)), ms(rank(idle, 0.99)), '0'])
  row(['draining', ms(median(busy)), ms(rank(busy, 0.99)), rate.toFixed(0)])
  const ratio = (share: number) => (rank(busy, share) / rank(idle, share)).toFixed(2)
  row([`ratio (${busy.length} questions)`, ratio(0.5), ratio(0.99), ''])

  async function startBotAnd(act: () => Promise<number[]>): Promise<number[]> {
    const bot = await startBot({ store, now, onebot: fake.config, outbox: quick })
    try {
      return await act()
    } finally {
      await bot.stop()
    }
  }
}

function groupMessages(fake: FakeOneBot): number {
  return fake.delivered.reduce((sum, { group }) => sum + Number(group !== undefined), 0)
}

async function ask(fake: FakeOneBot, times: number, going = () => true): Promise<number[]> {
  await fake.online()
  const found: number[] = []
  for (let at = -20; at < times && going(); at++) {
    const started = performance.now()
    const [answer] = await fake.whisper(benchUsers.administrator, '/排名 本校', { count: 1, wait: 20_000 })
    if (!answer) throw new Error('no answer')
    if (at >= 0) found.push(performance.now() - started)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return found
}

function rank(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!
}
