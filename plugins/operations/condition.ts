import type { Context } from 'koishi'
import type { DeliveryStatus } from 'koishi-plugin-space-outbox'
import type { TroubleNote, Watch } from './watch'

/** How the bot does, in numbers: no ids, no names, nothing of what is said. */
export interface HealthCondition {
  /** Undefined: the database does not answer. */
  delivery: DeliveryStatus | undefined
  /** Connections of each platform, and how many of them stand. */
  bots: ReadonlyMap<string, { all: number; online: number }>
  /** What is wrong and not over. */
  troubles: readonly TroubleNote[]
  /** Whether the database takes a row. */
  writable: boolean
  at: number
}

const ONLINE = 1

/** Looks at the bot's parts; a database that is silent for too long counts as away. */
export async function lookAt(ctx: Context, watch: Watch, patienceMs: number): Promise<HealthCondition> {
  const at = Date.now()
  const bots = new Map<string, { all: number; online: number }>()
  for (const { platform = '', status } of ctx.bots) {
    const known = bots.get(platform) ?? { all: 0, online: 0 }
    const online = known.online + Number(Number(status) === ONLINE)
    bots.set(platform, { all: known.all + 1, online })
  }
  // The service is there once the database is.
  const asked = ctx.get('outbox')?.status()
  const [delivery, writable] = await Promise.all([
    inTime(asked, patienceMs),
    inTime(watch.canWrite(), patienceMs),
  ])
  return { delivery, bots, troubles: watch.troubles, writable: writable ?? false, at }
}

async function inTime<T>(asked: Promise<T> | undefined, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)))
  try {
    return await Promise.race([asked, late])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Able to work: the database answers and takes rows, nothing is known to be wrong, and of the connections that there are
 * at least one stands. (One of several processes may be without any that only one of them may have; one that is away for
 * a moment is no trouble yet.)
 */
export function isHealthy({ delivery, bots, troubles, writable }: HealthCondition): boolean {
  const connections = [...bots.values()]
  const connected = !connections.length || connections.some(({ online }) => online > 0)
  return delivery !== undefined && writable && connected && !troubles.length
}

/** The body of the health endpoint. */
export function healthOf(condition: HealthCondition): object {
  const { delivery, bots, troubles, writable, at } = condition
  const oldest = delivery?.oldestPending
  return {
    status: isHealthy(condition) ? 'ok' : 'down',
    database: !delivery ? 'down' : writable ? 'ok' : 'not-writable',
    ...(troubles.length && { troubles }),
    connections: Object.fromEntries(bots),
    ...(delivery && { messages: delivery.counts, failures: delivery.failures }),
    ...(oldest && { oldestPendingSeconds: secondsSince(oldest, at) }),
  }
}

export function secondsSince(then: Date, now: number): number {
  return Math.max(0, Math.round((now - then.getTime()) / 1000))
}
