import type { Like, Report } from '@space-assistant/core/tickets/likeness'
import type { House } from './house'
import { post } from './post'
import { headOf } from './texts'

/** Many reports of one trouble: staff hear of it once, later reporters that it is known. */
export class Incidents {
  constructor(private readonly house: House) {}

  /** The incident that open reports like this one belong to. */
  async known(report: Report, likes: readonly Like[]): Promise<number> {
    if (!likes.length) return 0
    const since = new Date(report.at.getTime() - this.house.rules.incident.known * 3_600_000)
    const raised = await this.house.ctx.database.get('space_ticket_incident', { raisedAt: { $gt: since } })
    return this.house.open.known(report, likes, new Map(raised.map((one) => [one.first, one.raisedAt])))
  }

  /** Tells staff when this report makes an incident. */
  async raise(report: Report, likes: readonly Like[]): Promise<number> {
    if (!likes.length) return 0
    const decision = this.house.open.incident(report)
    if (decision.kind !== 'raise') return 0
    const { ctx, say, groups, rules } = this.house
    const [first] = decision.numbers as [number, ...number[]]
    await this.house.store.transact(async () => {
      const fresh = await ctx.bulk.insert('space_ticket_incident', [{ first, raisedAt: report.at }])
      // Somebody has raised it already: only this report is new to it.
      const numbers = fresh ? decision.numbers : [report.number]
      await ctx.database.set('space_ticket', { number: numbers, incident: 0 }, { incident: first })
      ctx.bulk.committed(() => this.house.open.joined(numbers, first))
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
}
