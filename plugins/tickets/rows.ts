import { createHash } from 'node:crypto'
import type { Ticket } from '@space-assistant/core/tickets/ticket'
import type { PersonRow, TicketRow } from './table'

/** A chat account as tickets know it: short, and the same for the same account. */
export function ticketPersonKey({
  platform,
  selfId,
  userId,
}: Record<'platform' | 'selfId' | 'userId', string>): string {
  return createHash('sha256')
    .update(JSON.stringify([platform, selfId, userId]))
    .digest('hex')
    .slice(0, 20)
}

/** The ticket of a row and its people. */
export function ticketOf(row: TicketRow, people: readonly PersonRow[]): Ticket {
  const reporters = [...people].sort((a, b) => a.position - b.position)
  return {
    number: row.number,
    version: row.version,
    state: row.state,
    category: row.category,
    urgency: row.urgency,
    group: row.group,
    reporters: reporters.map(({ person }) => person),
    reportedAt: row.reportedAt,
    changedAt: row.changedAt,
    reopened: row.reopened,
    ratings: Object.fromEntries(reporters.flatMap((one) => (one.stars ? [[one.person, one.stars]] : []))),
    originalGone: row.originalGone,
    ...(row.helper && { helper: row.helper }),
    ...(row.reason && { reason: row.reason }),
    ...(row.mergedInto && { mergedInto: row.mergedInto }),
    ...(row.dueSince && { dueSince: row.dueSince }),
    ...(row.respondedAt && { respondedAt: row.respondedAt }),
    ...(row.resolvedAt && { resolvedAt: row.resolvedAt }),
    ...(row.closedAt && { closedAt: row.closedAt }),
    ...(row.timer && { timer: { kind: row.timer, since: row.timerSince } }),
  }
}

/** The columns that follow from a ticket; the timer's due time is the caller's. */
export function ticketColumnsOf(ticket: Ticket) {
  return {
    version: ticket.version,
    state: ticket.state,
    category: ticket.category,
    urgency: ticket.urgency,
    group: ticket.group,
    helper: ticket.helper ?? '',
    reason: ticket.reason ?? '',
    mergedInto: ticket.mergedInto ?? 0,
    reportedAt: ticket.reportedAt,
    dueSince: ticket.dueSince ?? null,
    respondedAt: ticket.respondedAt ?? null,
    resolvedAt: ticket.resolvedAt ?? null,
    closedAt: ticket.closedAt ?? null,
    changedAt: ticket.changedAt,
    reopened: ticket.reopened,
    timer: ticket.timer?.kind ?? ('' as const),
    timerSince: ticket.timer?.since ?? 0,
    originalGone: ticket.originalGone,
  }
}
