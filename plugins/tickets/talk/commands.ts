import type { Context, Session } from 'koishi'
import { h } from 'koishi'
import type { Fragment } from 'koishi'
import type { ConversationPart } from 'koishi-plugin-space-conversation'
import { liveStates } from '@space-assistant/core/tickets/ticket'
import { isSupport } from '@space-assistant/core/access/viewer'
import { desk } from './desk'
import { ReportTalk } from './report'
import { join, meantNumber, progress, reply, solved, starsOf, verb } from './reporter'
import { category, deskVerb, handing, mergeByCommand, resolution, tell, urgency } from './support'
import {
  attachments,
  namesSomebodyElse,
  openTicketContext,
  plainTicketText,
  quotedNumber,
  readTicketNumber,
} from './talk'
import type { TicketDialogue } from './talk'
import words from '../words.json'
import { present } from '@space-assistant/core/text/present'

export const name = 'space-tickets-commands'
export const inject = ['tickets', 'conversation', 'access']

type Compose = (talk: TicketDialogue, text: string) => Promise<Fragment>

/** Declares the commands and listens to quoted cards and plain sentences; what they do is the service's. */
export function apply(ctx: Context): void {
  const reports = new ReportTalk()
  const compose: Record<keyof typeof words.commands, Compose> = {
    report: (talk, text) => reports.command(talk, text),
    progress,
    reply: say,
    join,
    merge: mergeByCommand,
    desk,
    ...reporterVerbs(),
    ...supportVerbs(),
  }
  for (const [key, command] of Object.entries(words.commands) as [keyof typeof compose, string][]) {
    const declared = ctx.command(`${command} [text:rawtext]`, { captureQuote: false })
    const aliases: Partial<Record<string, string[]>> = words.aliases
    for (const alias of aliases[key] ?? []) declared.alias(alias)
    declared.action(({ session }, text = '') =>
      answer(ctx, present(session, 'session'), (talk) => compose[key](talk, text)),
    )
  }
  ctx.effect(() =>
    ctx.conversation.takeFirst(async (session, text) => {
      if (!session.quote) return undefined
      return answer(ctx, session, (talk) => quotedCard(talk, plainTicketText(text)))
    }),
  )
  ctx.effect(() =>
    ctx.conversation.register({
      texts: 'space-tickets',
      help: words.help,
      intents: reportIntents(ctx, compose),
    }),
  )
  // Support tells the colleagues of its group that a report is done: its reporter is to hear it too.
  ctx.effect(() => ctx.conversation.allow((session) => handledLine(session.stripped.content) !== undefined))
  ctx.middleware(async (session, next) => {
    const handled = session.isDirect ? undefined : handledLine(session.stripped.content)
    if (handled && !session.stripped.appel)
      return (await answer(ctx, session, (talk) => handledBySupport(talk, handled))) ?? next()
    if (!session.userId || (!session.isDirect && !session.stripped.appel && !session.quote)) return next()
    const found = await answer(ctx, session, (talk) => overheard(talk, reports))
    return found ?? next()
  })
  // A quoted card is an answer also where the platform does not say that the bot is meant.
  ctx.effect(() =>
    ctx.conversation.allow((session) =>
      Boolean(session.quote && /#\d{4,9}/.test(session.quote.content ?? '')),
    ),
  )
  // What somebody reports or replies is held back from support at most, never lost.
  const kept = [words.commands.report, words.commands.reply].map((command) => `/${command}`)
  ctx.effect(() =>
    ctx.conversation.exemptFromLimits(({ stripped }) =>
      kept.some((head) => stripped.content.startsWith(head)),
    ),
  )
  ctx.on('message-deleted', (session) => {
    const { platform, selfId, messageId = '' } = session
    void ctx.tickets.withdrawn(messageId, { platform, selfId })
  })
}

interface HandledLine {
  number: number
  text: string
}

const handledPattern = new RegExp(`^#?(\\d{4,9})\\D{0,2}?(${words.handled.join('|')})\\p{P}*$`, 'u')

/** "1005 is done": the number of a report and a word for it, and nothing else. */
function handledLine(content: string): HandledLine | undefined {
  const [, number, text] = handledPattern.exec(content.trim()) ?? []
  return number !== undefined && text !== undefined ? { number: Number(number), text } : undefined
}

/** What support says about a report in its own group goes to who reported it; from anybody else it is nothing. */
async function handledBySupport(
  talk: TicketDialogue,
  { number, text }: HandledLine,
): Promise<Fragment | undefined> {
  const { ctx, asker, session } = talk
  const viewer = await ctx.access.viewer(session)
  if (!isSupport(viewer) && viewer.place.kind !== 'private' && viewer.place.purpose !== 'support')
    return undefined
  const found = await ctx.tickets.look(number, asker)
  if (!found.ok || found.value.own) return undefined
  return h.text(await tell(talk, number, { kind: 'answer', text }))
}

/** A quoted message of the bot that names a ticket, or a sentence that no command understood. */
async function overheard(talk: TicketDialogue, reports: ReportTalk): Promise<Fragment | undefined> {
  const { session } = talk
  const text = plainTicketText(session.stripped.content)
  if (session.quote) {
    const answered = await quotedCard(talk, text)
    if (answered !== undefined) return answered
  }
  if (!session.isDirect && !session.stripped.appel) return undefined
  const answered = await reports.sentence(talk)
  return answered === undefined ? undefined : h.text(answered)
}

async function quotedCard(talk: TicketDialogue, text: string): Promise<Fragment | undefined> {
  // What people say to each other under a card is not for the reporter.
  if (namesSomebodyElse(talk.session)) return undefined
  const number = await quotedNumber(talk)
  const answered = number === undefined ? undefined : await quoted(talk, number, text)
  return answered === undefined ? undefined : h.text(answered)
}

/** What a sentence about a report does; a new one is offered, never filed, by the sentence alone. */
function reportIntents(
  ctx: Context,
  compose: Record<keyof typeof words.commands, Compose>,
): NonNullable<ConversationPart['intents']> {
  return {
    report: (session, { ask, ticket, stars }) => {
      if (ask === undefined || ask === 'new') return Promise.resolve(undefined)
      const kind =
        ask === 'progress' ? 'progress' : ask === 'rate' ? 'rate' : ask === 'solved' ? 'solved' : 'reopen'
      if (ask === 'solved' && ticket !== undefined) {
        const done = { number: ticket, text: present(words.handled[0], 'a word for done') }
        return answer(ctx, session, async (talk) => {
          return (await handledBySupport(talk, done)) ?? compose.solved(talk, String(ticket))
        })
      }
      const text = [ticket, stars].filter((part) => part !== undefined).join(' ')
      return answer(ctx, session, (talk) => compose[kind](talk, text))
    },
  }
}

/** Support's quoted answer, or what the reporter says to it; to anybody else it is no ticket. */
async function quoted(talk: TicketDialogue, number: number, text: string): Promise<string | undefined> {
  const { ctx, asker } = talk
  const found = await ctx.tickets.look(number, asker)
  if (!found.ok) return undefined
  if (!found.value.own) return tell(talk, number, { kind: 'answer', text })
  const stars =
    found.value.row.state === 'resolved' || found.value.row.state === 'closed' ? starsOf(text) : undefined
  if (stars === undefined) return reply(talk, number, text)
  return verb(talk, `${number} ${stars}`, {
    wish: () => ({ kind: 'rate', stars }),
    key: 'rated',
    fits: () => true,
  })
}

/** The reply command: support's answer, or the reporter's own word. */
async function say(talk: TicketDialogue, given: string): Promise<string> {
  const { ctx, asker } = talk
  const split = await readTicketNumber(talk, given.trim())
  const number = split.number ?? (await meantNumber(talk, isLive))
  if (number === undefined) return talk.say('which-number')
  const found = await ctx.tickets.look(number, asker)
  if (found.ok && found.value.own) return reply(talk, number, split.rest)
  return tell(talk, number, { kind: 'answer', text: split.rest })
}

function reporterVerbs() {
  return {
    rate: (talk: TicketDialogue, text: string) =>
      verb(talk, text, {
        wish: (rest) => {
          const stars = starsOf(rest)
          return stars === undefined ? undefined : { kind: 'rate', stars }
        },
        key: 'rated',
        fits: (state) => !isLive(state),
      }),
    solved: (talk: TicketDialogue, text: string) =>
      verb(talk, text, { wish: () => solved, key: 'solved', fits: () => true }),
    hold: (talk: TicketDialogue, text: string) =>
      verb(talk, text, { wish: () => ({ kind: 'hold' }), key: 'held', fits: () => true }),
    reopen: (talk: TicketDialogue, text: string) =>
      verb(talk, text, {
        wish: (rest) => ({ kind: 'reopen', ...(rest && { text: rest }) }),
        key: 'reopened',
        fits: (state) => !isLive(state),
      }),
  }
}

function supportVerbs() {
  return {
    take: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, { wish: () => ({ kind: 'take' }), key: 'taken' }),
    ask: async (talk: TicketDialogue, text: string) => {
      const { number, rest } = await readTicketNumber(talk, text.trim())
      return number === undefined
        ? talk.say('which-number')
        : tell(talk, number, { kind: 'ask-back', text: rest })
    },
    resolve: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, {
        wish: async (rest, number) => {
          const wanted = resolution(talk, rest, number)
          if (typeof wanted === 'string') return wanted
          const { files } = await attachments(talk)
          return { kind: 'resolve', ...wanted, files }
        },
        key: 'resolved',
      }),
    note: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, {
        wish: async (rest) => {
          const { files } = await attachments(talk)
          return rest || files.length ? { kind: 'note', text: rest, files } : talk.say('refusal.empty')
        },
        key: 'noted',
      }),
    retract: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, { wish: () => ({ kind: 'retract' }), key: 'retracted' }),
    correct: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, {
        wish: async (rest) => {
          const { files } = await attachments(talk)
          return rest || files.length ? { kind: 'correct', text: rest, files } : talk.say('refusal.empty')
        },
        key: 'corrected',
      }),
    hand: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, { wish: (rest, number) => handing(talk, rest, number), key: 'handed' }),
    sort: (talk: TicketDialogue, text: string) =>
      deskVerb(talk, text, {
        wish: (rest, number) => category(talk, rest, number),
        key: 'sorted',
        anybody: true,
      }),
    urgent: (talk: TicketDialogue, text: string) => deskVerb(talk, text, { wish: urgency, key: 'urgent' }),
  }
}

const isLive = (state: string) => (liveStates as readonly string[]).includes(state)

/** The framework logs what a person typed when a command throws; here that may be anything. */
async function answer<T extends Fragment | undefined>(
  ctx: Context,
  session: Session,
  compose: (talk: TicketDialogue) => Promise<T>,
): Promise<T | h> {
  try {
    const reply = await compose(await openTicketContext(ctx, session))
    return typeof reply === 'string' ? h.text(reply) : reply
  } catch (error) {
    ctx
      .logger('space-tickets')
      .warn('command failed: %s', error instanceof Error ? error.stack : typeof error)
    return h.text(h.unescape(session.text('space-tickets.failed')))
  }
}
