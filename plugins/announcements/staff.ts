import { operator } from '@space-assistant/core/access/viewer'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'

/** Where staff are told something: their groups, or each of them in private. */
export async function staffChats(ctx: Context): Promise<ChannelRef[]> {
  const groups = await ctx.access.groups.list({ purpose: 'staff' })
  if (groups.length) return groups.map(({ platform, selfId, channelId }) => ({ platform, selfId, channelId }))
  const grants = await ctx.access.grants.list(operator)
  const people = grants.ok ? grants.value.filter(({ kind }) => kind === 'staff') : []
  return people
    .filter(({ userId }) => userId)
    .map(({ platform, selfId, userId }) => ({ platform, selfId, channelId: `private:${userId}` }))
}
