import { freshChannel } from './channel-store'
import { Dispatcher } from './dispatcher'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { OutboxStores } from './channels'
import type { DispatcherOptions } from './dispatcher'

/** The dispatchers of all bots, each made when its bot is first asked for. */
export class Dispatchers {
  private readonly known = new Map<string, Dispatcher>()

  constructor(
    private readonly stores: OutboxStores,
    private readonly optionsFor: (bot: string) => DispatcherOptions,
  ) {}

  of({ platform, selfId }: Pick<ChannelRef, 'platform' | 'selfId'>): Dispatcher {
    return this.for(`${platform}:${selfId}`)
  }

  for(bot: string): Dispatcher {
    const known = this.known.get(bot)
    if (known) return known
    const dispatcher = new Dispatcher(bot, this.stores, this.optionsFor(bot))
    this.known.set(bot, dispatcher)
    return dispatcher
  }

  /** What is known of a conversation here and now; asking makes no dispatcher. */
  capability({ platform, selfId, channelId }: ChannelRef): ChannelCapability {
    const bot = `${platform}:${selfId}`
    return this.known.get(bot)?.channels.get(channelId) ?? freshChannel(bot, Date.now())
  }

  /** Begins nothing new and waits for what is on its way. */
  async stop(): Promise<void> {
    await Promise.all([...this.known.values()].map((dispatcher) => dispatcher.stop()))
  }
}
