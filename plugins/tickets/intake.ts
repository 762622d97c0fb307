import { setImmediate } from 'node:timers/promises'
import { admit } from '@space-assistant/core/tickets/flood'
import type { Arrival } from '@space-assistant/core/tickets/flood'
import { decideTicketStep } from '@space-assistant/core/tickets/life'
import type { Like, ComparedReport } from '@space-assistant/core/tickets/likeness'
import type { Masked } from '@space-assistant/core/text/number-masking'
import { lifePolicy } from '@space-assistant/core/tickets/rules'
import type { Urgency } from '@space-assistant/core/tickets/ticket'
import type { KeptFile } from './files'
import type { House } from './house'
import { Incidents } from './incidents'
import { tellStaffOfNobody } from './nobody'
import { post } from './post'
import type { Parcel } from './post'
import { ticketColumnsOf } from './rows'
import { Outdated } from './store'
import type { NewTicket } from './store'
import type { PersonRow } from './table'
import { cardText } from './texts'
import { present } from '@space-assistant/core/text/present'

/** A report that is ready to be written. */
export interface IntakeEntry {
  person: PersonRow
  masked: Masked
  title: string
  category: string
  urgency: Urgency
  files: readonly KeptFile[]
  /** Other lines for support. */
  attached: readonly string[]
  /** Key of the group that it was said in; '' for a private chat. */
  origin: string
  at: Date
}

export interface Filed {
  number: number
  category: string
  urgency: Urgency
  /** Open reports like it. */
  likes: readonly Like[]
  /** The first ticket of an incident that it belongs to. */
  known: number
  /** Support hears of it together with others. */
  held: boolean
  /** Whose group has it; nobody's while there is none: it is handed over as soon as there is. */
  with: 'support' | 'staff' | 'nobody'
  /** The same has been reported a moment ago: this is that report. */
  repeated?: boolean
}

/** What becomes of an entry; nothing of it is remembered before it is stored. */
interface Plan {
  entry: IntakeEntry
  ticket: NewTicket
  report: ComparedReport
  likes: readonly Like[]
  arrival: Arrival
  held: boolean
}

interface Waiting {
  entry: IntakeEntry
  resolve: (filed: Filed) => void
  reject: (error: unknown) => void
}

const most = 200
const attempts = 20
const shownLikes = 5

/**
 * Writes reports. Those that come in while earlier ones are being written are written together: under load one
 * transaction takes many, without load nobody waits.
 */
export class Intake {
  private queue: Waiting[] = []
  private running = false
  /** Reports that got a card of their own lately. */
  private arrivals: Arrival[] = []
  private readonly incidents: Incidents

  constructor(private readonly house: House) {
    this.incidents = new Incidents(house)
  }

  take(entry: IntakeEntry): Promise<Filed> {
    return new Promise((resolve, reject) => {
      this.queue.push({ entry, resolve, reject })
      if (!this.running) void this.run()
    })
  }

  /** Cards that were sent before this process began count too. */
  async remember(since: Date): Promise<void> {
    for (const { row, ticket } of await this.house.store.all({
      reportedAt: { $gt: since },
      heldUntil: null,
    })) {
      const { number, origin, reportedAt: at } = row
      this.arrivals.push({
        number,
        reporter: ticket.reporters[0] ?? '',
        at,
        ...(origin && { group: origin }),
      })
    }
  }

  private async run(): Promise<void> {
    this.running = true
    // Whoever reports in the same turn comes along.
    await setImmediate()
    for (; this.queue.length; await setImmediate()) await this.settle(this.queue.splice(0, most))
    this.running = false
  }

  /** What keeps one report from being written must not keep the others: then each is tried alone. */
  private async settle(waiting: readonly Waiting[]): Promise<void> {
    try {
      const filed = await this.write(waiting.map(({ entry }) => entry))
      waiting.forEach(({ resolve }, index) => resolve(present(filed[index], 'a filed report')))
    } catch (error) {
      if (waiting.length > 1) for (const one of waiting) await this.settle([one])
      else for (const { reject } of waiting) reject(error)
    }
  }

  private async write(entries: readonly IntakeEntry[], attempt = 1): Promise<Filed[]> {
    const { store, groups, open } = this.house
    const { at } = present(entries[0], 'report')
    const group = await groups.first()
    const raised = await this.incidents.raised(at)
    let plans: Plan[]
    try {
      plans = await store.transact(async () => {
        const numbers = await store.numbers(entries.length, at)
        const planned = this.plan(entries, { numbers, group, raised })
        await store.add(planned.map(({ ticket }) => ticket))
        const parcels = await Promise.all(planned.map((plan) => this.parcelsOf(plan)))
        await post(this.house.ctx, parcels.flat())
        return planned
      })
    } catch (error) {
      if (error instanceof Outdated && attempt < attempts) return this.write(entries, attempt + 1)
      throw error
    }
    for (const { ticket, arrival, held } of plans) {
      open.take(ticket.row, ticket.person.person)
      if (!held) this.arrivals.push(arrival)
    }
    const incidents = await this.incidents.meet(plans, raised)
    const holder = await groups.holderOf(group)
    if (holder === 'nobody') await tellStaffOfNobody(this.house, plans[0]?.ticket.row.number ?? 0, at)
    return plans.map(({ entry: { category, urgency }, ticket, likes, held }, index) => ({
      ...{ number: ticket.row.number, category, urgency, likes },
      ...{ known: incidents[index] ?? 0, held: held && group !== '', with: holder },
    }))
  }

  /** In order: a report is compared with those before it, and counted with their cards. */
  private plan(
    entries: readonly IntakeEntry[],
    {
      numbers,
      group,
      raised,
    }: { numbers: readonly number[]; group: string; raised: ReadonlyMap<number, Date> },
  ): Plan[] {
    const { house } = this
    const { flood } = house.rules
    const since = present(entries[0], 'report').at.getTime() - flood.minutes * 60_000
    this.arrivals = this.arrivals.filter(({ at }) => at.getTime() > since)
    const before: ComparedReport[] = []
    const cards = [...this.arrivals]
    return entries.map((entry, index) => {
      const { person, title, at, origin } = entry
      const number = present(numbers[index], 'the number of a report')
      const report = { number, reporter: person.person, text: title, at }
      const likes = title ? house.open.like(report, before) : []
      const arrival = { number, reporter: person.person, at, ...(origin && { group: origin }) }
      const admission = admit(arrival, cards, flood)
      const held = admission.kind === 'bundle' || !group
      if (admission.kind === 'card') cards.push(arrival)
      before.push(report)
      const ticket = ticketOf(house, entry, {
        ...{ number, group, likes, incident: house.open.known(report, likes, raised) },
        heldUntil: admission.kind === 'bundle' ? admission.due : group ? null : at,
      })
      return { entry, ticket, report, likes, arrival, held }
    })
  }

  /** The card for support, and its copy for the group's robot. */
  private async parcelsOf({ entry, ticket, likes, held }: Plan): Promise<Parcel[]> {
    if (held) return []
    const { house } = this
    const { row, person } = ticket
    const target = await house.groups.find(row.group)
    const text = cardText(house, {
      ...{ row, person, text: entry.masked.text, files: entry.files.length },
      ...{ likes, attached: entry.attached, known: row.incident },
    })
    const files = entry.files.map(({ id, name, type }) => ({ path: house.files.pathOf(id), name, type }))
    const parcels: Parcel[] = target ? [{ key: `${row.number}/1/0`, target, text, files }] : []
    const { bots } = house.ctx
    const robot = bots.find((bot) => bot.platform === 'wecom-webhook' && bot.selfId === house.webhook)
    if (robot) {
      const to = { platform: 'wecom-webhook', selfId: house.webhook, channelId: house.webhook }
      parcels.push({ key: `${row.number}/1/robot`, target: to, text })
    }
    return parcels
  }
}

function ticketOf(
  { rules }: House,
  { person, masked, title, category, urgency, files, attached, origin, at }: IntakeEntry,
  {
    number,
    group,
    likes,
    incident,
    heldUntil,
  }: { number: number; group: string; likes: readonly Like[]; incident: number; heldUntil: Date | null },
): NewTicket {
  const by = { kind: 'reporter', id: person.person } as const
  const message = { text: masked.text, attachments: files.map(({ id }) => id) }
  const event = { kind: 'report', number, category, urgency, group, at, by, message } as const
  const decision = decideTicketStep(undefined, event, lifePolicy(rules))
  if (!decision.ok) throw new Error(`a new report was refused: ${decision.code}`)
  const { state, version } = decision.ticket
  return {
    row: {
      ...ticketColumnsOf(decision.ticket),
      ...{ number, timerDue: null, school: person.school, title, secrets: masked.secrets.length },
      ...{ origin, incident, heldUntil },
    },
    person: { ...person, ticket: number },
    event: {
      ...{ ticket: number, version, kind: 'report', byKind: by.kind, by: by.id, at, state },
      ...{ text: [masked.text, ...attached].join('\n'), detail: category },
    },
    secrets: masked.secrets.map((secret) => ({ ticket: number, ...secret })),
    files: files.map((file) => ({ ...file, ticket: number, version, at })),
    likes: likes
      .slice(0, shownLikes)
      .map((like) => ({ ticket: number, other: like.number, percent: Math.round(like.score * 100) })),
  }
}
