import { randomUUID } from 'node:crypto'
import { h, Service } from 'koishi'
import { decideReach } from '@space-assistant/core/delivery/reach'
import type { ChannelReach } from '@space-assistant/core/delivery/reach'
import { quietUntil } from '@space-assistant/core/delivery/quiet'
import { Bots } from './bots'
import { Backpressure } from './backpressure'
import { messageRowOf } from './message'
import { Dispatchers } from './dispatchers'
import { ChannelStore, platformOf } from './channel-store'
import { Config, quietHoursOf } from './config'
import { Recalls } from './recall'
import { DeliveryRecords } from './records'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { MessageOrders } from './orders'
import { MessageStore } from './store'
import { TrafficBook } from './traffic'
import { defineTables } from './table'
import type { Context } from 'koishi'
import type { ChannelRef, Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { MessageState } from '@space-assistant/core/delivery/message'
import type { ConnectionTraffic } from '@space-assistant/core/delivery/trouble'
import type { QuietHours } from '@space-assistant/core/delivery/quiet'
import type { NewMessage, Receipt } from './message'
import type { Dispatcher, DispatcherOptions } from './dispatcher'
import type { BotStandstill, Spoken } from './events'
import type { DeliveryStatus } from './records'
import type {} from 'koishi-plugin-space-database'

export type { Config } from './config'
export type { BotArrival, BotStandstill, PlatformTrouble, Spoken } from './events'
export type { NewMessage, Receipt } from './message'
export type { DeliveryStatus } from './records'
export type { MessageRow } from './table'

declare module 'koishi' {
  interface Context {
    outbox: Outbox
  }
}

/** Kinds of messages with a sentence of their own for when the platform refuses the content. */
const refusable = new Set(['ticket', 'announcement', 'nudge', 'answer'])
const refusedKey = (kind: string) => `refused.${refusable.has(kind) ? kind : 'other'}`

/** A clock that was set back by more than this since the last look. */
const STEP_MS = 5_000

/** A send that begins now must be over before the lease is. */
const MARGIN_MS = 20_000

/** `ctx.outbox`: every message that is not the direct answer to a command goes through here, once. */
class Outbox extends Service {
  static inject = ['database', 'bulk', 'leases']
  static Config = Config

  private readonly owner = randomUUID()
  private readonly store: MessageStore
  private readonly orders: MessageOrders
  private readonly records: DeliveryRecords
  private readonly recalls: Recalls
  private readonly dispatchers: Dispatchers
  private readonly bots: Bots
  private readonly log
  private readonly quietHours: QuietHours
  private readonly backpressure = new Backpressure()
  private readonly trafficBook = new TrafficBook()
  private ticking: Promise<void> | undefined
  private readonly life = { over: false }
  private sweptAt = 0
  private clock = { wall: Date.now(), steady: performance.now() }

  constructor(
    ctx: Context,
    readonly settings: Config,
  ) {
    super(ctx, 'outbox', true)
    this.log = ctx.logger('space-outbox')
    this.quietHours = quietHoursOf(settings)
    defineTables(ctx)
    this.store = new MessageStore(ctx.bulk, this.owner)
    this.orders = new MessageOrders(ctx.bulk)
    this.records = new DeliveryRecords(ctx.bulk)
    this.bots = new Bots(ctx)
    this.dispatchers = new Dispatchers(
      { messages: this.store, channels: new ChannelStore(ctx.bulk) },
      (bot) => this.dispatcherOptions(bot),
    )
    this.recalls = new Recalls(ctx.bulk, {
      now: () => Date.now(),
      ready: (bot) => this.mayAct(bot),
      remove: (bot, channel, message) => this.bots.remove(bot, channel, message),
    })
    ctx.on('space/inbound', (inbound) => this.inbound(inbound))
    ctx.on('space/channel-mode', (change) => this.changed(change))
    ctx.on('space/spoken', (spoken) => this.spoken(spoken))
    ctx.i18n.define('zh-CN', { 'space-outbox': zhCN['space-outbox'] })
    ctx.i18n.define('en-US', { 'space-outbox': enUS['space-outbox'] })
    ctx.on('bot-status-updated', () => this.wake())
    ctx.on('exit', () => this.drain())
  }

  protected override async start(): Promise<void> {
    await this.ctx.model.prepared()
    await this.orders.afterClockChange(Date.now())
    this.ctx.setInterval(() => this.wake(), this.settings.tickMs)
    this.wake()
  }

  protected override stop(): void {
    this.life.over = true
    void this.dispatchers.stop()
  }

  /** Puts messages into the outbox, within the caller's transaction if there is one; returns how many were new. */
  async enqueue(messages: NewMessage | readonly NewMessage[]): Promise<number> {
    const now = Date.now()
    const { anytimeKinds } = this.settings
    const rows = [messages]
      .flat()
      .map((message, position) => messageRowOf(this.redirected(message), { now, position, anytimeKinds }))
    if (!rows.length) return 0
    const inserted = await this.store.insert(rows)
    this.ctx.bulk.committed(() => this.wake())
    return inserted
  }

  /** Where there is no bot for the first conversation, the next that has one takes its place. */
  private redirected(message: NewMessage): NewMessage {
    const { target, alternatives = [] } = message
    if (this.bots.isConfigured(target)) return message
    const index = alternatives.findIndex((ref) => this.bots.isConfigured(ref))
    const next = alternatives[index]
    return next ? { ...message, target: next, alternatives: alternatives.slice(index + 1) } : message
  }

  /** Takes back what has not been sent yet; returns how many messages. */
  cancel(what: { key: string } | { batch: string }): Promise<number> {
    const now = Date.now()
    return 'key' in what
      ? this.orders.cancel('id', what.key, now)
      : this.orders.cancel('batch', what.batch, now)
  }

  /** What was cancelled of a batch goes on where it stood; returns how many messages. */
  async resume(what: { batch: string }): Promise<number> {
    const resumed = await this.orders.resume(what.batch)
    this.ctx.bulk.committed(() => this.wake())
    return resumed
  }

  /**
   * Takes back what has arrived, where the platform can, and what is still under way everywhere, as part of the caller's
   * transaction; returns how many messages have or may have arrived. The receipts tell how it goes on.
   */
  async recall(what: { key: string } | { batch: string }): Promise<number> {
    const [column, value] = 'batch' in what ? (['batch', what.batch] as const) : (['id', what.key] as const)
    await this.orders.cancel(column, value, Date.now())
    const asked = await this.recalls.ask(column, value)
    this.ctx.bulk.committed(() => this.wake())
    return asked
  }

  /**
   * Removes the contents of all messages of a kind whose keys begin with `keys`; those that have not left do not leave.
   * From other messages of the kind the lines that hold `mention` are taken out.
   */
  forget(what: { kind: string; keys: string; mention: string }): Promise<void> {
    return this.orders.forget(what, Date.now())
  }

  /** What staff say about a message of which nobody knows whether it arrived, or one that died. */
  async resolve(key: string, what: 'resend' | 'resend-later' | 'arrived'): Promise<boolean> {
    const done = await this.orders.resolve(key, what, Date.now())
    if (done && what !== 'arrived') await this.reopen(key)
    this.ctx.bulk.committed(() => this.wake())
    return done
  }

  /** Staff want another try where a bot was refused: they may know that it is back. */
  private async reopen(key: string): Promise<void> {
    const [receipt] = await this.records.receipts({ key })
    if (receipt) this.dispatchers.of(receipt.target).channels.reopen(receipt.target.channelId)
  }

  /** Takes back what staff said within the last minute of a batch's messages; of how many. */
  reconsider(what: { batch: string }): Promise<number> {
    return this.orders.reconsider(what.batch, Date.now())
  }

  receipts(what: { batch: string } | { key: string }): Promise<Receipt[]> {
    return this.records.receipts(what)
  }

  /** Where messages stand, in the order of the keys; undefined for a key that was never enqueued. */
  states(keys: readonly string[]): Promise<(MessageState | undefined)[]> {
    return this.records.states(keys)
  }

  /** The key of the message that the platform knows there by this message id; WeCom gives none. */
  sentAs(target: ChannelRef, messageId: string): Promise<string | undefined> {
    return this.records.sentAs(target, messageId)
  }

  /** The messages of which nobody knows whether they arrived, the oldest first. */
  unsettled(): Promise<Receipt[]> {
    return this.records.unsettled()
  }

  /** Why the messages of each bot that is asked for stand still; a bot whose messages go out is left out. */
  standstills(): { bot: string; why: BotStandstill; endsIn?: number }[] {
    const leases = new Map(this.ctx.leases.awaited().map(({ name, endsIn }) => [name, endsIn]))
    const quiet = quietUntil(this.quietHours, Date.now())
    return this.ctx.bots.flatMap(
      ({ sid: bot, status }): { bot: string; why: BotStandstill; endsIn?: number }[] => {
        if (Number(status) !== 1) return [{ bot, why: 'offline' }]
        const endsIn = leases.get(`bot:${bot}`)
        if (endsIn !== undefined) return [{ bot, why: 'lease', endsIn }]
        const why = this.dispatchers.for(bot).standstill ?? (quiet === undefined ? undefined : 'quiet')
        return why ? [{ bot, why }] : []
      },
    )
  }

  /** When somebody was last heard on a connection of this process, and how much was sent since. */
  traffic(bot: string): ConnectionTraffic {
    return this.trafficBook.of(bot)
  }

  status(): Promise<DeliveryStatus> {
    return this.records.status()
  }

  /** What is known of a conversation here and now; where there is no bot, nothing arrives. */
  channel(ref: ChannelRef): ChannelCapability {
    const known = this.dispatchers.capability(ref)
    return this.bots.isConfigured(ref) ? known : { ...known, mode: 'down' }
  }

  /** Whether something can be said in a conversation now, and if not, what has to happen first. */
  reach(ref: ChannelRef): ChannelReach {
    const { platform, selfId, channelId } = ref
    const online = this.bots.isOnline(`${platform}:${selfId}`)
    const bot = !this.bots.isConfigured(ref) ? 'absent' : online ? 'online' : 'offline'
    const channel = this.dispatchers.capability(ref)
    return decideReach(platform, channelId.startsWith('private:'), { channel, bot })
  }

  /** The same of many at once: each call of a service costs, as the framework traces who makes it. */
  channels(refs: readonly ChannelRef[]): ChannelCapability[] {
    const { dispatchers, bots } = this
    return refs.map((ref) => {
      const known = dispatchers.capability(ref)
      return bots.isConfigured(ref) ? known : { ...known, mode: 'down' }
    })
  }

  /** Looks for work soon; never fails. */
  wake(): void {
    if (this.life.over || this.ticking) return
    this.ticking = this.tick()
      .catch((error: unknown) => this.log.warn('%s', error instanceof Error ? error.name : 'error'))
      .finally(() => (this.ticking = undefined))
  }

  private async tick(): Promise<void> {
    const now = Date.now()
    await this.watchClock(now)
    if (Math.abs(now - this.sweptAt) > 60_000) {
      this.sweptAt = now
      await this.store.expire(now)
    }
    await Promise.all(this.bots.online().map((bot) => this.serve(bot)))
  }

  private async watchClock(now: number): Promise<void> {
    const steady = performance.now()
    const step = now - this.clock.wall - (steady - this.clock.steady)
    this.clock = { wall: now, steady }
    if (step > -STEP_MS) return
    this.log.warn('the clock was set back by %d s', Math.round(-step / 1000))
    await this.orders.afterClockChange(now)
  }

  private async serve(bot: string): Promise<void> {
    const dispatcher = this.dispatchers.for(bot)
    if (!(await this.holds(`bot:${bot}`))) return dispatcher.channels.forget()
    this.recalls.work(bot)
    await dispatcher.poll()
  }

  private async holds(lease: string): Promise<boolean> {
    // While the database is away nobody can take the lease from us: what is left of it counts.
    const { leases } = this.ctx
    return leases.acquire(lease, this.settings.leaseMs).catch(() => leases.remaining(lease) > 0)
  }

  /** Whether what begins now for a bot is over before another process may have it. */
  private mayAct(bot: string): boolean {
    const margin = Math.min(MARGIN_MS, this.settings.leaseMs / 3)
    return !this.life.over && this.ctx.leases.remaining(`bot:${bot}`) > margin
  }

  private dispatcherOptions(bot: string): DispatcherOptions {
    const { bots, backpressure, quietHours, settings } = this
    return {
      queues: settings.queues,
      quotas: settings.quotas,
      inFlight: settings.inFlight,
      hangMs: settings.hangMs,
      calmMs: settings.calmMs,
      gap: { min: settings.gapMinMs, max: Math.max(settings.gapMinMs, settings.gapMaxMs) },
      quiet: () => quietUntil(quietHours, Date.now()) !== undefined,
      yieldToPeople: () => backpressure.yieldToPeople(),
      wake: () => this.wake(),
      now: Date.now,
      random: Math.random,
      ready: () => this.mayAct(bot) && bots.isOnline(bot),
      send: async (request) => {
        const sent = await bots.send(bot, request)
        this.trafficBook.sent(bot)
        return sent
      },
      sizeOf: (content) => bots.sizeOf(bot, content),
      moreNotice: (count) => h.escape(this.say('more', { count })),
      refusedNotice: ({ fallback, kind }) => fallback || h.escape(this.say(refusedKey(kind))),
      alert: (reason) => void this.ctx.emit('space/delivery-alert', { bot, reason }),
      warn: (text) => this.log.warn('%s: %s', platformOf(bot), text),
    }
  }

  private say(key: string, params: object = {}): string {
    const { i18n } = this.ctx
    return h.unescape(i18n.text(i18n.fallback([]), [`space-outbox.${key}`], params))
  }

  /** The bot answered somebody itself: what the platform counts, the outbox counts too. */
  private spoken({ platform, selfId, channelId, replyId, messages }: Spoken): void {
    const dispatcher = this.dispatchers.of({ platform, selfId })
    if (replyId) dispatcher.channels.answered(channelId, replyId, messages)
    else dispatcher.spoken(channelId, messages)
  }

  private inbound(inbound: Inbound): void {
    this.backpressure.spoken()
    this.trafficBook.heard(`${inbound.platform}:${inbound.selfId}`, inbound.at)
    const dispatcher = this.dispatchers.of(inbound)
    if (!dispatcher.channels.hear(inbound)) return
    this.ctx.setTimeout(() => this.wakeChannel(dispatcher, inbound.channelId), this.settings.digestDelayMs)
  }

  private changed(change: ModeChange): void {
    const dispatcher = this.dispatchers.of(change)
    if (dispatcher.channels.change(change)) this.wakeChannel(dispatcher, change.channelId)
  }

  private wakeChannel(dispatcher: Dispatcher, channel: string): void {
    dispatcher.wake(channel).catch(() => this.log.warn('parked messages are not woken'))
  }

  /** Begins nothing new, waits for what is on its way and lets others take over. */
  private async drain(): Promise<void> {
    this.life.over = true
    const deadline = new Promise((resolve) => setTimeout(resolve, this.settings.exitMs).unref())
    await Promise.race([Promise.all([this.recalls.stop(), this.dispatchers.stop()]), deadline])
    await this.ctx.leases.release().catch(() => undefined)
  }
}

export type { Outbox }

/** The configuration is looked at when it is loaded, not once the database is there. */
const plugin = {
  name: 'space-outbox',
  Config: Outbox.Config,
  apply(ctx: Context, config: Config): void {
    quietHoursOf(config)
    ctx.plugin(Outbox, config)
  },
}

export default plugin
