import type { TicketRefusal, TicketEvent } from './event'
import {
  both,
  refuseStep,
  startTimer,
  stopTimer,
  tellFirstReporter,
  tellReporter,
  tellReporters,
  tellSupport,
} from './step'
import type { LifePolicy, TicketStep } from './step'
import type { Ticket } from './ticket'

type EventOf<K extends TicketEvent['kind']> = Extract<TicketEvent, { kind: K }>

function over(ticket: Ticket): TicketRefusal | undefined {
  if (ticket.state === 'resolved') return refuseStep(ticket, 'resolved', { reason: ticket.reason ?? '' })
  if (ticket.state === 'closed') return refuseStep(ticket, 'closed')
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

export function taking(ticket: Ticket, event: EventOf<'take'>): TicketStep | TicketRefusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  if (ticket.state !== 'open') return refuseStep(ticket, 'already-taken', { helper: ticket.helper ?? '' })
  return {
    changes: { state: 'taken', helper: event.by.kind === 'helper' ? event.by.id : ticket.helper },
    effects: tellReporters(ticket, 'taken'),
  }
}

/** An answer always reaches the reporters, also after the end; only before it does it change the state. */
export function answering(ticket: Ticket, event: EventOf<'answer'>, policy: LifePolicy): TicketStep {
  const { message, at, by } = event
  const helper = ticket.helper ?? (by.kind === 'helper' ? by.id : undefined)
  switch (ticket.state) {
    case 'resolved':
      return both(
        { changes: { dueSince: undefined }, effects: tellFirstReporter(ticket, 'late-answer', { message }) },
        startTimer(ticket, 'warn', policy),
      )
    case 'closed':
      return { changes: {}, effects: tellFirstReporter(ticket, 'late-answer', { message }) }
    default:
      return both(
        {
          changes: { state: 'taken', helper, ...responded(ticket, at) },
          effects: tellFirstReporter(ticket, 'answer', { message }),
        },
        startTimer(ticket, 'answered', policy),
      )
  }
}

export function asking(
  ticket: Ticket,
  event: EventOf<'ask-back'>,
  policy: LifePolicy,
): TicketStep | TicketRefusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  const { message, at, by } = event
  const helper = ticket.helper ?? (by.kind === 'helper' ? by.id : undefined)
  return both(
    {
      changes: { state: 'waiting', helper, ...responded(ticket, at) },
      effects: tellFirstReporter(ticket, 'question', { message }),
    },
    startTimer(ticket, 'warn', policy),
  )
}

export function replying(
  ticket: Ticket,
  event: EventOf<'reply'>,
  policy: LifePolicy,
): TicketStep | TicketRefusal {
  const { message, at } = event
  const relayed: TicketStep = {
    changes: owed(ticket, at),
    effects: [tellSupport(ticket, 'reply', { message })],
  }
  switch (ticket.state) {
    case 'closed':
      return refuseStep(ticket, 'closed')
    case 'waiting':
      return both(relayed, { changes: { state: 'taken' }, effects: [] }, stopTimer(ticket))
    case 'resolved':
      return both(relayed, startTimer(ticket, 'warn', policy))
    case 'taken':
      return both(relayed, stopTimer(ticket))
    default:
      return relayed
  }
}

/** An answer can be taken back for so long, in milliseconds; afterwards it is corrected. */
export const retractableMs = 60_000

/** Support owes the reporter a word again, as if the answer had not been given. */
export function retracting(ticket: Ticket, event: EventOf<'retract'>): TicketStep | TicketRefusal {
  const { answer, answeredAt, at } = event
  if (at.getTime() - answeredAt.getTime() > retractableMs) return refuseStep(ticket, 'too-late-to-retract')
  const back: TicketStep = {
    changes: {},
    effects: [{ kind: 'take-back', answer, reporters: ticket.reporters }],
  }
  if (ticket.state !== 'taken') return back
  const { respondedAt } = ticket
  const changes: Partial<Ticket> = {
    ...owed(ticket, answeredAt),
    respondedAt: respondedAt && respondedAt < answeredAt ? respondedAt : undefined,
  }
  return both({ ...back, changes }, stopTimer(ticket))
}

/** Said to the reporter as what it is; the state stays. */
export function correcting(ticket: Ticket, event: EventOf<'correct'>): TicketStep | TicketRefusal {
  if (!ticket.respondedAt) return refuseStep(ticket, 'nothing-to-correct')
  const { message } = event
  const [first] = ticket.reporters
  const effects = first === undefined ? [] : [tellReporter(ticket, first, 'corrected', { message })]
  return { changes: {}, effects }
}

/** Corrections are no news to whoever made them, nor to the reporter; the category counts in the figures, so also afterwards. */
export function sorting(
  ticket: Ticket,
  event: EventOf<'change-category'> | EventOf<'change-urgency'>,
): TicketStep | TicketRefusal {
  if (event.kind === 'change-category') {
    if (event.category === ticket.category) return refuseStep(ticket, 'same-category')
    // The reporter corrects what was read out of his words; afterwards it is support's for the figures.
    const refusal = event.by.kind === 'reporter' ? over(ticket) : undefined
    if (refusal) return refusal
    const told = event.by.kind === 'reporter' ? [tellSupport(ticket, 'sorted')] : []
    return { changes: { category: event.category }, effects: told }
  }
  const refusal = over(ticket)
  if (refusal) return refusal
  if (event.urgency === ticket.urgency) return refuseStep(ticket, 'same-urgency')
  return { changes: { urgency: event.urgency }, effects: [] }
}

/** To another group, or back to everybody of the own one when somebody has it. */
export function handingOn(ticket: Ticket, event: EventOf<'hand-on'>): TicketStep | TicketRefusal {
  const refusal = over(ticket)
  if (refusal) return refusal
  const { group, at } = event
  const released: TicketStep = {
    changes: { state: 'open', helper: undefined, ...owed(ticket, at) },
    effects: [],
  }
  if (group === ticket.group) {
    if (ticket.state === 'open') return refuseStep(ticket, 'same-group')
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
