import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Effect, TicketEvent } from '../../src/tickets/event'
import { decideTicketStep } from '../../src/tickets/life'
import type { Ticket } from '../../src/tickets/ticket'
import { at, eventOf, message, policy, ticketIn } from './sample'

/** A table with compare-and-set and an outbox keyed by effect, as the plugin keeps them. */
class Store {
  readonly outbox = new Map<string, Effect>()
  conflicts = 0
  constructor(public ticket: Ticket) {}

  /** One transaction: the row where version = old, and its effects. */
  write(old: number, next: Ticket, effects: readonly Effect[]): boolean {
    if (this.ticket.version !== old) {
      this.conflicts++
      return false
    }
    this.ticket = next
    for (const effect of effects) this.outbox.set(effect.key, effect)
    return true
  }
}

/** One helper's or reporter's message on its way through read, decide, write; each call is one step. */
class Work {
  private read: Ticket | undefined
  outcome?: string
  constructor(private readonly event: TicketEvent) {}

  /** The process died: what was read is forgotten, the platform delivers the message again. */
  crash() {
    this.read = undefined
  }

  step(store: Store) {
    if (this.outcome) return
    if (!this.read) {
      this.read = store.ticket
      return
    }
    const decision = decideTicketStep(this.read, this.event, policy)
    if (!decision.ok) this.outcome = decision.code
    else if (store.write(this.read.version, decision.ticket, decision.effects)) this.outcome = 'done'
    this.read = undefined
  }
}

const event = (index: number): TicketEvent => {
  const by = { kind: 'helper', id: `h${index % 3}` } as const
  const text = message(`m${index}`)
  const kinds: TicketEvent[] = [
    { kind: 'answer', by, at: at(index), message: text },
    { kind: 'reply', by: { kind: 'reporter', id: 'wang' }, at: at(index), message: text },
    { ...eventOf('take'), by, at: at(index) },
    { kind: 'resolve', by, at: at(index), reason: 'fixed', message: text },
    { kind: 'reopen', by: { kind: 'reporter', id: 'wang' }, at: at(index), message: text },
  ]
  return kinds[index % kinds.length]!
}

it('whoever acts at once and wherever a process dies, each accepted message is told exactly once', () => {
  let conflicts = 0
  const turn = fc.record({ worker: fc.integer({ min: 0, max: 9 }), crash: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 200 }), (turns) => {
      const store = new Store(ticketIn('open'))
      const first = store.ticket.version
      const works = Array.from({ length: 10 }, (_, index) => new Work(event(index)))
      for (const { worker, crash } of turns) {
        if (crash === 0) works[worker]!.crash()
        works[worker]!.step(store)
      }
      for (const work of works) while (!work.outcome) work.step(store)
      const done = works.flatMap((work, index) => (work.outcome === 'done' ? [index] : []))
      expect(store.ticket.version).toBe(first + done.length)
      const told = [...store.outbox.values()].flatMap((effect) =>
        'message' in effect ? [effect.message.text] : [],
      )
      const withWords = done.filter((index) => index % 5 !== 2).map((index) => `m${index}`)
      expect(told.sort()).toEqual(withWords.sort())
      // Two answers and two replies are never refused while the ticket is not closed.
      for (const index of [0, 1, 5, 6]) expect(works[index]!.outcome).toBe('done')
      conflicts += store.conflicts
    }),
    { numRuns: 500 },
  )
  expect(conflicts).toBeGreaterThan(100)
})
