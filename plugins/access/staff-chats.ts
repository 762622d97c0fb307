import { operator } from '@space-assistant/core/access/viewer'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import type { Grants } from './grants'
import type { GroupRegistry } from './groups'

/** Where staff are told something: their groups, or each of them in private. */
export async function findStaffChats({
  groups,
  grants,
}: {
  groups: GroupRegistry
  grants: Grants
}): Promise<ChannelRef[]> {
  const own = await groups.list({ purpose: 'staff' })
  if (own.length) return own.map(({ platform, selfId, channelId }) => ({ platform, selfId, channelId }))
  const given = await grants.list(operator)
  const people = given.ok ? given.value.filter(({ kind, userId }) => kind === 'staff' && userId) : []
  return people.map(({ platform, selfId, userId }) => ({ platform, selfId, channelId: `private:${userId}` }))
}
