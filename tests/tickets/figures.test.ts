import { describe, expect, it } from 'vitest'
import { parseDay } from '../../src/calendar/day'
import { handledMinutes, overdueDigest } from '../../src/tickets/digest'
import type { Lived } from '../../src/tickets/digest'
import type { TicketEvent } from '../../src/tickets/event'
import { figuresOf } from '../../src/tickets/figures'
import { decideTicketStep } from '../../src/tickets/life'
import type { Ticket } from '../../src/tickets/ticket'
import { at, eventOf, policy } from './sample'
import { clock } from './clock'
import { rules } from './rules'

/** Lives through events (09:00 is minute 0) and writes down the states as a history table would. */
function live(number: number, first: Partial<TicketEvent>, ...events: TicketEvent[]): Lived {
  const steps: Lived['steps'][number][] = []
  let ticket: Ticket | undefined
  for (const event of [{ ...eventOf('report'), ...first, number } as TicketEvent, ...events]) {
    const decision = decideTicketStep(ticket, event, policy)
    if (!decision.ok) throw new Error(decision.code)
    if (decision.ticket.state !== ticket?.state)
      steps.push({ state: decision.ticket.state, at: decision.ticket.changedAt })
    ticket = decision.ticket
  }
  return { ticket: ticket!, steps }
}
const timed = (kind: TicketEvent['kind'], minutes: number, more: object = {}) => ({
  ...eventOf(kind),
  at: at(minutes),
  ...more,
})
const digestAt = (lived: Lived[], minutes: number) =>
  overdueDigest(lived, { clock, limits: rules.limits, now: at(minutes) })

describe('what waits too long', () => {
  it('a report without a word of support after two hours of work, once, also when somebody has taken it', () => {
    const open = live(1, {})
    expect(digestAt([open], 120)).toEqual([])
    const found = digestAt([open, live(2, {}, timed('take', 5))], 60 * 6)
    expect(found).toMatchObject([
      {
        group: 'support',
        waiting: [
          { number: 1, overdue: 'response' },
          { number: 2, helper: 'li' },
        ],
      },
    ])
    expect(found[0]!.waiting[0]).toMatchObject({ waited: 240, limit: 120 })
  })

  it('an urgent one sooner, the worst first', () => {
    const found = digestAt([live(1, {}), live(2, { urgency: 'high' } as never)], 60 * 6)
    expect(found[0]!.waiting.map(({ number, limit }) => [number, limit])).toEqual([
      [2, 30],
      [1, 120],
    ])
  })

  it('a reply that nobody answered, by the time since the reply', () => {
    const lived = live(1, {}, timed('ask-back', 10), timed('reply', 60))
    expect(digestAt([lived], 60 + 120)).toEqual([])
    expect(digestAt([lived], 60 * 8)).toMatchObject([
      { waiting: [{ overdue: 'next', waited: 300, limit: 210 }] },
    ])
  })

  it('a reporter who does not answer is not support’s delay, until it is very long', () => {
    const lived = live(1, {}, timed('ask-back', 10))
    expect(digestAt([lived], 4 * 1440)).toEqual([])
    expect(digestAt([lived], 9 * 1440)).toMatchObject([{ waiting: [{ overdue: 'reporter' }] }])
  })

  it('an answered one that is never resolved; nothing once it is over', () => {
    const lived = live(1, {}, timed('answer', 10))
    expect(digestAt([lived], 3 * 1440)).toEqual([])
    expect(digestAt([lived], 4 * 1440)).toMatchObject([{ waiting: [{ overdue: 'resolution', limit: 1260 }] }])
    for (const kind of ['resolve', 'merge', 'erase'] as const) {
      expect(digestAt([live(1, {}, timed(kind, 10))], 30 * 1440)).toEqual([])
    }
  })
})

describe('figures of a week', () => {
  const week = { from: parseDay('2022-03-14')!, to: parseDay('2022-03-20')! }
  const tickets = [
    {
      ...live(1, {}, timed('answer', 30), timed('resolve', 60), timed('rate', 90, { stars: 5 })),
      school: 'S1',
    },
    {
      ...live(2, { category: 'scoring' }, timed('take', 10), timed('resolve', 6 * 60)),
      school: 'S1',
    },
    {
      ...live(
        3,
        {},
        timed('ask-back', 60),
        timed('reply', 24 * 60),
        timed('resolve', 24 * 60 + 30),
        timed('reopen', 2 * 1440),
      ),
      school: 'S2',
    },
    live(4, { at: at(7 * 1440) }),
  ]
  const figures = figuresOf(tickets, week, clock)

  it('counts what happened in the week', () => {
    expect(figures.all).toEqual({
      reported: 3,
      resolved: 2,
      reopened: 1,
      left: 1,
      response: { median: 60, slowest: 240 },
      resolution: { median: 150, slowest: 240 },
      rating: { mean: 5, count: 1 },
    })
  })

  it('by category, school and responder', () => {
    expect(figures.byCategory.map(({ key, reported }) => [key, reported])).toEqual([
      ['fault', 2],
      ['scoring', 1],
    ])
    expect(figures.bySchool.map(({ key, reported, left }) => [key, reported, left])).toEqual([
      ['S1', 2, 0],
      ['S2', 1, 1],
    ])
    expect(figures.byHelper.map(({ key, resolved }) => [key, resolved])).toEqual([['li', 2]])
  })

  it('the next week has what was left and what came', () => {
    const next = figuresOf(tickets, { from: week.from + 7, to: week.to + 7 }, clock)
    expect(next.all).toEqual({ reported: 1, resolved: 0, reopened: 0, left: 2 })
  })

  it('time with the reporter is not support’s', () => {
    const lived = live(1, {}, timed('ask-back', 60), timed('reply', 24 * 60), timed('resolve', 24 * 60 + 30))
    expect(handledMinutes(clock, lived.steps, at(24 * 60 + 30))).toBe(60 + 30)
  })
})
