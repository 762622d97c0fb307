import { alike, incidentOf } from '@space-assistant/core/tickets/likeness'
import type {
  IncidentDecision,
  Like,
  LikenessWords,
  ComparedReport,
} from '@space-assistant/core/tickets/likeness'
import type { TicketRow } from './table'

const most = 3000

/** The reports that are being worked on, for comparing new ones with; in memory, followed through the database. */
export class OpenReports {
  private readonly reports = new Map<number, ComparedReport>()
  /** The first ticket of the incident that a report belongs to. */
  private readonly incidents = new Map<number, number>()

  constructor(private readonly words: () => LikenessWords) {}

  /** Takes over what a row says now. */
  take(
    {
      number,
      state,
      title,
      reportedAt,
      incident = 0,
    }: Pick<TicketRow, 'number' | 'state' | 'title' | 'reportedAt'> & { incident?: number },
    reporter = '',
  ) {
    const live = state === 'open' || state === 'taken' || state === 'waiting'
    const known = this.reports.get(number)
    if (!live || !title) return this.drop(number)
    if (incident) this.incidents.set(number, incident)
    if (known) return
    const [oldest = number] = this.reports.keys()
    if (this.reports.size >= most) this.drop(oldest)
    this.reports.set(number, { number, reporter, text: title, at: reportedAt })
  }

  /** `more` are reports that are being written together with this one. */
  like(report: ComparedReport, more: readonly ComparedReport[] = []): Like[] {
    return alike(report, [...this.reports.values(), ...more], this.words())
  }

  /** Whether a report makes an incident together with others. */
  incident(report: ComparedReport): IncidentDecision {
    return incidentOf(report, { open: [...this.reports.values()], incidents: [] }, this.words())
  }

  /** The first ticket of the raised incident that reports like this one belong to; 0 when there is none. */
  known(report: ComparedReport, likes: readonly Like[], raised: ReadonlyMap<number, Date>): number {
    const found = likes
      .map(({ number }) => this.incidents.get(number))
      .find((first) => first && raised.has(first))
    const raisedAt = found && raised.get(found)
    if (!raisedAt) return 0
    const incidents = [{ numbers: likes.map(({ number }) => number), raisedAt }]
    const open = [...this.reports.values()]
    return incidentOf(report, { open, incidents }, this.words()).kind === 'known' ? found : 0
  }

  joined(numbers: readonly number[], first: number): void {
    for (const number of numbers) if (!this.incidents.has(number)) this.incidents.set(number, first)
  }

  private drop(number: number): void {
    this.reports.delete(number)
    this.incidents.delete(number)
  }
}
