import { known } from '@space-assistant/core/access/visibility'
import { formatDay } from '@space-assistant/core/calendar/day'
import type { OfficeAnswer } from '@space-assistant/core/office/contract'
import { phasesOn } from '@space-assistant/core/phases/phase'
import type { PhaseState } from '@space-assistant/core/phases/phase'
import type { Indicator } from '@space-assistant/core/scheme/scheme'
import type { Context } from 'koishi'
import type { RouteHandlers } from '../visit'
import { answered, declined } from './answers'
import { pageSpan } from './session'

type Zone = OfficeAnswer<'zone'>

/** The activity for everybody bound: its phases, what is counted, its awards. */
export function zoneRoutes(ctx: Context): RouteHandlers<'zone'> {
  return {
    zone: ({ viewer, today }) => {
      if (!known(viewer)) return Promise.resolve(declined('not-bound'))
      const { indicators, awards } = ctx.schemes.active
      return Promise.resolve(
        answered({
          phases: phasesOn(ctx.schemes.active, today).map(phaseLine),
          groups: groupsOf(indicators),
          awards: awards.map(({ name, subject }) => ({ name, subject })),
          today: formatDay(today),
        }),
      )
    },
  }
}

function phaseLine(state: PhaseState): Zone['phases'][number] {
  const { name, todo, window } = state.phase
  const line = { name, todo, ...pageSpan(window), state: state.state }
  switch (state.state) {
    case 'ahead':
      return { ...line, days: state.daysUntil }
    case 'running':
      return { ...line, days: state.daysLeft }
    case 'over':
      return { ...line, days: state.daysSince }
  }
}

function groupsOf(indicators: readonly Indicator[]): Zone['groups'] {
  return [...new Set(indicators.map(({ group }) => group))].map((group) => ({
    name: group,
    indicators: indicators
      .filter((one) => one.group === group)
      .map(({ name, action, rule }) => ({ name, action, points: pointsOf(rule) })),
  }))
}

function pointsOf(rule: Indicator['rule']): string {
  if (rule.kind === 'action') return String(rule.points)
  return [...new Set(rule.steps.map(({ points }) => points))].join('/')
}
