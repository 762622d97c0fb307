import { phasesOn } from '@space-assistant/core/phases/phase'
import type { PhaseState } from '@space-assistant/core/phases/phase'
import { formatDay } from '@space-assistant/core/calendar/day'
import { joinTaskLines, taskKey } from './frame'
import type { TaskContext } from './frame'
import type { Translate } from '@space-assistant/core/text/translate'

/** All phases with their days; what is to be done in those that run or come next. */
export function phasesAnswer({ ctx, say, today }: TaskContext): string {
  const { active } = ctx.schemes
  const states = phasesOn(active, today)
  if (!states.length) return say(taskKey('phases.none'), { scheme: active.name })
  const next = states.find(({ state }) => state === 'ahead')
  return joinTaskLines([
    say(taskKey('phases.head'), { scheme: active.name, today: formatDay(today) }),
    ...states.map((state) => line(say, state, state === next)),
    states.every(({ state }) => state === 'over') && say(taskKey('phases.all-over')),
  ])
}

function line(say: Translate, state: PhaseState, next: boolean): string {
  const { name, window, todo } = state.phase
  const params = { name, from: formatDay(window.from), to: formatDay(window.to), todo }
  switch (state.state) {
    case 'ahead':
      return say(taskKey(next ? 'phases.next' : 'phases.ahead'), { ...params, days: state.daysUntil })
    case 'running':
      return say(taskKey(state.daysLeft ? 'phases.running' : 'phases.last-day'), {
        ...params,
        days: state.daysLeft,
      })
    case 'over':
      return say(taskKey('phases.over'), params)
  }
}
