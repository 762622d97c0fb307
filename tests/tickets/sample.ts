import type { EventKind, TicketEvent } from '../../src/tickets/event'
import { decideTicketStep } from '../../src/tickets/life'
import type { LifePolicy } from '../../src/tickets/life'
import type { Ticket, TicketState } from '../../src/tickets/ticket'

export const policy: LifePolicy = {
  reasons: ['fixed', 'explained'],
  warnAfter: 960,
  answeredAfter: 2400,
  closeAfter: 480,
  reopenDays: 30,
}

/** Monday 2022-03-14, 09:00 in Shanghai, plus minutes. */
export const at = (minutes: number) => new Date(Date.UTC(2022, 2, 14, 1, minutes))
export const reporter = { kind: 'reporter', id: 'wang' } as const
export const helper = { kind: 'helper', id: 'li' } as const
export const system = { kind: 'system' } as const
export const message = (text: string) => ({ text, attachments: [] })

/** The ordinary event of a kind, by the person who usually causes it. */
export function eventOf(kind: EventKind, ticket?: Ticket): TicketEvent {
  const time = { at: at(100) }
  switch (kind) {
    case 'report':
      return {
        kind,
        by: reporter,
        at: at(0),
        number: 1024,
        category: 'fault',
        urgency: 'normal',
        group: 'support',
        message: message('上传失败'),
      }
    case 'take':
      return { kind, by: helper, ...time }
    case 'answer':
    case 'ask-back':
      return { kind, by: helper, message: message('请问是哪个浏览器'), ...time }
    case 'reply':
      return { kind, by: reporter, message: message('谷歌浏览器'), ...time }
    case 'change-category':
      return { kind, by: helper, category: 'scoring', ...time }
    case 'change-urgency':
      return { kind, by: helper, urgency: 'high', ...time }
    case 'merge':
      return { kind, by: helper, target: { number: 2000, state: 'open' }, ...time }
    case 'hand-on':
      return { kind, by: helper, group: 'platform', ...time }
    case 'resolve':
      return { kind, by: helper, reason: 'fixed', ...time }
    case 'reopen':
      return { kind, by: reporter, ...time }
    case 'rate':
      return { kind, by: reporter, stars: 5, ...time }
    case 'hold':
      return { kind, by: reporter, ...time }
    case 'warn':
    case 'close-by-silence':
      return { kind, by: system, since: ticket?.timer?.since ?? 0, ...time }
    case 'join':
      return { kind, by: { kind: 'reporter', id: 'zhao' }, reporters: ['zhao'], ...time }
    case 'original-gone':
      return { kind, by: reporter, ...time }
    case 'erase':
      return { kind, by: helper, ...time }
    case 'note':
    case 'correct':
      return { kind, by: helper, message: message('请看日志'), ...time }
    case 'retract':
      return { kind, by: helper, answer: 2, answeredAt: at(99), ...time }
  }
}

/** Applies events one after the other; throws when one is refused. */
export function lived(...events: TicketEvent[]): Ticket {
  return events.reduce<Ticket | undefined>((ticket, event) => {
    const decision = decideTicketStep(ticket, event, policy)
    if (!decision.ok) throw new Error(`${event.kind}: ${decision.code}`)
    return decision.ticket
  }, undefined)!
}

/** A ticket brought into a state by real events. */
export function ticketIn(state: TicketState): Ticket {
  const open = eventOf('report')
  const ways: Record<TicketState, TicketEvent[]> = {
    open: [open],
    taken: [open, eventOf('take')],
    waiting: [open, eventOf('ask-back')],
    resolved: [open, eventOf('resolve')],
    closed: [open, { kind: 'resolve', by: reporter, reason: 'self-solved', at: at(50) }],
    merged: [open, eventOf('merge')],
    erased: [open, eventOf('erase')],
  }
  return lived(...ways[state])
}
