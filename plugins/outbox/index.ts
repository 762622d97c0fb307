import { randomUUID } from 'node:crypto'
import { Service } from 'koishi'
import { quietUntil } from '@space-assistant/core/delivery/quiet'
import { Bots } from './bots'
import { Backpressure } from './backpressure'
import { messageRowOf } from './message'
import { Dispatchers } from './dispatchers'
import { ChannelStore, platformOf } from './channel-store'
import { Config, quietHoursOf } from './config'
import { Recalls } from './recall'
import { DeliveryRecords } from './records'
import { MessageStore } from './store'
import { defineTables } from './table'
import type { Context } from 'koishi'
import type { ReplyContext, ChannelRef, Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { MessageState, FailureReason } from '@space-assistant/core/delivery/message'
import type { QuietHours } from '@space-assistant/core/delivery/quiet'
import type { NewMessage, Receipt } from './message'
import type { Dispatcher, DispatcherOptions } from './dispatcher'
import type { DeliveryStatus } from './records'
import type {} from 'koishi-plugin-space-database'

export type { Config } from './config'
export type { NewMessage, Receipt } from './message'
export type { DeliveryStatus } from './records'
export type { MessageRow } from './table'

declare module 'koishi' {
  interface Context {
    outbox: Outbox
  }
  interface Events {
    /** Emitted by the adapters for everything a person says, before anything else sees it. */
    'space/inbound'(inbound: Inbound): void
    /** Emitted by the adapters when an owner's switch was turned, a bot was added or thrown out. */
    'space/channel-mode'(change: ModeChange): void
    /** Something in the delivery that staff must know: a bot is banned, its credentials are refused, attempts ran out. */
    'space/delivery-alert'(alert: { bot: string; reason: FailureReason }): void
  }
}

declare module '@satorijs/protocol' {
  interface SendOptions {
    /** Send as an answer to this; without it (and without a session) the bot speaks first. */
    reply?: ReplyContext
  }
}

/** A send that begins now must be over before the lease is. */
const MARGIN_MS = 20_000

/** `ctx.outbox`: every message that is not the direct answer to a command goes through here, once. */
class Outbox extends Service {
  static inject = ['database', 'bulk', 'leases']
  static Config = Config

  private readonly owner = randomUUID()
  private readonly store: MessageStore
  private readonly records: DeliveryRecords
  private readonly recalls: Recalls
  private readonly dispatchers: Dispatchers
  private readonly bots: Bots
  private readonly log
  private readonly quietHours: QuietHours
  private readonly backpressure = new Backpressure()
  private ticking: Promise<void> | undefined
  private readonly life = { over: false }
  private sweptAt = 0

  constructor(
    ctx: Context,
    readonly settings: Config,
  ) {
    super(ctx, 'outbox', true)
    this.log = ctx.logger('space-outbox')
    this.quietHours = quietHoursOf(settings)
    defineTables(ctx)
    this.store = new MessageStore(ctx.bulk, this.owner)
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
    ctx.on('bot-status-updated', () => this.wake())
    ctx.on('exit', () => this.drain())
  }

  protected override async start(): Promise<void> {
    await this.ctx.model.prepared()
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
      .map((message, position) => messageRowOf(message, { now, position, anytimeKinds }))
    if (!rows.length) return 0
    const inserted = await this.store.insert(rows)
    this.ctx.bulk.committed(() => this.wake())
    return inserted
  }

  /** Takes back what has not been sent yet; returns how many messages. */
  cancel(what: { key: string } | { batch: string }): Promise<number> {
    const now = Date.now()
    return 'key' in what
      ? this.store.cancel('id', what.key, now)
      : this.store.cancel('batch', what.batch, now)
  }

  /**
   * Takes back what has arrived, where the platform can, and what is still under way everywhere, as part of the caller's
   * transaction; returns how many messages have or may have arrived. The receipts tell how it goes on.
   */
  async recall(what: { key: string } | { batch: string }): Promise<number> {
    const [column, value] = 'batch' in what ? (['batch', what.batch] as const) : (['id', what.key] as const)
    await this.store.cancel(column, value, Date.now())
    const asked = await this.recalls.ask(column, value)
    this.ctx.bulk.committed(() => this.wake())
    return asked
  }

  /**
   * Removes the contents of all messages of a kind whose keys begin with `keys`; those that have not left do not leave.
   * From other messages of the kind the lines that hold `mention` are taken out.
   */
  forget(what: { kind: string; keys: string; mention: string }): Promise<void> {
    return this.store.forget(what, Date.now())
  }

  /** What staff say about a message of which nobody knows whether it arrived, or one that died. */
  async resolve(key: string, what: 'resend' | 'arrived'): Promise<boolean> {
    const done = await this.store.resolve(key, what, Date.now())
    this.ctx.bulk.committed(() => this.wake())
    return done
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

  status(): Promise<DeliveryStatus> {
    return this.records.status()
  }

  /** What is known of a conversation here and now. */
  channel(ref: ChannelRef): ChannelCapability {
    return this.dispatchers.capability(ref)
  }

  /** The same of many at once: each call of a service costs, as the framework traces who makes it. */
  channels(refs: readonly ChannelRef[]): ChannelCapability[] {
    const { dispatchers } = this
    return refs.map((ref) => dispatchers.capability(ref))
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
    if (now - this.sweptAt > 60_000) {
      this.sweptAt = now
      await this.store.expire(now)
    }
    await Promise.all(this.bots.online().map((bot) => this.serve(bot)))
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
    const { bots, backpressure, quietHours } = this
    return {
      queues: this.settings.queues,
      quotas: this.settings.quotas,
      quiet: () => quietUntil(quietHours, Date.now()) !== undefined,
      yieldToPeople: () => backpressure.yieldToPeople(),
      wake: () => this.wake(),
      now: Date.now,
      random: Math.random,
      ready: () => this.mayAct(bot) && bots.isOnline(bot),
      send: (channel, content, route) => bots.send(bot, channel, { content, route }),
      alert: (reason) => void this.ctx.emit('space/delivery-alert', { bot, reason }),
      warn: (text) => this.log.warn('%s: %s', platformOf(bot), text),
    }
  }

  private inbound(inbound: Inbound): void {
    this.backpressure.spoken()
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
