import { decideAccess as mayThey } from '@space-assistant/core/access/visibility'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { figuresOf } from '@space-assistant/core/tickets/figures'
import type { TicketCounts, WeeklyFigures } from '@space-assistant/core/tickets/figures'
import type { Window } from '@space-assistant/core/calendar/day'
import { instantOf } from '@space-assistant/core/calendar/day'
import { reveal } from '@space-assistant/core/text/number-masking'
import { isTicketOwner } from '@space-assistant/core/tickets/owner'
import { liveStates } from '@space-assistant/core/tickets/ticket'
import type { Asker } from './asker'
import type { House } from './house'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { ticketPersonKey } from './rows'
import type { StoredTicket } from './store'
import type { EventRow, FileRow, LikeRow, PersonRow, TicketRow } from './table'
import { toldStatesOf } from './told'
import type { ToldState } from './told'

/** A ticket with its history. */
export interface Look extends StoredTicket {
  events: EventRow[]
  files: FileRow[]
  likes: LikeRow[]
  helper: string
  /** How each answer stands with the reporter, by the version that gave it; for support and staff. */
  told: ReadonlyMap<number, ToldState>
  /** Whether the viewer is one of its reporters. */
  own: boolean
  /** Whether the viewer has everything: the one who reported it first, support and staff. Who joined has the outcome only. */
  whole: boolean
}

/** What can be asked about tickets, and by whom. */
export class TicketReading {
  constructor(private readonly house: House) {}

  /** A ticket for its reporters, support and staff; to anybody else there is none of that number. */
  async look(number: number, { origin, viewer }: Asker): Promise<Outcome<Look>> {
    const stored = await this.house.store.find(number)
    const missing = refused('no-such-ticket', { number })
    if (!stored) return missing
    const asker = { person: ticketPersonKey(origin), account: viewer.account }
    const self = (person: PersonRow) => isTicketOwner(person, asker)
    const own = stored.people.some(self)
    const may = mayThey(viewer, { kind: 'tickets' }).allowed
    if (!own && !may) return missing
    const whole = may || stored.people.some((person) => person.position === 0 && self(person))
    if (!whole) return done(outcomeOnly(stored, self))
    const { database } = this.house.ctx
    const [events, files, likes, helper, told] = await Promise.all([
      this.house.store.events([number]),
      database.get('space_ticket_file', { ticket: number }, { sort: { version: 'asc' } }),
      database.get('space_ticket_like', { ticket: number }, { sort: { percent: 'desc' } }),
      this.house.store.helperName(stored.row.helper),
      may ? toldStatesOf(this.house.ctx, number) : new Map<number, ToldState>(),
    ])
    const look = { ...stored, events, files, likes, helper, told, own, whole }
    return done(may ? look : withoutNotes(look))
  }

  /** The speaker's own tickets that are not over, newest first; with the closed ones of the last days when asked. */
  async mine({ origin, viewer }: Asker, closedSince?: Date): Promise<TicketRow[]> {
    const { database } = this.house.ctx
    const mine = [
      { person: ticketPersonKey(origin), account: '' },
      ...(viewer.account ? [{ account: viewer.account }] : []),
    ]
    const links = await database.get('space_ticket_person', { $or: mine }, ['ticket', 'position'])
    if (!links.length) return []
    const reported = new Set(links.filter(({ position }) => position === 0).map(({ ticket }) => ticket))
    const rows = await this.house.store.rows({ number: links.map(({ ticket }) => ticket) })
    return rows
      .filter(({ state, closedAt }) => {
        if (state === 'closed')
          return closedSince !== undefined && closedAt !== null && closedAt >= closedSince
        return state !== 'merged' && state !== 'erased'
      })
      .map((row) => (reported.has(row.number) ? row : { ...row, title: '' }))
      .reverse()
  }

  /** Everything that support still has to do, oldest first. */
  async queue({ viewer }: Pick<Asker, 'viewer'>): Promise<Outcome<TicketRow[]>> {
    const may = mayThey(viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    return done(await this.house.store.rows({ state: [...liveStates] }))
  }

  /** The history with every number as it was typed, for support and for whoever reported it, in private. */
  async revealed(number: number, asker: Asker): Promise<Outcome<Look>> {
    if (asker.viewer.place.kind !== 'private') return refused('private-only')
    const found = await this.look(number, asker)
    if (!found.ok) return found
    if (!found.value.whole) return found
    const secrets = await this.house.ctx.database.get('space_ticket_secret', { ticket: number })
    const events = found.value.events.map((event) => ({ ...event, text: reveal(event.text, secrets) }))
    return done({ ...found.value, events })
  }

  /** The figures of a window, for support and staff. */
  async figures(window: Window, { viewer }: { viewer: Viewer }): Promise<Outcome<WeeklyFigures>> {
    const may = mayThey(viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    const counted = await this.counted(instantOf(window.from, 0), instantOf(window.to + 1, 0))
    return done(figuresOf(counted, window, this.house.clock))
  }

  /** Tickets that lived in a span of time, with the states they went through. */
  async counted(from: Date, to: Date): Promise<TicketCounts[]> {
    const stored = await this.house.store.all({
      reportedAt: { $lt: to },
      $or: [{ changedAt: { $gte: from } }, { state: [...liveStates] }],
    })
    const events = new Map<number, EventRow[]>()
    for (const event of await this.house.store.events(stored.map(({ row }) => row.number))) {
      events.set(event.ticket, [...(events.get(event.ticket) ?? []), event])
    }
    return stored.map(({ ticket, row }) => ({
      ticket,
      steps: stepsOf(events.get(row.number) ?? []),
      ...(row.school && { school: row.school }),
    }))
  }
}

/** What support's people say to each other is theirs, and so is an answer that they have taken back. */
function withoutNotes(look: Look): Look {
  const notes = new Set(
    look.events.flatMap(({ kind, version, detail }) =>
      kind === 'note' ? [version] : kind === 'retract' ? [Number(detail)] : [],
    ),
  )
  return {
    ...look,
    events: look.events.filter(({ version }) => !notes.has(version)),
    files: look.files.filter(({ version }) => !notes.has(version)),
  }
}

/** What somebody who has only joined may know: number, state and outcome, nothing that the first reporter has said. */
function outcomeOnly(stored: StoredTicket, self: (person: PersonRow) => boolean): Look {
  const row = { ...stored.row, title: '', origin: '' }
  const people = stored.people.filter(self)
  const nothing = { events: [], files: [], likes: [], helper: '', told: new Map<number, ToldState>() }
  return { ...stored, row, people, ...nothing, own: true, whole: false }
}

/** The states that a ticket entered; an event that leaves the state as it was is no step. */
export function stepsOf(events: readonly EventRow[]) {
  return events.flatMap(({ state, at }, index) => (events[index - 1]?.state === state ? [] : [{ state, at }]))
}
