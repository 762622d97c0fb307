import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventKinds } from '../../src/tickets/event'
import type { Actor, Effect, TicketEvent } from '../../src/tickets/event'
import { decideTicketStep } from '../../src/tickets/life'
import { liveStates } from '../../src/tickets/ticket'
import type { Ticket } from '../../src/tickets/ticket'
import { at, eventOf, message, policy } from './sample'

const person = fc.constantFrom('wang', 'zhao', 'qian', '__proto__')
const actor: fc.Arbitrary<Actor> = fc.oneof(
  person.map((id): Actor => ({ kind: 'reporter', id })),
  fc.constantFrom('li', 'sun').map((id): Actor => ({ kind: 'helper', id })),
  fc.constant<Actor>({ kind: 'system' }),
)

/** What people could do next, right or wrong, with timers that are sometimes the running one. */
const deed = fc.record({
  kind: fc.constantFrom(...eventKinds),
  by: actor,
  minutes: fc.integer({ min: -5000, max: 90_000 }),
  seenOff: fc.constantFrom<number | undefined>(undefined, undefined, 0, -1),
  sinceOff: fc.constantFrom(0, 0, -1),
  reason: fc.constantFrom('fixed', 'self-solved', '', 'x'),
  stars: fc.integer({ min: 0, max: 6 }),
  group: fc.constantFrom('support', 'platform'),
  category: fc.constantFrom('fault', 'scoring'),
  urgency: fc.constantFrom('normal', 'high'),
  reporters: fc.uniqueArray(person, { maxLength: 3 }),
  target: fc.record({
    number: fc.constantFrom(1024, 2000),
    state: fc.constantFrom('open', 'closed', 'merged', 'resolved'),
    mergedInto: fc.constant(7),
  }),
  words: fc.boolean(),
})

function eventFrom(
  chosen: typeof deed extends fc.Arbitrary<infer D> ? D : never,
  ticket?: Ticket,
): TicketEvent {
  const { kind, by, minutes, seenOff, sinceOff, words, ...rest } = chosen
  const base = eventOf(kind, ticket)
  return {
    ...base,
    ...rest,
    kind,
    by: kind === 'report' ? base.by : by,
    number: 1024,
    at: at(minutes),
    seen: seenOff === undefined || !ticket ? undefined : ticket.version + seenOff,
    since: (ticket?.timer?.since ?? 0) + sinceOff,
    ...('message' in base || words ? { message: message('字') } : {}),
  } as TicketEvent
}

function faults(ticket: Ticket): string[] {
  const live = (liveStates as readonly string[]).includes(ticket.state)
  const ended = ticket.state === 'resolved' || ticket.state === 'closed'
  const stamps = [ticket.reportedAt, ticket.respondedAt, ticket.resolvedAt, ticket.closedAt]
  const checks: [string, boolean][] = [
    [
      'a helper where one works',
      ticket.state !== 'taken' && ticket.state !== 'waiting' ? true : !!ticket.helper,
    ],
    ['nobody on an open one', ticket.state !== 'open' || !ticket.helper],
    ['a reporter', ticket.state === 'erased' ? ticket.reporters.length === 0 : ticket.reporters.length > 0],
    ['reporters are distinct', new Set(ticket.reporters).size === ticket.reporters.length],
    [
      'merged into another',
      (ticket.state !== 'merged' && ticket.state !== 'erased') === (ticket.mergedInto === undefined) ||
        ticket.state === 'erased',
    ],
    ['a reason when ended', !ended || !!ticket.reason],
    ['no reason while alive', !live || !ticket.reason],
    ['an end when closed', ticket.state !== 'closed' || !!ticket.closedAt],
    ['no end while not closed', !live && ticket.state !== 'resolved' ? true : !ticket.closedAt],
    [
      'a clock exactly while silence counts',
      // Somebody who has it may have answered or not.
      ticket.state === 'taken' ||
        (ticket.state === 'waiting' || ticket.state === 'resolved') === !!ticket.timer,
    ],
    ['a clock of the past', !ticket.timer || ticket.timer.since <= ticket.version],
    ['nothing stamped in the future', stamps.every((stamp) => !stamp || stamp <= ticket.changedAt)],
    ['nothing before the report', stamps.every((stamp) => !stamp || stamp >= ticket.reportedAt)],
    ['a word owed while open', ticket.state !== 'open' || !!ticket.dueSince || !!ticket.respondedAt],
    ['ratings of reporters only', Object.keys(ticket.ratings).every((id) => ticket.reporters.includes(id))],
  ]
  return checks.flatMap(([name, holds]) => (holds ? [] : [name]))
}

/** Clocks that run after these effects were carried out in order. */
function clocksAfter(effects: readonly Effect[]): number | undefined {
  return effects.reduce<number | undefined>((running, effect) => {
    if (effect.kind === 'start-timer') return effect.since
    return effect.kind === 'stop-timer' && effect.since === running ? undefined : running
  }, undefined)
}

describe('whatever people do', () => {
  it('no sequence reaches an invalid state, effects never repeat, changes of state are told once', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60 }), (deeds) => {
        const all: Effect[] = []
        let ticket: Ticket | undefined
        for (const chosen of [{ ...deeds[0]!, kind: 'report' as const }, ...deeds]) {
          if (!deeds.length) return
          const event = eventFrom(chosen, ticket)
          const before = ticket && structuredClone(ticket)
          const decision = decideTicketStep(ticket, event, policy)
          expect(ticket).toEqual(before)
          if (!decision.ok) continue
          const next = decision.ticket
          expect(next.version).toBe((ticket?.version ?? 0) + 1)
          expect(faults(next)).toEqual([])
          if (ticket && next.state !== ticket.state && event.kind !== 'reply' && event.by.kind !== 'system') {
            const told = decision.effects.flatMap((e) => (e.kind === 'tell-reporter' ? [e.reporter] : []))
            const others = ticket.reporters.filter(
              (id) => !(event.by.kind === 'reporter' && event.by.id === id),
            )
            // Whoever joined hears that it is taken, and its outcome, not what is said in between.
            const between = ['answer', 'ask-back'].includes(event.kind) && ticket.state !== 'open'
            expect(told).toEqual(between ? ticket.reporters.slice(0, 1) : others)
          }
          all.push(...decision.effects)
          ticket = next
        }
        const keys = all.map(({ key }) => key)
        expect(new Set(keys).size).toBe(keys.length)
        if (ticket?.timer) expect(clocksAfter(all)).toBe(ticket.timer.since)
      }),
      { numRuns: 3000 },
    )
  })

  it('every state is reached by some sequence', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(deed, { minLength: 20, maxLength: 40 }), (deeds) => {
        let ticket: Ticket | undefined
        for (const chosen of [{ ...deeds[0]!, kind: 'report' as const }, ...deeds]) {
          const decision = decideTicketStep(ticket, eventFrom(chosen, ticket), policy)
          if (decision.ok) ticket = decision.ticket
          if (ticket) seen.add(ticket.state)
        }
      }),
      { numRuns: 500, seed: 7 },
    )
    expect([...seen].sort()).toEqual(['closed', 'erased', 'merged', 'open', 'resolved', 'taken', 'waiting'])
  })
})
