import type { Day } from '../calendar/day'
import type { Phase, Scheme } from '../scheme/scheme'

/** How many days before the end of a phase people are reminded; 0 is the last day itself. */
export const deadlineDays = [14, 7, 3, 1, 0] as const
export type DeadlineDays = (typeof deadlineDays)[number]

/** Where a phase stands on a day. Days are counted so that on the last day 0 are left. */
export type PhaseState =
  | { phase: Phase; state: 'ahead'; daysUntil: number }
  | { phase: Phase; state: 'running'; dayNumber: number; daysLeft: number }
  | { phase: Phase; state: 'over'; daysSince: number }

/** Every phase of a scheme as it stands on a day, in the order of the scheme; several may run at once. */
export function phasesOn(scheme: Pick<Scheme, 'phases'>, day: Day): PhaseState[] {
  return scheme.phases.map((phase) => phaseOn(phase, day))
}

export function phaseOn(phase: Phase, day: Day): PhaseState {
  const { from, to } = phase.window
  if (day < from) return { phase, state: 'ahead', daysUntil: from - day }
  if (day > to) return { phase, state: 'over', daysSince: day - to }
  return { phase, state: 'running', dayNumber: day - from + 1, daysLeft: to - day }
}

/** The start of a phase, or so many days before its end. `key` names it for ever, so that it is told once. */
export type PhaseMoment = { phase: Phase; day: Day; key: string } & (
  { kind: 'start' } | { kind: 'deadline'; daysLeft: DeadlineDays }
)

/** All moments of all phases in order of day. A deadline that would fall before or on the start is left out. */
export function phaseMoments(scheme: Pick<Scheme, 'id' | 'phases'>): PhaseMoment[] {
  const moments = scheme.phases.flatMap((phase): PhaseMoment[] => {
    const key = `${scheme.id}/${phase.name}`
    const { from, to } = phase.window
    const deadlines = deadlineDays.filter(
      (daysLeft) => to - daysLeft > from || (daysLeft === 0 && to === from),
    )
    return [
      { phase, day: from, key: `${key}/start`, kind: 'start' },
      ...deadlines.map((daysLeft): PhaseMoment => {
        return { phase, day: to - daysLeft, key: `${key}/${daysLeft}`, kind: 'deadline', daysLeft }
      }),
    ]
  })
  return moments.sort((a, b) => a.day - b.day)
}

/** The moments that fall on a day. */
export function momentsOn(scheme: Pick<Scheme, 'id' | 'phases'>, day: Day): PhaseMoment[] {
  return phaseMoments(scheme).filter((moment) => moment.day === day)
}
