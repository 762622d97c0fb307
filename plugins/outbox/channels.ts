import {
  answersLeft,
  begun,
  hasAnchors,
  heard,
  afterJoining,
  switched,
} from '@space-assistant/core/delivery/capability'
import { Batch } from './batch'
import { freshChannel, platformOf } from './channel-store'
import type { Capability } from '@space-assistant/core/delivery/capability'
import type { Inbound, ModeChange } from '@space-assistant/core/delivery/channel'
import type { Route } from '@space-assistant/core/delivery/letter'
import type { ChannelStore } from './channel-store'
import type { LetterStore } from './store'

/** Where the outbox keeps what it knows. */
export interface Stores {
  letters: LetterStore
  channels: ChannelStore
}

/** What is known of a bot's conversations, and which of them have letters that wait until somebody speaks. */
export class Channels {
  private known = new Map<string, Capability>()
  private deferred = new Set<string>()
  private readonly anchors: Batch<{ channel: string; known: Capability }, undefined>
  private loaded = false

  constructor(
    private readonly bot: string,
    private readonly stores: Stores,
    private readonly options: { now: () => number; warn: (text: string) => void },
  ) {
    this.anchors = new Batch(async (items) => {
      await stores.channels.anchor(bot, items)
      return items.map(() => undefined)
    })
  }

  /** After taking over from another process, and at the start. */
  async load(): Promise<void> {
    if (this.loaded) return
    const now = this.options.now()
    await this.stores.letters.recover(this.bot, now)
    const stored = await this.stores.channels.of(this.bot, now)
    const deferred = await this.stores.letters.deferredChannels(this.bot)
    for (const [channel, seen] of this.known) {
      const former = stored.get(channel)
      stored.set(channel, former ? afterJoining(former, seen) : seen)
    }
    this.known = stored
    this.deferred = new Set(deferred)
    // Somebody spoke there shortly before, and what waited for that has not been said yet.
    for (const channel of deferred) if (answersLeft(this.get(channel), now) > 0) await this.unpark(channel)
    this.loaded = true
  }

  /** Another process has the bot now: what is known here grows stale. */
  forget(): void {
    this.loaded = false
    this.known.clear()
  }

  get(channel: string): Capability {
    return this.known.get(channel) ?? freshChannel(this.bot, this.options.now())
  }

  learn(channel: string, known: Capability): void {
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
  async begin(channel: string, route: Route): Promise<void> {
    if (route.kind === 'proactive') return
    const known = begun(this.get(channel), route)
    this.known.set(channel, known)
    if (known.anchor) await this.anchors.add({ channel, known })
  }

  /** Somebody spoke; true when letters wait for just that. */
  hear(inbound: Inbound): boolean {
    const channel = inbound.channelId
    const former = this.get(channel)
    const waited = this.deferred.has(channel)
    const anchored = hasAnchors(platformOf(this.bot))
    if (!anchored && former.mode !== 'down' && former.mode !== 'passive-only') return waited
    const known = heard(former, inbound)
    this.learn(channel, known)
    // Elsewhere the bot may speak without; chatter in hundreds of groups is not to be written down.
    if (anchored && (waited || known.mode === 'passive-only')) {
      this.anchors
        .add({ channel, known })
        .catch(() => this.options.warn('what may be answered is not stored'))
    }
    return waited
  }

  /** The platform told of a switch; true when letters may go out now that could not. */
  change(change: ModeChange): boolean {
    this.learn(change.channelId, switched(this.get(change.channelId), change))
    return change.mode === 'proactive' && this.deferred.has(change.channelId)
  }

  park(channel: string): void {
    this.deferred.add(channel)
  }

  async unpark(channel: string): Promise<void> {
    this.deferred.delete(channel)
    await this.stores.letters.wake(this.bot, channel)
  }
}
