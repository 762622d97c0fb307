import { freshChannel } from './channel-store'
import { Pump } from './pump'
import type { Capability } from '@space-assistant/core/delivery/capability'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Stores } from './channels'
import type { PumpOptions } from './pump'

/** The pumps of all bots, each made when its bot is first asked for. */
export class Pumps {
  private readonly known = new Map<string, Pump>()

  constructor(
    private readonly stores: Stores,
    private readonly optionsFor: (bot: string) => PumpOptions,
  ) {}

  of({ platform, selfId }: Pick<ChannelRef, 'platform' | 'selfId'>): Pump {
    return this.for(`${platform}:${selfId}`)
  }

  for(bot: string): Pump {
    const known = this.known.get(bot)
    if (known) return known
    const pump = new Pump(bot, this.stores, this.optionsFor(bot))
    this.known.set(bot, pump)
    return pump
  }

  /** What is known of a conversation here and now; asking makes no pump. */
  capability({ platform, selfId, channelId }: ChannelRef): Capability {
    const bot = `${platform}:${selfId}`
    return this.known.get(bot)?.channels.get(channelId) ?? freshChannel(bot, Date.now())
  }

  /** Begins nothing new and waits for what is on its way. */
  async stop(): Promise<void> {
    await Promise.all([...this.known.values()].map((pump) => pump.stop()))
  }
}
