import type { Window } from '../calendar/day'
import { dayOf } from '../calendar/day'
import { handledMinutes } from './digest'
import type { Lived } from './digest'
import { workMinutes } from '../calendar/working-hours'
import type { WorkClock } from '../calendar/working-hours'

/** A ticket of the figures: its life and the school of the first reporter, where that is known. */
export interface TicketCounts extends Lived {
  school?: string
}

/** Numbers of one line; minutes are minutes of work, undefined when nothing was measured. */
export interface Figures {
  /** Category id, school code or helper; undefined where none is known. */
  key?: string
  reported: number
  resolved: number
  reopened: number
  /** Not over at the end of the window. */
  left: number
  response?: { median: number; slowest: number }
  resolution?: { median: number; slowest: number }
  rating?: { mean: number; count: number }
}

export interface WeeklyFigures {
  window: Window
  all: Figures
  byCategory: Figures[]
  bySchool: Figures[]
  byHelper: Figures[]
}

/**
 * The figures of a window (an ISO week for the weekly report, both days included): reports of it, and first words and
 * resolutions that happened in it, whenever reported. Merged and erased tickets count as reported only.
 */
export function figuresOf(tickets: readonly TicketCounts[], window: Window, clock: WorkClock): WeeklyFigures {
  const touched = tickets.filter((one) => isTouched(one, window))
  const by = (keyOf: (one: TicketCounts) => string | undefined) => grouped(touched, keyOf, { window, clock })
  return {
    window,
    all: line(touched, { window, clock }),
    byCategory: by(({ ticket }) => ticket.category),
    bySchool: by(({ school }) => school),
    byHelper: by(({ ticket }) => ticket.helper).filter(({ key }) => key !== undefined),
  }
}

interface Measure {
  window: Window
  clock: WorkClock
}

function within(at: Date | undefined, { from, to }: Window): at is Date {
  if (!at) return false
  const day = dayOf(at)
  return day >= from && day <= to
}

function isTouched({ ticket, steps }: TicketCounts, window: Window): boolean {
  return (
    steps.some(({ at }) => within(at, window)) ||
    within(ticket.respondedAt, window) ||
    isLeft({ ticket, steps }, window)
  )
}

function grouped(
  tickets: readonly TicketCounts[],
  keyOf: (one: TicketCounts) => string | undefined,
  measure: Measure,
) {
  const groups = new Map<string | undefined, TicketCounts[]>()
  for (const one of tickets) {
    const key = keyOf(one)
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups]
    .map(([key, members]) => ({ ...(key === undefined ? {} : { key }), ...line(members, measure) }))
    .sort((a, b) => b.reported - a.reported || ((a.key ?? '') < (b.key ?? '') ? -1 : 1))
}

function line(tickets: readonly TicketCounts[], { window, clock }: Measure): Figures {
  const responses = tickets.flatMap(({ ticket: { reportedAt, respondedAt } }) =>
    within(respondedAt, window) ? workMinutes(clock, reportedAt, respondedAt) : [],
  )
  const ended = tickets.filter(({ ticket }) => within(ticket.resolvedAt, window))
  const resolutions = ended.flatMap(({ ticket: { resolvedAt }, steps }) =>
    resolvedAt ? handledMinutes(clock, steps, resolvedAt) : [],
  )
  const stars = ended.flatMap(({ ticket }) => Object.values(ticket.ratings))
  const response = spread(responses)
  const resolution = spread(resolutions)
  return {
    reported: tickets.filter(({ ticket }) => within(ticket.reportedAt, window)).length,
    resolved: ended.length,
    reopened: tickets.reduce((sum, one) => sum + reopenings(one, window), 0),
    left: tickets.filter((one) => isLeft(one, window)).length,
    ...(response && { response }),
    ...(resolution && { resolution }),
    ...(stars.length && {
      rating: { mean: stars.reduce((a, b) => a + b) / stars.length, count: stars.length },
    }),
  }
}

function reopenings({ steps }: TicketCounts, window: Window): number {
  return steps.filter(({ state, at }, index) => {
    const before = steps[index - 1]?.state
    return state === 'open' && (before === 'resolved' || before === 'closed') && within(at, window)
  }).length
}

/** Alive at the end of the window, by the last state that it entered until then. */
function isLeft({ steps }: Lived, { to }: Window): boolean {
  const last = [...steps].reverse().find(({ at }) => dayOf(at) <= to)?.state
  return last === 'open' || last === 'taken' || last === 'waiting'
}

function spread(minutes: readonly number[]): { median: number; slowest: number } | undefined {
  const sorted = [...minutes].sort((a, b) => a - b)
  const slowest = sorted.at(-1)
  const [middle, next] = sorted.slice((sorted.length - 1) >> 1)
  if (slowest === undefined || middle === undefined) return undefined
  const median = sorted.length % 2 || next === undefined ? middle : (middle + next) / 2
  return { median, slowest }
}
