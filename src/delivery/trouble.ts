import type { ChannelRef } from './channel'

/** How long a connection may be away before staff are told: platforms close and come back every hour. */
export const OFFLINE_MS = 300_000

/** Where staff can be told something, and whether the bot there can speak now. */
export interface StaffChat extends ChannelRef {
  online: boolean
}

/**
 * The chats of staff in the order in which to try them: another way than the broken one first, those that work before
 * those that do not; the broken one stays as the last, for when it is back.
 */
export function orderStaffChats<T extends StaffChat>(chats: readonly T[], broken: string): T[] {
  const rank = ({ platform, selfId, online }: T) =>
    Number(`${platform}:${selfId}` === broken) * 2 + Number(!online)
  return [...chats].sort((a, b) => rank(a) - rank(b))
}

/** Since when each connection has been away; a connection that comes back is forgotten. */
export class AbsenceBook {
  private readonly since = new Map<string, number>()
  private readonly told = new Set<string>()

  /** Notes how a connection stands; true in the one moment in which staff are to be told that it is away. */
  note(bot: string, online: boolean, now: number): boolean {
    if (online) {
      this.since.delete(bot)
      this.told.delete(bot)
      return false
    }
    const since = this.since.get(bot) ?? now
    // A clock that was set back begins anew.
    this.since.set(bot, Math.min(since, now))
    if (now - since < OFFLINE_MS || this.told.has(bot)) return false
    this.told.add(bot)
    return true
  }

  /** Milliseconds for which a connection has been away; 0 when it stands. */
  awayFor(bot: string, now: number): number {
    const since = this.since.get(bot)
    return since === undefined ? 0 : Math.max(0, now - since)
  }
}

/** What a connection has heard and said lately. */
export interface ConnectionTraffic {
  /** When somebody was last heard there; undefined since the start nobody was. */
  heardAt: number | undefined
  /** When the bot's process began to listen. */
  since: number
  /** Messages that it has sent since somebody was last heard. */
  sentSince: number
}

/** Longer than any night and weekend day in which nobody asks anything. */
export const DEAF_MS = 36 * 3_600_000
const DEAF_SENDS = 20

/** Whether a connection sends and sends and hears nobody: it is likely deaf, as some clients become behind an open socket. */
export function seemsDeaf({ heardAt, since, sentSince }: ConnectionTraffic, now: number): boolean {
  return sentSince >= DEAF_SENDS && now - (heardAt ?? since) >= DEAF_MS
}
