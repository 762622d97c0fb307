import { closing, reopening, resolving, silence } from './ending'
import { answering, asking, correcting, handingOn, replying, retracting, sorting, taking } from './handling'
import { erasing, joining, merging, withdrawing } from './belonging'
import type { TicketDecision, Effect, TicketRefusal, TicketEvent } from './event'
import { created, isRefusal, refuseStep } from './step'
import type { LifePolicy, TicketStep } from './step'
import type { Ticket } from './ticket'
import { present } from '../text/present'

export type { LifePolicy } from './step'

/**
 * The life of a ticket: what an event makes of it, or why it does not. Pure; the caller stores the ticket with
 * `where version = old`, decides anew when no row matched, and carries out the effects by their keys.
 */
export function decideTicketStep(
  ticket: Ticket | undefined,
  event: TicketEvent,
  policy: LifePolicy,
): TicketDecision {
  if (!ticket) {
    return event.kind === 'report' ? report(event) : { ok: false, code: 'no-such-ticket', params: {} }
  }
  // A clock that goes back must not turn the order of a history around.
  const at = event.at < ticket.changedAt ? ticket.changedAt : event.at
  const step = refusalOf(ticket, event) ?? stepOf({ ticket, event: { ...event, at }, policy })
  if (isRefusal(step)) return step
  const next: Ticket = { ...ticket, ...step.changes, version: ticket.version + 1, changedAt: at }
  return { ok: true, ticket: next, effects: keyed(next, step.effects) }
}

function report(event: Extract<TicketEvent, { kind: 'report' }>): TicketDecision {
  if (event.by.kind !== 'reporter')
    return { ok: false, code: 'reporters-only', params: { number: event.number } }
  const { ticket, effects } = created(event, event.by.id)
  return { ok: true, ticket, effects: keyed(ticket, effects) }
}

function keyed(ticket: Ticket, effects: TicketStep['effects']): Effect[] {
  return effects.map((effect, index) => ({ ...effect, key: `${ticket.number}/${ticket.version}/${index}` }))
}

type Permission = 'reporter' | 'helper' | 'system' | 'person' | 'anyone'
const permissions: Record<TicketEvent['kind'], Permission> = {
  report: 'reporter',
  take: 'helper',
  answer: 'helper',
  'ask-back': 'helper',
  reply: 'reporter',
  'change-category': 'person',
  'change-urgency': 'helper',
  merge: 'helper',
  'hand-on': 'helper',
  resolve: 'person',
  reopen: 'person',
  rate: 'reporter',
  hold: 'reporter',
  warn: 'system',
  'close-by-silence': 'system',
  join: 'anyone',
  'original-gone': 'anyone',
  erase: 'anyone',
  note: 'helper',
  retract: 'helper',
  correct: 'helper',
}

/** Events that concern the ticket that a merged one lives on in. */
const followsMerge = (kind: TicketEvent['kind']) =>
  !['warn', 'close-by-silence', 'original-gone', 'erase', 'retract', 'correct'].includes(kind)

/** Decisions that rest on what the helper saw; messages are relayed whatever has happened meanwhile. */
const restsOnSight = (kind: TicketEvent['kind']) =>
  !['answer', 'reply', 'join', 'original-gone', 'note', 'retract', 'correct'].includes(kind)

function refusalOf(ticket: Ticket, event: TicketEvent): TicketRefusal | undefined {
  const { by, kind } = event
  if (kind === 'report') return refuseStep(ticket, 'exists')
  if (ticket.state === 'erased') return refuseStep(ticket, 'erased')
  const permission = permissions[kind]
  if (permission === 'helper' && by.kind !== 'helper') return refuseStep(ticket, 'helpers-only')
  if (permission === 'reporter' && by.kind !== 'reporter') return refuseStep(ticket, 'reporters-only')
  if (permission === 'system' && by.kind !== 'system') return refuseStep(ticket, 'system-only')
  if (permission === 'person' && by.kind === 'system') return refuseStep(ticket, 'helpers-only')
  if (ticket.state === 'merged' && followsMerge(kind)) {
    const into = present(ticket.mergedInto, `what ticket ${ticket.number} was merged into`)
    return { ...refuseStep(ticket, 'merged', { into }), redirect: into }
  }
  if (by.kind === 'reporter' && kind !== 'join' && !ticket.reporters.includes(by.id)) {
    return refuseStep(ticket, 'not-yours')
  }
  if (event.seen !== undefined && event.seen !== ticket.version && restsOnSight(kind)) {
    return refuseStep(ticket, 'changed-meanwhile', { state: ticket.state })
  }
  return undefined
}

interface Situation {
  ticket: Ticket
  event: TicketEvent
  policy: LifePolicy
}

function stepOf({ ticket, event, policy }: Situation): TicketStep | TicketRefusal {
  switch (event.kind) {
    case 'report':
      return refuseStep(ticket, 'exists')
    case 'take':
      return taking(ticket, event)
    case 'answer':
      return answering(ticket, event, policy)
    case 'ask-back':
      return asking(ticket, event, policy)
    case 'reply':
      return replying(ticket, event, policy)
    case 'change-category':
    case 'change-urgency':
      return sorting(ticket, event)
    case 'merge':
      return merging(ticket, event)
    case 'hand-on':
      return handingOn(ticket, event)
    case 'resolve':
      return resolving(ticket, event, policy)
    case 'reopen':
      return reopening(ticket, event, policy)
    case 'rate':
      return closing(ticket, event)
    case 'hold':
    case 'warn':
    case 'close-by-silence':
      return silence(ticket, event, policy)
    case 'join':
      return joining(ticket, event)
    case 'original-gone':
      return withdrawing(ticket)
    case 'erase':
      return erasing(ticket, event)
    case 'note':
      return { changes: {}, effects: [] }
    case 'retract':
      return retracting(ticket, event)
    case 'correct':
      return correcting(ticket, event)
  }
}

export type MergeDecision = { ok: true; source: Ticket; target: Ticket; effects: Effect[] } | TicketRefusal

/**
 * Merges one ticket into another: both are to be stored in one transaction, each `where version = old`. Reporters of
 * the source hear the outcome of the target from now on; one who already belongs to it is not added twice.
 */
export function mergeTickets(
  { source, target }: { source: Ticket; target: Ticket },
  event: Omit<Extract<TicketEvent, { kind: 'merge' }>, 'target' | 'kind'>,
  policy: LifePolicy,
): MergeDecision {
  const merge: TicketEvent = { ...event, kind: 'merge', target }
  const merged = decideTicketStep(source, merge, policy)
  if (!merged.ok) return merged
  const join: TicketEvent = {
    kind: 'join',
    by: { kind: 'system' },
    at: event.at,
    reporters: source.reporters,
  }
  const joined = decideTicketStep(target, join, policy)
  if (!joined.ok && joined.code !== 'already-joined') return joined
  return {
    ok: true,
    source: merged.ticket,
    target: joined.ok ? joined.ticket : target,
    effects: [...merged.effects, ...(joined.ok ? joined.effects : [])],
  }
}
