import { isStaff, isSupport, schoolOf } from '@space-assistant/core/identity/viewer'
import type { Viewer } from '@space-assistant/core/identity/viewer'
import { proposeCategory, urgencyOf } from '@space-assistant/core/tickets/category'
import { admit } from '@space-assistant/core/tickets/flood'
import type { Arrival } from '@space-assistant/core/tickets/flood'
import { decide } from '@space-assistant/core/tickets/life'
import type { Like } from '@space-assistant/core/tickets/likeness'
import { mask } from '@space-assistant/core/tickets/masking'
import { lifePolicy } from '@space-assistant/core/tickets/rules'
import type { Urgency } from '@space-assistant/core/tickets/ticket'
import type {} from 'koishi-plugin-space-sqlite'
import { scoreLines } from './complaint'
import type { KeptFile } from './files'
import type { House } from './house'
import { Incidents } from './incidents'
import { done, refused } from './outcome'
import type { Outcome } from './outcome'
import { post } from './post'
import type { Parcel } from './post'
import { columnsOf, personKey } from './rows'
import { cardText } from './texts'
import type { PersonRow, TicketRow } from './table'

/** Who speaks, where, and by which message. */
export interface Origin {
  platform: string
  selfId: string
  userId: string
  channelId: string
  isDirect: boolean
  messageId: string
  name: string
}

export interface Draft {
  origin: Origin
  viewer: Viewer
  text: string
  files: readonly KeptFile[]
  category?: string
  /** Other lines for support, such as the answer that did not help. */
  attached?: readonly string[]
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
}

const titleLength = 180

/** Takes reports. */
export class Filing {
  private readonly arrivals: Arrival[] = []

  private readonly incidents: Incidents

  constructor(private readonly house: House) {
    this.incidents = new Incidents(house)
  }

  async report(draft: Draft, at: Date): Promise<Outcome<Filed>> {
    const { house } = this
    const { origin, viewer, files } = draft
    const text = draft.text.trim()
    if (!text && !files.length) return refused('empty')
    const masked = mask(text)
    const category = draft.category ?? proposeCategory(text, house.rules).category
    const urgency = urgencyOf(text, house.rules)
    const person = this.personOf(draft)
    const title = Array.from(masked.text.replace(/\s+/g, ' ')).slice(0, titleLength).join('')
    const report = { number: 0, reporter: person.person, text: title, at }
    const likes = title ? house.open.like(report) : []
    const known = await this.incidents.known(report, likes)
    const attach = house.rules.categories.find(({ id }) => id === category)?.attach
    const score =
      attach === 'score' && viewer.account ? await scoreLines(house.ctx, house.say, viewer.account) : []
    const group = await house.groups.first()
    const filed = await this.house.store.transact(async () => {
      const number = await house.store.number(at)
      const arrival = {
        number,
        reporter: person.person,
        at,
        ...(!origin.isDirect && { group: refOf(origin) }),
      }
      const admission = this.admit(arrival)
      const held = admission.kind === 'bundle' || !group
      const decision = decide(
        undefined,
        {
          ...{
            kind: 'report',
            number,
            category,
            urgency,
            group,
            at,
            by: { kind: 'reporter', id: person.person },
          },
          message: { text: masked.text, attachments: files.map(({ id }) => id) },
        },
        lifePolicy(house.rules),
      )
      if (!decision.ok) throw new Error(`a new report was refused: ${decision.code}`)
      const row: TicketRow = {
        ...columnsOf(decision.ticket),
        ...{ number, timerDue: null, school: person.school, title, secrets: masked.secrets.length },
        ...{ origin: origin.isDirect ? '' : refOf(origin), incident: known },
        heldUntil: held ? (admission.kind === 'bundle' ? admission.due : at) : null,
      }
      const step = {
        kind: 'report' as const,
        by: { kind: 'reporter' as const, id: person.person },
        detail: category,
      }
      const said = [masked.text, ...(draft.attached ?? []), ...score].join('\n')
      await house.store.add(
        row,
        { ...person, ticket: number },
        { ...step, text: said, secrets: masked.secrets },
      )
      await this.keepRest(number, files, likes, at)
      const attached = [...(draft.attached ?? []), ...score]
      const card = { row, person, text: masked.text, files: files.length, likes, attached, known }
      if (!held) await this.send(row, cardText(house, card), files)
      house.ctx.bulk.committed(() => house.open.take(row, person.person))
      return { number, held: admission.kind === 'bundle' }
    })
    const incident = known || (await this.incidents.raise({ ...report, number: filed.number }, likes))
    return done({ ...filed, category, urgency, likes, known: incident })
  }

  /** Cards that were sent before this process began count too. */
  async remember(since: Date): Promise<void> {
    const rows = await this.house.store.rows({ reportedAt: { $gt: since }, heldUntil: null })
    const numbers = rows.map(({ number }) => number)
    const people = numbers.length
      ? await this.house.ctx.database.get('space_ticket_person', { ticket: numbers, position: 0 })
      : []
    for (const { number, origin, reportedAt: at } of rows) {
      const reporter = people.find(({ ticket }) => ticket === number)?.person ?? ''
      this.arrivals.push({ number, reporter, at, ...(origin && { group: origin }) })
    }
  }

  private admit(arrival: Arrival) {
    const { flood } = this.house.rules
    const since = arrival.at.getTime() - flood.minutes * 60_000
    while (this.arrivals[0] && this.arrivals[0].at.getTime() <= since) this.arrivals.shift()
    // A transaction that is tried again is the same arrival.
    const admission = admit(arrival, this.arrivals, flood)
    if (admission.kind === 'card') this.arrivals.push(arrival)
    return admission
  }

  private async send(row: TicketRow, text: string, files: readonly KeptFile[]): Promise<void> {
    const { house } = this
    const target = await house.groups.find(row.group)
    const shown = files.map(({ id, name, type }) => ({ path: house.files.pathOf(id), name, type }))
    const parcels: Parcel[] = target ? [{ key: `${row.number}/1/0`, target, text, files: shown }] : []
    const robot = house.ctx.bots.find(
      (bot) => bot.platform === 'wecom-webhook' && bot.selfId === house.webhook,
    )
    if (robot) {
      const to = { platform: 'wecom-webhook', selfId: house.webhook, channelId: house.webhook }
      parcels.push({ key: `${row.number}/1/robot`, target: to, text })
    }
    await post(house.ctx, parcels)
  }

  private async keepRest(number: number, files: readonly KeptFile[], likes: readonly Like[], at: Date) {
    const { database, bulk } = this.house.ctx
    if (files.length) {
      await database.upsert(
        'space_ticket_file',
        files.map((file) => ({ ...file, ticket: number, version: 1, at })),
      )
    }
    if (!likes.length) return
    const rows = likes
      .slice(0, 5)
      .map((like) => ({ ...{ ticket: number, other: like.number }, percent: Math.round(like.score * 100) }))
    await bulk.insert('space_ticket_like', rows)
  }

  /** Whoever reports or joins, as kept with a ticket. */
  personOf({ origin, viewer }: Pick<Draft, 'origin' | 'viewer'>): PersonRow {
    const { account } = viewer
    const member = account === undefined ? undefined : this.house.ctx.roster.member(account)
    return {
      ...{ ticket: 0, person: personKey(origin), position: 0, stars: 0, role: roleOf(viewer) },
      ...{
        platform: origin.platform,
        selfId: origin.selfId,
        userId: origin.userId,
        channelId: origin.channelId,
      },
      ...{
        isDirect: origin.isDirect,
        messageId: origin.messageId.slice(0, 128),
        name: origin.name.slice(0, 64),
      },
      ...{ account: account ?? '', school: schoolOf(viewer) ?? member?.school ?? '' },
    }
  }
}

const refOf = ({ platform, selfId, channelId }: Origin) => `${platform}:${selfId}:${channelId}`

/** As whom somebody reports; '' for somebody who is not bound. */
function roleOf(viewer: Viewer): string {
  const has = (kind: string) => viewer.grants.some((grant) => grant.kind === kind)
  if (has('administrator')) return 'administrator'
  if (viewer.account !== undefined) return 'teacher'
  if (isStaff(viewer) || isSupport(viewer)) return 'staff'
  return has('town') ? 'town' : ''
}
