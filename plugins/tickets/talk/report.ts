import type { Session } from 'koishi'
import { h } from 'koishi'
import { soundsLikeTrouble } from '@space-assistant/core/tickets/category'
import type { Filed } from '../intake'
import { attachments, openTicketContext, plainTicketText, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'
import { categoryName } from '../texts'
import words from '../words.json'

const offerMs = 5 * 60_000
const mostOffers = 5000

/** What somebody said that sounds like trouble, until he says whether it is a report. */
interface Offer {
  text: string
  elements: readonly h[]
  until: number
}

/** Taking reports in a conversation. */
export class ReportTalk {
  private readonly offers = new Map<string, Offer>()

  /** The report command: with a text, quoting a message, or step by step. */
  async command(talk: TicketDialogue, given: string): Promise<string> {
    const { session, say, ctx } = talk
    const offer = this.takeOffer(session)
    const quoted = session.quote ? plainTicketText(session.quote.content ?? '') : ''
    const text = [plainTicketText(given), quoted && say('quoted', { text: quoted })]
      .filter(Boolean)
      .join('\n')
    const more = [...(session.quote?.elements ?? []), ...(text ? [] : (offer?.elements ?? []))]
    const pictures = h.select([...(session.elements ?? []), ...more], 'img,image,file,audio,video')
    if (!text && !offer && !pictures.length) {
      this.awaitText(session, ctx)
      return say('ask-text')
    }
    if (text && !pictures.length) {
      const answer = await this.howTo(talk, text)
      if (answer !== undefined) return answer
    }
    return this.file(talk, { text: text || (offer?.text ?? ''), more })
  }

  /** A sentence to the bot that no command understood: an answer of the how-to, or the offer to report it. */
  async sentence(talk: TicketDialogue): Promise<string | undefined> {
    const { session, say, ctx } = talk
    const text = plainTicketText(session.stripped.content)
    if (!text) return undefined
    const answer = await this.howTo(talk, text)
    if (answer !== undefined) return answer
    if (!soundsLikeTrouble(text, ctx.tickets.rules)) return undefined
    this.offer(session, { text, elements: session.elements ?? [], until: Date.now() + offerMs })
    ctx.conversation.expect(session, async (next) => this.answered(next, ctx), offerMs)
    return say('offer', { text: Array.from(text).slice(0, 30).join('') })
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
    const params = { number, files, category: categoryName(ctx.tickets.rules, category) }
    return [
      say(urgency === 'high' ? 'filed-urgent' : 'filed', params),
      ...(files ? [say('filed-files', params)] : []),
      say(held ? 'filed-held' : 'filed-next', params),
      ...(asker.viewer.account === undefined && !asker.viewer.grants.length ? [say('filed-unbound')] : []),
    ].join('\n')
  }

  private alike(say: TicketDialogue['say'], { known, number, likes }: Filed): string[] {
    if (known && known !== number) return [say('filed-known', { number: known })]
    const [first] = likes
    return first ? [say('filed-like', { number: first.number })] : []
  }

  private awaitText(session: Session, ctx: TicketDialogue['ctx']): void {
    ctx.conversation.expect(session, async (next) => {
      const talk = await openTicketContext(ctx, next)
      const text = plainTicketText(next.stripped.content)
      if (words.no.includes(text.toLowerCase())) return h.text(talk.say('given-up'))
      return h.text(await this.file(talk, { text }))
    })
  }

  private async answered(session: Session, ctx: TicketDialogue['ctx']) {
    const said = plainTicketText(session.stripped.content)
    const word = said.replace(/[\s\p{P}]/gu, '').toLowerCase()
    const offer = this.takeOffer(session)
    if (!offer) return undefined
    const talk = await openTicketContext(ctx, session)
    if (words.yes.includes(word))
      return h.text(await this.file(talk, { text: offer.text, more: offer.elements }))
    return words.no.includes(word) ? h.text(talk.say('given-up')) : undefined
  }

  /** An answer to a question that needs no person, from whoever knows answers. */
  private async howTo({ ctx, session }: TicketDialogue, text: string): Promise<string | undefined> {
    return ctx.serial('space/question', session, text)
  }

  private offer(session: Session, offer: Offer): void {
    if (this.offers.size > mostOffers) this.offers.clear()
    this.offers.set(keyOf(session), offer)
  }

  private takeOffer(session: Session): Offer | undefined {
    const offer = this.offers.get(keyOf(session))
    this.offers.delete(keyOf(session))
    return offer && offer.until > Date.now() ? offer : undefined
  }
}

const keyOf = ({ platform, selfId, channelId, userId }: Session) =>
  `${platform}:${selfId}:${channelId}:${userId}`
