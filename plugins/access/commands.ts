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
    conversation.knowViewers((session) => ctx.access.viewer(session))
    conversation.register({
      texts: 'space-access',
      help: words.help,
      intents: {
        bind: (session, { ask, code, name = '', school }) => {
          if (school !== undefined && school !== 'own-school' && name) {
            const named = ctx.roster.school(school.slice('school:'.length))?.name ?? ''
            return answer(ctx, session, (say) =>
              bind({ ctx, session, say: inCommand(say) }, `${name} ${named}`),
            )
          }
          const word =
            ask === 'unbound'
              ? (words.bind.codes[0] ?? '')
              : ask === 'remove'
                ? (words.bind.unbind[0] ?? '')
                : (code ?? '')
          return answer(ctx, session, (say) => bind({ ctx, session, say: inCommand(say) }, word))
        },
      },
    })
    const undo = conversation.variant((text, _, overheard) => {
      const isCode = overheard ? isShownCode(text) : readBindingCode(text) !== undefined
      return isCode ? `${words.commands.bind} ${text}` : undefined
    })
    ctx.on('dispose', undo)
  })
}

/** The texts of the binding command where it was asked for in a sentence. */
const inCommand =
  (say: Translate): Translate =>
  (key, params) =>
    say(key.startsWith('.') ? `commands.${words.commands.bind}.messages${key}` : key, params)

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
