import type { TicketRefusal, TicketEvent } from './event'
import { responded } from './handling'
import { both, refuseStep, startTimer, stopTimer, tellReporter, tellReporters, tellSupport } from './step'
import type { LifePolicy, TicketStep } from './step'
import { answeredOnly, noReply, solvedByReporter } from './ticket'
import type { Ticket } from './ticket'

type EventOf<K extends TicketEvent['kind']> = Extract<TicketEvent, { kind: K }>

const msPerDay = 86_400_000
/** A rating up to this is support's business: the ticket stays open to objections. */
const lowStars = 2

/** A helper's resolution may be contradicted for a while; a reporter who says that it is solved ends it at once. */
export function resolving(
  ticket: Ticket,
  event: EventOf<'resolve'>,
  policy: LifePolicy,
): TicketStep | TicketRefusal {
  if (ticket.state === 'closed') return refuseStep(ticket, 'closed')
  if (event.by.kind === 'reporter') return solvedByOne(ticket, event)
  if (ticket.state === 'resolved') return refuseStep(ticket, 'resolved', { reason: ticket.reason ?? '' })
  const { reason, message, at } = event
  if (!reason) return refuseStep(ticket, 'reason-missing')
  if (!policy.reasons.includes(reason)) return refuseStep(ticket, 'reason-unknown', { reason })
  const helper = ticket.helper ?? (event.by.kind === 'helper' ? event.by.id : undefined)
  return both(
    {
      changes: { state: 'resolved', helper, reason, resolvedAt: at, ratings: {}, ...responded(ticket, at) },
      effects: tellReporters(ticket, 'resolved', { message, params: { reason } }),
    },
    startTimer(ticket, 'warn', policy),
  )
}

function solvedByOne(ticket: Ticket, event: EventOf<'resolve'>): TicketStep | TicketRefusal {
  const { reason, at } = event
  if (reason !== solvedByReporter) return refuseStep(ticket, 'reason-not-yours', { reason })
  if (ticket.reporters.length > 1) return refuseStep(ticket, 'others-joined')
  const confirmed = ticket.state === 'resolved'
  return both(
    {
      changes: {
        state: 'closed',
        reason: confirmed ? ticket.reason : reason,
        resolvedAt: confirmed ? ticket.resolvedAt : at,
        closedAt: at,
        dueSince: undefined,
      },
      effects: [tellSupport(ticket, 'self-solved')],
    },
    stopTimer(ticket),
  )
}

export function reopening(
  ticket: Ticket,
  event: EventOf<'reopen'>,
  policy: LifePolicy,
): TicketStep | TicketRefusal {
  if (ticket.state !== 'resolved' && ticket.state !== 'closed') return refuseStep(ticket, 'not-resolved')
  const { at, by, message } = event
  if (ticket.closedAt && at.getTime() - ticket.closedAt.getTime() > policy.reopenDays * msPerDay) {
    return refuseStep(ticket, 'too-late-to-reopen', { days: policy.reopenDays })
  }
  const told = by.kind === 'helper' ? [] : [tellSupport(ticket, 'reopened', { message })]
  // What a reporter says is support's to read, and what support says the first one's.
  const news = ticket.reporters
    .filter((reporter) => !(by.kind === 'reporter' && by.id === reporter))
    .map((reporter, index) =>
      tellReporter(ticket, reporter, 'reopened', by.kind === 'helper' && index === 0 ? { message } : {}),
    )
  return both(
    {
      changes: {
        state: 'open',
        helper: undefined,
        reason: undefined,
        resolvedAt: undefined,
        closedAt: undefined,
        dueSince: at,
        reopened: ticket.reopened + 1,
        ratings: {},
      },
      effects: [...news, ...told],
    },
    stopTimer(ticket),
  )
}

/** A rating by every reporter, none of them low, ends the waiting for objections. */
export function closing(ticket: Ticket, event: EventOf<'rate'>): TicketStep | TicketRefusal {
  if (ticket.state !== 'resolved' && ticket.state !== 'closed') return refuseStep(ticket, 'not-resolved')
  const { stars, by, at } = event
  if (!Number.isInteger(stars) || stars < 1 || stars > 5) return refuseStep(ticket, 'stars', { stars })
  const reporter = by.kind === 'reporter' ? by.id : ''
  if (Object.hasOwn(ticket.ratings, reporter)) return refuseStep(ticket, 'already-rated')
  const ratings = { ...ticket.ratings, [reporter]: stars }
  const news = stars <= lowStars ? 'rated-low' : 'rated'
  const rated: TicketStep = {
    changes: { ratings },
    effects: [tellSupport(ticket, news, { params: { stars } })],
  }
  const given = new Map(Object.entries(ratings))
  const content = ticket.reporters.every((id) => (given.get(id) ?? 0) > lowStars)
  if (ticket.state === 'closed' || !content) return rated
  return both(
    rated,
    { changes: { state: 'closed', closedAt: at }, effects: tellReporters(ticket, 'closed', { by }) },
    stopTimer(ticket),
  )
}

/** The closing clock: a warning, then the end; the reporter can put it off as often as needed. */
export function silence(
  ticket: Ticket,
  event: EventOf<'hold'> | EventOf<'warn'> | EventOf<'close-by-silence'>,
  policy: LifePolicy,
): TicketStep | TicketRefusal {
  if (event.kind === 'hold') {
    if (ticket.state === 'closed') return refuseStep(ticket, 'closed')
    if (!ticket.timer) return refuseStep(ticket, 'not-resolved')
    const timer = ticket.state === 'taken' ? 'answered' : 'warn'
    return both({ changes: {}, effects: [tellSupport(ticket, 'held')] }, startTimer(ticket, timer, policy))
  }
  const due = event.kind === 'warn' ? 'warn' : 'close'
  if (ticket.timer?.kind !== due || ticket.timer.since !== event.since)
    return refuseStep(ticket, 'stale-timer')
  if (event.kind === 'warn') {
    return both(
      { changes: {}, effects: tellReporters(ticket, 'closing-soon') },
      startTimer(ticket, 'close', policy),
    )
  }
  // Nobody ended it: support's question was left unanswered, or its answer was the last word.
  const open = ticket.state === 'waiting' ? noReply : ticket.state === 'taken' ? answeredOnly : undefined
  return {
    changes: {
      state: 'closed',
      closedAt: event.at,
      reason: open ?? ticket.reason,
      ...(open === answeredOnly && { resolvedAt: event.at }),
      timer: undefined,
      dueSince: undefined,
    },
    effects: [...tellReporters(ticket, 'closed'), ...(open ? [tellSupport(ticket, 'no-reply')] : [])],
  }
}
