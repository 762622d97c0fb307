import { isStaff, isSupport, schoolOfViewer } from '@space-assistant/core/access/viewer'
import type { Viewer } from '@space-assistant/core/access/viewer'
import { proposeCategory, urgencyOf } from '@space-assistant/core/tickets/category'
import { removeControls } from '@space-assistant/core/text/controls'
import { cutMasked, mask } from '@space-assistant/core/text/number-masking'
import type { Origin } from './asker'
import { banParams } from './bans'
import type { TicketBans } from './bans'
import { scoreLines } from './complaint'
import type { KeptFile } from './files'
import type { House } from './house'
import { Intake } from './intake'
import type { Filed } from './intake'
import { done, refused } from '@space-assistant/core/access/outcome'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { hasReportedEnough } from './quota'
import { ticketPersonKey } from './rows'
import type { PersonRow } from './table'

export interface ReportDraft {
  origin: Origin
  viewer: Viewer
  text: string
  files: readonly KeptFile[]
  category?: string
  /** Other lines for support, such as the answer that did not help. */
  attached?: readonly string[]
}

const titleLength = 180
/** The same text of the same person within this time is one report: a double tap, a message sent again. */
const repeatMs = 60_000

/** Takes reports: works out what is said in each and by whom, and has it written. */
export class Filing {
  private readonly intake: Intake

  constructor(
    private readonly house: House,
    private readonly bans: TicketBans,
  ) {
    this.intake = new Intake(house)
  }

  async report(draft: ReportDraft, at: Date): Promise<Outcome<Filed>> {
    const { house } = this
    const { origin, viewer, files, attached = [] } = draft
    const text = removeControls(draft.text).trim()
    if (!text && !files.length) return refused('empty')
    const ban = await this.bans.find(origin, viewer.account, at)
    if (ban) return refused('banned', banParams(ban))
    if (await hasReportedEnough(house, ticketPersonKey(origin), at))
      return refused('too-many-today', { count: house.rules.quota.reports })
    const masked = mask(text)
    const before = files.length ? undefined : await this.repeated(draft, masked.text, at)
    if (before) return done(before)
    const category = draft.category ?? proposeCategory(text, house.rules).category
    const attach = house.rules.categories.find(({ id }) => id === category)?.attach
    const score =
      attach === 'score' && viewer.account ? await scoreLines(house.ctx, house.say, viewer.account) : []
    const filed = await this.intake.take({
      ...{ masked, category, files, at, person: this.personOf(draft) },
      urgency: urgencyOf(text, house.rules),
      title: cutMasked(masked.text.replace(/\s+/g, ' '), titleLength),
      origin: origin.isDirect ? '' : refOf(origin),
      attached: [...attached, ...score],
    })
    return done(filed)
  }

  /** The report of the same person with the same text a moment ago. */
  private async repeated({ origin }: ReportDraft, text: string, at: Date): Promise<Filed | undefined> {
    const { ctx, store, groups } = this.house
    const own = { person: ticketPersonKey(origin), position: 0 }
    const links = await ctx.database.get('space_ticket_person', own, { limit: 3, sort: { ticket: 'desc' } })
    if (!links.length) return undefined
    const since = new Date(at.getTime() - repeatMs)
    const rows = await store.rows({ number: links.map(({ ticket }) => ticket), reportedAt: { $gt: since } })
    const events = await store.events(rows.map(({ number }) => number))
    // What support reads along stands below what was said.
    const same = events.find(
      ({ version, text: said }) => version === 1 && `${said}\n`.startsWith(`${text}\n`),
    )
    const row = rows.find(({ number }) => number === same?.ticket)
    if (!row) return undefined
    const { number, category, urgency, incident, group } = row
    const holder = await groups.holderOf(group)
    return {
      number,
      category,
      urgency,
      likes: [],
      known: incident,
      held: false,
      with: holder,
      repeated: true,
    }
  }

  /** Cards that were sent before this process began count too. */
  remember(since: Date): Promise<void> {
    return this.intake.remember(since)
  }

  /** Whoever reports or joins, as kept with a ticket. */
  personOf({ origin, viewer }: Pick<ReportDraft, 'origin' | 'viewer'>): PersonRow {
    const { account } = viewer
    const member = account === undefined ? undefined : this.house.ctx.roster.member(account)
    return {
      ...{ ticket: 0, person: ticketPersonKey(origin), position: 0, stars: 0, role: roleOf(viewer) },
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
      ...{ account: account ?? '', school: schoolOfViewer(viewer) ?? member?.school ?? '' },
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
