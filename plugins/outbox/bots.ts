import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { h } from 'koishi'
import type { Bot, Context } from 'koishi'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { SendRequest } from './attempts'

/** Bots come and go by the configuration only. */
const LISTED_MS = 200

const OFFLINE = { platform: '', class: 'network', outcome: 'rejected', detail: 'offline', sent: [] } as const

/**
 * The bots of this process, by `platform:selfId`. They are asked for at each message, and every access through a context
 * or the proxies by which the framework traces who uses a bot takes as long as a message does: so each is looked up
 * once while it is online, and without them.
 */
export class Bots {
  private readonly found = new Map<string, Bot>()
  private listed: { at: number; sids: ReadonlySet<string> } = { at: -Infinity, sids: new Set() }

  constructor(private readonly ctx: Context) {}

  /** Those that can speak now. */
  online(): string[] {
    return this.ctx.bots.filter(isOnline).map(({ sid }) => sid)
  }

  isOnline(sid: string): boolean {
    const bot = this.find(sid)
    return bot !== undefined && isOnline(bot)
  }

  /** Whether somebody has set up the bot of a conversation; without any bot at all (a shell) nobody can tell. */
  isConfigured({ platform, selfId }: Pick<ChannelRef, 'platform' | 'selfId'>): boolean {
    const sids = this.sids()
    return !sids.size || sids.has(`${platform}:${selfId}`)
  }

  /** Asked for each of thousands of conversations in one tick. */
  private sids(): ReadonlySet<string> {
    if (performance.now() - this.listed.at > LISTED_MS) {
      this.listed = { at: performance.now(), sids: new Set(this.ctx.bots.map(({ sid }) => sid)) }
    }
    return this.listed.sids
  }

  /** Sends; returns the platform's ids. */
  async send(sid: string, { channel, content, route, from }: SendRequest): Promise<string[]> {
    const bot = this.find(sid)
    if (!bot) throw offline()
    const count = route.kind === 'passive' ? route.parts : undefined
    const options = {
      ...(route.kind === 'passive' && { reply: route.reply }),
      ...((from || count !== undefined) && { parts: { from, ...(count !== undefined && { count }) } }),
    }
    return bot.sendMessage(channel, h.parse(content), undefined, options)
  }

  /** Platform messages that some markup comes to, as far as the adapter can tell. */
  sizeOf(sid: string, content: string): number {
    const bot = this.find(sid) as (Bot & Partial<Counting>) | undefined
    return bot?.countMessages?.(h.parse(content)) ?? 1
  }

  /** Takes one message back. */
  async remove(sid: string, channel: string, message: string): Promise<void> {
    const bot = this.find(sid)
    if (!bot || !isOnline(bot)) throw offline()
    await bot.deleteMessage(channel, message)
  }

  private find(sid: string): Bot | undefined {
    const known = this.found.get(sid)
    if (known && isOnline(known)) return known
    const bot = unwrap(this.ctx.bots.find((each) => each.sid === sid))
    if (bot) this.found.set(sid, bot)
    else this.found.delete(sid)
    return bot
  }
}

/** An adapter whose platform counts answers knows what some elements come to. */
interface Counting {
  countMessages(elements: readonly h[]): number
}

function isOnline(bot: Bot): boolean {
  return Number(bot.status) === 1
}

function offline(): Error {
  return Object.assign(new Error('offline'), { name: 'PlatformSendError', ...OFFLINE })
}
