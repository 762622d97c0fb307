import { describe, expect, it } from 'vitest'
import { ticketRefusalCodes } from '../../src/tickets/event'
import type { TicketRefusalCode, TicketEvent } from '../../src/tickets/event'
import { decideTicketStep } from '../../src/tickets/life'
import type { Ticket } from '../../src/tickets/ticket'
import { at, eventOf, helper, lived, policy, reporter, system, ticketIn } from './sample'

type Case = [ticket: Ticket | undefined, event: TicketEvent]
const late = at(51 + 30 * 1440)
const zhao = { kind: 'reporter', id: 'zhao' } as const
const rated = () =>
  lived(eventOf('report'), eventOf('resolve'), { ...eventOf('rate'), stars: 1 } as TicketEvent)
const into = (state: 'merged' | 'closed', number = 9): TicketEvent => ({
  ...{ kind: 'merge', by: helper, at: at(100) },
  target: { number, state, ...(state === 'merged' && { mergedInto: 8 }) },
})

/** For every refusal somebody who meets it; the compiler asks for each. */
const cases: Record<TicketRefusalCode, Case> = {
  'no-such-ticket': [undefined, eventOf('take')],
  exists: [ticketIn('open'), eventOf('report')],
  'helpers-only': [ticketIn('open'), { ...eventOf('take'), by: reporter }],
  'reporters-only': [ticketIn('open'), { ...eventOf('reply'), by: helper }],
  'system-only': [ticketIn('resolved'), { ...eventOf('warn'), by: reporter }],
  'not-yours': [ticketIn('open'), { ...eventOf('change-category'), by: zhao }],
  'changed-meanwhile': [ticketIn('taken'), { ...eventOf('resolve'), seen: 1 }],
  'already-taken': [ticketIn('taken'), eventOf('take')],
  'not-resolved': [ticketIn('open'), eventOf('rate')],
  resolved: [ticketIn('resolved'), { ...eventOf('change-category'), by: reporter }],
  closed: [ticketIn('closed'), eventOf('reply')],
  merged: [ticketIn('merged'), eventOf('answer')],
  erased: [ticketIn('erased'), eventOf('answer')],
  'same-category': [
    ticketIn('closed'),
    { kind: 'change-category', by: helper, at: at(100), category: 'fault' },
  ],
  'same-urgency': [ticketIn('open'), { kind: 'change-urgency', by: helper, at: at(100), urgency: 'normal' }],
  'same-group': [ticketIn('open'), { kind: 'hand-on', by: helper, at: at(100), group: 'support' }],
  'into-itself': [ticketIn('open'), into('closed', 1024)],
  'target-merged': [ticketIn('open'), into('merged')],
  'target-over': [ticketIn('open'), into('closed')],
  'reason-missing': [ticketIn('open'), { kind: 'resolve', by: helper, at: at(100), reason: '' }],
  'reason-unknown': [ticketIn('open'), { kind: 'resolve', by: helper, at: at(100), reason: 'bored' }],
  'reason-not-yours': [ticketIn('open'), { ...eventOf('resolve'), by: reporter }],
  'too-late-to-reopen': [ticketIn('closed'), { kind: 'reopen', by: reporter, at: late }],
  stars: [ticketIn('resolved'), { kind: 'rate', by: reporter, at: at(100), stars: 6 }],
  'already-rated': [rated(), eventOf('rate')],
  'already-joined': [ticketIn('open'), { kind: 'join', by: reporter, at: at(100), reporters: ['wang'] }],
  'already-gone': [lived(eventOf('report'), eventOf('original-gone')), eventOf('original-gone')],
  'stale-timer': [ticketIn('open'), eventOf('warn')],
  'still-live': [ticketIn('open'), { kind: 'erase', by: system, at: at(100) }],
  'others-joined': [
    lived(eventOf('report'), eventOf('join')),
    { kind: 'resolve', by: reporter, at: at(100), reason: 'self-solved' },
  ],
  'too-late-to-retract': [
    lived(eventOf('report'), eventOf('answer')),
    { kind: 'retract', by: helper, answer: 2, answeredAt: at(100), at: at(102) },
  ],
  'nothing-to-correct': [ticketIn('open'), eventOf('correct')],
}

describe('every refusal', () => {
  it.each(ticketRefusalCodes)('%s is met, changes nothing and says which ticket', (code) => {
    const [ticket, event] = cases[code]
    const before = structuredClone(ticket)
    const decision = decideTicketStep(ticket, event, policy)
    expect(decision).toMatchObject({ ok: false, code })
    expect(ticket).toEqual(before)
    if (!decision.ok && code !== 'no-such-ticket') expect(decision.params['number']).toBe(1024)
  })
})

describe('a category', () => {
  it('is corrected by the reporter while the ticket lives, and support is told', () => {
    for (const state of ['open', 'taken', 'waiting'] as const) {
      const decision = decideTicketStep(
        ticketIn(state),
        { ...eventOf('change-category'), by: reporter },
        policy,
      )
      expect(decision).toMatchObject({ ok: true, ticket: { state, category: 'scoring' } })
      expect(decision.ok && decision.effects).toMatchObject([{ kind: 'tell-support', news: 'sorted' }])
    }
  })

  it('is corrected by support also afterwards, without a word', () => {
    const decision = decideTicketStep(ticketIn('closed'), eventOf('change-category'), policy)
    expect(decision).toMatchObject({ ok: true, ticket: { category: 'scoring' }, effects: [] })
  })
})
