import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { Fragment, Session } from 'koishi'

/** Gets the next thing that somebody says which is no command; `undefined` when it is not an answer after all. */
export type AnswerHandler = (session: Session) => Promise<Fragment | undefined>

interface Entry {
  answer: AnswerHandler
  until: number
}

/** Who owes the bot an answer, and where. Commands pass by, so a question never swallows one. */
export class PendingAnswers {
  private readonly entries = new Map<string, Entry>()

  /** The newest question replaces the one before. */
  set(session: Session, answer: AnswerHandler, ms: number): void {
    if (this.entries.size > 10_000) this.sweep()
    this.entries.set(keyOf(session), { answer, until: Date.now() + ms })
  }

  has(session: Session): boolean {
    const entry = this.entries.get(keyOf(session))
    return entry !== undefined && entry.until > Date.now()
  }

  /** Takes the question away: the handler asks again when it wants more. */
  take(session: Session): AnswerHandler | undefined {
    const key = keyOf(session)
    const entry = this.entries.get(key)
    this.entries.delete(key)
    return entry && entry.until > Date.now() ? entry.answer : undefined
  }

  private sweep() {
    for (const [key, entry] of this.entries) if (entry.until <= Date.now()) this.entries.delete(key)
  }
}

function keyOf(session: Session): string {
  const { platform, selfId, channelId, userId } = unwrap(session)
  return `${platform}:${selfId}:${channelId}:${userId}`
}
