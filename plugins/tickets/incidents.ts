import type { Like, ComparedReport } from '@space-assistant/core/tickets/likeness'
import type { House } from './house'
import { post } from './post'
import { headOf } from './texts'

/** A report that has just been stored, with the open ones that are like it. */
export interface StoredIncident {
  report: ComparedReport
  likes: readonly Like[]
  ticket: { row: { incident: number } }
}

/** Many reports of one trouble: staff hear of it once, later reporters that it is known. */
export class Incidents {
  constructor(private readonly house: House) {}

  /** The incidents that are still known at a time, by their first ticket. */
  async raised(at: Date): Promise<Map<number, Date>> {
    const since = new Date(at.getTime() - this.house.rules.incident.known * 3_600_000)
    const raised = await this.house.ctx.database.get('space_ticket_incident', { raisedAt: { $gt: since } })
    return new Map(raised.map((one) => [one.first, one.raisedAt]))
  }

  /** For each of the reports the incident that it belongs to, raised now where they make one; 0 for none. */
  async meet(stored: readonly StoredIncident[], raised: Map<number, Date>): Promise<number[]> {
    const found: number[] = []
    const late = new Map<number, number[]>()
    for (const { report, likes, ticket } of stored) {
      let first = ticket.row.incident
      if (!first && likes.length) {
        first = this.house.open.known(report, likes, raised)
        if (first) late.set(first, [...(late.get(first) ?? []), report.number])
        else first = await this.raise(report)
        if (first) raised.set(first, report.at)
      }
      found.push(first)
    }
    for (const [first, numbers] of late) await this.belong(numbers, first)
    return found
  }

  /** Tells staff when this report makes an incident. */
  private async raise(report: ComparedReport): Promise<number> {
    const decision = this.house.open.incident(report)
    if (decision.kind !== 'raise') return 0
    const { ctx, say, groups, rules } = this.house
    const [first] = decision.numbers as [number, ...number[]]
    await this.house.store.transact(async () => {
      const fresh = await ctx.bulk.insert('space_ticket_incident', [{ first, raisedAt: report.at }])
      // Somebody has raised it already: only this report is new to it.
      const numbers = fresh ? decision.numbers : [report.number]
      await this.belong(numbers, first)
      if (!fresh) return
      const rows = await this.house.store.rows({ number: decision.numbers.slice(0, 20) })
      const lines = rows.map((row) =>
        say('incident.line', { head: headOf(say, rules, row), title: row.title }),
      )
      const params = {
        count: decision.numbers.length,
        minutes: rules.incident.minutes,
        lines: lines.join('\n'),
      }
      const text = say('incident.raised', params)
      const targets = await groups.staff()
      await post(
        ctx,
        targets.map((target, index) => ({ key: `incident/${first}/${index}`, target, text })),
      )
    })
    return first
  }

  private async belong(numbers: readonly number[], first: number): Promise<void> {
    const { ctx, open } = this.house
    await ctx.database.set('space_ticket', { number: [...numbers], incident: 0 }, { incident: first })
    ctx.bulk.committed(() => open.joined(numbers, first))
  }
}
