import { decideAccess } from '@space-assistant/core/access/visibility'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { formatDay, dayOf } from '@space-assistant/core/calendar/day'
import type { Asker, Origin } from './asker'
import type { House } from './house'
import { ticketPersonKey } from './rows'
import type { BanRow } from './table'

const dayMs = 86_400_000

/** Who is kept from filing reports, by whom, why and until when. */
export class TicketBans {
  constructor(private readonly house: House) {}

  /** The ban that holds for somebody who wants to file. */
  async find(origin: Origin, account: string | undefined, now: Date): Promise<BanRow | undefined> {
    const person = ticketPersonKey(origin)
    const rows = await this.rows(now)
    return rows.find((row) => row.person === person || (row.account !== '' && row.account === account))
  }

  /** Those that hold now, the newest first. */
  async list(asker: Asker, now: Date): Promise<Outcome<BanRow[]>> {
    const may = decideAccess(asker.viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    return done((await this.rows(now)).sort((a, b) => b.at - a.at))
  }

  /** Keeps whoever reported a ticket from filing for so many days. */
  async ban(
    number: number,
    asker: Asker,
    { days, reason, now }: { days: number; reason: string; now: Date },
  ): Promise<Outcome<BanRow>> {
    const may = decideAccess(asker.viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    if (!reason) return refused('ban-reason', { number })
    const found = await this.house.store.find(number)
    const person = found?.people.find(({ position }) => position === 0)
    if (!person) return refused('no-such-ticket', { number })
    if (person.role === 'staff') return refused('ban-staff', { number })
    const row: BanRow = {
      ...{ person: person.person, at: now.getTime(), account: person.account, ticket: number },
      ...{ name: person.name, by: ticketPersonKey(asker.origin), byName: asker.origin.name.slice(0, 64) },
      ...{ reason: reason.slice(0, 200), until: now.getTime() + days * dayMs, endedAt: 0, endedBy: '' },
    }
    await this.house.ctx.database.upsert('space_ticket_ban', [row])
    this.house.ctx.logger('space-tickets').info('the reporter of #%d may not file for %d days', number, days)
    return done(row)
  }

  /** Ends it. */
  async lift(number: number, asker: Asker, now: Date): Promise<Outcome<number>> {
    const may = decideAccess(asker.viewer, { kind: 'tickets' })
    if (!may.allowed) return refused(may.code, may.params)
    const found = await this.house.store.find(number)
    const person = found?.people.find(({ position }) => position === 0)?.person
    const rows = (await this.rows(now)).filter((row) => row.ticket === number || row.person === person)
    if (!rows.length) return refused('not-banned', { number })
    const end = { endedAt: now.getTime(), endedBy: ticketPersonKey(asker.origin) }
    for (const row of rows) {
      await this.house.ctx.database.set('space_ticket_ban', { person: row.person, at: row.at }, end)
    }
    this.house.ctx.logger('space-tickets').info('the reporter of #%d may file again', number)
    return done(number)
  }

  private rows(now: Date): Promise<BanRow[]> {
    return this.house.ctx.database.get('space_ticket_ban', { endedAt: 0, until: { $gt: now.getTime() } })
  }
}

/** What is filled into the sentences about a ban. */
export function banParams({ ticket, until, reason, byName }: BanRow) {
  return { number: ticket, until: formatDay(dayOf(new Date(until))), reason, by: byName }
}
