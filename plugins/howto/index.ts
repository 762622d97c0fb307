import { readHowTo } from '@space-assistant/core/howto/entries'
import type { HowTo } from '@space-assistant/core/howto/entries'
import { checkHowTo } from '@space-assistant/core/howto/facts'
import { HowToSearch } from '@space-assistant/core/howto/search'
import { ConfigError } from '@space-assistant/core/scheme/problem'
import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type {} from 'koishi-plugin-space-conversation'
import type {} from 'koishi-plugin-space-access'
import type {} from 'koishi-plugin-space-schemes'
import type {} from 'koishi-plugin-space-tickets'
import { contactText, readDistrictContacts } from './contact'
import enUS from './locales/en-US.json'
import zhCN from './locales/zh-CN.json'
import { FollowUp } from './follow-up'
import words from './words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-howto'
export const inject = ['schemes', 'conversation', 'access', 'tickets']

/** Answers questions of how something is done; what it cannot answer goes to a person. */
export function apply(ctx: Context): void {
  ctx.i18n.define('zh-CN', zhCN)
  ctx.i18n.define('en-US', enUS)
  const followUp = new FollowUp(ctx)
  let known = knownOf(ctx)
  ctx.on('space/schemes-changed', () => {
    known = knownOf(ctx)
    ctx.conversation.knowHowTo(() => known.howTo)
  })
  ctx.conversation.knowHowTo(() => known.howTo)

  const answer = (session: Session, text: string): string | undefined => {
    const found = known.search.ask(text)
    if (found.kind !== 'answer') return undefined
    const { entry } = found.match
    followUp.note(session, { question: text, answer: entry.answer })
    const title = entry.indicator ?? found.match.question
    return say(session, 'answer', { title, answer: entry.answer })
  }

  ctx.effect(() =>
    ctx.conversation.takeFirst((session, text) => Promise.resolve(followUp.take(session, textOf(text)))),
  )
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-howto',
      intents: {
        contact: (session, { what }) => {
          const text = (key: string, params: object = {}) => say(session, key, params)
          return Promise.resolve(h.text(contactText(text, known.contacts, what)))
        },
        'how-to': (session, { entry: id }) => {
          const entry = known.howTo.entries.find((each) => each.id === id)
          if (!entry) return Promise.resolve(undefined)
          const question = textOf(session.stripped.content)
          followUp.note(session, { question, answer: entry.answer })
          const title = entry.indicator ?? entry.questions[0] ?? ''
          return Promise.resolve(h.text(say(session, 'answer', { title, answer: entry.answer })))
        },
      },
    }),
  )
  ctx.on('space/question', (session, text) => Promise.resolve(answer(session, text)))
  ctx.command(`${words.command} [text:rawtext]`, { captureQuote: false }).action((argv, text = '') => {
    const session = present(argv.session, 'session')
    const asked = textOf(text)
    if (!asked) return h.text(say(session, 'ask'))
    const answered = answer(session, asked)
    if (answered !== undefined) return h.text(answered)
    followUp.note(session, { question: asked })
    const near = known.search
      .ask(asked)
      .others.slice(0, 3)
      .map(({ question }) => say(session, 'near', { question }))
    return h.text([say(session, 'unknown'), ...near].join('\n'))
  })
}

/** The entries of the active scheme; a mistake in the files throws with every place. */
function knownOf(ctx: Context) {
  const howTo = read(ctx)
  const problems = checkHowTo(howTo, ctx.schemes.list())
  // Staff may change points before they change the answers: that is told, and no reason not to start.
  for (const problem of problems) ctx.logger('space-howto').warn(new ConfigError([problem]).message)
  return { howTo, search: new HowToSearch(howTo, ctx.schemes.active.id), contacts: readDistrictContacts(ctx) }
}

function read(ctx: Context): HowTo {
  const result = readHowTo(ctx.schemes.texts(/^how-to\/[^/]+\.ya?ml$/))
  if (!result.ok) throw new ConfigError(result.problems)
  return result.value
}

function say(session: Session, key: string, params: object = {}): string {
  return h.unescape(session.text(`space-howto.${key}`, params))
}

function textOf(content: string): string {
  return h
    .select(h.parse(content), 'text')
    .map((element) => String(element.attrs['content']))
    .join(' ')
    .trim()
}
