import { figure } from '@space-assistant/core/scoring/figure'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { QuestionWindow } from '@space-assistant/core/ranking/question-window'
import { key } from './frame'
import type { Say } from './frame'

/** One line per indicator: what was done, what of it is counted, and what it gives. */
export function reasons(say: Say, explanations: readonly Explanation[], window: QuestionWindow): string[] {
  return explanations.map((each) => reason(say, each, window))
}

function reason(say: Say, explanation: Explanation, window: QuestionWindow): string {
  const { indicator, actions, counted } = explanation
  const points = figure(explanation.points)
  switch (explanation.kind) {
    case 'streak': {
      const { days, longest, steps } = explanation
      const head = say(key('reason.streak'), { indicator, days, longest })
      const better = steps
        .filter((step) => step.from > 1 && step.days > 0)
        .map((step) =>
          say(key('reason.step'), { from: step.from, each: figure(step.points), days: step.days }),
        )
      return head + better.join('') + say(key('reason.sum'), { points })
    }
    case 'each':
      return say(key('reason.each'), { indicator, actions, each: figure(explanation.each), points })
    case 'cap': {
      const when = explanation.per === 'week' && isWeek(window) ? say(key(`reason.in.${window.kind}`)) : ''
      const done = say(key('reason.done'), { indicator, when, actions })
      const { times, per } = explanation
      const limit = say(key(`reason.per.${per}`), { times })
      const of = counted < actions ? say(key('reason.counted'), { counted, limit }) : ''
      return done + of + say(key('reason.sum'), { points })
    }
  }
}

const isWeek = (window: QuestionWindow): window is QuestionWindow & { kind: 'this-week' | 'last-week' } =>
  window.kind === 'this-week' || window.kind === 'last-week'
