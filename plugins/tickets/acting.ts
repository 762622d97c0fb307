import { decideAccess as mayThey } from '@space-assistant/core/access/visibility'
import { isStaff } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import type { Actor, TicketEvent } from '@space-assistant/core/tickets/event'
import { decideTicketStep, mergeTickets } from '@space-assistant/core/tickets/life'
import { isTicketOwner } from '@space-assistant/core/tickets/owner'
import { lifePolicy } from '@space-assistant/core/tickets/rules'
import { solvedByReporter } from '@space-assistant/core/tickets/ticket'
import type { Ticket } from '@space-assistant/core/tickets/ticket'
import { scoreWith, tellScore } from './complaint'
import { carryOut, timerDue } from './effects'
import type { Origin } from './asker'
import type { House } from './house'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome, Refused } from '@space-assistant/core/access/outcome'
import { forget } from './post'
import { hasRepliedEnough } from './quota'
import { ticketPersonKey } from './rows'
import { Outdated } from './store'
import type { StoredStep, StoredTicket } from './store'
import type { PersonRow } from './table'
import { deedOf, detailOf, maskedBy } from './wish'
import type { GivenTicketAnswer, TicketCommand } from './wish'

export type { TicketCommand } from './wish'

/** Somebody who does something, or the bot itself. */
export type Doer = { origin: Origin; viewer: Viewer } | 'system'

export interface Done {
  ticket: Ticket
  /** Outbox keys of what reporters are told by it. */
  told: string[]
}

const helpers = [
  ...['take', 'answer', 'ask-back', 'change-urgency', 'hand-on'],
  ...['note', 'retract', 'correct'],
]
/** What reporters and support both do. */
const people = ['reopen', 'erase', 'resolve', 'change-category']
const attempts = 20

/** Lets things happen to tickets: decides on what is stored, stores, and decides anew when somebody was faster. */
export class Acting {
  constructor(private readonly house: House) {}

  async act(
    number: number,
    wish: TicketCommand,
    doer: Doer,
    { at, seen }: { at: Date; seen?: number },
  ): Promise<Outcome<Done>> {
    let target = number
    let looked = seen
    for (let attempt = 0; attempt < attempts; attempt++) {
      const stored = await this.house.store.find(target)
      if (!stored) return refused('no-such-ticket', { number: target })
      const by = this.actorOf(stored, wish, doer)
      if ('code' in by) return by
      if (wish.kind === 'reply' && (await hasRepliedEnough(this.house, target, at)))
        return refused('too-many-replies', { number: target })
      const given = wish.kind === 'retract' ? await this.lastAnswer(target, by) : undefined
      if (wish.kind === 'retract' && !given) return refused('nothing-to-retract', { number: target })
      const masked = maskedBy(wish, by, stored.row.secrets + 1)
      const event = {
        ...deedOf(wish, masked.text, given),
        by,
        at,
        ...(looked !== undefined && { seen: looked }),
      }
      const decision = decideTicketStep(stored.ticket, event, lifePolicy(this.house.rules))
      if (!decision.ok) {
        if (decision.redirect === undefined) return decision
        target = decision.redirect
        looked = undefined
        continue
      }
      const score = await scoreWith(this.house, stored, wish)
      const step: StoredStep = {
        kind: wish.kind,
        by,
        text: [masked.text, ...score].filter(Boolean).join('\n'),
        detail: given ? String(given.version) : detailOf(wish),
        secrets: masked.secrets,
      }
      try {
        return done(await this.keep(stored, decision, { step, wish, doer, score }))
      } catch (error) {
        if (!(error instanceof Outdated)) throw error
      }
    }
    return refused('busy', { number: target })
  }

  /** Merges a ticket into another; both are written or neither. */
  async merge(
    source: number,
    target: number,
    doer: Exclude<Doer, 'system'>,
    at: Date,
  ): Promise<Outcome<Done>> {
    const may = mayThey(doer.viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    return this.mergeAs({ kind: 'helper', id: ticketPersonKey(doer.origin) }, { source, target }, at)
  }

  async mergeAs(
    by: Actor,
    { source, target }: { source: number; target: number },
    at: Date,
    actor?: string,
  ): Promise<Outcome<Done>> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const [one, two] = [await this.house.store.find(source), await this.house.store.find(target)]
      if (!one || !two) return refused('no-such-ticket', { number: one ? target : source })
      const decision = mergeTickets(
        { source: one.ticket, target: two.ticket },
        { by, at },
        lifePolicy(this.house.rules),
      )
      if (!decision.ok) return decision
      try {
        const told = await this.house.store.transact(async () => {
          const { store, ctx, open } = this.house
          const step = (kind: 'merge' | 'join', detail: number): StoredStep => ({
            kind,
            by,
            text: '',
            detail: String(detail),
            secrets: [],
          })
          await store.replace(one, decision.source, { step: step('merge', target), timerDue: null })
          if (decision.target.version !== two.ticket.version) {
            await store.replace(two, decision.target, {
              step: step('join', source),
              timerDue: two.row.timerDue,
            })
            await store.addPeople(target, one.people, decision.target)
          }
          const people = [...one.people, ...two.people]
          ctx.bulk.committed(() => open.take({ ...one.row, state: 'merged' }))
          const row = { ...two.row }
          return carryOut(this.house, decision.effects, {
            row,
            people,
            files: [],
            at,
            ...(actor !== undefined && { actor }),
          })
        })
        return done({ ticket: decision.target, told })
      } catch (error) {
        if (!(error instanceof Outdated)) throw error
      }
    }
    return refused('busy', { number: source })
  }

  /** Somebody has the same trouble: hears the outcome of that ticket. */
  async join(number: number, person: PersonRow, at: Date): Promise<Outcome<Done>> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const stored = await this.house.store.find(number)
      if (!stored) return refused('no-such-ticket', { number })
      const by: Actor = { kind: 'reporter', id: person.person }
      const event: TicketEvent = { kind: 'join', by, at, reporters: [person.person] }
      const decision = decideTicketStep(stored.ticket, event, lifePolicy(this.house.rules))
      if (!decision.ok) {
        if (decision.redirect === undefined) return decision
        number = decision.redirect
        continue
      }
      const step: StoredStep = { kind: 'join', by, text: '', detail: '', secrets: [] }
      try {
        return done(await this.keep(stored, decision, { step, joined: person }))
      } catch (error) {
        if (!(error instanceof Outdated)) throw error
      }
    }
    return refused('busy', { number })
  }

  private async keep(
    stored: StoredTicket,
    { ticket, effects }: Extract<ReturnType<typeof decideTicketStep>, { ok: true }>,
    {
      step,
      wish,
      doer,
      joined,
      score = [],
    }: { step: StoredStep; wish?: TicketCommand; doer?: Doer; joined?: PersonRow; score?: readonly string[] },
  ): Promise<Done> {
    const { house } = this
    const { store, ctx, open, files } = house
    const attached = (wish && 'files' in wish && wish.files) || []
    return this.house.store.transact(async () => {
      const due = timerDue(house, effects, { at: ticket.changedAt, before: stored.row.timerDue })
      await store.replace(stored, ticket, { step, timerDue: due })
      if (joined) await store.addPeople(ticket.number, [joined], ticket)
      if (attached.length) {
        const rows = attached.map((file) => ({
          ...file,
          ticket: ticket.number,
          version: ticket.version,
          at: ticket.changedAt,
        }))
        await ctx.database.upsert('space_ticket_file', rows)
      }
      if (step.by.kind === 'helper' && doer && doer !== 'system')
        await store.nameHelper(step.by.id, doer.origin.name)
      const people = joined ? [...stored.people, joined] : stored.people
      const row = { ...stored.row, category: ticket.category, urgency: ticket.urgency, state: ticket.state }
      // Before the news of it, which is to stay.
      if (effects.some(({ kind }) => kind === 'erase-content')) {
        const ids = await store.erase(ticket.number)
        await forget(ctx, ticket.number)
        ctx.bulk.committed(() => void files.remove(ids))
      }
      const told = await carryOut(house, effects, { row, people, files: attached, at: ticket.changedAt })
      if (score.length) await tellScore(house, row, { ticket, score })
      ctx.bulk.committed(() => open.take(row, stored.ticket.reporters[0]))
      return { ticket, told }
    })
  }

  /** What somebody of support has answered last and not taken back. */
  private async lastAnswer(number: number, by: Actor): Promise<GivenTicketAnswer | undefined> {
    if (by.kind !== 'helper') return undefined
    const events = await this.house.store.events([number])
    const gone = new Set(events.flatMap(({ kind, detail }) => (kind === 'retract' ? [detail] : [])))
    return events.findLast(
      ({ kind, by: who, version }) =>
        who === by.id && (kind === 'answer' || kind === 'ask-back') && !gone.has(String(version)),
    )
  }

  /** As whom somebody does it; a refusal when the rules do not let him. */
  private actorOf(stored: StoredTicket, wish: TicketCommand, doer: Doer): Actor | Refused {
    if (doer === 'system') return { kind: 'system' }
    const { origin, viewer } = doer
    const own = ticketPersonKey(origin)
    const asker = { person: own, account: viewer.account }
    const person = stored.people.find((one) => isTicketOwner(one, asker))
    // The chat account of somebody else's report is no reporter's any more.
    const stranger = stored.people.some((one) => one.person === own) ? '' : own
    const may = mayThey(viewer, { kind: 'tickets' })
    const both = people.includes(wish.kind)
    const asHelper =
      (wish.kind === 'resolve' && wish.reason !== solvedByReporter) ||
      (wish.kind === 'change-category' && may.allowed)
    const asReporter = both ? person && !asHelper : !helpers.includes(wish.kind)
    if (asReporter || (both && !may.allowed)) return { kind: 'reporter', id: person?.person ?? stranger }
    if (!may.allowed) return refused(may.code, may.params)
    if (wish.kind === 'erase' && !isStaff(viewer)) return refused('staff-only')
    return { kind: 'helper', id: own }
  }
}
