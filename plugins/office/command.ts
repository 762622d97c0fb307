import { known } from '@space-assistant/core/access/visibility'
import { showCode } from '@space-assistant/core/access/code-form'
import { readLoginCode } from '@space-assistant/core/office/login'
import { h } from 'koishi'
import type { Context, Session } from 'koishi'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-conversation'
import type {} from './office'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-office-command'
export const inject = ['office', 'access', 'conversation']

/** The chat's side of signing in: a code for the page, and the end of all sessions. */
export function apply(ctx: Context): void {
  ctx
    .command(`${words.command} [text:rawtext]`, { captureQuote: false })
    .action(async ({ session }, text = '') =>
      h.text(await answer(ctx, present(session, 'session'), text.trim())),
    )
  ctx.effect(() => ctx.conversation.register({ texts: 'space-office', help: words.help }))
  const codeIn = ({ isDirect, stripped }: Session) => (isDirect ? undefined : readLoginCode(stripped.content))
  ctx.effect(() => ctx.conversation.allow((session) => codeIn(session) !== undefined))
  ctx.middleware(async (session, next) => {
    const code = codeIn(session)
    if (code === undefined) return next()
    // Others have read it. Whoever only wrote a word of eight letters is not answered.
    return (await ctx.office.codes.burn(code)) ? session.text('space-office.burnt') : next()
  })
}

async function answer(ctx: Context, session: Session, text: string): Promise<string> {
  const say = (key: string, params: object = {}) => h.unescape(session.text(`space-office.${key}`, params))
  const { platform, selfId, userId, isDirect } = session
  const who = { platform, selfId, userId: userId ?? '' }
  if (words.leave.includes(text)) {
    const count = await ctx.office.endAll(who)
    return say(count ? 'left' : 'not-signed-in', { count })
  }
  if (!isDirect) return say('private-only')
  if (!known(await ctx.access.viewer(session))) {
    return h.unescape(session.text('space-access.refusal.not-bound'))
  }
  const code = showCode(await ctx.office.codes.issue(who))
  const sessions = await ctx.office.sessions.list(who)
  return [
    say('code', { code }),
    ...(sessions.length ? [say('signed-in', { count: sessions.length })] : []),
  ].join('\n')
}
