import { setTimeout as sleep } from 'node:timers/promises'
import { launchMariaDB } from '../database/mariadb'
import { Sender } from './process'
import { fileStore, serverStore } from './store'
import { platforms, startWorld } from './world'
import type { MariaDB } from '../database/mariadb'
import type { Job, Remainder } from './sender'
import type { Store } from './store'
import type { World } from './world'

/**
 * What is done to the delivery, at random moments: the sending process killed (SQLite), one of two processes on one
 * MariaDB killed, the MariaDB server killed and started again, connections cut by the platforms.
 */
export const kinds = ['process', 'two', 'server', 'connections'] as const
export type Kind = (typeof kinds)[number]

export interface Options {
  kind: Kind
  /** Faults altogether; a run of so many letters has `perRun` of them. */
  faults: number
  perRun?: number
  letters?: number
  groups?: number
  progress?: (figures: Figures) => void
}

export interface Figures {
  faults: number
  runs: number
  letters: number
  arrived: number
  lost: number
  twice: number
  unknown: number
  /** Of the unknown ones, those that had arrived. */
  unknownArrived: number
  /** Unknown ones that were not on their way at a fault: must be none. */
  outside: number
  /** Rows marked as on their way at the kills. */
  underway: number
  /** Of the unknown ones that had arrived: longest time between the arrival and the fault in ms. */
  longest: number
}

/** Something that was done, and the letters that were on their way then; undefined where nobody could look. */
interface Fault {
  at: number
  underway?: ReadonlySet<string>
  platform?: string
}

interface Stage {
  world: World
  store: Store
  server: MariaDB | undefined
  letters: number
  faults: number
  sender: () => Sender
}

/** How far from a fault a message may have arrived whose receipt the fault took away. */
const RECENT_MS = 1_000
/** How long after a cut connection a letter may be given up as unknown. */
const AFTER_MS = 7_000

export async function campaign(options: Options): Promise<Figures> {
  const { kind, faults, perRun = 10, letters = 500, groups = 50, progress } = options
  const server = kind === 'two' || kind === 'server' ? await launchMariaDB() : undefined
  const total: Figures = {
    ...{ faults: 0, runs: 0, letters: 0, arrived: 0, lost: 0, twice: 0 },
    ...{ unknown: 0, unknownArrived: 0, outside: 0, underway: 0, longest: 0 },
  }
  try {
    while (total.faults < faults) {
      const world = await startWorld(groups)
      const store = server ? await serverStore(server) : fileStore()
      const job: Job = { ...world.job, store: store.job, letters, groups, leaseMs: server ? 1_500 : 300 }
      try {
        const stage = {
          ...{ world, store, server, letters, sender: () => new Sender(job) },
          faults: Math.min(perRun, faults - total.faults),
        }
        const { done, rest } = await acts[kind](stage)
        count(total, { world, letters, done, rest })
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

type Act = (stage: Stage) => Promise<{ done: Fault[]; rest: Remainder }>

const acts: Record<Kind, Act> = {
  async process(stage) {
    const done: Fault[] = []
    for (let index = 0; index < stage.faults; index++) {
      const sender = stage.sender()
      await moment(stage, index, () => sender.alive)
      const at = await sender.kill()
      stage.world.mishap = () => undefined
      done.push({ at, underway: new Set(await stage.store.underway()) })
    }
    return { done, rest: await stage.sender().finish() }
  },

  async two(stage) {
    const done: Fault[] = []
    const pair = [stage.sender(), stage.sender()]
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => pair.some(({ alive }) => alive))
      const which = Math.random() < 0.5 ? 0 : 1
      const at = await pair[which]!.kill()
      stage.world.mishap = () => undefined
      done.push({ at, underway: new Set(await stage.store.underway()) })
      pair[which] = stage.sender()
    }
    const [rest] = await Promise.all(pair.map((sender) => sender.finish()))
    return { done, rest: rest! }
  },

  async server(stage) {
    const done: Fault[] = []
    const sender = stage.sender()
    for (let index = 0; index < stage.faults; index++) {
      await moment(stage, index, () => sender.alive, false)
      done.push({ at: Date.now(), underway: new Set() })
      await stage.server!.kill()
      await sleep(Math.random() * 300)
      await stage.server!.start()
    }
    return { done, rest: await sender.finish() }
  },

  async connections(stage) {
    const { world } = stage
    const sender = stage.sender()
    let left = stage.faults
    world.mishap = () => {
      // Spread over the letters of the run; the rest of the faults are cuts between messages.
      if (left <= 0 || Math.random() > (stage.faults / stage.letters) * 0.8) return
      left--
      return { kind: 'drop', delivered: Math.random() < 0.5 }
    }
    while (left > 0 && sender.alive) {
      await moment(stage, stage.faults - left, () => sender.alive && left > 0, false)
      if (left-- > 0) world.cut(platforms[Math.floor(Math.random() * platforms.length)]!)
    }
    const rest = await sender.finish()
    return { done: world.mishaps.map(({ at, platform }) => ({ at, platform })), rest }
  },
}

/**
 * Waits for a random moment: mostly somewhere within what is still to be sent, leaving some for every later fault,
 * else anywhere in a process's life. In the last of it some messages hang, which a kill then finds on their way.
 */
async function moment(
  { world, letters, faults }: Stage,
  index: number,
  going: () => boolean,
  hang = true,
): Promise<void> {
  if (Math.random() < 0.2) return sleep(Math.random() * 1_500)
  const arrived = world.arrivals.length
  const goal = arrived + Math.random() * ((letters - arrived) / (faults - index + 1))
  while (world.arrivals.length <= goal && going()) await sleep(1)
  if (hang) {
    world.mishap = () =>
      Math.random() < 0.15 ? { kind: 'stall', delivered: Math.random() < 0.5 } : undefined
  }
  await sleep(Math.random() * 30)
}

function count(
  total: Figures,
  { world, letters, done, rest }: { world: World; letters: number; done: Fault[]; rest: Remainder },
): void {
  const arrivedAt = new Map<string, number>()
  for (const { text, at } of world.arrivals) {
    if (arrivedAt.has(text)) total.twice++
    arrivedAt.set(text, at)
  }
  const unknown = rest.filter(({ state }) => state === 'unknown')
  const open = new Set(unknown.map(({ text }) => text))
  for (let index = 0; index < letters; index++) {
    const text = `text ${index}`
    if (!arrivedAt.has(text) && !open.has(text)) total.lost++
  }
  total.faults += done.length
  total.runs++
  total.letters += letters
  total.arrived += arrivedAt.size
  total.unknown += unknown.length
  for (const { underway } of done) total.underway += underway?.size ?? 0
  for (const { text, settledAt } of unknown) {
    const at = arrivedAt.get(text)
    if (at !== undefined) total.unknownArrived++
    const culprit = done.find((fault) => wasUnderway(fault, { text, at, settledAt }))
    if (!culprit) total.outside++
    else if (at !== undefined) total.longest = Math.max(total.longest, Math.abs(culprit.at - at))
  }
}

/** Whether a letter of which nobody knows was on its way at a fault, by the database then and by the platform's clock. */
function wasUnderway(
  { at: faultAt, underway, platform }: Fault,
  { text, at, settledAt }: { text: string; at: number | undefined; settledAt: number },
): boolean {
  if (underway && !underway.has(text)) return false
  if (platform) {
    const own = platforms[(Number(text.slice(5)) % 50) % 3]
    if (own !== platform || settledAt < faultAt - 50 || settledAt - faultAt > AFTER_MS) return false
  }
  // What was on its way through the sockets arrives a little after the kill.
  return at === undefined || Math.abs(faultAt - at) < RECENT_MS
}
