import { figure } from '@space-assistant/core/text/figure'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import { rankingKey } from './frame'
import type { Translate } from '@space-assistant/core/text/translate'

/** One line per indicator: what was done, what of it is counted, and what it gives. */
export function reasons(
  say: Translate,
  explanations: readonly Explanation[],
  window: QuestionWindow,
): string[] {
  return explanations.map((each) => reason(say, each, window))
}

function reason(say: Translate, explanation: Explanation, window: QuestionWindow): string {
  const { indicator, actions, counted } = explanation
  const points = figure(explanation.points)
  switch (explanation.kind) {
    case 'streak': {
      const { days, longest, steps } = explanation
      const head = say(rankingKey('reason.streak'), { indicator, days, longest })
      const better = steps
        .filter((step) => step.from > 1 && step.days > 0)
        .map((step) =>
          say(rankingKey('reason.step'), { from: step.from, each: figure(step.points), days: step.days }),
        )
      return head + better.join('') + say(rankingKey('reason.sum'), { points })
    }
    case 'each':
      return say(rankingKey('reason.each'), { indicator, actions, each: figure(explanation.each), points })
    case 'cap': {
      const when =
        explanation.per === 'week' && isWeek(window) ? say(rankingKey(`reason.in.${window.kind}`)) : ''
      const done = say(rankingKey('reason.done'), { indicator, when, actions })
      const { times, per } = explanation
      const limit = say(rankingKey(`reason.per.${per}`), { times })
      const of = counted < actions ? say(rankingKey('reason.counted'), { counted, limit }) : ''
      return done + of + say(rankingKey('reason.sum'), { points })
    }
  }
}

const isWeek = (window: QuestionWindow): window is QuestionWindow & { kind: 'this-week' | 'last-week' } =>
  window.kind === 'this-week' || window.kind === 'last-week'
