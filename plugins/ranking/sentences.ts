import { dayOf } from '@space-assistant/core/calendar/day'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import type { Session } from 'koishi'
import type { Pages } from './pages'
import type { Readers } from './reader'
import words from './words.json'

const { ranking, points, activation } = words.commands

/** Questions that are put without a command. */
export class Sentences {
  constructor(
    private readonly readers: Readers,
    private readonly pages: Pages,
  ) {}

  /**
   * The command line that a sentence means; undefined when it asks nothing. What is overheard in a group is only ever a
   * ranking: points are one person's own, and "next page" may be said of anything.
   */
  read(text: string, session: Session, overheard: boolean): string | undefined {
    if (this.asksRanking(text, overheard)) return `${ranking} ${text}`
    return overheard ? undefined : (this.page(text, session) ?? this.points(text) ?? this.activation(text))
  }

  /**
   * Whether a ranking is asked for. An overheard sentence must be understood to the last word and name its scope, but not
   * the speaker's own: people talk about rankings and places in a queue without asking for one.
   */
  private asksRanking(text: string, overheard: boolean): boolean {
    const result = this.readers.current.read(text, { today: dayOf(new Date()), named: false })
    if (overheard) {
      return result.ok && result.question.given.includes('scope') && result.question.scope.kind !== 'self'
    }
    return result.ok || result.code !== 'not-a-question'
  }

  /** Another page of what was shown last. */
  private page(text: string, session: Session): string | undefined {
    const about = this.pages.latest(session)
    if (about === undefined) return
    const given = this.understood(text)?.given
    if (!given?.length || given.some((part) => part !== 'page')) return
    return `${words.commands[about]} ${text}`
  }

  private points(text: string): string | undefined {
    if (!words.score.some((word) => text.includes(word))) return
    const question = this.understood(text)
    if (!question?.given.includes('scope')) return
    return `${points} ${text}`
  }

  private activation(text: string): string | undefined {
    if (!text.includes(activation)) return
    const rest = words.activation.reduce((left, word) => left.replace(word, ' '), text)
    return this.understood(rest)?.given.includes('scope') ? `${activation} ${rest.trim()}` : undefined
  }

  /** Only when every word of it is known. */
  private understood(text: string): RankingQuestion | undefined {
    const result = this.readers.current.read(text, { today: dayOf(new Date()), named: true })
    return result.ok ? result.question : undefined
  }
}
