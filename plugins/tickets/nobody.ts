import { operator } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { House } from './house'
import { post } from './post'

/** Says something to each of the staff in private; with the same key once. */
export async function tellStaff({ ctx }: House, { key, text }: { key: string; text: string }): Promise<void> {
  const grants = await ctx.access.grants.list(operator)
  const people = grants.ok ? grants.value.filter(({ kind, userId }) => kind === 'staff' && userId) : []
  await post(
    ctx,
    people.map(({ platform, selfId, userId }) => ({
      key: `${key}/${platform}:${userId}`.slice(0, 180),
      target: { platform, selfId, channelId: `private:${userId}` },
      text,
    })),
  )
}

/** There is no group that could take reports: each of the staff is told so, once a day. */
export async function tellStaffOfNobody(house: House, number: number, at: Date): Promise<void> {
  house.ctx.logger('space-tickets').warn('there is no group for reports')
  const text = house.say('nobody', { number })
  await tellStaff(house, { key: `nobody/${formatDay(dayOf(at))}`, text })
}
