import { randomUUID } from 'node:crypto'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-outbox'
import type {} from 'koishi-plugin-space-roster'
import { chatOf, speakerGroupKey } from './speaker'
import type { ChatRef, GroupRef, RequestView } from './speaker'
import type { BindRequest } from './table'

export const name = 'space-access-notice'
export const inject = ['outbox', 'access', 'roster']

const days = 3
/** How long a request waits to be told. */
const waitDays = 14

/** Tells whoever asked what became of the request, where it was asked, without a name. */
export function apply(ctx: Context): void {
  ctx.on('space/request-decided', (request) => {
    tell(ctx, request).catch(() => ctx.logger('space-access').warn('a decision could not be told'))
  })
  ctx.on('space/binding-requested', (request) => {
    tellDeciders(ctx, request).catch(() => ctx.logger('space-access').warn('a request could not be told'))
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
  const spoken = [ctx.access.languages.of(owner) ?? 'zh-CN']
  const text = (key: string, params: object) => ctx.i18n.render(spoken, [key], params).join('')
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

/**
 * Tells the school's administrators in private who asks to be bound, and staff where no administrator is bound. A
 * platform that lets nobody be told unasked gets it when the person speaks next: the outbox keeps it.
 */
async function tellDeciders(ctx: Context, request: RequestView): Promise<void> {
  const { id, member, createdAt, platform, tail, claims } = request
  const text = (key: string, params: object) =>
    ctx.i18n.render(['zh-CN'], [`space-access.notice.${key}`], params).join('')
  const school = ctx.roster.school(member.school)?.name ?? member.school
  const from = ctx.i18n.render(
    ['zh-CN'],
    [`space-access.platform.${platform}`, 'space-access.platform.other'],
    {},
  )
  const params = { id, name: member.name, school, platform: from.join(''), tail, claims }
  const lines = [text('requested', params), ...(claims > 1 ? [text('several-claims', params)] : [])]
  for (const target of await decidersOf(ctx, member.school)) {
    const place = `${target.platform}:${target.selfId}:${target.channelId}`
    await ctx.outbox.enqueue({
      key: `binding-asked:${id}:${createdAt.getTime()}:${place}`.slice(0, 190),
      kind: 'binding',
      target,
      content: lines.join('\n'),
      priority: 'answer',
      expiresAt: new Date(Date.now() + waitDays * 86_400_000),
    })
  }
}

async function decidersOf(ctx: Context, school: string): Promise<GroupRef[]> {
  const chats = await ctx.access.deciders(school)
  if (!chats.length) return ctx.access.groups.list({ purpose: 'staff' })
  return chats.map(({ platform, selfId, userId }) => ({ platform, selfId, channelId: `private:${userId}` }))
}

async function tell(ctx: Context, request: BindRequest): Promise<void> {
  const { id, platform, selfId, channelId, state, createdAt } = request
  if (!channelId) return
  const spoken = [ctx.access.languages.of(chatOf(request)) ?? 'zh-CN']
  const text = ctx.i18n.render(spoken, [`space-access.notice.${state}`], { id })
  await ctx.outbox.enqueue({
    key: `binding:${id}:${createdAt.getTime()}`,
    kind: 'binding',
    target: { platform, selfId, channelId },
    content: text.join(''),
    priority: 'answer',
    expiresAt: new Date(Date.now() + days * 86_400_000),
  })
}
