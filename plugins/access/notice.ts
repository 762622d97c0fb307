import { randomUUID } from 'node:crypto'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import { speakerGroupKey } from './speaker'
import type { ChatRef } from './speaker'
import type { BindRequest } from './table'

export const name = 'space-access-notice'
export const inject = ['outbox', 'access']

const days = 3

/** Tells whoever asked what became of the request, where it was asked, without a name. */
export function apply(ctx: Context): void {
  ctx.on('space/request-decided', (request) => {
    tell(ctx, request).catch(() => ctx.logger('space-access').warn('a decision could not be told'))
  })
  ctx.on('space/linked', (owner, _, place) => {
    tellLinked(ctx, owner, place).catch(() => ctx.logger('space-access').warn('a link could not be told'))
  })
  ctx.on('space/codes-guessed', () => {
    warn(ctx).catch(() => ctx.logger('space-access').warn('staff could not be told of wrong codes'))
  })
}

/** Tells whoever has a link code's chat that it was used, and where: a code may have been read by others. */
async function tellLinked(ctx: Context, owner: ChatRef, place: string): Promise<void> {
  const text = (key: string, params: object) => ctx.i18n.render(['zh-CN'], [key], params).join('')
  const { platform, selfId, userId } = owner
  const names = await ctx.access.groups.names(text)
  const group = names.get(speakerGroupKey({ platform, selfId, channelId: place }))
  const named = { group: group ?? text('space-access.notice.unnamed', {}) }
  await ctx.outbox.enqueue({
    key: `linked:${randomUUID()}`,
    kind: 'binding',
    target: { platform, selfId, channelId: `private:${userId}` },
    content: place ? text('space-access.notice.linked-here', named) : text('space-access.notice.linked', {}),
    priority: 'answer',
    expiresAt: new Date(Date.now() + days * 86_400_000),
  })
}

/** Tells staff that many wrong codes are coming in; nobody is locked out by it. */
async function warn(ctx: Context): Promise<void> {
  const text = ctx.i18n.render(['zh-CN'], ['space-access.notice.guessed'], {})
  for (const { platform, selfId, channelId } of await ctx.access.groups.list({ purpose: 'staff' })) {
    const hour = Math.floor(Date.now() / 3_600_000)
    await ctx.outbox.enqueue({
      key: `guessed:${hour}:${platform}:${selfId}:${channelId}`.slice(0, 190),
      kind: 'binding',
      target: { platform, selfId, channelId },
      content: text.join(''),
    })
  }
}

async function tell(ctx: Context, request: BindRequest): Promise<void> {
  const { id, platform, selfId, channelId, state, createdAt } = request
  if (!channelId) return
  const text = ctx.i18n.render(['zh-CN'], [`space-access.notice.${state}`], { id })
  await ctx.outbox.enqueue({
    key: `binding:${id}:${createdAt.getTime()}`,
    kind: 'binding',
    target: { platform, selfId, channelId },
    content: text.join(''),
    priority: 'answer',
    expiresAt: new Date(Date.now() + days * 86_400_000),
  })
}
