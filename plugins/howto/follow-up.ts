import { proposeCategory } from '@space-assistant/core/tickets/category'
import type { Context, Fragment, Session } from 'koishi'
import { h } from 'koishi'
import words from './words.json'

export interface Exchange {
  question: string
  /** What was answered; undefined when there was no answer. */
  answer?: string
}

const waitMs = 10 * 60_000

/** What somebody says to an answer: that it did not help makes it a report, with the exchange attached. */
export class FollowUp {
  constructor(private readonly ctx: Context) {}

  await(session: Session, exchange: Exchange): void {
    this.ctx.conversation.expect(session, (next) => this.take(next, exchange), waitMs)
  }

  private async take(session: Session, exchange: Exchange): Promise<Fragment | undefined> {
    const said = h
      .select(session.stripped.content ? h.parse(session.stripped.content) : [], 'text')
      .map((element) => String(element.attrs['content']))
      .join(' ')
      .trim()
    const bare = said.replace(/^[\s\p{P}]+/u, '')
    const word = words.unsolved.find((each) => bare.toLowerCase().startsWith(each))
    if (word !== undefined) return h.text(await this.report(session, exchange, bare.slice(word.length)))
    const closing = said.replace(/[\s\p{P}]/gu, '').toLowerCase()
    return words.solved.includes(closing) ? h.text(this.say(session, 'glad')) : undefined
  }

  private async report(session: Session, { question, answer }: Exchange, more: string): Promise<string> {
    const { ctx } = this
    const { platform, selfId, userId = '', channelId = '', isDirect, messageId = '', username } = session
    const { kept } = await ctx.tickets.keep(session.elements ?? [])
    const added = more.replace(/^[\s\p{P}]+/u, '')
    const outcome = await ctx.tickets.report({
      origin: { platform, selfId, userId, channelId, isDirect, messageId, name: username || '' },
      viewer: await ctx.access.viewer(session),
      text: [question, added].filter(Boolean).join('\n'),
      files: kept,
      category: proposeCategory(`${question} ${added}`, ctx.tickets.rules).category,
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
