import { operator } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-schemes'

export const name = 'space-rescore-notice'
export const inject = ['outbox', 'access', 'schemes']

/** Tells staff once, after a start, that the rules in config/ are not those in force. */
export function apply(ctx: Context): void {
  ctx.on('ready', () => {
    tell(ctx).catch((error: unknown) => {
      ctx
        .logger('space-rescore')
        .warn('staff could not be told of changed rules: %s', (error as Error).message)
    })
  })
}

async function tell(ctx: Context): Promise<void> {
  await ctx.model.prepared()
  const { active } = ctx.schemes
  const pending = ctx.schemes.pending()
  if (pending.kind === 'nothing') return
  const text = ctx.i18n.render(['zh-CN'], [`space-rescore.notice.${pending.kind}`], { name: active.name })
  const content = h.unescape(text.join(''))
  for (const target of await staffChats(ctx)) {
    const key = `rules:${active.id}:${pending.key.slice(0, 16)}:${target.platform}:${target.selfId}:${target.channelId}`
    await ctx.outbox.enqueue({ key: key.slice(0, 190), kind: 'rules', target, content: h.escape(content) })
  }
}

/** The staff's own groups; where there is none, each of them in private. */
async function staffChats(ctx: Context) {
  const groups = await ctx.access.groups.list({ purpose: 'staff' })
  if (groups.length) return groups.map(({ platform, selfId, channelId }) => ({ platform, selfId, channelId }))
  const grants = await ctx.access.grants.list(operator)
  const staff = grants.ok ? grants.value.filter(({ kind, userId }) => kind === 'staff' && userId) : []
  return staff.map(({ platform, selfId, userId }) => ({ platform, selfId, channelId: `private:${userId}` }))
}
