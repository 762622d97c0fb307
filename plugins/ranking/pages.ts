import { bare } from '@space-assistant/core/delivery/bare'
import type { Question } from '@space-assistant/core/ranking/question'
import type { Session } from 'koishi'

interface Shown {
  question: Question
  page: number
}

const remembered = 5000

/** What each person was shown last, so that "next page" means something. */
export class Pages {
  private readonly last = new Map<string, Shown>()

  /** The question with a page number: a bare "next page" repeats the last question. */
  resolve(session: Session, about: string, question: Question): Question {
    const { page, given } = question
    const known = this.last.get(keyOf(session, about))
    const bare = given.every((part) => part === 'page')
    const base = bare && known && given.length > 0 ? known.question : question
    if (typeof page === 'number') return { ...base, page }
    return { ...base, page: (known?.page ?? 1) + (page === 'next' ? 1 : -1) }
  }

  note(session: Session, about: string, shown: Shown): void {
    if (this.last.size >= remembered) this.last.clear()
    this.last.set(keyOf(session, about), shown)
  }
}

function keyOf(session: Session, about: string): string {
  const { platform, channelId, userId } = bare(session)
  return `${about} ${platform}:${channelId}:${userId}`
}
