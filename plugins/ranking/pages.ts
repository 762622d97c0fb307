import { bare } from '@space-assistant/core/delivery/bare'
import type { Question } from '@space-assistant/core/ranking/question'
import type { Session } from 'koishi'
import type words from './words.json'

/** What a command is about, by its key in `words.json`. */
export type About = keyof typeof words.commands

interface Shown {
  question: Question
  page: number
}

const remembered = 5000

/** What each person was shown last, so that "next page" means something. */
export class Pages {
  private readonly last = new Map<string, Shown>()
  /** What each person was shown pages of last. */
  private readonly newest = new Map<string, About>()

  /** The question with a page number: a bare "next page" repeats the last question. */
  resolve(session: Session, about: About, question: Question): Question {
    const { page, given } = question
    const known = this.last.get(keyOf(session, about))
    const pageOnly = given.every((part) => part === 'page')
    const base = pageOnly && known && given.length > 0 ? known.question : question
    if (typeof page === 'number') return { ...base, page }
    return { ...base, page: (known?.page ?? 1) + (page === 'next' ? 1 : -1) }
  }

  note(session: Session, about: About, shown: Shown): void {
    if (this.last.size >= remembered) this.last.clear()
    this.last.set(keyOf(session, about), shown)
    if (this.newest.size >= remembered) this.newest.clear()
    this.newest.set(placeOf(session), about)
  }

  /** What the person was shown last here. */
  latest(session: Session): About | undefined {
    return this.newest.get(placeOf(session))
  }
}

const keyOf = (session: Session, about: About) => `${about} ${placeOf(session)}`

function placeOf(session: Session): string {
  const { platform, channelId, userId } = bare(session)
  return `${platform}:${channelId}:${userId}`
}
