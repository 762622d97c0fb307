import type {
  Actor,
  EffectBody,
  EffectParams,
  TicketRefusal,
  TicketRefusalCode,
  ReporterNews,
  SupportNews,
  TicketEvent,
} from './event'
import type { Message, Ticket } from './ticket'

/** The settings of the machine, from config/tickets.yml. */
export interface LifePolicy {
  /** Ids of the resolution reasons that helpers may give. */
  reasons: readonly string[]
  /** Working minutes of silence after which the reporter is warned that the ticket will be closed. */
  warnAfter: number
  /** The same for a ticket that was answered and not ended. */
  answeredAfter: number
  /** Working minutes after the warning until it is closed. */
  closeAfter: number
  /** Calendar days after closing in which it can be reopened. */
  reopenDays: number
}

/** What an accepted event changes and causes, before version and keys are set. */
export interface TicketStep {
  changes: Partial<Ticket>
  effects: EffectBody[]
}

export function isRefusal(step: TicketStep | TicketRefusal): step is TicketRefusal {
  return 'code' in step
}

export function refuseStep(
  ticket: Ticket,
  code: TicketRefusalCode,
  params: EffectParams = {},
): TicketRefusal {
  return { ok: false, code, params: { number: ticket.number, ...params } }
}

/** The ticket of a first report and what it causes. */
export function created(event: Extract<TicketEvent, { kind: 'report' }>, reporter: string) {
  const { number, category, urgency, group, message, at } = event
  const ticket: Ticket = {
    number,
    version: 1,
    state: 'open',
    category,
    urgency,
    group,
    reporters: [reporter],
    reportedAt: at,
    dueSince: at,
    changedAt: at,
    reopened: 0,
    ratings: {},
    originalGone: false,
  }
  return { ticket, effects: [tellSupport(ticket, 'new', { message })] }
}

interface Telling {
  message?: Message | undefined
  params?: EffectParams | undefined
}

/** One piece of news for every reporter but the one who caused it: that one reads it in the direct reply. */
export function tellReporters(
  ticket: Ticket,
  news: ReporterNews,
  telling: Telling & { by?: Actor } = {},
): EffectBody[] {
  const { by, message, params = {} } = telling
  return ticket.reporters
    .filter((reporter) => !(by?.kind === 'reporter' && by.id === reporter))
    .map((reporter) => tellReporter(ticket, reporter, news, { message, params }))
}

/**
 * What support says is for whoever reported first, and may hold what is that person's. Those who joined hear that
 * somebody works on it, once, and the outcome.
 */
export function tellFirstReporter(ticket: Ticket, news: ReporterNews, telling: Telling = {}): EffectBody[] {
  const [first, ...joined] = ticket.reporters
  const begun = ticket.state === 'open' ? joined.map((one) => tellReporter(ticket, one, 'taken')) : []
  return first === undefined ? begun : [tellReporter(ticket, first, news, telling), ...begun]
}

export function tellReporter(
  ticket: Ticket,
  reporter: string,
  news: ReporterNews,
  { message, params = {} }: Telling = {},
): EffectBody {
  const effect = {
    kind: 'tell-reporter',
    reporter,
    news,
    params: { number: ticket.number, ...params },
  } as const
  return message ? { ...effect, message } : effect
}

export function tellSupport(
  ticket: Ticket,
  news: SupportNews,
  { message, params = {}, group = ticket.group }: Telling & { group?: string } = {},
): EffectBody {
  const effect = { kind: 'tell-support', group, news, params: { number: ticket.number, ...params } } as const
  return message ? { ...effect, message } : effect
}

/** Starts the closing clock at the version that the event will make; an older clock becomes stale by that. */
export function startTimer(
  ticket: Ticket,
  timer: 'warn' | 'close' | 'answered',
  policy: LifePolicy,
): TicketStep {
  const since = ticket.version + 1
  const { warnAfter, answeredAfter, closeAfter } = policy
  const workMinutes = { warn: warnAfter, answered: answeredAfter, close: closeAfter }[timer]
  const kind = timer === 'close' ? 'close' : 'warn'
  return {
    changes: { timer: { kind, since } },
    effects: [{ kind: 'start-timer', timer: kind, since, workMinutes }],
  }
}

export function stopTimer(ticket: Ticket): TicketStep {
  if (!ticket.timer) return { changes: {}, effects: [] }
  return { changes: { timer: undefined }, effects: [{ kind: 'stop-timer', since: ticket.timer.since }] }
}

export function both(...steps: TicketStep[]): TicketStep {
  return {
    changes: Object.assign({}, ...steps.map(({ changes }) => changes)) as Partial<Ticket>,
    effects: steps.flatMap(({ effects }) => effects),
  }
}
