import { countsReplies } from './capability'
import type { ChannelCapability } from './capability'

/** How a conversation can be reached, and what has to happen before: each has a sentence in the locales. */
export const channelReaches = [
  'reachable',
  'offline',
  'not-configured',
  'must-mention',
  'must-speak',
  'gone',
] as const
export type ChannelReach = (typeof channelReaches)[number]

/** Whether something can be said in a conversation now. `bot`: how its bot stands, `absent` when nobody has set it up. */
export function decideReach(
  platform: string,
  direct: boolean,
  { channel, bot }: { channel: Pick<ChannelCapability, 'mode'>; bot: 'online' | 'offline' | 'absent' },
): ChannelReach {
  if (bot === 'absent') return 'not-configured'
  if (channel.mode === 'down') return 'gone'
  if (channel.mode === 'passive-only')
    return !direct && countsReplies(platform) ? 'must-mention' : 'must-speak'
  return bot === 'online' ? 'reachable' : 'offline'
}
