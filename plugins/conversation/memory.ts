import type { Intent } from '@space-assistant/core/understanding/intent'
import type { Session } from 'koishi'
import { placeKey } from './pending'

const rememberedMs = 10 * 60_000
const most = 5000

interface Remembered {
  intents: readonly Intent[]
  until: number
}

/** What each person asked last in each chat, and what our answers were about, for what is said to them afterwards. */
export class IntentMemory {
  private readonly people = new Map<string, Remembered>()
  private readonly answers = new Map<string, Remembered>()

  /** The intents that a message may lean on: of the quoted answer, whoever got it, else of the same person here. */
  previous(session: Session): readonly Intent[] {
    const now = Date.now()
    const quoted = session.quote?.id && this.answers.get(answerKey(session, session.quote.id))
    if (quoted) return quoted.intents
    const last = this.people.get(placeKey(session))
    return last && last.until > now ? last.intents : []
  }

  note(session: Session, intents: readonly Intent[]): void {
    if (this.people.size >= most) this.people.clear()
    const earlier = this.previous(session).slice(-2)
    this.people.set(placeKey(session), {
      intents: [...earlier, ...intents],
      until: Date.now() + rememberedMs,
    })
  }

  noteAnswer(session: Session, ids: readonly string[], intents: readonly Intent[]): void {
    if (this.answers.size >= most) this.answers.clear()
    for (const id of ids) this.answers.set(answerKey(session, id), { intents, until: Infinity })
  }
}

const answerKey = ({ platform, selfId, channelId }: Session, id: string) =>
  `${platform}:${selfId}:${channelId}:${id}`
