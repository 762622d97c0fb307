import type { Member } from '@space-assistant/core/roster/member'
import { dayOf, formatDay } from '@space-assistant/core/calendar/day'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-roster'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-scoreboard'
import { castOf } from './cast'
import type { Cast } from './cast'
import { fillDemoDistrict } from './fill'
import { Guests } from './guests'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'

export const name = 'space-demo'
export const inject = ['database', 'schemes', 'roster', 'scoreboard', 'imports', 'access']

const ONLINE = 1

/** Fills an empty database with the made-up district and gives the people of the web sandbox their parts. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', 'space-demo', zhCN)
  ctx.i18n.define('en-US', 'space-demo', enUS)
  const ready = new Promise<void>((resolve) => ctx.on('ready', () => resolve()))
  const begun = ready.then(() => begin(ctx))
  begun.catch((error: unknown) => ctx.logger('demo').error(error))
  ctx.middleware(async (session, next) => {
    if (!isSandbox(session)) return next()
    // The sandbox never says that its bot is connected, and the outbox sends through those that are.
    if (Number(session.bot.status) !== ONLINE) session.bot.online()
    const { guests, params } = await begun
    await guests.meet(session)
    if (guests.isNew(session.platform)) await session.send(session.text('space-demo.greeting', params))
    return next()
  }, true)
}

async function begin(ctx: Context) {
  await fillDemoDistrict(ctx)
  const { period } = ctx.schemes.active
  const points = (account: string) =>
    ctx.scoreboard.board.points(account, { role: 'teacher', window: period })
  const cast = castOf(ctx.roster, points)
  const params = paramsOf(ctx, cast)
  ctx.logger('demo').info(ctx.i18n.text(['zh-CN'], ['space-demo.ready'], params))
  return { guests: new Guests(ctx, cast), params }
}

function isSandbox(session: Session): boolean {
  return session.platform?.startsWith('sandbox:') ?? false
}

/** Names for the greeting: who plays whom. */
function paramsOf({ roster }: Context, cast: Cast): Record<string, string> {
  const nameOf = (member: Member) => `${roster.school(member.school)?.name ?? ''} ${member.name}`
  const parts = Object.entries(cast).map(([person, part]): [string, string] => {
    return [person.toLowerCase(), part.kind === 'member' ? nameOf(part.member) : (part.town ?? '')]
  })
  return { today: formatDay(dayOf(new Date())), ...(Object.fromEntries(parts) as Record<string, string>) }
}
