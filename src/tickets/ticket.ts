export const ticketStates = ['open', 'taken', 'waiting', 'resolved', 'closed', 'merged', 'erased'] as const
/**
 * open: nobody has taken it. taken: somebody of support works on it. waiting: support asked the reporter something.
 * resolved: answered for good, the reporter may still object. closed: over, can be reopened for some days.
 * merged: lives on in another ticket. erased: only the number is left.
 */
export type TicketState = (typeof ticketStates)[number]

/** States in which support still owes something or waits for the reporter. */
export const liveStates = ['open', 'taken', 'waiting'] as const satisfies readonly TicketState[]

export const urgencies = ['normal', 'high'] as const
export type Urgency = (typeof urgencies)[number]

/** The one resolution reason that a reporter may give (built in; the others are words of config/tickets.yml). */
export const solvedByReporter = 'self-solved'
/** The reason of a ticket that was closed because the reporter left support's question unanswered. */
export const noReply = 'no-reply'

/** The reason of a ticket that was answered and then heard no more of. */
export const answeredOnly = 'answered'

/** Text as it was typed and the names of stored attachments; already masked where it goes to a group. */
export interface Message {
  text: string
  attachments: readonly string[]
}

/** The closing clock. `since` is the version that started it, so a timer that fires late or twice is recognised. */
export interface Timer {
  kind: 'warn' | 'close'
  since: number
}

/** One issue report. Persons are opaque keys of the caller; texts live in the history, not here. */
export interface Ticket {
  /** The short number that people type. */
  number: number
  /** Starts at 1 and grows by 1 with every accepted event: write with `where version = old`. */
  version: number
  state: TicketState
  category: string
  urgency: Urgency
  /** The support group that it is with. */
  group: string
  /** Who reported it first, then who joined; empty once erased. */
  reporters: readonly string[]
  /** The helper who works on it. */
  helper?: string | undefined
  /** Why it was resolved; kept when it is closed. */
  reason?: string | undefined
  mergedInto?: number | undefined
  reportedAt: Date
  /** Since when support owes the reporter a word (report, reply, reopening); undefined when it owes none. */
  dueSince?: Date | undefined
  /** Support's first word to the reporter (answer, question back or resolution; taking alone is no response). */
  respondedAt?: Date | undefined
  resolvedAt?: Date | undefined
  closedAt?: Date | undefined
  changedAt: Date
  reopened: number
  /** Ratings 1 to 5 since the last resolution, by reporter. */
  ratings: Readonly<Record<string, number>>
  timer?: Timer | undefined
  /** The reporter withdrew the message that the ticket was made from: it cannot be quoted any more. */
  originalGone: boolean
}
