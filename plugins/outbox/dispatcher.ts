import { decideRoute, repliesLeft, routeRulesFor } from '@space-assistant/core/delivery/capability'
import { repeatable } from '@space-assistant/core/delivery/message'
import { Attempts } from './attempts'
import { ChannelBook } from './channels'
import { platformOf } from './channel-store'
import { messageFromRow } from './message'
import { composeMessage, inOrder } from './digest'
import { Flight } from './flight'
import { RateLimiter } from './rate-limiter'
import type { RouteDecision } from '@space-assistant/core/delivery/capability'
import type { Attempt, AttemptOptions } from './attempts'
import type { OutboxStores } from './channels'
import type { FlightOptions } from './flight'
import type { RateLimits } from './rate-limiter'
import type { MessageStore } from './store'
import type { MessageRow } from './table'

export interface DispatcherOptions extends AttemptOptions, FlightOptions, RateLimits {
  /** Conversations of one bot that are served at the same time. */
  queues: number
  /** Whether nobody is to be disturbed now. */
  quiet: () => boolean
  /** Platform messages that some markup comes to. */
  sizeOf: (content: string) => number
  /** The markup that stands for a message of which the platform takes nothing. */
  refusedNotice: (row: MessageRow) => string
  /** Waits as long as people who speak to the bot are to be answered first. */
  yieldToPeople: () => Promise<void>
  /** There is more to do. */
  wake: () => void
}

/** Why the messages of a bot wait although there are some; undefined when they do not. */
export type Standstill = 'hanging' | 'calm' | 'blocked' | 'pace'

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
  private readonly flight: Flight
  private readonly attempts: Attempts
  readonly channels: ChannelBook
  /** Messages that may not be taken again, however old the answer in which they are due: until their end is written. */
  private readonly inHand = new Set<string>()
  private active = 0
  private readonly turns: (() => void)[] = []
  /** There were more due messages than one page. */
  private more = false
  private stopped = false

  constructor(
    readonly bot: string,
    stores: OutboxStores,
    private readonly options: DispatcherOptions,
  ) {
    this.store = stores.messages
    this.limiter = new RateLimiter(bot, options)
    this.channels = new ChannelBook(bot, stores, options)
    const { store, channels, limiter } = this
    this.attempts = new Attempts(bot, { store, channels, limiter }, options)
    this.flight = new Flight({ ...options, ready: () => this.going })
  }

  private get platform(): string {
    return platformOf(this.bot)
  }

  private get going(): boolean {
    return !this.stopped && this.options.ready() && this.limiter.blocked(this.options.now()) === undefined
  }

  get standstill(): Standstill | undefined {
    const now = this.options.now()
    if (this.limiter.blocked(now) !== undefined) return 'blocked'
    return this.flight.standstill ?? (this.limiter.botWait(now) > NEAR_MS ? 'pace' : undefined)
  }

  /** The bot itself said something, past the outbox: limits count that too. */
  spoken(channel: string, messages: number): void {
    this.limiter.count(channel, this.options.now(), messages)
  }

  /** Looks for due messages and starts to send them; called at each tick and whenever there may be new ones. */
  async poll(): Promise<void> {
    if (!this.going) return
    await this.channels.load()
    await this.attempts.clear()
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

  private take(row: MessageRow): void {
    const queue = this.queues.get(row.channel) ?? { rows: [], running: undefined }
    if (this.inHand.has(row.id) || this.attempts.isDoubtful(row.id) || queue.rows.length >= QUEUE) return
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
        this.turns.shift()?.()
        if (this.more && this.inHand.size < PAGE / 4) this.options.wake()
      })
  }

  private async serve(channel: string, queue: ChannelQueue): Promise<void> {
    this.active++
    if (this.active > this.options.queues) await new Promise<void>((resolve) => this.turns.push(resolve))
    while (queue.rows.length && this.going) {
      await this.options.yieldToPeople()
      if (this.options.quiet()) this.hush(queue)
      const row = queue.rows[0]
      if (!row) return
      const now = this.options.now()
      const decision = this.decide(row, now)
      if (decision.kind === 'send') {
        if (!(await this.attempt(channel, queue))) return
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
    const wait = this.limiter.channelWait(row.channel, now)
    return decideRoute(messageFromRow(row), this.channels.get(row.channel), {
      ...{ now, wait, platform: this.platform, size: this.sizeOf(row) },
      rules: routeRulesFor(row.channel),
    })
  }

  /** Platform messages that are left of a row. */
  private sizeOf(row: MessageRow): number {
    const { content } = composeMessage([row], { refusedNotice: this.options.refusedNotice })
    return Math.max(1, this.options.sizeOf(content) - Number(row.sentParts))
  }

  private async setAside(row: MessageRow, decision: Exclude<RouteDecision, { kind: 'send' }>): Promise<void> {
    if (decision.kind === 'wait') {
      const { until, reason = 'rate' } = decision
      return this.store.postpone(this.bot, row.channel, { until, reason })
    }
    const [alternative, ...rest] = row.alternatives ? row.alternatives.split('\n') : []
    const expired = decision.kind === 'failed' && decision.reason === 'expired'
    if (alternative && !expired && !Number(row.sentParts)) {
      const [platform = '', self = '', ...channel] = alternative.split(':')
      return this.store.divert(row.id, `${platform}:${self}`, channel.join(':'), rest.join('\n'))
    }
    const now = this.options.now()
    if (decision.kind === 'failed') {
      if (decision.reason === 'expired') this.options.alert('expired')
      return this.store.close([row.id], 'failed', decision.reason, now)
    }
    this.channels.park(row.channel)
    await this.store.close([row.id], 'parked', 'waits-for-inbound', now)
  }

  /** Waits for a place among the bot's sends; the limits are reserved in the tick in which they are found to allow it. */
  private async attempt(channel: string, queue: ChannelQueue): Promise<boolean> {
    let decision: RouteDecision | undefined
    const ticket = await this.flight.enter(() => {
      const [row] = queue.rows
      const now = this.options.now()
      decision = row && this.decide(row, now)
      if (!row || decision?.kind !== 'send' || decision.route.kind === 'passive') return 0
      const wait = this.limiter.botWait(now)
      if (!wait) this.limiter.count(channel, now, this.sizeOf(row))
      return wait
    })
    if (!ticket) return false
    let outcome: Awaited<ReturnType<Attempts['send']>> | undefined
    try {
      if (decision?.kind === 'send') {
        outcome = await this.perform(queue, this.prepare(channel, queue, decision.route))
      }
    } finally {
      const doubtful = outcome && !outcome.ok && outcome.error.outcome === 'unknown'
      this.flight.leave(ticket, !outcome ? 'none' : doubtful ? 'doubtful' : 'known')
    }
    return true
  }

  private prepare(channel: string, queue: ChannelQueue, route: Attempt['route']): Attempt {
    const now = this.options.now()
    const { refusedNotice } = this.options
    const answers = repliesLeft(this.channels.get(channel), now, routeRulesFor(channel))
    const { rows, content } = composeMessage(queue.rows, {
      ...{ route, now, platform: this.platform, answers, refusedNotice },
    })
    const [first] = rows
    const size = first && rows.length === 1 ? this.sizeOf(first) : 1
    return { channel, rows, content, route, size }
  }

  private async perform(queue: ChannelQueue, attempt: Attempt) {
    const { rows } = attempt
    const ids = rows.map(({ id }) => id)
    queue.rows = queue.rows.filter((row) => !ids.includes(row.id))
    const letGo = () => ids.forEach((id) => this.inHand.delete(id))
    let settled: Promise<void> | undefined
    try {
      if (!(await this.attempts.begin(attempt))) return undefined
      const outcome = await this.attempts.send(attempt)
      // Not waited for: it is written in one with the beginning of the next, never after it.
      queue.settled = settled = this.attempts.conclude(attempt, outcome).finally(letGo)
      // An open attempt is repeated, or stays open: nobody can say more, but a repetition does no harm.
      return repeatable(attempt.route) && !outcome.ok ? undefined : outcome
    } finally {
      if (!settled) letGo()
    }
  }

  async wake(channel: string): Promise<void> {
    await this.channels.unpark(channel)
    await this.poll()
  }

  /** Begins nothing new and waits for what is on its way. */
  async stop(): Promise<void> {
    this.stopped = this.attempts.stopped = true
    for (const resolve of this.turns.splice(0)) resolve()
    await Promise.all([...this.queues.values()].map(async ({ running }) => running))
  }
}
