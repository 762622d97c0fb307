import type { Refusal, TicketEvent } from './event'
import { both, refuse, startTimer, stopTimer, tellReporters, tellSupport } from './step'
import type { LifePolicy, Step } from './step'
import type { Ticket } from './ticket'

type EventOf<K extends TicketEvent['kind']> = Extract<TicketEvent, { kind: K }>

function over(ticket: Ticket): Refusal | undefined {
  if (ticket.state === 'resolved') return refuse(ticket, 'resolved', { reason: ticket.reason ?? '' })
  if (ticket.state === 'closed') return refuse(ticket, 'closed')
  return undefined
}

/** The reporter has support's word; the first one is the response that is measured. */
export function responded(ticket: Ticket, at: Date): Partial<Ticket> {
  return { respondedAt: ticket.respondedAt ?? at, dueSince: undefined }
}

/** `dueSince` stays where it was while support already owes an answer. */
function owed(ticket: Ticket, at: Date): Partial<Ticket> {
  return { dueSince: ticket.dueSince ?? at }
}

export function taking(ticket: Ticket, event: EventOf<'take'>): Step | Refusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  if (ticket.state !== 'open') return refuse(ticket, 'already-taken', { helper: ticket.helper ?? '' })
  return {
    changes: { state: 'taken', helper: event.by.kind === 'helper' ? event.by.id : ticket.helper },
    effects: tellReporters(ticket, 'taken'),
  }
}

/** An answer always reaches the reporters, also after the end; only before it does it change the state. */
export function answering(ticket: Ticket, event: EventOf<'answer'>, policy: LifePolicy): Step {
  const { message, at, by } = event
  const helper = ticket.helper ?? (by.kind === 'helper' ? by.id : undefined)
  switch (ticket.state) {
    case 'resolved':
      return both(
        { changes: { dueSince: undefined }, effects: tellReporters(ticket, 'late-answer', { message }) },
        startTimer(ticket, 'warn', policy),
      )
    case 'closed':
      return { changes: {}, effects: tellReporters(ticket, 'late-answer', { message }) }
    default:
      return both(
        {
          changes: { state: 'taken', helper, ...responded(ticket, at) },
          effects: tellReporters(ticket, 'answer', { message }),
        },
        stopTimer(ticket),
      )
  }
}

export function asking(ticket: Ticket, event: EventOf<'ask-back'>, policy: LifePolicy): Step | Refusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  const { message, at, by } = event
  const helper = ticket.helper ?? (by.kind === 'helper' ? by.id : undefined)
  return both(
    {
      changes: { state: 'waiting', helper, ...responded(ticket, at) },
      effects: tellReporters(ticket, 'question', { message }),
    },
    startTimer(ticket, 'warn', policy),
  )
}

export function replying(ticket: Ticket, event: EventOf<'reply'>, policy: LifePolicy): Step | Refusal {
  const { message, at } = event
  const relayed: Step = { changes: owed(ticket, at), effects: [tellSupport(ticket, 'reply', { message })] }
  switch (ticket.state) {
    case 'closed':
      return refuse(ticket, 'closed')
    case 'waiting':
      return both(relayed, { changes: { state: 'taken' }, effects: [] }, stopTimer(ticket))
    case 'resolved':
      return both(relayed, startTimer(ticket, 'warn', policy))
    default:
      return relayed
  }
}

/** Corrections are no news to whoever made them, nor to the reporter; the category counts in the figures, so also afterwards. */
export function sorting(
  ticket: Ticket,
  event: EventOf<'change-category'> | EventOf<'change-urgency'>,
): Step | Refusal {
  if (event.kind === 'change-category') {
    if (event.category === ticket.category) return refuse(ticket, 'same-category')
    // The reporter corrects what was read out of his words; afterwards it is support's for the figures.
    const refusal = event.by.kind === 'reporter' ? over(ticket) : undefined
    if (refusal) return refusal
    const told = event.by.kind === 'reporter' ? [tellSupport(ticket, 'sorted')] : []
    return { changes: { category: event.category }, effects: told }
  }
  const refusal = over(ticket)
  if (refusal) return refusal
  if (event.urgency === ticket.urgency) return refuse(ticket, 'same-urgency')
  return { changes: { urgency: event.urgency }, effects: [] }
}

/** To another group, or back to everybody of the own one when somebody has it. */
export function handingOn(ticket: Ticket, event: EventOf<'hand-on'>): Step | Refusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  const { group, at } = event
  const released: Step = { changes: { state: 'open', helper: undefined, ...owed(ticket, at) }, effects: [] }
  if (group === ticket.group) {
    if (ticket.state === 'open') return refuse(ticket, 'same-group')
    const news = [...tellReporters(ticket, 'handed-on'), tellSupport(ticket, 'handed-on')]
    return both(released, { changes: {}, effects: news }, stopTimer(ticket))
  }
  const news = [
    ...tellReporters(ticket, 'handed-on'),
    tellSupport(ticket, 'handed-on', { group }),
    tellSupport(ticket, 'handed-away'),
  ]
  return both(released, { changes: { group }, effects: news }, stopTimer(ticket))
}
