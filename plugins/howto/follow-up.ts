import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { proposeCategory } from '@space-assistant/core/tickets/category'
import type { Context, Fragment, Session } from 'koishi'
import { h } from 'koishi'
import words from './words.json'

/** A question and what was answered; undefined when there was no answer. */
export interface Exchange {
  question: string
  answer?: string
}

const rememberedMs = 10 * 60_000
const offerMs = 10 * 60_000
const mostExchanges = 5000

/**
 * What was asked last, for somebody who then says that it did not help. Nothing waits for that, so that whatever else is
 * said is a new question, and nothing goes to a person without a yes.
 */
export class FollowUp {
  private readonly exchanges = new Map<string, Exchange & { until: number }>()

  constructor(private readonly ctx: Context) {}

  note(session: Session, exchange: Exchange): void {
    if (this.exchanges.size >= mostExchanges) this.exchanges.clear()
    this.exchanges.set(keyOf(session), { ...exchange, until: Date.now() + rememberedMs })
  }

  /** The offer to pass the last exchange on, for somebody whom it did not help; undefined for any other text. */
  take(session: Session, said: string): Fragment | undefined {
    const more = unsolvedRest(said)
    const exchange = this.exchanges.get(keyOf(session))
    if (more === undefined || !exchange || exchange.until <= Date.now()) return undefined
    const elements = session.elements ?? []
    const number = this.ctx.conversation.ask(session, {
      about: 'report',
      form: 'offer',
      label: this.say(session, 'question'),
      ms: offerMs,
      answer: async (next, answer) => {
        if (answer.kind !== 'yes') return h.text(this.say(next, 'glad'))
        return h.text(await this.report(next, exchange, { more, elements }))
      },
    })
    const question = Array.from(exchange.question).slice(0, 30).join('')
    return h.text(this.say(session, session.isDirect ? 'offer' : 'offer-group', { question, number }))
  }

  private async report(
    session: Session,
    { question, answer }: Exchange,
    { more, elements }: { more: string; elements: readonly h[] },
  ): Promise<string> {
    const { ctx } = this
    const { platform, selfId, userId = '', channelId = '', isDirect, messageId = '', username } = session
    const { kept } = await ctx.tickets.keep(elements)
    this.exchanges.delete(keyOf(session))
    const outcome = await ctx.tickets.report({
      origin: { platform, selfId, userId, channelId, isDirect, messageId, name: username || '' },
      viewer: await ctx.access.viewer(session),
      text: [question, more].filter(Boolean).join('\n'),
      files: kept,
      category: proposeCategory(`${question} ${more}`, ctx.tickets.rules).category,
      attached: answer === undefined ? [] : [this.say(session, 'attached', { answer })],
    })
    if (!outcome.ok) return this.say(session, 'failed')
    const { number, held } = outcome.value
    return this.say(session, held ? 'reported-held' : 'reported', { number })
  }

  private say(session: Session, key: string, params: object = {}): string {
    return h.unescape(session.text(`space-howto.${key}`, params))
  }
}

/** What follows a word for "it did not help"; undefined when the text is anything else. */
function unsolvedRest(said: string): string | undefined {
  const plain = said.replace(/^[\s\p{P}]+/u, '').trim()
  const bareText = plain.replace(/[\s\p{P}]/gu, '').toLowerCase()
  if (words.unsolved.includes(bareText)) return ''
  const word = words['unsolved-and-more'].find((each) => plain.startsWith(each))
  if (word === undefined) return undefined
  const rest = plain.slice(word.length)
  return /^[\s\p{P}]/u.test(rest) ? rest.replace(/^[\s\p{P}]+/u, '') : undefined
}

function keyOf(session: Session): string {
  const { platform, selfId, channelId, userId } = unwrap(session)
  return `${platform}:${selfId}:${channelId}:${userId}`
}
