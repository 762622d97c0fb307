import { alike, incidentOf } from '@space-assistant/core/tickets/likeness'
import type {
  Incident,
  IncidentDecision,
  Like,
  LikenessWords,
  Report,
} from '@space-assistant/core/tickets/likeness'
import type { TicketRow } from './table'

const most = 3000

/** The reports that are being worked on, for comparing new ones with; in memory, followed through the database. */
export class OpenReports {
  private readonly reports = new Map<number, Report>()

  constructor(private readonly words: () => LikenessWords) {}

  /** Takes over what a row says now. */
  take(
    { number, state, title, reportedAt }: Pick<TicketRow, 'number' | 'state' | 'title' | 'reportedAt'>,
    reporter = '',
  ) {
    const live = state === 'open' || state === 'taken' || state === 'waiting'
    const known = this.reports.get(number)
    if (!live || !title) return void this.reports.delete(number)
    if (known) return
    if (this.reports.size >= most) this.reports.delete(this.reports.keys().next().value!)
    this.reports.set(number, { number, reporter, text: title, at: reportedAt })
  }

  like(report: Report): Like[] {
    return alike(report, [...this.reports.values()], this.words())
  }

  incident(report: Report, incidents: readonly Incident[]): IncidentDecision {
    return incidentOf(report, { open: [...this.reports.values()], incidents }, this.words())
  }
}
