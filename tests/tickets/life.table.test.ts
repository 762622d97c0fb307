import { describe, expect, it } from 'vitest'
import { eventKinds } from '../../src/tickets/event'
import type { EventKind } from '../../src/tickets/event'
import { decideTicketStep } from '../../src/tickets/life'
import { ticketStates } from '../../src/tickets/ticket'
import type { TicketState } from '../../src/tickets/ticket'
import { eventOf, policy, ticketIn } from './sample'

/**
 * Every state x every event, by the person who is allowed to: the next state, or `!code` of the refusal, and what is
 * caused (r: reporter told, s: support told, b: an answer taken back, t+: clock started, t-: clock stopped, x: contents erased).
 */
const table: Record<EventKind, Record<TicketState | 'none', string>> = {
  report: {
    none: 'open s:new',
    open: '!exists',
    taken: '!exists',
    waiting: '!exists',
    resolved: '!exists',
    closed: '!exists',
    merged: '!exists',
    erased: '!exists',
  },
  take: {
    none: '!no-such-ticket',
    open: 'taken r:taken',
    taken: '!already-taken',
    waiting: '!already-taken',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  answer: {
    none: '!no-such-ticket',
    open: 'taken r:answer t+warn',
    taken: 'taken r:answer t+warn',
    waiting: 'taken r:answer t+warn',
    resolved: 'resolved r:late-answer t+warn',
    closed: 'closed r:late-answer',
    merged: '!merged>2000',
    erased: '!erased',
  },
  'ask-back': {
    none: '!no-such-ticket',
    open: 'waiting r:question t+warn',
    taken: 'waiting r:question t+warn',
    waiting: 'waiting r:question t+warn',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  reply: {
    none: '!no-such-ticket',
    open: 'open s:reply',
    taken: 'taken s:reply',
    waiting: 'taken s:reply t-',
    resolved: 'resolved s:reply t+warn',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  'change-category': {
    none: '!no-such-ticket',
    open: 'open',
    taken: 'taken',
    waiting: 'waiting',
    resolved: 'resolved',
    closed: 'closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  'change-urgency': {
    none: '!no-such-ticket',
    open: 'open',
    taken: 'taken',
    waiting: 'waiting',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  merge: {
    none: '!no-such-ticket',
    open: 'merged r:merged',
    taken: 'merged r:merged',
    waiting: 'merged r:merged t-',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  'hand-on': {
    none: '!no-such-ticket',
    open: 'open r:handed-on s:handed-on s:handed-away',
    taken: 'open r:handed-on s:handed-on s:handed-away',
    waiting: 'open r:handed-on s:handed-on s:handed-away t-',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  resolve: {
    none: '!no-such-ticket',
    open: 'resolved r:resolved t+warn',
    taken: 'resolved r:resolved t+warn',
    waiting: 'resolved r:resolved t+warn',
    resolved: '!resolved',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  reopen: {
    none: '!no-such-ticket',
    open: '!not-resolved',
    taken: '!not-resolved',
    waiting: '!not-resolved',
    resolved: 'open s:reopened t-',
    closed: 'open s:reopened',
    merged: '!merged>2000',
    erased: '!erased',
  },
  rate: {
    none: '!no-such-ticket',
    open: '!not-resolved',
    taken: '!not-resolved',
    waiting: '!not-resolved',
    resolved: 'closed s:rated t-',
    closed: 'closed s:rated',
    merged: '!merged>2000',
    erased: '!erased',
  },
  hold: {
    none: '!no-such-ticket',
    open: '!not-resolved',
    taken: '!not-resolved',
    waiting: 'waiting s:held t+warn',
    resolved: 'resolved s:held t+warn',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  warn: {
    none: '!no-such-ticket',
    open: '!stale-timer',
    taken: '!stale-timer',
    waiting: 'waiting r:closing-soon t+close',
    resolved: 'resolved r:closing-soon t+close',
    closed: '!stale-timer',
    merged: '!stale-timer',
    erased: '!erased',
  },
  'close-by-silence': {
    none: '!no-such-ticket',
    open: '!stale-timer',
    taken: '!stale-timer',
    waiting: '!stale-timer',
    resolved: '!stale-timer',
    closed: '!stale-timer',
    merged: '!stale-timer',
    erased: '!erased',
  },
  join: {
    none: '!no-such-ticket',
    open: 'open s:joined',
    taken: 'taken s:joined',
    waiting: 'waiting s:joined',
    resolved: 'resolved r:resolved s:joined',
    closed: '!closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  'original-gone': {
    none: '!no-such-ticket',
    open: 'open s:original-gone',
    taken: 'taken s:original-gone',
    waiting: 'waiting s:original-gone',
    resolved: 'resolved',
    closed: 'closed',
    merged: 'merged',
    erased: '!erased',
  },
  erase: {
    none: '!no-such-ticket',
    open: 'erased r:erased s:erased x',
    taken: 'erased r:erased s:erased x',
    waiting: 'erased r:erased s:erased x t-',
    resolved: 'erased r:erased x t-',
    closed: 'erased r:erased x',
    merged: 'erased r:erased x',
    erased: '!erased',
  },
  note: {
    none: '!no-such-ticket',
    open: 'open',
    taken: 'taken',
    waiting: 'waiting',
    resolved: 'resolved',
    closed: 'closed',
    merged: '!merged>2000',
    erased: '!erased',
  },
  retract: {
    none: '!no-such-ticket',
    open: 'open b',
    taken: 'taken b',
    waiting: 'waiting b',
    resolved: 'resolved b',
    closed: 'closed b',
    merged: 'merged b',
    erased: '!erased',
  },
  correct: {
    none: '!no-such-ticket',
    open: '!nothing-to-correct',
    taken: '!nothing-to-correct',
    waiting: 'waiting r:corrected',
    resolved: 'resolved r:corrected',
    closed: '!nothing-to-correct',
    merged: '!nothing-to-correct',
    erased: '!erased',
  },
}

function outcome(state: TicketState | 'none', kind: EventKind): string {
  const ticket = state === 'none' ? undefined : ticketIn(state)
  const decision = decideTicketStep(ticket, eventOf(kind, ticket), policy)
  if (!decision.ok) return `!${decision.code}${decision.redirect ? `>${decision.redirect}` : ''}`
  const effects = decision.effects.map((effect) => {
    switch (effect.kind) {
      case 'tell-reporter':
        return `r:${effect.news}`
      case 'tell-support':
        return `s:${effect.news}`
      case 'start-timer':
        return `t+${effect.timer}`
      case 'stop-timer':
        return 't-'
      case 'erase-content':
        return 'x'
      case 'take-back':
        return 'b'
    }
  })
  return [decision.ticket.state, ...effects].join(' ')
}

describe('every state meets every event', () => {
  for (const kind of eventKinds) {
    for (const state of ['none', ...ticketStates] as const) {
      it(`${state} + ${kind}: ${table[kind][state]}`, () => {
        // A merged or erased ticket refuses a second report because the number exists, whatever became of it.
        expect(outcome(state, kind)).toBe(table[kind][state])
      })
    }
  }
})
