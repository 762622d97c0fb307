import { afterAttempt } from '@space-assistant/core/delivery/attempt'
import { repliesLeft, decideRoute } from '@space-assistant/core/delivery/capability'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { WriteBatch } from './write-batch'
import { ChannelBook } from './channels'
import { platformOf } from './channel-store'
import { messageFromRow } from './message'
import { gather, inOrder } from './digest'
import { RateLimiter } from './rate-limiter'
import type { AttemptResult } from '@space-assistant/core/delivery/attempt'
import type { RouteDecision } from '@space-assistant/core/delivery/capability'
import type { FailureReason, Route } from '@space-assistant/core/delivery/message'
import type { OutboxStores } from './channels'
import type { AttemptBeginning, AttemptEnding, MessageStore } from './store'
import type { MessageRow } from './table'

export interface DispatcherOptions {
  /** Conversations of one bot that are served at the same time. */
  queues: number
  /** Keep to the platforms' limits; off only for measuring. */
  quotas: boolean
  /** Whether nobody is to be disturbed now. */
  quiet: () => boolean
  now: () => number
  random: () => number
  /** Sends; returns the platform's ids. */
  send: (channel: string, content: string, route: Route) => Promise<string[]>
  /** Whether sending may begin now: the bot is online and its lease holds long enough. */
  ready: () => boolean
  /** Waits as long as people who speak to the bot are to be answered first. */
  yieldToPeople: () => Promise<void>
  /** There is more to do. */
  wake: () => void
  alert: (reason: FailureReason) => void
  warn: (text: string) => void
}

interface ChannelQueue {
  rows: MessageRow[]
  running: Promise<void> | undefined
  /** What became of the message before is being written. */
  settled?: Promise<void>
}

const NEAR_MS = 2_000
const PAGE = 500
/** Messages of one conversation in memory, so that one with very many does not crowd out the others. */
const QUEUE = 50

/** Sends the messages of one bot: conversations side by side, the messages of each in order. */
export class Dispatcher {
  private readonly queues = new Map<string, ChannelQueue>()
  private readonly store: MessageStore
  private readonly limiter: RateLimiter
  readonly channels: ChannelBook
  /** Messages that may not be taken again, however old the answer in which they are due: until their end is written. */
  private readonly inHand = new Set<string>()
  /** Messages whose mark may have been written although the answer was lost. */
  private readonly doubtful = new Set<string>()
  private clearing: Promise<void> | undefined
  private readonly writes: WriteBatch<AttemptBeginning | AttemptEnding, boolean>
  private active = 0
  private readonly queue: (() => void)[] = []
  /** There were more due messages than one page. */
  private more = false
  private stopped = false

  constructor(
    readonly bot: string,
    stores: OutboxStores,
    private readonly options: DispatcherOptions,
  ) {
    this.store = stores.messages
    this.limiter = new RateLimiter(bot, options.quotas)
    this.writes = new WriteBatch((items) => this.store.write(items, options.now()))
    this.channels = new ChannelBook(bot, stores, options)
  }

  private get platform(): string {
    return platformOf(this.bot)
  }

  /** Looks for due messages and starts to send them; called at each tick and whenever there may be new ones. */
  async poll(): Promise<void> {
    if (this.stopped || !this.options.ready()) return
    await this.channels.load()
    // Only one at a time: a second one would take back what has begun since the first.
    if (this.doubtful.size) await (this.clearing ??= this.clear().finally(() => (this.clearing = undefined)))
    const busy = [...this.queues]
      .filter(([, { rows }]) => rows.length >= QUEUE / 2)
      .map(([channel]) => channel)
    const rows = await this.store.due(this.bot, this.options.now(), {
      ...{ limit: PAGE, not: busy, quiet: this.options.quiet() },
    })
    this.more = rows.length === PAGE
    for (const row of rows) this.take(row)
    for (const channel of this.queues.keys()) this.start(channel)
  }

  private async clear(): Promise<void> {
    const ids = [...this.doubtful]
    await this.store.takeBack(ids)
    for (const id of ids) this.doubtful.delete(id)
  }

  private take(row: MessageRow): void {
    const queue = this.queues.get(row.channel) ?? { rows: [], running: undefined }
    if (this.inHand.has(row.id) || this.doubtful.has(row.id) || queue.rows.length >= QUEUE) return
    this.inHand.add(row.id)
    this.queues.set(row.channel, queue)
    queue.rows.push(row)
    queue.rows.sort(inOrder)
  }

  private start(channel: string): void {
    const queue = this.queues.get(channel)
    if (!queue || queue.running || !queue.rows.length) return
    queue.running = this.serve(channel, queue)
      .finally(() => queue.settled)
      .catch((error: unknown) => this.options.warn(error instanceof Error ? error.name : 'error'))
      .finally(() => {
        queue.running = undefined
        for (const row of queue.rows.splice(0)) this.inHand.delete(row.id)
        this.queues.delete(channel)
        this.active--
        this.queue.shift()?.()
        if (this.more && this.inHand.size < PAGE / 4) this.options.wake()
      })
  }

  private async serve(channel: string, queue: ChannelQueue): Promise<void> {
    this.active++
    if (this.active > this.options.queues) await new Promise<void>((resolve) => this.queue.push(resolve))
    while (queue.rows.length && !this.stopped && this.options.ready()) {
      await this.options.yieldToPeople()
      if (this.options.quiet()) this.hush(queue)
      const row = queue.rows[0]
      if (!row) return
      const now = this.options.now()
      const decision = this.decide(row, now)
      if (decision.kind === 'send') {
        await this.attempt(channel, queue, decision.route)
        continue
      }
      if (decision.kind === 'wait' && decision.until - now <= NEAR_MS) {
        await new Promise((resolve) => setTimeout(resolve, decision.until - now))
        continue
      }
      await this.setAside(row, decision)
      queue.rows.shift()
      this.inHand.delete(row.id)
      // The whole conversation waits: what comes behind must not overtake.
      if (decision.kind === 'wait') return
    }
  }

  /** Drops what must not disturb: it is due again when the quiet hours are over. */
  private hush(queue: ChannelQueue): void {
    for (const row of queue.rows) if (!row.anytime && !row.routeKind) this.inHand.delete(row.id)
    queue.rows = queue.rows.filter((row) => row.anytime || row.routeKind)
  }

  private decide(row: MessageRow, now: number): RouteDecision {
    const message = messageFromRow(row)
    const until = this.limiter.blocked(now)
    if (until !== undefined) return { kind: 'wait', until }
    const wait = this.limiter.wait(row.channel, now)
    return decideRoute(message, this.channels.get(row.channel), { now, wait, platform: this.platform })
  }

  private async setAside(row: MessageRow, decision: Exclude<RouteDecision, { kind: 'send' }>): Promise<void> {
    if (decision.kind === 'wait') return this.store.postpone(this.bot, row.channel, decision.until)
    const [alternative, ...rest] = row.alternatives ? row.alternatives.split('\n') : []
    const expired = decision.kind === 'failed' && decision.reason === 'expired'
    if (alternative && !expired) {
      const [platform = '', self = '', ...channel] = alternative.split(':')
      return this.store.divert(row.id, `${platform}:${self}`, channel.join(':'), rest.join('\n'))
    }
    const now = this.options.now()
    if (decision.kind === 'failed') return this.store.close([row.id], 'failed', decision.reason, now)
    this.channels.park(row.channel)
    await this.store.close([row.id], 'parked', 'waits-for-inbound', now)
  }

  private async attempt(channel: string, queue: ChannelQueue, route: Route): Promise<void> {
    const now = this.options.now()
    const { rows, content } = gather(queue.rows, {
      ...{ route, now, platform: this.platform, answers: repliesLeft(this.channels.get(channel), now) },
    })
    const ids = rows.map(({ id }) => id)
    queue.rows = queue.rows.filter((row) => !ids.includes(row.id))
    const letGo = () => ids.forEach((id) => this.inHand.delete(id))
    let settled: Promise<void> | undefined
    try {
      await this.channels.begin(channel, route)
      const marked = await this.begin(ids, route)
      const mine = rows.filter((_, index) => marked[index])
      // One that was cancelled in this moment takes a digest apart: the others come again.
      if (mine.length < rows.length) return await this.store.takeBack(mine.map(({ id }) => id))
      const outcome = await this.send(channel, content, route)
      // Not waited for: it is written in one with the beginning of the next, never after it.
      queue.settled = settled = this.conclude(channel, rows, route, outcome).finally(letGo)
    } finally {
      if (!settled) letGo()
    }
  }

  private async begin(ids: readonly string[], route: Route): Promise<boolean[]> {
    try {
      return await Promise.all(ids.map((id) => this.writes.add({ id, route })))
    } catch (error) {
      for (const id of ids) this.doubtful.add(id)
      throw error
    }
  }

  private async send(channel: string, content: string, route: Route) {
    if (route.kind === 'proactive') this.limiter.count(channel, this.options.now())
    try {
      return { ok: true as const, messages: await this.options.send(channel, content, route) }
    } catch (error) {
      return { ok: false as const, error: sendErrorOf(error, this.platform) }
    }
  }

  private async conclude(
    channel: string,
    rows: readonly MessageRow[],
    route: Route,
    outcome: Awaited<ReturnType<Dispatcher['send']>>,
  ): Promise<void> {
    const now = this.options.now()
    const error = outcome.ok ? undefined : outcome.error
    // Parts that went through make a refusal of the rest an open outcome: the whole must not come again.
    const result: AttemptResult = error ? { ...verdictOf(error), ok: false, code: error.code } : { ok: true }
    const endings = rows.map((row): AttemptEnding => {
      const aftermath = afterAttempt(messageFromRow(row), this.channels.get(channel), {
        ...{ route, result, now, random: this.options.random() },
      })
      this.channels.learn(channel, aftermath.channel)
      this.limiter.block(aftermath.botBlockedUntil)
      if (aftermath.alert) this.options.alert(aftermath.message.reason ?? 'server')
      const messages = (outcome.ok ? outcome.messages : outcome.error.sent).join(',').slice(0, 1000)
      return {
        id: row.id,
        message: aftermath.message,
        code: error?.code ?? 0,
        detail: error?.detail ?? '',
        messages,
      }
    })
    await this.settle(endings).catch(() => this.options.warn('what became of a message is not stored'))
  }

  /** What became of a message that is out must be written, however long the database is away. */
  private async settle(endings: readonly AttemptEnding[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await Promise.all(endings.map((ending) => this.writes.add(ending)))
        return
      } catch (error) {
        if (this.stopped && attempt > 10) throw error
        await new Promise((resolve) => setTimeout(resolve, Math.min(200 * 2 ** attempt, 5000)))
      }
    }
  }

  async wake(channel: string): Promise<void> {
    await this.channels.unpark(channel)
    await this.poll()
  }

  /** Begins nothing new and waits for what is on its way. */
  async stop(): Promise<void> {
    this.stopped = true
    for (const resolve of this.queue.splice(0)) resolve()
    await Promise.all([...this.queues.values()].map(async ({ running }) => running))
  }
}

function verdictOf(error: ReturnType<typeof sendErrorOf>): {
  class: typeof error.class
  outcome: typeof error.outcome
} {
  const partly = error.sent.length > 0 && error.outcome === 'rejected'
  return { class: error.class, outcome: partly ? 'unknown' : error.outcome }
}
