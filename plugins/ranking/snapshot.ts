import { figure } from '@space-assistant/core/text/figure'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { Day } from '@space-assistant/core/calendar/day'
import { rankingKey } from './frame'
import type { Translate } from '@space-assistant/core/text/translate'

/** The platform's own figure on a day, and how this house gets at its estimate for the same day. */
export interface Compared {
  snapshot: { day: Day; total: number; indicators: Record<string, number> }
  estimate: number
  /** Points of one indicator as computed here. */
  of: (indicator: string) => number
}

const shown = 3

/**
 * The platform's figure with its date, the estimate of the same day beside it, and the indicators in which the two
 * differ most. The platform's is the one that counts.
 */
export function compare(say: Translate, { snapshot, estimate, of }: Compared): string {
  const { day, total, indicators } = snapshot
  const differences = Object.entries(indicators)
    .map(([indicator, theirs]) => ({ indicator, by: theirs - of(indicator) }))
    .filter(({ by }) => Math.abs(by) >= 0.005)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
  const params = { day: formatDay(day), total: figure(total), estimate: figure(estimate) }
  if (Math.abs(total - estimate) < 0.005) return say(rankingKey('snapshot.same'), params)
  const parts = differences
    .slice(0, shown)
    .map(({ indicator, by }) => say(rankingKey('snapshot.part'), { indicator, by: signed(by) }))
  const more =
    differences.length > shown
      ? [say(rankingKey('snapshot.more'), { count: differences.length - shown })]
      : []
  const why = [...parts, ...more].join(say(rankingKey('and')))
  const side = total > estimate ? 'higher' : 'lower'
  const head = say(rankingKey(`snapshot.${side}`), { ...params, by: figure(Math.abs(total - estimate)) })
  return why ? head + say(rankingKey('snapshot.why'), { why }) : head
}

const signed = (value: number) => (value > 0 ? `+${figure(value)}` : figure(value))
