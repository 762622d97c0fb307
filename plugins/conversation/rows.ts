import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Session } from 'koishi'

const remembered = 100_000

/**
 * Creates the framework's rows of a person and a group before the framework looks for them. It creates them where
 * they are missing, many at once, and drops the messages of all but the first.
 */
export class Rows {
  private readonly known = new Set<string>()
  private readonly underway = new Map<string, Promise<void>>()
  private turn: Promise<void> = Promise.resolve()

  async ensure(session: Session): Promise<void> {
    const { platform, userId, channelId, guildId, isDirect } = unwrap(session)
    const channels = isDirect ? [] : [...new Set([channelId, guildId])].filter((id) => id !== undefined)
    await Promise.all([
      this.once(`user ${platform}:${userId}`, () => session.getUser(userId, ['id'])),
      ...channels.map((id) => this.once(`channel ${platform}:${id}`, () => session.getChannel(id, ['id']))),
    ])
  }

  private async once(key: string, create: () => Promise<unknown>): Promise<void> {
    if (this.known.has(key)) return
    let work = this.underway.get(key)
    if (!work) {
      work = this.inTurn(() => this.create(key, create)).finally(() => this.underway.delete(key))
      this.underway.set(key, work)
    }
    return work
  }

  /** One row at a time: these are first contacts, and the framework's two-step creation is not safe side by side. */
  private inTurn(act: () => Promise<void>): Promise<void> {
    const own = this.turn.then(act)
    this.turn = own.catch(() => undefined)
    return own
  }

  private async create(key: string, create: () => Promise<unknown>): Promise<void> {
    try {
      await create()
    } catch {
      // Another process may have created it in between; then it is found now.
      await create()
    }
    if (this.known.size >= remembered) this.known.clear()
    this.known.add(key)
  }
}
