import { dayOf } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import { QuestionReader } from '@space-assistant/core/ranking/question'
import { Vocabulary } from '@space-assistant/core/ranking/question-vocabulary'
import type { Context } from 'koishi'

/** Reads the window of a bulletin as questions write it: nothing is the whole period, this month, two dates. */
export class BulletinWindows {
  constructor(private readonly ctx: Context) {}

  /** Undefined when the text says something else than a window. */
  read(text: string): Window | undefined {
    const { schemes, roster } = this.ctx
    if (!text.trim()) return schemes.active.period
    const reader = new QuestionReader(
      new Vocabulary({
        ...{ words: schemes.words, scheme: schemes.active, schools: roster.schools() },
        stages: schemes.headers.stages,
      }),
    )
    const result = reader.read(text, { today: dayOf(new Date()), named: true })
    if (!result.ok || result.question.given.some((part) => part !== 'window')) return undefined
    const { from, to } = result.question.window
    return result.question.given.length ? { from, to } : undefined
  }
}
