import { refKey } from '@space-assistant/core/delivery/channel'
import type { ChannelRef } from '@space-assistant/core/delivery/channel'
import { operator } from '@space-assistant/core/access/viewer'
import { dayOf, formatDay, instantOf, weekdayOf } from '@space-assistant/core/calendar/day'
import { overdueDigest } from '@space-assistant/core/tickets/digest'
import type { WaitingTicket } from '@space-assistant/core/tickets/digest'
import { dueBundles } from '@space-assistant/core/tickets/flood'
import { liveStates } from '@space-assistant/core/tickets/ticket'
import type { Acting } from './acting'
import { durationText, figureLines } from './figure-text'
import type { House } from './house'
import { post } from './post'
import type { Parcel } from './post'
import { cardText, headOf } from './texts'
import type { TicketReading } from './reading'
import type { TicketRow } from './table'
import { followTold } from './told'
import { present } from '@space-assistant/core/text/present'

export interface TicketTimes {
  /** Minutes since midnight at which the digest of what waits too long leaves, on working days. */
  digest: readonly number[]
  /** Minutes since midnight on Mondays (or the first working day after) for last week's figures. */
  weekly: number
  /** Days after closing until a ticket's persons, texts and files are erased. */
  retentionDays: number
}

/** A digest that could not leave in this time is out of date. */
const lateMs = 2 * 3_600_000
const bundleMost = 20

/** What happens by itself. Everything has a key, so that doing it twice, or in two processes, does it once. */
export class Clockwork {
  /** What this process has sent: asking the database for it at every tick would only cost. */
  private readonly past = new Set<string>()

  constructor(
    private readonly house: House,
    private readonly parts: { acting: Acting; reading: TicketReading },
    private readonly times: TicketTimes,
  ) {}

  async tick(now: Date): Promise<void> {
    this.house.groups.forget()
    await this.timers(now)
    await followTold(this.house)
    await this.bundles(now)
    await this.digests(now)
    await this.weekly(now)
  }

  private async timers(now: Date): Promise<void> {
    const rows = await this.house.store.rows({ timerDue: { $lte: now } })
    for (const { number, timer, timerSince: since } of rows) {
      const kind = timer === 'warn' ? 'warn' : 'close-by-silence'
      // Somebody else's clock may have rung, or the reporter spoken, meanwhile: then it is refused as stale.
      if (timer) await this.parts.acting.act(number, { kind, since }, 'system', { at: now })
    }
  }

  /** Reports that were held back leave together, none is left out. */
  private async bundles(now: Date): Promise<void> {
    const { store, groups, ctx } = this.house
    const first = await groups.first()
    if (!first) return
    const rows = await store.rows({ heldUntil: { $lte: now } })
    const held = rows.map((row) => ({
      ...{ number: row.number, reporter: '', at: row.reportedAt },
      ...{ due: present(row.heldUntil, 'the end of holding'), support: row.group || first },
    }))
    for (const bundle of dueBundles(held, now)) {
      const target = await groups.find(bundle.support)
      if (!target) continue
      await ctx.database.withTransaction(async () => {
        const freed = await ctx.database.set(
          'space_ticket',
          { number: bundle.numbers, heldUntil: { $lte: now } },
          { heldUntil: null, group: bundle.support },
        )
        if (!freed.matched) return
        const members = bundle.numbers.flatMap((number) => rows.find((row) => row.number === number) ?? [])
        for (let part = 0; part * bundleMost < members.length; part++) {
          const some = members.slice(part * bundleMost, (part + 1) * bundleMost)
          const key = `bundle/${bundle.numbers[0]}-${bundle.numbers.at(-1)}/${bundle.numbers.length}/${part}`
          await post(ctx, [{ key, target, ...(await this.bundle(some, members.length)) }])
        }
      })
    }
  }

  /** A list, or a card where it is one report only. */
  private async bundle(rows: readonly TicketRow[], all: number): Promise<Pick<Parcel, 'text' | 'files'>> {
    const { say, rules, store } = this.house
    const [only] = rows
    if (all === 1 && only) {
      const [stored] = await store.all({ number: only.number })
      const [event] = await store.events([only.number])
      const person = stored?.people.find(({ position }) => position === 0)
      const files = await this.house.ctx.database.get('space_ticket_file', {
        ticket: only.number,
        version: 1,
      })
      const said = { text: event?.text ?? only.title, attached: [], likes: [] }
      const card = { ...said, row: only, person, files: files.length, known: only.incident }
      const shown = files.map(({ id, name, type }) => ({ path: this.house.files.pathOf(id), name, type }))
      return { text: cardText(this.house, card), files: shown }
    }
    const lines = rows.map((row) => say('bundle.line', { head: headOf(say, rules, row), title: row.title }))
    return { text: [say('bundle.head', { count: all }), ...lines, say('bundle.foot')].join('\n') }
  }

  /** One message for each group of what waits too long there, and one for staff of everything. */
  private async digests(now: Date): Promise<void> {
    const { clock, rules, groups, say } = this.house
    const day = dayOf(now)
    if (!clock.calendar.isWorkday(day)) return
    const minute = this.times.digest.find((each) => this.isDue(day, each, now))
    if (minute === undefined || !this.once(`digest ${day} ${minute}`)) return
    const lived = await this.parts.reading.counted(now, now)
    const live = lived.filter(({ ticket }) => (liveStates as readonly string[]).includes(ticket.state))
    const digests = overdueDigest(live, { clock, limits: rules.limits, now })
    const slot = `${formatDay(day)}/${minute}`
    const staff = await groups.staff()
    const all: WaitingTicket[] = digests.flatMap(({ waiting }) => waiting)
    for (const { group, waiting } of digests) {
      const target = await groups.find(group)
      if (!target || staff.some((one) => refKey(one) === refKey(target))) continue
      await this.send(`digest/${slot}`, target, this.digestText(waiting))
    }
    if (!all.length) return
    for (const target of staff)
      await this.send(`digest/${slot}`, target, say('digest.staff', { text: this.digestText(all) }))
  }

  private digestText(waiting: readonly WaitingTicket[]): string {
    const { say, clock } = this.house
    const duration = (minutes: number) => durationText(say, clock, minutes)
    const lines = waiting.slice(0, bundleMost).map((one) =>
      say(`digest.${one.overdue}`, {
        number: one.number,
        waited: duration(one.waited),
        limit: duration(one.limit),
      }),
    )
    const more =
      waiting.length > bundleMost ? [say('digest.more', { count: waiting.length - bundleMost })] : []
    return [say('digest.head', { count: waiting.length }), ...lines, ...more].join('\n')
  }

  /** Last week's figures on the first working day of the week. */
  private async weekly(now: Date): Promise<void> {
    const { clock, groups } = this.house
    const day = dayOf(now)
    const monday = day - weekdayOf(day) + 1
    const before = Array.from({ length: day - monday }, (_, index) => monday + index)
    if (!clock.calendar.isWorkday(day) || before.some((each) => clock.calendar.isWorkday(each))) return
    if (!this.isDue(day, this.times.weekly, now) || !this.once(`weekly ${monday}`)) return
    const figures = await this.parts.reading.figures(
      { from: monday - 7, to: monday - 1 },
      { viewer: operator },
    )
    if (!figures.ok) return
    const text = figureLines(this.house, figures.value, await this.house.store.helpers()).join('\n')
    for (const target of await groups.all()) await this.send(`weekly/${formatDay(monday)}`, target, text)
  }

  /** Erases what is older than it may be, and files that belong to nothing; to be called once in a while. */
  async retain(now: Date): Promise<void> {
    const { store, files, ctx } = this.house
    const before = new Date(now.getTime() - this.times.retentionDays * 86_400_000)
    const over = await store.rows({ state: ['closed', 'merged'], changedAt: { $lt: before } })
    for (const { number } of over)
      await this.parts.acting.act(number, { kind: 'erase' }, 'system', { at: now })
    await files.sweep(async (ids) => {
      const rows = await ctx.database.get('space_ticket_file', { id: ids }, ['id'])
      return new Set(rows.map(({ id }) => id))
    }, now)
  }

  private isDue(day: number, minute: number, now: Date): boolean {
    const late = now.getTime() - instantOf(day, minute).getTime()
    return late >= 0 && late < lateMs
  }

  private once(slot: string): boolean {
    if (this.past.has(slot)) return false
    if (this.past.size > 100) this.past.clear()
    this.past.add(slot)
    return true
  }

  private send(key: string, target: ChannelRef, text: string): Promise<void> {
    return post(this.house.ctx, [{ key: `${key}/${refKey(target)}`.slice(0, 180), target, text }])
  }
}
