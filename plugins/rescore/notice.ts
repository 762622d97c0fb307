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
  for (const target of await ctx.access.staffChats()) {
    const key = `rules:${active.id}:${pending.key.slice(0, 16)}:${target.platform}:${target.selfId}:${target.channelId}`
    await ctx.outbox.enqueue({ key: key.slice(0, 190), kind: 'rules', target, content: h.escape(content) })
  }
}
