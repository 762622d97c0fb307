import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import { bind } from './bind'
import { group } from './group'
import { isShownCode, readBindingCode } from './secret'
import type { Translate } from '@space-assistant/core/text/translate'
import { words } from './words'

export const name = 'space-access-commands'
export const inject = ['access', 'roster']

/** Declares the commands; what they do is the service's. */
export function apply(ctx: Context) {
  ctx
    .command(`${words.commands.bind} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') =>
      answer(ctx, session!, (say) => bind({ ctx, session: session!, say }, text)),
    )
  ctx
    .command(`${words.commands.group} [text:rawtext]`, { captureQuote: false })
    .action(({ session }, text = '') =>
      answer(ctx, session!, (say) => group({ ctx, session: session!, say }, text)),
    )
  // A code needs no command: whoever was given one often sends it as it is, and by mistake to a group, where it must not
  // stay good.
  ctx.inject(['conversation'], ({ conversation }) => {
    conversation.knowPlaces(async (session) => (await ctx.access.viewer(session)).place)
    const undo = conversation.variant((text, _, overheard) => {
      const isCode = overheard ? isShownCode(text) : readBindingCode(text) !== undefined
      return isCode ? `${words.commands.bind} ${text}` : undefined
    })
    ctx.on('dispose', undo)
  })
}

/** The framework logs what a person typed when a command throws; here that would be a code or a name. */
async function answer(ctx: Context, session: Session, compose: (say: Translate) => Promise<string | h[]>) {
  const say: Translate = (key, params = {}) => h.unescape(session.text(key, params))
  try {
    const reply = await compose(say)
    return typeof reply === 'string' ? h.text(reply) : reply
  } catch (error) {
    ctx.logger('space-access').warn('command failed: %s', error instanceof Error ? error.name : typeof error)
    return h.text(say('space-access.failed'))
  }
}
