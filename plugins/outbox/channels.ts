import {
  repliesLeft,
  afterBeginning,
  afterDirectReply,
  countsReplies,
  afterInbound,
  afterJoining,
  afterModeChange,
} from '@space-assistant/core/delivery/capability'
import { WriteBatch } from './write-batch'
import { freshChannel, platformOf } from './channel-store'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import type { Route } from '@space-assistant/core/delivery/message'
import type { ChannelStore } from './channel-store'
import type { MessageStore } from './store'

/** Where the outbox keeps what it knows. */
export interface OutboxStores {
  messages: MessageStore
  channels: ChannelStore
}

/** What is known of a bot's conversations, and which of them have messages that wait until somebody speaks. */
export class ChannelBook {
  private known = new Map<string, ChannelCapability>()
  private parked = new Set<string>()
  private readonly replies: WriteBatch<{ channel: string; known: ChannelCapability }, undefined>
  private loaded = false

  constructor(
    private readonly bot: string,
    private readonly stores: OutboxStores,
    private readonly options: { now: () => number; warn: (text: string) => void },
  ) {
    this.replies = new WriteBatch(async (items) => {
      await stores.channels.reply(bot, items)
      return items.map(() => undefined)
    })
  }

  /** After taking over from another process, and at the start. */
  async load(): Promise<void> {
    if (this.loaded) return
    const now = this.options.now()
    await this.stores.messages.recover(this.bot, now)
    const stored = await this.stores.channels.of(this.bot, now)
    const parked = await this.stores.messages.parkedChannels(this.bot)
    for (const [channel, seen] of this.known) {
      const former = stored.get(channel)
      stored.set(channel, former ? afterJoining(former, seen) : seen)
    }
    this.known = stored
    this.parked = new Set(parked)
    // Somebody spoke there shortly before, and what waited for that has not been said yet.
    for (const channel of parked) if (repliesLeft(this.get(channel), now) > 0) await this.unpark(channel)
    this.loaded = true
  }

  /** Another process has the bot now: what is known here grows stale. */
  forget(): void {
    this.loaded = false
    this.known.clear()
  }

  get(channel: string): ChannelCapability {
    return this.known.get(channel) ?? freshChannel(this.bot, this.options.now())
  }

  learn(channel: string, known: ChannelCapability): void {
    const former = this.get(channel)
    this.known.set(channel, known)
    const same =
      former.mode === known.mode &&
      former.blockedUntil === known.blockedUntil &&
      former.blocks === known.blocks
    if (same) return
    this.stores.channels
      .remember(this.bot, channel, known)
      .catch(() => this.options.warn('what was learned of a conversation is not stored'))
  }

  /** An attempt begins. An answer is counted first: two with one number are taken for the same, and one is lost. */
  async begin(channel: string, route: Route, size: number): Promise<void> {
    if (route.kind === 'proactive') return
    // One more for the notice that there is more.
    const taken = route.kind === 'passive' && route.parts !== undefined ? route.parts + 1 : size
    const known = afterBeginning(this.get(channel), route, taken)
    this.known.set(channel, known)
    if (known.reply) await this.replies.add({ channel, known })
  }

  /** Somebody spoke; true when messages wait for just that. */
  hear(inbound: Inbound): boolean {
    const channel = inbound.channelId
    const former = this.get(channel)
    const waited = this.parked.has(channel)
    const counted = countsReplies(platformOf(this.bot))
    if (!counted && former.mode !== 'down' && former.mode !== 'passive-only') return waited
    const known = afterInbound(former, inbound)
    this.learn(channel, known)
    // Elsewhere the bot may speak without; chatter in hundreds of groups is not to be written down.
    if (counted && (waited || known.mode === 'passive-only')) {
      this.replies
        .add({ channel, known })
        .catch(() => this.options.warn('what may be answered is not stored'))
    }
    return waited
  }

  /** The platform told of a switch; true when messages may go out now that could not. */
  change(change: ModeChange): boolean {
    this.learn(change.channelId, afterModeChange(this.get(change.channelId), change))
    return change.mode === 'proactive' && this.parked.has(change.channelId)
  }

  /** A conversation that was given up is tried once more. */
  reopen(channel: string): void {
    const known = this.get(channel)
    if (known.mode !== 'down') return
    this.learn(channel, { ...known, mode: 'proactive', modeFrom: 'default', modeAt: this.options.now() })
  }

  /** The one who was asked has answered there by so many messages. */
  answered(channel: string, replyId: string, count: number): void {
    const known = this.known.get(channel)
    if (known) this.known.set(channel, afterDirectReply(known, replyId, count))
  }

  park(channel: string): void {
    this.parked.add(channel)
  }

  async unpark(channel: string): Promise<void> {
    this.parked.delete(channel)
    await this.stores.messages.wake(this.bot, channel)
  }
}
