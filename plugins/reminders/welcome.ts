import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import { refKey } from '@space-assistant/core/delivery/channel'
import type { Translate } from '@space-assistant/core/text/translate'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'

/** Later nobody takes it for a greeting. */
const lifeMs = 3_600_000

/** One line for who is new in a registered group, once a day at most, however many come. */
export function welcomeNewcomers(ctx: Context, say: Translate): void {
  ctx.on('guild-member-added', (session) => {
    welcome(ctx, session, say).catch((error: unknown) => {
      const name = error instanceof Error ? error.name : 'error'
      ctx.logger('space-reminders').warn('a newcomer is not greeted: %s', name)
    })
  })
}

async function welcome(ctx: Context, session: Session, say: Translate): Promise<void> {
  const { platform, selfId, userId, channelId = '', guildId = channelId } = session
  if (!userId || userId === selfId) return
  const groups = await ctx.access.groups.list()
  const group = groups.find(
    (each) => each.platform === platform && each.selfId === selfId && each.channelId === guildId,
  )
  if (!group || (group.purpose !== 'exchange' && group.purpose !== 'school')) return
  const target = { platform, selfId, channelId: guildId }
  await ctx.outbox.enqueue({
    key: `welcome/${formatDay(dayOf(new Date()))}/${refKey(target)}`.slice(0, 190),
    ...{ target, kind: 'nudge', priority: 'nudge', expiresAt: Date.now() + lifeMs },
    content: h.escape(say('welcome')),
  })
}
