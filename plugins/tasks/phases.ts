import { phasesOn } from '@space-assistant/core/phases/phase'
import type { PhaseState } from '@space-assistant/core/phases/phase'
import { formatDay } from '@space-assistant/core/scheme/calendar'
import { joined, key } from './frame'
import type { Frame, Say } from './frame'

/** All phases with their days; what is to be done in those that run or come next. */
export function phasesAnswer({ ctx, say, today }: Frame): string {
  const { active } = ctx.schemes
  const states = phasesOn(active, today)
  if (!states.length) return say(key('phases.none'), { scheme: active.name })
  const next = states.find(({ state }) => state === 'ahead')
  return joined([
    say(key('phases.head'), { scheme: active.name, today: formatDay(today) }),
    ...states.map((state) => line(say, state, state === next)),
    states.every(({ state }) => state === 'over') && say(key('phases.all-over')),
  ])
}

function line(say: Say, state: PhaseState, next: boolean): string {
  const { name, window, todo } = state.phase
  const params = { name, from: formatDay(window.from), to: formatDay(window.to), todo }
  switch (state.state) {
    case 'ahead':
      return say(key(next ? 'phases.next' : 'phases.ahead'), { ...params, days: state.daysUntil })
    case 'running':
      return say(key(state.daysLeft ? 'phases.running' : 'phases.last-day'), {
        ...params,
        days: state.daysLeft,
      })
    case 'over':
      return say(key('phases.over'), params)
  }
}
