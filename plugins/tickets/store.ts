import type { Actor, EventKind } from '@space-assistant/core/tickets/event'
import type { Secret } from '@space-assistant/core/text/number-masking'
import type { Ticket } from '@space-assistant/core/tickets/ticket'
import type { Context, Query } from 'koishi'
import type { BulkRow } from 'koishi-plugin-space-database'
import { ticketColumnsOf, ticketOf } from './rows'
import type { EventRow, FileRow, LikeRow, PersonRow, SecretRow, TicketRow } from './table'
import { present } from '@space-assistant/core/text/present'

/** A ticket with its row and its people. */
export interface StoredTicket {
  ticket: Ticket
  row: TicketRow
  people: PersonRow[]
}

/** What an accepted event adds to the history. */
export interface StoredStep {
  kind: EventKind
  by: Actor
  text: string
  detail: string
  secrets: readonly Secret[]
}

/** A report as it is written. */
export interface NewTicket {
  row: TicketRow
  person: PersonRow
  event: EventRow
  secrets: readonly SecretRow[]
  files: readonly FileRow[]
  likes: readonly LikeRow[]
}

type Condition<T> = T | readonly T[] | null | Partial<Record<'$gt' | '$gte' | '$lt' | '$lte', T>>

/** Which tickets: a condition for each column, `$or` for alternatives. */
export type TicketQuery = { [K in keyof TicketRow]?: Condition<NonNullable<TicketRow[K]>> } & {
  $or?: TicketQuery[]
}

/** The first number that is given out is one more. */
const before = 1000

/** Thrown in a transaction when somebody else was faster: decide anew. */
export class Outdated extends Error {}

/** The tables of tickets. Every verb is part of the transaction in which it is called. */
export class TicketStore {
  constructor(private readonly ctx: Context) {}

  async find(number: number): Promise<StoredTicket | undefined> {
    const [row] = await this.db.get('space_ticket', { number })
    if (!row) return undefined
    const people = await this.db.get('space_ticket_person', { ticket: number })
    return { row, people, ticket: ticketOf(row, people) }
  }

  async all(query: TicketQuery): Promise<StoredTicket[]> {
    const rows = await this.rows(query)
    if (!rows.length) return []
    const people = new Map<number, PersonRow[]>()
    const numbers = rows.map(({ number }) => number)
    for (const one of await this.db.get('space_ticket_person', { ticket: numbers })) {
      people.set(one.ticket, [...(people.get(one.ticket) ?? []), one])
    }
    return rows.map((row) => {
      const own = people.get(row.number) ?? []
      return { row, people: own, ticket: ticketOf(row, own) }
    })
  }

  rows(query: TicketQuery): Promise<TicketRow[]> {
    // The framework's type of a query takes no lists of a union's members.
    return this.db.get('space_ticket', query as Query<TicketRow>, { sort: { number: 'asc' } })
  }

  /** Numbers that nobody has; another process that takes them at the same time makes one of both decide anew. */
  async numbers(count: number, at: Date): Promise<number[]> {
    const { bulk } = this.ctx
    const [found] = await bulk.rows<{ last: number | null }>(
      'SELECT MAX(id) AS last FROM space_ticket_number',
    )
    const ids = Array.from({ length: count }, (_, index) => (found?.last ?? 0) + 1 + index)
    const fresh = await bulk.insert(
      'space_ticket_number',
      ids.map((id) => ({ id, at })),
    )
    if (fresh < count) throw new Outdated()
    return ids.map((id) => before + id)
  }

  /** New tickets, each with its first person, the first step of its history and what belongs to it. */
  async add(tickets: readonly NewTicket[]): Promise<void> {
    const tables: [name: string, rows: BulkRow[]][] = [
      ['space_ticket', tickets.map(({ row }) => ({ ...row }))],
      ['space_ticket_person', tickets.map(({ person }) => ({ ...person }))],
      ['space_ticket_event', tickets.map(({ event }) => ({ ...event }))],
      ['space_ticket_secret', tickets.flatMap(({ secrets }) => secrets.map((row) => ({ ...row })))],
      ['space_ticket_file', tickets.flatMap(({ files }) => files.map((row) => ({ ...row })))],
      ['space_ticket_like', tickets.flatMap(({ likes }) => likes.map((row) => ({ ...row })))],
    ]
    for (const [name, rows] of tables) await this.ctx.bulk.insert(name, rows)
  }

  /** Writes the next version, if nobody has in between. */
  async replace(
    stored: StoredTicket,
    next: Ticket,
    { step, timerDue }: { step: StoredStep; timerDue: Date | null },
  ): Promise<void> {
    const { number, version } = stored.row
    const secrets = stored.row.secrets + step.secrets.length
    // What support hears of is not held any more once somebody has dealt with it.
    const { matched } = await this.db.set(
      'space_ticket',
      { number, version },
      { ...ticketColumnsOf(next), timerDue, secrets },
    )
    if (!matched) throw new Outdated()
    for (const person of stored.people) {
      const stars = next.ratings[person.person] ?? 0
      if (stars === person.stars) continue
      await this.db.set('space_ticket_person', { ticket: number, person: person.person }, { stars })
    }
    await this.history(number, next.version, { ...step, at: next.changedAt, state: next.state })
  }

  /** Makes people of one ticket those of another; who belongs to it already stays as he is. */
  async addPeople(number: number, people: readonly PersonRow[], next: Ticket): Promise<void> {
    const rows = people
      .filter(({ person }) => next.reporters.includes(person))
      .map((one) => ({ ...one, ticket: number, stars: 0, position: next.reporters.indexOf(one.person) }))
    if (rows.length) await this.db.upsert('space_ticket_person', rows)
  }

  events(numbers: readonly number[]): Promise<EventRow[]> {
    if (!numbers.length) return Promise.resolve([])
    return this.db.get(
      'space_ticket_event',
      { ticket: [...numbers] },
      { sort: { ticket: 'asc', version: 'asc' } },
    )
  }

  /** Removes persons, texts and numbers; returns the files to delete. */
  async erase(number: number): Promise<string[]> {
    const files = await this.db.get('space_ticket_file', { ticket: number }, ['id'])
    await this.db.remove('space_ticket_person', { ticket: number })
    await this.db.remove('space_ticket_secret', { ticket: number })
    await this.db.remove('space_ticket_file', { ticket: number })
    await this.db.remove('space_ticket_like', { ticket: number })
    await this.db.set('space_ticket_event', { ticket: number }, { text: '', by: '' })
    await this.db.set('space_ticket', { number }, { title: '', origin: '' })
    return files.map(({ id }) => id)
  }

  async nameHelper(person: string, name: string): Promise<void> {
    await this.db.upsert('space_ticket_helper', [{ person, name: name.slice(0, 64) }])
  }

  /** What support's people are called. */
  async helpers(): Promise<Map<string, string>> {
    const rows = await this.db.get('space_ticket_helper', {})
    return new Map(rows.map(({ person, name }) => [person, name]))
  }

  async helperName(person: string): Promise<string> {
    if (!person) return ''
    const [row] = await this.db.get('space_ticket_helper', { person })
    return row?.name ?? ''
  }

  /** All of it or nothing; it may be run several times. */
  async transact<T>(run: () => Promise<T>): Promise<T> {
    let value: { value: T } | undefined
    await this.db.withTransaction(async () => {
      value = { value: await run() }
    })
    return present(value, 'the result of a transaction').value
  }

  private async history(
    ticket: number,
    version: number,
    { kind, by, text, detail, secrets, at, state }: StoredStep & Pick<EventRow, 'at' | 'state'>,
  ): Promise<void> {
    await this.db.create('space_ticket_event', {
      ...{ ticket, version, kind, byKind: by.kind, by: by.kind === 'system' ? '' : by.id },
      ...{ at, state, text, detail: detail.slice(0, 100) },
    })
    if (!secrets.length) return
    await this.db.upsert(
      'space_ticket_secret',
      secrets.map((secret) => ({ ticket, ...secret })),
    )
  }

  private get db() {
    return this.ctx.database
  }
}
