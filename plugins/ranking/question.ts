import { parseDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import type { RankingQuestion } from '@space-assistant/core/ranking/question'
import { nameQuestionWindow } from '@space-assistant/core/ranking/question-window'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import type { IntentOf, IntentWhom } from '@space-assistant/core/understanding/intent'
import type { RankingContext } from './frame'

/** The question of an intent, with what is meant where nothing was said. */
export function questionOf(
  frame: RankingContext,
  { of, where, stage, indicators, from, to, page, show }: Omit<IntentOf<'ranking'>, 'intent'>,
): RankingQuestion {
  const bare = !of && !stage && !indicators && !isList(show)
  const scope = scopeOfWhom(where) ?? { kind: bare ? 'own-school' : 'district' }
  return {
    scope,
    of: of === 'town' || of === undefined ? 'school' : of,
    ...(stage !== undefined && { stage }),
    ...(indicators && { indicators: [...indicators] }),
    window: windowOfIntent(frame, { from, to }),
    page: page ?? 1,
    given: [
      ...(where === undefined ? [] : (['scope'] as const)),
      ...(stage === undefined ? [] : (['stage'] as const)),
    ],
  }
}

/** Whether a list is asked for rather than one place. */
export function isList(show: IntentOf<'ranking'>['show']): boolean {
  return show !== undefined && show !== 'place'
}

/** The window that an intent names, as people know it. */
export function windowOfIntent(
  { ctx, today }: RankingContext,
  { from, to }: { from?: string | undefined; to?: string | undefined },
): QuestionWindow {
  const { period, windows } = ctx.schemes.active
  return nameQuestionWindow({ from: dayOfText(from), to: dayOfText(to) }, { period, windows, today })
}

function dayOfText(text: string | undefined): Day | undefined {
  return text === undefined ? undefined : parseDay(text)
}

/** An organisation as a question has it; undefined for a person and where none is named. */
export function scopeOfWhom(whom: IntentWhom | undefined): RankingQuestion['scope'] | undefined {
  if (whom === undefined || whom.startsWith('person:')) return undefined
  if (whom.startsWith('school:')) return { kind: 'school', code: whom.slice('school:'.length) }
  if (whom.startsWith('town:')) return { kind: 'town', town: whom.slice('town:'.length) }
  if (whom === 'city' || whom === 'district') return { kind: 'district' }
  return whom === 'self' || whom === 'own-school' || whom === 'own-town' ? { kind: whom } : undefined
}
