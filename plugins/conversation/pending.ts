import { randomInt } from 'node:crypto'
import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { OpenQuestion, QuestionForm } from '@space-assistant/core/understanding/pending'
import type { Fragment, Session } from 'koishi'

/** What somebody answered. */
export type GivenAnswer =
  { kind: 'yes' | 'no' } | { kind: 'chosen'; choice: number } | { kind: 'given'; text: string }

/** A question to the person who has just spoken. */
export interface QuestionRequest {
  /** What it is about; a second question about the same replaces the first. */
  about: string
  form: QuestionForm
  /** What is asked for, in a few words, for whoever has to be told that it is over. */
  label: string
  /** The number of the thing itself, where it has one. */
  number?: number
  /** How many lines there are to choose from. */
  choices?: number
  ms: number
  /** Told in private when the time is over; without it nothing is said. */
  expired?: string
  /** Undefined: what was given is no answer, and the question stays open. */
  answer(session: Session, answer: GivenAnswer): Promise<Fragment | undefined>
}

/** A question that is open. */
export interface AskedQuestion extends QuestionRequest {
  number: number
  /** Where it was asked. */
  place: string
  who: ChatPerson
  until: number
  /** The platform's ids of the messages by which it was asked. */
  messages: string[]
}

export interface ChatPerson {
  platform: string
  selfId: string
  userId: string
}

/** How a question came to its end without an answer of its own. */
export type QuestionEnd = 'expired' | 'replaced' | 'answered' | 'cancelled'

interface EndedQuestion {
  number: number
  label: string
  how: QuestionEnd
}

const remembered = 5
const mostPeople = 10_000

/** Which questions are open, to whom and where: one object for each, nothing else waits for answers. */
export class PendingQuestions {
  private readonly open = new Map<string, AskedQuestion[]>()
  private readonly ended = new Map<string, EndedQuestion[]>()

  /** `tell`: says in private that a question is over. */
  constructor(
    private readonly tell: (question: AskedQuestion) => void,
    private readonly later: (act: () => void, ms: number) => () => void,
  ) {}

  /** Opens a question; `replaced` is the one about the same that ends by it. */
  ask(session: Session, request: QuestionRequest): { asked: AskedQuestion; replaced?: AskedQuestion } {
    const key = personKey(session)
    const before = this.of(session)
    const replaced = before.find(({ about }) => about === request.about)
    const others = before.filter((each) => each !== replaced)
    const { platform, selfId, userId } = unwrap(session)
    const asked: AskedQuestion = {
      ...request,
      number: freeNumber(request.number, others),
      place: placeKey(session),
      who: { platform, selfId, userId: userId ?? '' },
      until: Date.now() + request.ms,
      messages: [],
    }
    if (replaced) this.note(key, replaced, 'replaced')
    this.open.set(key, [...others, asked])
    this.later(() => this.expire(key, asked), request.ms)
    return { asked, ...(replaced && { replaced }) }
  }

  /** Open questions to the speaker, oldest first. */
  of(session: Session): AskedQuestion[] {
    const now = Date.now()
    return (this.open.get(personKey(session)) ?? []).filter(({ until }) => until > now)
  }

  /** The same as they are decided about. */
  facts(session: Session): OpenQuestion[] {
    const here = placeKey(session)
    return this.of(session).map(({ number, form, choices = 0, place }) => ({
      number,
      form,
      choices,
      here: place === here,
    }))
  }

  find(session: Session, number: number): AskedQuestion | undefined {
    return this.of(session).find((each) => each.number === number)
  }

  /** Ends a question; false when it is over already. */
  end(session: Session, question: AskedQuestion, how: QuestionEnd): boolean {
    return this.take(personKey(session), question, how)
  }

  /** How the question of this number ended, where that is remembered. */
  endOf(session: Session, number?: number): EndedQuestion | undefined {
    const ended = this.ended.get(personKey(session)) ?? []
    return ended.findLast((each) => number === undefined || each.number === number)
  }

  private expire(key: string, question: AskedQuestion): void {
    if (this.take(key, question, 'expired') && question.expired !== undefined) this.tell(question)
  }

  private take(key: string, question: AskedQuestion, how: QuestionEnd): boolean {
    const open = this.open.get(key) ?? []
    if (!open.includes(question)) return false
    const left = open.filter((each) => each !== question)
    if (left.length) this.open.set(key, left)
    else this.open.delete(key)
    this.note(key, question, how)
    return true
  }

  private note(key: string, { number, label }: AskedQuestion, how: QuestionEnd): void {
    if (this.ended.size >= mostPeople) this.ended.clear()
    this.ended.set(key, [...(this.ended.get(key) ?? []), { number, label, how }].slice(-remembered))
  }
}

/** The thing's own number, or one of four digits, so that a late answer to an older question meets none. */
function freeNumber(wanted: number | undefined, others: readonly AskedQuestion[]): number {
  const taken = (number: number) => others.some((each) => each.number === number)
  if (wanted !== undefined && !taken(wanted)) return wanted
  for (;;) {
    const number = randomInt(1000, 10_000)
    if (!taken(number)) return number
  }
}

export function personKey(session: Session): string {
  const { platform, selfId, userId } = unwrap(session)
  return `${platform}:${selfId}:${userId}`
}

/** A person in a chat. */
export function placeKey(session: Session): string {
  const { platform, selfId, channelId, userId } = unwrap(session)
  return `${platform}:${selfId}:${channelId}:${userId}`
}
