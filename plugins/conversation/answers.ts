import { withoutFaces } from '@space-assistant/core/delivery/faces'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import { decidePendingAnswer, readClosedAnswer } from '@space-assistant/core/understanding/pending'
import type {
  AnswerFailure,
  ClosedAnswer,
  PendingDecision,
} from '@space-assistant/core/understanding/pending'
import type { ConversationPlace } from '@space-assistant/core/access/viewer'
import { h } from 'koishi'
import type { Fragment, Session } from 'koishi'
import { strippedOf } from './bare'
import type { AskedQuestion, GivenAnswer, PendingQuestions } from './pending'
import words from './words.json'

/** A message that may be an answer. */
export interface AnswerMessage {
  session: Session
  /** As the framework writes it. */
  text: string
  addressed: boolean
}

/** What becomes of a message when the open questions have been looked at. */
export type AnswerOutcome =
  { kind: 'replied'; reply: Fragment } | { kind: 'closed-word' } | { kind: 'no-answer' }

/** Puts what somebody says to the questions that are open, and explains an answer that answers nothing. */
export class Answers {
  constructor(
    private readonly pending: PendingQuestions,
    private readonly placeOf: (session: Session) => Promise<ConversationPlace>,
  ) {}

  /** Whether an unaddressed message of a group is one all the same: a closed word with the number of an own question. */
  isNumbered(session: Session, text: string): boolean {
    const answer = closedAnswer(text)
    if (answer?.kind !== 'confirm' && answer?.kind !== 'cancel') return false
    return answer.number !== undefined && this.pending.find(session, answer.number) !== undefined
  }

  /** Whether a file is waited for here. */
  awaitsFile(session: Session): boolean {
    if (!attached(session)) return false
    return this.pending.facts(session).some(({ form, here }) => form === 'file' && here)
  }

  /** A closed word is answered before anything is understood; other texts only where a text is waited for. */
  async take(message: AnswerMessage, onlyClosed: boolean): Promise<AnswerOutcome> {
    const { session, text, addressed } = message
    const answer = closedAnswer(text)
    const file = attached(session)
    if (onlyClosed && !answer && !file) return { kind: 'no-answer' }
    const place = await this.placeOf(session)
    const decision = decidePendingAnswer(this.pending.facts(session), {
      place: place.kind === 'private' ? 'private' : place.purpose === 'staff' ? 'staff-group' : 'group',
      addressed,
      answer,
      ...this.quoted(session),
      attached: file,
    })
    return this.carryOut(message, decision)
  }

  private async carryOut(
    { session, text }: AnswerMessage,
    decision: PendingDecision,
  ): Promise<AnswerOutcome> {
    if (decision.kind === 'no-answer') return decision
    if (decision.kind === 'explain')
      return { kind: 'replied', reply: h.text(this.explain(session, decision.code, decision.number)) }
    const question = this.pending.find(session, decision.number)
    if (!question) return { kind: 'no-answer' }
    const given: GivenAnswer =
      decision.kind === 'given'
        ? { kind: 'given', text }
        : decision.kind === 'chosen'
          ? { kind: 'chosen', choice: decision.choice }
          : { kind: decision.kind }
    // Ended first: whatever is said meanwhile must not do the same again.
    if (given.kind !== 'given')
      this.pending.end(session, question, given.kind === 'no' ? 'cancelled' : 'answered')
    const reply = await question.answer(session, given)
    if (reply === undefined) return { kind: 'no-answer' }
    if (given.kind === 'given') this.pending.end(session, question, 'answered')
    return { kind: 'replied', reply }
  }

  private quoted(session: Session): { quoted?: number } {
    const id = unwrap(session).quote?.id
    const question = id && this.pending.of(session).find(({ messages }) => messages.includes(id))
    return question ? { quoted: question.number } : {}
  }

  private explain(session: Session, code: AnswerFailure, number?: number): string {
    const say = (key: string, params: object = {}) =>
      h.unescape(session.text(`space-conversation.answer.${key}`, params))
    if (code === 'several-open') {
      const open = this.pending.of(session).filter(({ form }) => form === 'act' || form === 'offer')
      const lines = open.map((each) => say('line', lineOf(each)))
      return [say(code), ...lines].join('\n')
    }
    const meant = number === undefined ? undefined : this.pending.find(session, number)
    if (meant) return say(code, lineOf(meant))
    const ended = this.pending.endOf(session, number)
    const over = ended ? say(`ended.${ended.how}`, ended) : ''
    return say(code, { number: number ?? '' }) + over
  }
}

const lineOf = ({ number, label }: AskedQuestion) => ({ number, label })

/** The answer that a message consists of. */
export function closedAnswer(given: string): ClosedAnswer | undefined {
  const text = withoutFaces(given)
  if (!text || text.length > 60 || text.startsWith('<')) return undefined
  return readClosedAnswer(h.unescape(text), words.answers)
}

/** A file is one wherever it is sent; a picture in a group only with a mention, since pictures are sent all day long. */
function attached(session: Session): boolean {
  const { isDirect, event } = unwrap(session)
  const elements = event.message?.elements ?? []
  const clear = isDirect || strippedOf(session).appel
  return elements.some(({ type }) => type === 'file' || (clear && media.has(type)))
}

const media = new Set(['img', 'image', 'video', 'audio'])
