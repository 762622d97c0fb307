import type { Session } from 'koishi'
import { h } from 'koishi'
import { soundsLikeTrouble } from '@space-assistant/core/tickets/category'
import type { Filed } from '../intake'
import { attachments, openTicketContext, plainTicketText, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'
import { categoryName } from '../texts'
import words from '../words.json'

const offerMs = 10 * 60_000
const textMs = 10 * 60_000
const ABOUT = 'report'

/** What somebody said that sounds like trouble, until he says whether it is a report. */
interface Offer {
  text: string
  elements: readonly h[]
}

/** What is known, without the advice to do what has just been done: to report it. */
function withoutCircle(answer: string | undefined): string | undefined {
  return answer
    ?.split(/(?<=[\u3002\uff01\uff1f])/u)
    .filter((sentence) => !sentence.includes(`/${words.commands.report}`))
    .join('')
    .trim()
}

/** Taking reports in a conversation. */
export class ReportTalk {
  /** The report command: with a text, quoting a message, or step by step. */
  async command(talk: TicketDialogue, given: string): Promise<string> {
    const { session, say, ctx } = talk
    const quoted = session.quote ? plainTicketText(session.quote.content ?? '') : ''
    const text = [given.trim(), quoted && say('quoted', { text: quoted })].filter(Boolean).join('\n')
    const more = session.quote?.elements ?? []
    const pictures = h.select([...(session.elements ?? []), ...more], 'img,image,file,audio,video')
    if (!text && !pictures.length) {
      this.askForText(session, { ctx, say })
      return say('ask-text')
    }
    if (text && !pictures.length) {
      const answer = withoutCircle(await this.howTo(talk, text))
      // A report was wanted: what is known is said, and who still wants it passed on says so.
      if (answer) return `${answer}\n${this.offer(talk, { text, elements: [] }, 'offer-still')}`
    }
    ctx.conversation.settle(session, ABOUT)
    return this.file(talk, { text, more })
  }

  /** A sentence to the bot that no command understood: an answer of the how-to, or the offer to report it. */
  async sentence(talk: TicketDialogue): Promise<string | undefined> {
    const { session, ctx } = talk
    const text = plainTicketText(session.stripped.content)
    if (!text) return undefined
    const answer = await this.howTo(talk, text)
    if (answer !== undefined) return answer
    if (!soundsLikeTrouble(text, ctx.tickets.rules)) return undefined
    return this.offer(talk, { text, elements: session.elements ?? [] }, 'offer')
  }

  /** Stores a report and says its number and what happens next. */
  async file(
    talk: TicketDialogue,
    { text, more = [], attached = [] }: { text: string; more?: readonly h[]; attached?: readonly string[] },
  ): Promise<string> {
    const { ctx, asker, say } = talk
    const { files, notes } = await attachments(talk, more)
    const outcome = await ctx.tickets.report({ ...asker, text, files, attached })
    if (!outcome.ok) return ticketRefusal(talk, outcome)
    return [
      this.receipt(talk, outcome.value, files.length),
      ...notes,
      ...this.alike(say, outcome.value),
    ].join('\n')
  }

  private receipt({ ctx, say, asker }: TicketDialogue, filed: Filed, files: number): string {
    const { number, category, urgency, held } = filed
    if (filed.repeated) return say('filed-repeated', { number })
    const next = held ? 'filed-held' : filed.with === 'support' ? 'filed-next' : `filed-${filed.with}`
    const params = { number, files, category: categoryName(ctx.tickets.rules, category) }
    return [
      say(urgency === 'high' ? 'filed-urgent' : 'filed', params),
      ...(files ? [say('filed-files', params)] : []),
      say(next, params),
      ...(asker.viewer.account === undefined && !asker.viewer.grants.length ? [say('filed-unbound')] : []),
    ].join('\n')
  }

  private alike(say: TicketDialogue['say'], { known, number, likes }: Filed): string[] {
    if (known && known !== number) return [say('filed-known', { number: known })]
    const [first] = likes
    return first ? [say('filed-like', { number: first.number })] : []
  }

  private askForText(session: Session, { ctx, say }: Pick<TicketDialogue, 'ctx' | 'say'>): void {
    ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'text',
      label: say('question.text'),
      ms: textMs,
      expired: say('question.text-expired'),
      answer: async (next, answer) => {
        const talk = await openTicketContext(ctx, next)
        if (answer.kind !== 'given') return h.text(talk.say('given-up'))
        return h.text(await this.file(talk, { text: plainTicketText(next.stripped.content) }))
      },
    })
  }

  /** Asks whether it is to be passed on; without a yes nothing is filed. */
  private offer({ ctx, session, say }: TicketDialogue, offer: Offer, key: 'offer' | 'offer-still'): string {
    const number = ctx.conversation.ask(session, {
      about: ABOUT,
      form: 'offer',
      label: say('question.offer'),
      ms: offerMs,
      answer: async (next, answer) => {
        const talk = await openTicketContext(ctx, next)
        if (answer.kind !== 'yes') return h.text(talk.say('given-up'))
        return h.text(await this.file(talk, { text: offer.text, more: offer.elements }))
      },
    })
    const text = Array.from(offer.text).slice(0, 30).join('')
    return say(session.isDirect ? key : `${key}-group`, { text, number })
  }

  /** An answer to a question that needs no person, from whoever knows answers. */
  private async howTo({ ctx, session }: TicketDialogue, text: string): Promise<string | undefined> {
    return ctx.serial('space/question', session, text)
  }
}
