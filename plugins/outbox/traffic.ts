import type { ConnectionTraffic } from '@space-assistant/core/delivery/trouble'

/** Who was last heard on each connection, and how much was sent since. In memory: it is about this process's sockets. */
export class TrafficBook {
  private readonly known = new Map<string, ConnectionTraffic>()
  private readonly since = Date.now()

  heard(bot: string, at: number): void {
    this.known.set(bot, { heardAt: at, since: this.since, sentSince: 0 })
  }

  sent(bot: string): void {
    const before = this.of(bot)
    this.known.set(bot, { ...before, sentSince: before.sentSince + 1 })
  }

  of(bot: string): ConnectionTraffic {
    return this.known.get(bot) ?? { heardAt: undefined, since: this.since, sentSince: 0 }
  }
}
