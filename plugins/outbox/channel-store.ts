import { routeRules, unknownChannel } from '@space-assistant/core/delivery/capability'
import type { ChannelCapability } from '@space-assistant/core/delivery/capability'
import type { Bulk } from 'koishi-plugin-space-database'
import type { ReplyContextRow, ChannelRow } from './table'

/** The SQL of what is known of conversations. */
export class ChannelStore {
  constructor(private readonly bulk: Bulk) {}

  /** What is stored of a bot's conversations: what it may do there, and the messages that it may still answer. */
  async of(bot: string, now: number): Promise<Map<string, ChannelCapability>> {
    const rows = await this.bulk.rows<ChannelRow>('SELECT * FROM space_channel WHERE bot = ?', [bot])
    const channels = new Map(rows.map((row) => [row.channel, capabilityOf(row)]))
    const replies = 'SELECT * FROM space_reply_context WHERE bot = ? AND at > ?'
    const since = now - routeRules.windowMs
    for (const { channel, id, kind, at, used } of await this.bulk.rows<ReplyContextRow>(replies, [
      bot,
      since,
    ])) {
      const known = channels.get(channel) ?? freshChannel(bot, 0)
      channels.set(channel, { ...known, reply: { id, kind, at, used } })
    }
    return channels
  }

  async reply(bot: string, items: readonly { channel: string; known: ChannelCapability }[]): Promise<void> {
    const rows = items.flatMap(({ channel, known }) =>
      known.reply ? [replyRow(bot, channel, known.reply)] : [],
    )
    await this.bulk.upsert('space_reply_context', rows)
  }

  async remember(bot: string, channel: string, known: ChannelCapability): Promise<void> {
    const { mode, modeFrom, modeAt, blockedUntil, blockedBy = '', blocks } = known
    await this.bulk.upsert('space_channel', [
      { bot, channel, mode, modeFrom, modeAt, blockedUntil, blockedBy, blocks },
    ])
  }
}

function capabilityOf(row: ChannelRow): ChannelCapability {
  const { mode, modeFrom, modeAt, blockedUntil, blocks } = row
  const blockedBy = (row.blockedBy || undefined) as ChannelCapability['blockedBy']
  return { mode, modeFrom, modeAt, blockedUntil, blockedBy, blocks, reply: undefined }
}

/** What is assumed of a conversation that has no row. */
export function freshChannel(bot: string, now: number): ChannelCapability {
  return unknownChannel(platformOf(bot), now)
}

export function platformOf(bot: string): string {
  return bot.slice(0, bot.indexOf(':'))
}

function replyRow(
  bot: string,
  channel: string,
  { id, kind, at, used }: NonNullable<ChannelCapability['reply']>,
) {
  return { bot, channel, id, kind, at, used }
}
