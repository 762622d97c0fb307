import type { Understanding } from '@space-assistant/core/understanding/context'
import type { Intent, IntentOf } from '@space-assistant/core/understanding/intent'
import { h } from 'koishi'
import type { Fragment, Session } from 'koishi'
import type { IntentDispatcher } from './dispatch'
import type { LanguageModel } from './model'
import type { NotUnderstood } from './not-understood'

/** Reasons that leave open what was asked; the others are told as they are. */
const open: readonly IntentOf<'unclear'>['why'][] = [
  'no-question',
  'unknown-words',
  'unknown-name',
  'unexplained',
  'incomplete',
]

/** What is said to something that was said to the assistant and that nobody has understood. */
export class Guesses {
  constructor(
    private readonly tools: { dispatcher: IntentDispatcher; model: LanguageModel; missed: NotUnderstood },
  ) {}

  /** The language model's reading answered, where there is one; else what was not understood and what is nearest. */
  async answer(
    session: Session,
    said: string,
    first: Intent | undefined,
  ): Promise<{ reply: Fragment; understanding?: Understanding }> {
    const { dispatcher } = this.tools
    const unclear = first?.intent === 'unclear' ? first : undefined
    if (!unclear || open.includes(unclear.why)) {
      const understanding = await this.ask(session, said)
      const reply = understanding && (await dispatcher.answer(session, understanding))
      if (reply !== undefined && understanding) return { reply, understanding }
    }
    const nearest = unclear?.candidates ?? dispatcher.nearest(said)
    this.note(session, said, nearest)
    // Whoever is not bound may read nobody's figures: whether there is such a name is beside the point.
    if (unclear?.why === 'unknown-name' && !(await dispatcher.isBound(session)))
      return { reply: session.text('space-access.refusal.not-bound') }
    if (unclear && unclear.why !== 'no-question')
      return { reply: h.text(dispatcher.unclear(session, unclear)) }
    if (!nearest.length) return { reply: session.text('space-conversation.not-understood') }
    const [one, ...more] = nearest.slice(0, 3)
    if (!one) return { reply: session.text('space-conversation.not-understood') }
    const offer: IntentOf<'unclear'> = { intent: 'unclear', why: 'no-question', candidates: [one, ...more] }
    return { reply: h.text(dispatcher.unclear(session, offer)) }
  }

  private async ask(session: Session, said: string): Promise<Understanding | undefined> {
    const contexts = await this.tools.dispatcher.contextsOf(session)
    const intents = contexts && (await this.tools.model.read(said, contexts))
    return intents && { intents, names: [] }
  }

  private note(session: Session, said: string, [nearest]: readonly Intent[]): void {
    const { dispatcher, missed } = this.tools
    const masked = dispatcher.mask(said)
    if (masked)
      missed.note(masked, dispatcher.mask(nearest ? dispatcher.describe(session, nearest) : '') ?? '')
  }
}
