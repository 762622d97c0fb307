import { unwrap } from '@space-assistant/core/delivery/unwrap'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { Session } from 'koishi'
import type words from './words.json'

/** What a command is about, by its key in `words.json`. */
export type About = keyof typeof words.commands

/** A question, with the member whom it is about where it names one. */
export interface Asked extends RankingQuestion {
  account?: string
}

interface Shown {
  question: Asked
  page: number
}

const remembered = 5000

/** What each person was shown last, so that "next page" means something. */
export class Pages {
  private readonly last = new Map<string, Shown>()
  /** What each person was shown pages of last. */
  private readonly newest = new Map<string, About>()

  /** The question with a page number: a bare "next page" repeats the last question, about the same member. */
  resolve(session: Session, about: About, question: Asked): Asked {
    const { page, given, account } = question
    const last = this.last.get(keyOf(session, about))
    const known = account === undefined || account === last?.question.account ? last : undefined
    const repeats = known && given.length > 0 && given.every((part) => part === 'page')
    const base = repeats ? known.question : question
    if (typeof page === 'number') return { ...base, page }
    const from = known && (repeats || sameOf(known.question) === sameOf(question)) ? known.page : 1
    return { ...base, page: from + (page === 'next' ? 1 : -1) }
  }

  note(session: Session, about: About, shown: Shown): void {
    if (this.last.size >= remembered) this.last.clear()
    this.last.set(keyOf(session, about), shown)
    if (this.newest.size >= remembered) this.newest.clear()
    this.newest.set(placeOf(session), about)
  }

  /** What the person was shown pages of last here, and which page. */
  lastShown(session: Session): { about: About; question: Asked; page: number } | undefined {
    const about = this.latest(session)
    const shown = about && this.last.get(keyOf(session, about))
    return about && shown && { about, ...shown }
  }

  /** What the person was shown last here. */
  latest(session: Session): About | undefined {
    return this.newest.get(placeOf(session))
  }
}

/** What two questions must share to have the same pages. */
const sameOf = ({ scope, of, stage, indicators, window }: RankingQuestion) =>
  JSON.stringify([scope, of, stage, indicators, window])

const keyOf = (session: Session, about: About) => `${about} ${placeOf(session)}`

function placeOf(session: Session): string {
  const { platform, channelId, userId } = unwrap(session)
  return `${platform}:${channelId}:${userId}`
}
