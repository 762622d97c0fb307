import type { Member } from '@space-assistant/core/scoring/member'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-identity'
import type {} from 'koishi-plugin-space-roster'
import { castOf } from './cast'
import type { Cast } from './cast'
import { fill } from './fill'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export const name = 'space-demo'
export const inject = ['database', 'schemes', 'roster', 'scoreboard', 'imports', 'identity']

/** Fills an empty database with the made-up district and gives the people of the web sandbox their parts. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', 'space-demo', zhCN)
  ctx.i18n.define('en-US', 'space-demo', enUS)
  const filled = new Promise<Cast>((resolve, reject) => {
    ctx.on('ready', () => fill(ctx).then(() => resolve(castOf(ctx.roster)), reject))
  })
  filled.then(
    (cast) =>
      ctx.logger('demo').info(ctx.i18n.text(['zh-CN'], ['space-demo.ready'], paramsOf(ctx, cast)).toString()),
    (error: unknown) => ctx.logger('demo').error(error),
  )
  const greeted = new Set<string>()
  ctx.middleware(async (session, next) => {
    if (!isSandbox(session)) return next()
    const cast = await filled
    await meet(ctx, session, cast)
    if (!greeted.has(session.platform)) {
      greeted.add(session.platform)
      await session.send(session.text('space-demo.greeting', paramsOf(ctx, cast)))
    }
    return next()
  }, true)
}

function isSandbox(session: Session): boolean {
  return session.platform?.startsWith('sandbox:') ?? false
}

const met = new WeakMap<Cast, Set<string>>()

/** Each browser is a platform of its own, so people and groups become known when they first say something. */
async function meet(ctx: Context, session: Session, cast: Cast): Promise<void> {
  const { platform, selfId, userId = '', channelId = '', isDirect } = session
  const known = met.get(cast) ?? new Set()
  met.set(cast, known)
  const person = `${platform} ${userId}`
  const group = `${platform} ${channelId}`
  if (!known.has(person)) {
    known.add(person)
    const who = { platform, selfId, userId }
    const part = cast[userId]
    if (part?.kind === 'member') await ctx.identity.link(who, part.member.account)
    else if (part) await ctx.identity.grant(who, { kind: part.kind, label: userId, town: part.town })
  }
  if (isDirect || known.has(group)) return
  known.add(group)
  const staff = { grants: [{ kind: 'staff' as const }], place: { kind: 'private' as const } }
  await ctx.identity.setGroup({ platform, selfId, channelId }, { purpose: 'exchange' }, staff)
}

/** Names for the greeting: who plays whom. */
function paramsOf(ctx: Context, cast: Cast): Record<string, string> {
  const nameOf = (member: Member) => `${ctx.roster.school(member.school)?.name ?? ''} ${member.name}`
  const params: Record<string, string> = { today: today() }
  for (const [person, part] of Object.entries(cast)) {
    params[person.toLowerCase()] = part.kind === 'member' ? nameOf(part.member) : (part.town ?? '')
  }
  return params
}

function today(): string {
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: 'Asia/Shanghai' }).format(
    new Date(),
  )
}
