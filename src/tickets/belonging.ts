import type { EffectBody, TicketRefusal, TicketEvent } from './event'
import { both, refuseStep, stopTimer, tellReporter, tellReporters, tellSupport } from './step'
import type { TicketStep } from './step'
import { liveStates } from './ticket'
import type { Ticket } from './ticket'

type EventOf<K extends TicketEvent['kind']> = Extract<TicketEvent, { kind: K }>

function isLive(ticket: Ticket): boolean {
  return (liveStates as readonly string[]).includes(ticket.state)
}

export function merging(ticket: Ticket, event: EventOf<'merge'>): TicketStep | TicketRefusal {
  const { target } = event
  if (ticket.state === 'resolved') return refuseStep(ticket, 'resolved', { reason: ticket.reason ?? '' })
  if (ticket.state === 'closed') return refuseStep(ticket, 'closed')
  if (target.number === ticket.number) return refuseStep(ticket, 'into-itself')
  if (target.state === 'merged' && target.mergedInto === ticket.number)
    return refuseStep(ticket, 'into-itself')
  if (target.state === 'merged') return refuseStep(ticket, 'target-merged', { into: target.mergedInto ?? 0 })
  if (target.state === 'closed' || target.state === 'erased') {
    return refuseStep(ticket, 'target-over', { into: target.number })
  }
  return both(
    {
      changes: { state: 'merged', mergedInto: target.number, dueSince: undefined },
      effects: tellReporters(ticket, 'merged', { params: { into: target.number } }),
    },
    stopTimer(ticket),
  )
}

/** More people with the same trouble. Joined by the system (a merge) they have been told already. */
export function joining(ticket: Ticket, event: EventOf<'join'>): TicketStep | TicketRefusal {
  if (ticket.state === 'closed') return refuseStep(ticket, 'closed')
  const added = [...new Set(event.reporters)].filter((reporter) => !ticket.reporters.includes(reporter))
  if (!added.length) return refuseStep(ticket, 'already-joined')
  const reporters = [...ticket.reporters, ...added]
  const news = added.flatMap((reporter): EffectBody[] => {
    if (ticket.state === 'resolved') {
      return [tellReporter(ticket, reporter, 'resolved', { params: { reason: ticket.reason ?? '' } })]
    }
    return event.by.kind === 'helper' ? [tellReporter(ticket, reporter, 'joined')] : []
  })
  const { message } = event
  const told = tellSupport(ticket, 'joined', { message, params: { count: reporters.length } })
  return { changes: { reporters }, effects: [...news, told] }
}

/** The message that the ticket came from was recalled or its place is gone: the ticket goes on without it. */
export function withdrawing(ticket: Ticket): TicketStep | TicketRefusal {
  if (ticket.originalGone) return refuseStep(ticket, 'already-gone')
  const effects = isLive(ticket) ? [tellSupport(ticket, 'original-gone')] : []
  return { changes: { originalGone: true }, effects }
}

/** Persons, texts and attachments go; number, category, group and times stay for the figures. */
export function erasing(ticket: Ticket, event: EventOf<'erase'>): TicketStep | TicketRefusal {
  const { by } = event
  if (by.kind === 'system' && ticket.state !== 'closed' && ticket.state !== 'merged') {
    return refuseStep(ticket, 'still-live')
  }
  // What was said is the first reporter's: whoever joins afterwards can neither delete it nor keep him from it.
  if (by.kind === 'reporter' && by.id !== ticket.reporters[0]) return refuseStep(ticket, 'others-joined')
  const told = isLive(ticket) ? [tellSupport(ticket, 'erased')] : []
  // Retention is no news to anybody.
  const news = by.kind === 'system' ? [] : tellReporters(ticket, 'erased', { by })
  return both(
    {
      changes: { state: 'erased', reporters: [], helper: undefined, ratings: {}, dueSince: undefined },
      effects: [...news, ...told, { kind: 'erase-content' }],
    },
    stopTimer(ticket),
  )
}
