import type { Viewer } from '@space-assistant/core/access/viewer'
import { instantOf } from '@space-assistant/core/calendar/day'
import type { Window } from '@space-assistant/core/calendar/day'
import { workClock } from '@space-assistant/core/calendar/working-hours'
import type { CannedAnswer } from '@space-assistant/core/tickets/canned'
import type { TicketRules } from '@space-assistant/core/tickets/rules'
import { liveStates } from '@space-assistant/core/tickets/ticket'
import { h, Service } from 'koishi'
import type { Context } from 'koishi'
import { Acting } from './acting'
import type { Doer, Done, TicketCommand } from './acting'
import { TicketBans } from './bans'
import { Clockwork } from './clockwork'
import { attachedKinds, Files } from './files'
import type { AttachmentLimits, KeptFiles } from './files'
import { Filing } from './filing'
import type { ReportDraft } from './filing'
import { SupportGroups } from './groups'
import type { House } from './house'
import type { Filed } from './intake'
import type { TicketOptions } from './options'
import { OpenReports } from './open'
import type { Outcome } from '@space-assistant/core/access/outcome'
import { done, refused } from '@space-assistant/core/access/outcome'
import { fateOf } from './post'
import type { Fate } from './post'
import { fullFor } from './quota'
import { TicketReading } from './reading'
import type { Asker } from './asker'
import type { Look } from './reading'
import { ticketPersonKey } from './rows'
import { readAnswers, readRules } from './rules-file'
import { TicketStore } from './store'
import { defineTicketTables } from './table'
import type { TicketRow } from './table'
import { sayOf } from './texts'
import { figuresBook } from './workbook'

const rememberHours = 72
const retainMs = 3_600_000
const overlapMs = 60_000

/** Issue reports: taken, worked on by support, answered where they were made. */
export class Tickets extends Service {
  static inject = [
    'database',
    'bulk',
    'conversation',
    'schemes',
    'roster',
    'scoreboard',
    'imports',
    'access',
    'outbox',
  ]

  private house: House
  /** What config/answers.yml says: support's frequent answers. */
  canned: readonly CannedAnswer[]
  private readonly acting: Acting
  private readonly filing: Filing
  readonly bans: TicketBans
  private readonly reading: TicketReading
  private readonly clockwork: Clockwork
  private retainedAt = 0
  private followedAt = Date.now()
  private ticking: Promise<void> | undefined

  constructor(
    ctx: Context,
    private readonly options: TicketOptions,
  ) {
    super(ctx, 'tickets')
    defineTicketTables(ctx)
    const rules = readRules(ctx)
    this.canned = readAnswers(ctx)
    const house: House = {
      ...{ ctx, rules, store: new TicketStore(ctx), groups: new SupportGroups(ctx), say: sayOf(ctx) },
      clock: workClock(rules.hours, ctx.schemes.calendar),
      files: new Files(ctx, options.dir, options.files),
      open: new OpenReports(() => ({
        rules: house.rules,
        indicators: ctx.schemes.active.indicators.map(({ name }) => name),
      })),
      webhook: options.webhook,
    }
    this.house = house
    this.acting = new Acting(house)
    this.bans = new TicketBans(house)
    this.filing = new Filing(house, this.bans)
    this.reading = new TicketReading(house)
    this.clockwork = new Clockwork(house, { acting: this.acting, reading: this.reading }, options.times)
  }

  protected override async start(): Promise<void> {
    await this.ctx.model.prepared()
    const since = new Date(Date.now() - rememberHours * 3_600_000)
    for (const { row, ticket } of await this.house.store.all({
      state: [...liveStates],
      reportedAt: { $gt: since },
    })) {
      this.house.open.take(row, ticket.reporters[0])
    }
    await this.filing.remember(new Date(Date.now() - this.house.rules.flood.minutes * 60_000))
    this.ctx.on('space/schemes-changed', () => this.reload())
    this.ctx.setInterval(() => void this.tick(new Date()), this.options.tickSeconds * 1000)
  }

  /** What config/tickets.yml says. */
  get rules(): TicketRules {
    return this.house.rules
  }

  /** Takes a report from anybody. */
  report(draft: ReportDraft): Promise<Outcome<Filed>> {
    return this.filing.report(draft, new Date())
  }

  /** Does something with a ticket: support's and the reporter's verbs alike. `seen` is the version that was looked at. */
  act(
    number: number,
    wish: TicketCommand,
    doer: Exclude<Doer, 'system'>,
    seen?: number,
  ): Promise<Outcome<Done>> {
    return this.acting.act(number, wish, doer, { at: new Date(), ...(seen !== undefined && { seen }) })
  }

  /** Support merges one ticket into another. */
  merge(source: number, target: number, doer: Exclude<Doer, 'system'>): Promise<Outcome<Done>> {
    return this.acting.merge(source, target, doer, new Date())
  }

  /**
   * The reporter's own ticket becomes part of one that is like it, so that he hears that one's outcome; of an incident
   * anybody may. Other people's tickets cannot be joined by guessing numbers.
   */
  async join(number: number, asker: Asker): Promise<Outcome<Done>> {
    const own = (await this.reading.mine(asker)).map((row) => row.number)
    const likes = own.length
      ? await this.ctx.database.get('space_ticket_like', { ticket: own, other: number })
      : []
    const source = likes.map(({ ticket }) => ticket).find((each) => each !== number)
    if (source !== undefined) {
      const by = { kind: 'helper', id: '' } as const
      return this.acting.mergeAs(by, { source, target: number }, new Date(), ticketPersonKey(asker.origin))
    }
    const [row] = await this.house.store.rows({ number })
    if (!row?.incident) return refused('not-like', { number })
    return this.acting.join(number, this.filing.personOf(asker), new Date())
  }

  look(number: number, asker: Asker): Promise<Outcome<Look>> {
    return this.reading.look(number, asker)
  }

  revealed(number: number, asker: Asker): Promise<Outcome<Look>> {
    return this.reading.revealed(number, asker)
  }

  mine(asker: Asker, closedSince?: Date): Promise<TicketRow[]> {
    return this.reading.mine(asker, closedSince)
  }

  queue(asker: Pick<Asker, 'viewer'> & Partial<Asker>): Promise<Outcome<TicketRow[]>> {
    return this.reading.queue(asker)
  }

  figures(window: Window, asker: { viewer: Viewer }) {
    return this.reading.figures(window, asker)
  }

  /** The figures of a window and its tickets as a spreadsheet. */
  async book(window: Window, asker: { viewer: Viewer }): Promise<Outcome<Uint8Array>> {
    const figures = await this.figures(window, asker)
    if (!figures.ok) return figures
    const span = { $gte: instantOf(window.from), $lt: instantOf(window.to + 1) }
    const rows = await this.house.store.rows({ reportedAt: span })
    return done(
      await figuresBook(this.house, { figures: figures.value, rows, helpers: await this.helpers() }),
    )
  }

  /** What support's people are called. */
  helpers(): Promise<Map<string, string>> {
    return this.house.store.helpers()
  }

  /** Stores what is attached to a message, for a report or an answer. */
  async keep(elements: readonly h[], asker?: Asker): Promise<KeptFiles> {
    const isEmpty = !h.select([...elements], attachedKinds).length
    const full = isEmpty || !asker ? undefined : await fullFor(this.house, asker, new Date())
    return full ? { kept: [], refused: [full] } : this.house.files.keep(elements)
  }

  get limits(): AttachmentLimits {
    return this.options.files
  }

  pathOf(id: string): string {
    return this.house.files.pathOf(id)
  }

  /** Whether what reporters were told has arrived. */
  fate(told: readonly string[]): Promise<Fate> {
    return fateOf(this.ctx, told)
  }

  /** The message that a ticket was made from is gone. */
  async withdrawn(messageId: string, place: { platform: string; selfId: string }): Promise<void> {
    if (!messageId) return
    const { platform, selfId } = place
    const rows = await this.ctx.database.get('space_ticket_person', {
      messageId,
      platform,
      selfId,
      position: 0,
    })
    for (const { ticket } of rows) {
      await this.acting.act(ticket, { kind: 'original-gone' }, 'system', { at: new Date() })
    }
  }

  get frame(): Pick<House, 'clock' | 'rules' | 'ctx'> {
    return this.house
  }

  get groups(): SupportGroups {
    return this.house.groups
  }

  /** Does what is due: closing clocks, bundles, digests, weekly figures, retention. */
  async tick(now: Date): Promise<void> {
    this.ticking ??= this.tickOnce(now).finally(() => (this.ticking = undefined))
    return this.ticking
  }

  private async tickOnce(now: Date): Promise<void> {
    try {
      await this.follow()
      await this.clockwork.tick(now)
      if (Math.abs(now.getTime() - this.retainedAt) < retainMs) return
      this.retainedAt = now.getTime()
      await this.clockwork.retain(now)
    } catch (error) {
      this.ctx.logger('space-tickets').warn('tick failed: %s', (error as Error).message)
    }
  }

  /** What other processes on the same database have taken since. */
  private async follow(): Promise<void> {
    const since = new Date(this.followedAt - overlapMs)
    this.followedAt = Date.now()
    for (const { row, ticket } of await this.house.store.all({ changedAt: { $gt: since } })) {
      this.house.open.take(row, ticket.reporters[0])
    }
  }

  private reload(): void {
    const rules = readRules(this.ctx)
    this.canned = readAnswers(this.ctx)
    this.house.rules = rules
    this.house.clock = workClock(rules.hours, this.ctx.schemes.calendar)
  }
}
