import { windowOf } from '../ranking/question-window'
import { parseDay } from '../calendar/day'
import type { Day } from '../calendar/day'
import type { Window } from '../calendar/day'
import type { Scheme } from '../scheme/scheme'
import type { ChosenWindow } from './contract/standing'

/** The days of a choice; undefined for a name that the scheme does not have and for dates that are none or run backwards. */
export function daysOfChoice(
  choice: ChosenWindow,
  { scheme, today }: { scheme: Pick<Scheme, 'period' | 'windows'>; today: Day },
): Window | undefined {
  switch (choice.kind) {
    case 'named':
      return scheme.windows.find(({ name }) => name === choice.name)?.window
    case 'dates': {
      const [from, to] = [parseDay(choice.from), parseDay(choice.to)]
      return from === undefined || to === undefined || from > to ? undefined : { from, to }
    }
    case 'period':
    case 'today':
    case 'this-week':
    case 'last-week':
    case 'this-month':
    case 'last-month': {
      const meant = windowOf([{ kind: 'window', word: choice.kind }], { period: scheme.period, today })
      return meant && { from: meant.from, to: meant.to }
    }
  }
}
