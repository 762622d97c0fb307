import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Context, Next, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import { bind } from './bind'
import { group } from './group'
import { readBindingCode } from './secret'
import type { Translate } from '@space-assistant/core/text/translate'
import { groupTextOf, words } from './words'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-access-commands'
export const inject = ['access', 'roster']

/** Declares the commands; what they do is the service's. */
export function apply(ctx: Context) {
  ctx.command(`${words.commands.bind} [text:rawtext]`, { captureQuote: false }).action((argv, text = '') => {
    const session = present(argv.session, 'session')
    return answer(ctx, session, (say) => bind({ ctx, session, say }, typed(text)))
  })
  ctx.command(`${words.commands.group} [text:rawtext]`, { captureQuote: false }).action((argv, text = '') => {
    const session = present(argv.session, 'session')
    return answer(ctx, session, (say) => group({ ctx, session, say }, typed(text)))
  })
  // A code needs no command: whoever was given one often sends it as it is, and by mistake to a group, where it must not
  // stay good.
  ctx.inject(['conversation'], ({ conversation }) => {
    conversation.knowViewers((session) => ctx.access.viewer(session))
    conversation.register({
      texts: 'space-access',
      help: words.help,
      intents: {
        groups: (session, intent) => {
          const text = groupTextOf(intent, session.stripped.content)
          return answer(ctx, session, (say) =>
            group({ ctx, session, say: inCommand(say, words.commands.group) }, text),
          )
        },
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
    // Sixty groups are registered one after the other, each with a command or two.
    const registering = new RegExp(`^/${words.commands.group}(?:\\s|$)`)
    ctx.effect(() =>
      conversation.exemptFromLimits(
        (session) => registering.test(session.stripped.content) && ctx.access.wasStaff(session),
      ),
    )
    const undo = conversation.variant((text, _, overheard) =>
      !overheard && readBindingCode(text) !== undefined ? `${words.commands.bind} ${text}` : undefined,
    )
    ctx.on('dispose', undo)
    // Before anything is dropped as chatter: a code that others have read is void wherever it stands.
    ctx.middleware((session, next) => voidRead(ctx, session, next), true)
  })
}

/** What somebody has typed behind a command, as people read it: markup is no part of a name. */
const typed = (markup: string) => h.select(h.parse(markup), 'text').map(textOf).join('').trim()

/** Voids the codes in a line of a group, and says so when there were any; every line of every group comes here. */
async function voidRead(ctx: Context, session: Session, next: Next): ReturnType<Next> {
  const { isDirect, content, selfId } = unwrap(session)
  if (isDirect || !content || !/[\dA-Z\uFF10-\uFF5A]{2}/i.test(content)) return next()
  const elements = h.parse(content)
  const said = h.select(elements, 'text').map(textOf).join(' ')
  const mentioned = h.select(elements, 'at').some(({ attrs }) => attrs['id'] === selfId)
  const code = codeToUse(said, mentioned)
  // What joins this chat to another is used right away by who sends it; a code that is said to nobody stays good for nobody.
  if (code !== undefined && (await ctx.access.isLinkCode(code))) return next()
  const voided = await ctx.access.voidCodes(said)
  if (!voided) return next()
  return session.text(`space-access.refusal.${voided > 1 ? 'codes-in-group' : 'code-in-group'}`, {
    count: voided,
  })
}

/** The code in a line that wants to use it: the command with a code, or a code alone that is said to the bot. */
function codeToUse(said: string, mentioned: boolean): string | undefined {
  const line = said.normalize('NFKC').trim()
  const command = new RegExp(`^/?\\s*${words.commands.bind}\\s*`)
  if (!mentioned && !line.startsWith('/')) return
  return readBindingCode(line.replace(command, ''))
}

const textOf = (element: h) => String(element.attrs['content'])

/** The texts of a command where it was asked for in a sentence. */
const inCommand =
  (say: Translate, command = words.commands.bind): Translate =>
  (key, params) =>
    say(key.startsWith('.') ? `commands.${command}.messages${key}` : key, params)

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
