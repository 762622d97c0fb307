import { setTimeout as sleep } from 'node:timers/promises'
import { launchMariaDB } from '../database/mariadb'
import { Sender } from './process'
import { fileStore, serverStore } from './store'
import { accountOf, judge, sum, textOf } from './verdict'
import { platforms, startWorld } from './world'
import type { MariaDB } from '../database/mariadb'
import type { Job, Remainder } from './sender'
import type { Store } from './store'
import type { Fault, Figures } from './verdict'
import type { World } from './world'

/**
 * What is done to the delivery, at random moments: the sending process killed (SQLite), one of two processes on one
 * MariaDB killed, the MariaDB server killed and started again, connections cut by the platforms, the clock of the process
 * set ahead or back by up to a day, messages taken back.
 */
export const kinds = ['process', 'two', 'server', 'connections', 'clock', 'cancel'] as const
export type Kind = (typeof kinds)[number]

export interface Options {
  kind: Kind
  /** Faults altogether; a run of so many messages has `perRun` of them. */
  faults: number
  perRun?: number
  messages?: number
  groups?: number
  /** Chooses the moments, as far as the machine plays along. */
  seed?: number
  progress?: (figures: Figures) => void
  /** Told of every message that nothing excuses. */
  tell?: (lines: readonly string[]) => void
  /** Told how long after the kill of the only sender the next message arrived; the start of a process is in it. */
  again?: (ms: number) => void
}

interface Stage {
  world: World
  store: Store
  server: MariaDB | undefined
  messages: number
  faults: number
  random: () => number
  sender: () => Sender
}

export async function campaign(options: Options): Promise<Figures> {
  const {
    kind,
    faults,
    perRun = 10,
    messages = 500,
    groups = 50,
    progress,
    tell,
    again,
    seed = Date.now(),
  } = options
  const random = generator(seed)
  const server = kind === 'two' || kind === 'server' ? await launchMariaDB() : undefined
  let total: Figures | undefined
  try {
    while (!total || total.faults < faults) {
      const world = await startWorld(groups, random)
      const store = server ? await serverStore(server) : fileStore()
      const job: Job = { ...world.job, store: store.job, messages, groups, leaseMs: server ? 1_500 : 300 }
      try {
        const due = Math.min(perRun, faults - (total?.faults ?? 0))
        const sender = () => new Sender(job)
        const done = await acts[kind]({ world, store, server, messages, faults: due, random, sender })
        const run = { messages, groups, ...done, arrivals: world.arrivals, unanswered: world.unanswered }
        const figures = judge(run)
        if (kind === 'process') for (const ms of pausesAfter(done.faults, world.times)) again?.(ms)
        if (figures.outside + figures.late) tell?.(accountOf(run))
        total = total ? sum(total, figures) : figures
        progress?.(total)
      } finally {
        await world.close()
        await store.drop()
      }
    }
  } finally {
    await server?.stop()
  }
  return total
}

type Act = (stage: Stage) => Promise<{ faults: Fault[]; rest: Remainder; cancelled?: ReadonlySet<string> }>

const acts: Record<Kind, Act> = {
  async process(stage) {
    const faults: Fault[] = []
    stage.world.mishap = slowAnswers(stage)
    for (let index = 0; index < stage.faults; index++) {
      const sender = stage.sender()
      await moment(stage, index, () => sender.alive)
      faults.push(await kill(sender, stage))
    }
    stage.world.mishap = () => undefined
    return { faults, rest: await stage.sender().finish() }
  },

  async two(stage) {
    const faults: Fault[] = []
    const pair = [stage.sender(), stage.sender()]
    stage.world.mishap = slowAnswers(stage)
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => pair.some(({ alive }) => alive))
      const which = stage.random() < 0.5 ? 0 : 1
      faults.push(await kill(pair[which]!, stage))
      pair[which] = stage.sender()
    }
    stage.world.mishap = () => undefined
    const [rest] = await Promise.all(pair.map((sender) => sender.finish()))
    return { faults, rest: rest! }
  },

  /** The sending process lives on, so nothing may be unknown: such a fault excuses no message. */
  async server(stage) {
    const faults: Fault[] = []
    const sender = stage.sender()
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => sender.alive, false)
      faults.push({ at: Date.now(), before: stage.world.arrivals.length })
      await stage.server!.kill()
      await sleep(stage.random() * 300)
      await stage.server!.start()
    }
    return { faults, rest: await sender.finish() }
  },

  /** Nothing may be unknown, twice or late for that: no such fault excuses a message. */
  async clock(stage) {
    const { world, random } = stage
    const sender = stage.sender()
    const faults: Fault[] = []
    let ahead = 0
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => sender.alive, false)
      if (!sender.alive) break
      const step = (random() < 0.5 ? -1 : 1) * [0.02, 1, 8, 24][Math.floor(random() * 4)]!
      // Further ahead than a message lives it would rightly be given up.
      const hours = Math.abs(ahead + step) > 24 ? -step : step
      ahead += hours
      faults.push({ at: Date.now(), before: world.arrivals.length })
      sender.order(`clock ${Math.round(hours * 3_600_000)}`)
    }
    return { faults, rest: await sender.finish() }
  },

  /** What was taken back before it had begun may not arrive, whatever the platform does to what is on its way. */
  async cancel(stage) {
    const { world, random, messages } = stage
    const sender = stage.sender()
    const faults: Fault[] = []
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => sender.alive, false)
      if (!sender.alive) break
      faults.push({ at: Date.now(), before: world.arrivals.length })
      for (let each = 0; each < 5; each++) sender.order(`cancel ${textOf(Math.floor(random() * messages))}`)
    }
    const rest = await sender.finish()
    return { faults, rest, cancelled: sender.cancelled }
  },

  async connections(stage) {
    const { world, random } = stage
    const sender = stage.sender()
    const left = () => stage.faults - world.cuts.length
    world.mishap = () => {
      // Spread over the messages of the run; the rest of the faults are cuts between messages.
      if (left() <= 0 || random() > (stage.faults / stage.messages) * 0.8) return
      return { kind: 'drop', delivered: random() < 0.5 }
    }
    while (left() > 0 && sender.alive) {
      await moment(stage, world.cuts.length, () => sender.alive && left() > 0, false)
      if (left() > 0) world.cut(platforms[Math.floor(random() * platforms.length)]!)
    }
    const rest = await sender.finish()
    return { faults: world.cuts, rest }
  },
}

/** From each kill to the next arrival, where the next kill did not come before. */
function pausesAfter(faults: readonly Fault[], times: readonly number[]): number[] {
  return faults.flatMap(({ at }, index) => {
    const next = times.find((time) => time > at)
    const end = faults[index + 1]?.at ?? Infinity
    return next !== undefined && next < end ? [next - at] : []
  })
}

/** Answers hang often, so that some are on their way at every kill: these must come again, and be shown once. */
function slowAnswers({ random }: Stage): World['mishap'] {
  return (_, answer) => (answer && random() < 0.4 ? { kind: 'stall', delivered: random() < 0.5 } : undefined)
}

async function kill(sender: Sender, stage: Stage): Promise<Fault> {
  const { world, store } = stage
  const [at, before] = [Date.now(), world.arrivals.length]
  await sender.kill()
  world.mishap = slowAnswers(stage)
  return { at, before, killed: sender.outbox, underway: new Set(await store.underway(sender.outbox)) }
}

/**
 * Waits for a random moment: mostly somewhere within what is still to be sent, leaving some for every later fault,
 * else anywhere in a process's life. In the last of it some messages hang, which a kill then finds on their way.
 */
async function moment(
  { world, messages, faults, random }: Stage,
  index: number,
  going: () => boolean,
  hang = true,
): Promise<void> {
  if (random() < 0.2) return sleep(random() * 1_500)
  const arrived = world.arrivals.length
  const goal = arrived + random() * ((messages - arrived) / (faults - index + 1))
  while (world.arrivals.length <= goal && going()) await sleep(1)
  if (hang) {
    world.mishap = (_, answer) =>
      random() < (answer ? 0.6 : 0.15) ? { kind: 'stall', delivered: random() < 0.5 } : undefined
  }
  await sleep(random() * 30)
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
