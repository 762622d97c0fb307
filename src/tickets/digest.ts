import { workMinutes } from '../calendar/working-hours'
import type { WorkClock } from '../calendar/working-hours'
import type { TicketRules } from './rules'
import { liveStates } from './ticket'
import type { Ticket, TicketState } from './ticket'

/** One state that a ticket entered, from its history. */
export interface DigestStep {
  state: TicketState
  at: Date
}

/** A ticket with the states it went through, in order; the first is its report. */
export interface Lived {
  ticket: Ticket
  steps: readonly DigestStep[]
}

/** What waits too long: support's first word, its next word, the resolution, or the reporter's reply. */
export type Overdue = 'response' | 'next' | 'resolution' | 'reporter'

export interface WaitingTicket {
  number: number
  group: string
  helper?: string
  urgency: Ticket['urgency']
  overdue: Overdue
  /** Working minutes that it has waited, and that it may. */
  waited: number
  limit: number
}

export interface Digest {
  group: string
  waiting: WaitingTicket[]
}

/** Minutes of work in which support had the ticket: not those in which it waited for the reporter or was over. */
export function handledMinutes(clock: WorkClock, steps: readonly DigestStep[], until: Date): number {
  return steps.reduce((sum, { state, at }, index) => {
    if (state !== 'open' && state !== 'taken') return sum
    const end = steps[index + 1]?.at ?? until
    return sum + workMinutes(clock, at, end < until ? end : until)
  }, 0)
}

/**
 * One digest for each support group of what waits too long at `now`, worst first (by how many times the limit has
 * passed); groups with nothing have none. Each ticket is in it once, with the most pressing reason.
 */
export function overdueDigest(
  lived: readonly Lived[],
  { clock, limits, now }: { clock: WorkClock; limits: TicketRules['limits']; now: Date },
): Digest[] {
  const groups = new Map<string, WaitingTicket[]>()
  for (const one of lived) {
    const waiting = overdue(one, { clock, limits, now })
    if (waiting) groups.set(waiting.group, [...(groups.get(waiting.group) ?? []), waiting])
  }
  return [...groups]
    .map(([group, waiting]) => ({
      group,
      waiting: waiting.sort((a, b) => b.waited / b.limit - a.waited / a.limit || a.number - b.number),
    }))
    .sort((a, b) => (a.group < b.group ? -1 : 1))
}

function overdue(
  { ticket, steps }: Lived,
  { clock, limits, now }: { clock: WorkClock; limits: TicketRules['limits']; now: Date },
): WaitingTicket | undefined {
  if (!(liveStates as readonly string[]).includes(ticket.state)) return undefined
  const { number, group, helper, urgency, state, dueSince, respondedAt, changedAt } = ticket
  const own = limits[urgency]
  const word: Overdue = respondedAt ? 'next' : 'response'
  const since = dueSince && workMinutes(clock, dueSince, now)
  const asked = [...steps].reverse().find((step) => step.state === 'waiting')?.at ?? changedAt
  const candidates: [Overdue, number, number][] =
    state === 'waiting'
      ? [['reporter', workMinutes(clock, asked, now), limits.waiting]]
      : [
          ...(since === undefined ? [] : [[word, since, own[word]] as [Overdue, number, number]]),
          ['resolution', handledMinutes(clock, steps, now), own.resolution],
        ]
  const found = candidates.find(([, waited, limit]) => waited > limit)
  if (!found) return undefined
  const [reason, waited, limit] = found
  return { number, group, ...(helper && { helper }), urgency, overdue: reason, waited, limit }
}
