import { afterAttempt } from '@space-assistant/core/delivery/attempt'
import { answersLeft, decideRoute } from '@space-assistant/core/delivery/capability'
import { sendErrorOf } from '@space-assistant/core/delivery/error'
import { Batch } from './batch'
import { Channels } from './channels'
import { platformOf } from './channel-store'
import { letterOf } from './letter'
import { gather, inOrder } from './gather'
import { Pace } from './pace'
import type { Result } from '@space-assistant/core/delivery/attempt'
import type { RouteDecision } from '@space-assistant/core/delivery/capability'
import type { FailureReason, Route } from '@space-assistant/core/delivery/letter'
import type { Stores } from './channels'
import type { Beginning, Ending, LetterStore } from './store'
import type { LetterRow } from './table'

export interface PumpOptions {
  /** Conversations of one bot that are served at the same time. */
  lanes: number
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
  giveWay: () => Promise<void>
  /** There is more to do. */
  wake: () => void
  alert: (reason: FailureReason) => void
  warn: (text: string) => void
}

interface Lane {
  rows: LetterRow[]
  running: Promise<void> | undefined
  /** What became of the message before is being written. */
  settled?: Promise<void>
}

const NEAR_MS = 2_000
const PAGE = 500
/** Letters of one conversation in memory, so that one with very many does not crowd out the others. */
const LANE = 50

/** Sends the letters of one bot: conversations side by side, the letters of each in order. */
export class Pump {
  private readonly lanes = new Map<string, Lane>()
  private readonly store: LetterStore
  private readonly pace: Pace
  readonly channels: Channels
  /** Letters that may not be taken again, however old the answer in which they are due: until their end is written. */
  private readonly inHand = new Set<string>()
  /** Letters whose mark may have been written although the answer was lost. */
  private readonly doubtful = new Set<string>()
  private clearing: Promise<void> | undefined
  private readonly writes: Batch<Beginning | Ending, boolean>
  private active = 0
  private readonly queue: (() => void)[] = []
  /** There were more due letters than one page. */
  private more = false
  private stopped = false

  constructor(
    readonly bot: string,
    stores: Stores,
    private readonly options: PumpOptions,
  ) {
    this.store = stores.letters
    this.pace = new Pace(bot, options.quotas)
    this.writes = new Batch((items) => this.store.write(items, options.now()))
    this.channels = new Channels(bot, stores, options)
  }

  private get platform(): string {
    return platformOf(this.bot)
  }

  /** Looks for due letters and starts to send them; called at each tick and whenever there may be new ones. */
  async poll(): Promise<void> {
    if (this.stopped || !this.options.ready()) return
    await this.channels.load()
    // Only one at a time: a second one would take back what has begun since the first.
    if (this.doubtful.size) await (this.clearing ??= this.clear().finally(() => (this.clearing = undefined)))
    const busy = [...this.lanes].filter(([, { rows }]) => rows.length >= LANE / 2).map(([channel]) => channel)
    const rows = await this.store.due(this.bot, this.options.now(), {
      ...{ limit: PAGE, not: busy, quiet: this.options.quiet() },
    })
    this.more = rows.length === PAGE
    for (const row of rows) this.take(row)
    for (const channel of this.lanes.keys()) this.start(channel)
  }

  private async clear(): Promise<void> {
    const ids = [...this.doubtful]
    await this.store.takeBack(ids)
    for (const id of ids) this.doubtful.delete(id)
  }

  private take(row: LetterRow): void {
    const lane = this.lanes.get(row.channel) ?? { rows: [], running: undefined }
    if (this.inHand.has(row.id) || this.doubtful.has(row.id) || lane.rows.length >= LANE) return
    this.inHand.add(row.id)
    this.lanes.set(row.channel, lane)
    lane.rows.push(row)
    lane.rows.sort(inOrder)
  }

  private start(channel: string): void {
    const lane = this.lanes.get(channel)
    if (!lane || lane.running || !lane.rows.length) return
    lane.running = this.serve(channel, lane)
      .finally(() => lane.settled)
      .catch((error: unknown) => this.options.warn(error instanceof Error ? error.name : 'error'))
      .finally(() => {
        lane.running = undefined
        for (const row of lane.rows.splice(0)) this.inHand.delete(row.id)
        this.lanes.delete(channel)
        this.active--
        this.queue.shift()?.()
        if (this.more && this.inHand.size < PAGE / 4) this.options.wake()
      })
  }

  private async serve(channel: string, lane: Lane): Promise<void> {
    this.active++
    if (this.active > this.options.lanes) await new Promise<void>((resolve) => this.queue.push(resolve))
    while (lane.rows.length && !this.stopped && this.options.ready()) {
      await this.options.giveWay()
      if (this.options.quiet()) this.hush(lane)
      const row = lane.rows[0]
      if (!row) return
      const now = this.options.now()
      const decision = this.decide(row, now)
      if (decision.kind === 'send') {
        await this.attempt(channel, lane, decision.route)
        continue
      }
      if (decision.kind === 'wait' && decision.until - now <= NEAR_MS) {
        await new Promise((resolve) => setTimeout(resolve, decision.until - now))
        continue
      }
      await this.setAside(row, decision)
      lane.rows.shift()
      this.inHand.delete(row.id)
      // The whole conversation waits: what comes behind must not overtake.
      if (decision.kind === 'wait') return
    }
  }

  /** Drops what must not disturb: it is due again when the quiet hours are over. */
  private hush(lane: Lane): void {
    for (const row of lane.rows) if (!row.anytime && !row.routeKind) this.inHand.delete(row.id)
    lane.rows = lane.rows.filter((row) => row.anytime || row.routeKind)
  }

  private decide(row: LetterRow, now: number): RouteDecision {
    const letter = letterOf(row)
    const until = this.pace.blocked(now)
    if (until !== undefined) return { kind: 'wait', until }
    const wait = this.pace.wait(row.channel, now)
    return decideRoute(letter, this.channels.get(row.channel), { now, wait, platform: this.platform })
  }

  private async setAside(row: LetterRow, decision: Exclude<RouteDecision, { kind: 'send' }>): Promise<void> {
    if (decision.kind === 'wait') return this.store.postpone(this.bot, row.channel, decision.until)
    const [alternative, ...rest] = row.alternatives ? row.alternatives.split('\n') : []
    const expired = decision.kind === 'dead' && decision.reason === 'expired'
    if (alternative && !expired) {
      const [platform = '', self = '', ...channel] = alternative.split(':')
      return this.store.divert(row.id, `${platform}:${self}`, channel.join(':'), rest.join('\n'))
    }
    const now = this.options.now()
    if (decision.kind === 'dead') return this.store.close([row.id], 'dead', decision.reason, now)
    this.channels.park(row.channel)
    await this.store.close([row.id], 'deferred', 'waits-for-inbound', now)
  }

  private async attempt(channel: string, lane: Lane, route: Route): Promise<void> {
    const now = this.options.now()
    const { rows, content } = gather(lane.rows, {
      ...{ route, now, platform: this.platform, answers: answersLeft(this.channels.get(channel), now) },
    })
    const ids = rows.map(({ id }) => id)
    lane.rows = lane.rows.filter((row) => !ids.includes(row.id))
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
      lane.settled = settled = this.conclude(channel, rows, route, outcome).finally(letGo)
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
    if (route.kind === 'proactive') this.pace.count(channel, this.options.now())
    try {
      return { ok: true as const, messages: await this.options.send(channel, content, route) }
    } catch (error) {
      return { ok: false as const, error: sendErrorOf(error, this.platform) }
    }
  }

  private async conclude(
    channel: string,
    rows: readonly LetterRow[],
    route: Route,
    outcome: Awaited<ReturnType<Pump['send']>>,
  ): Promise<void> {
    const now = this.options.now()
    const error = outcome.ok ? undefined : outcome.error
    // Parts that went through make a refusal of the rest an open outcome: the whole must not come again.
    const result: Result = error ? { ...verdictOf(error), ok: false, code: error.code } : { ok: true }
    const endings = rows.map((row): Ending => {
      const aftermath = afterAttempt(letterOf(row), this.channels.get(channel), {
        ...{ route, result, now, random: this.options.random() },
      })
      this.channels.learn(channel, aftermath.channel)
      this.pace.block(aftermath.botBlockedUntil)
      if (aftermath.alert) this.options.alert(aftermath.letter.reason ?? 'server')
      const messages = (outcome.ok ? outcome.messages : outcome.error.sent).join(',').slice(0, 1000)
      return {
        id: row.id,
        letter: aftermath.letter,
        code: error?.code ?? 0,
        detail: error?.detail ?? '',
        messages,
      }
    })
    await this.settle(endings).catch(() => this.options.warn('what became of a message is not stored'))
  }

  /** What became of a message that is out must be written, however long the database is away. */
  private async settle(endings: readonly Ending[]): Promise<void> {
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
    await Promise.all([...this.lanes.values()].map(async ({ running }) => running))
  }
}

function verdictOf(error: ReturnType<typeof sendErrorOf>): {
  class: typeof error.class
  outcome: typeof error.outcome
} {
  const partly = error.sent.length > 0 && error.outcome === 'rejected'
  return { class: error.class, outcome: partly ? 'unknown' : error.outcome }
}
