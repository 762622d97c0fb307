import { formatDay, mondayOf } from '@space-assistant/core/calendar/day'
import { phasesOn } from '@space-assistant/core/phases/phase'
import { joinTaskLines, taskKey } from './frame'
import type { TaskContext } from './frame'

const shownPhases = 2

/** Which week of the school term it is, and what lies ahead. */
export function calendarAnswer({ ctx, say, today }: TaskContext): string {
  const { calendar, active } = ctx.schemes
  const runs = ({ window }: { window: { from: number; to: number } }) =>
    window.from <= today && today <= window.to
  const term = calendar.terms.find(runs)
  const vacation = calendar.vacations.find(runs)
  const ahead = [...calendar.terms, ...calendar.vacations]
    .filter(({ window }) => window.from > today)
    .sort((a, b) => a.window.from - b.window.from)[0]
  const phases = phasesOn(active, today).filter(({ state }) => state !== 'over')
  const week = term && (mondayOf(today) - mondayOf(term.window.from)) / 7 + 1
  return joinTaskLines([
    term && say(taskKey('calendar.week'), { term: term.name, week: week ?? 1, today: formatDay(today) }),
    vacation && say(taskKey('calendar.vacation'), { name: vacation.name, to: formatDay(vacation.window.to) }),
    !term && !vacation && say(taskKey('calendar.unknown'), { today: formatDay(today) }),
    ahead && say(taskKey('calendar.ahead'), { name: ahead.name, day: formatDay(ahead.window.from) }),
    ...phases.slice(0, shownPhases).map(({ state, phase }) =>
      say(taskKey(`calendar.phase-${state}`), {
        name: phase.name,
        from: formatDay(phase.window.from),
        to: formatDay(phase.window.to),
      }),
    ),
  ])
}
