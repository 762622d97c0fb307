import { formatDate } from '@space-assistant/core/calendar/clock'
import { figure } from '@space-assistant/core/text/figure'
import { formatDay } from '@space-assistant/core/calendar/day'
import { operator } from '@space-assistant/core/access/viewer'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { Ticket } from '@space-assistant/core/tickets/ticket'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-scoreboard'
import type { House } from './house'
import { post } from './post'
import type { PersonRow, TicketRow } from './table'
import { headOf } from './texts'
import type { Translate } from '@space-assistant/core/text/translate'
import type { TicketCommand } from './wish'

const shownIndicators = 12
const shownDifferences = 3

/** What goes with a complaint about a score: where each point comes from, the last import, the platform's own figure. */
export async function scoreLines(ctx: Context, say: Translate, account: string): Promise<string[]> {
  const member = ctx.roster.member(account)
  const { dataUntil, board } = ctx.scoreboard
  if (!member || dataUntil === undefined) return [say('score.no-data')]
  const { from } = ctx.schemes.active.period
  const window = { from, to: dataUntil }
  const lines: string[] = []
  for (const role of member.roles) {
    const explained = ctx.scoreboard.explain(account, { role, window })
    const points = explained.reduce((sum, { points }) => sum + points, 0)
    lines.push(
      say('score.head', { role: say(`role.${role}`), points: figure(points), until: formatDay(dataUntil) }),
    )
    lines.push(...explained.slice(0, shownIndicators).map((one) => explanationLine(say, one)))
    if (explained.length > shownIndicators)
      lines.push(say('score.more', { count: explained.length - shownIndicators }))
  }
  const snapshot = await ctx.scoreboard.snapshot({ kind: 'member', account })
  if (snapshot) {
    const until = { from, to: snapshot.day }
    const points = (indicators?: readonly string[]) =>
      member.roles.reduce(
        (sum, role) =>
          sum + board.points(account, { role, window: until, ...(indicators && { indicators }) }),
        0,
      )
    lines.push(...differenceLines(say, snapshot, points))
  } else lines.push(say('score.no-snapshot'))
  return [...lines, await lastImport(ctx, say)]
}

/** The same for a report that turns out to be one. */
export async function scoreWith(
  { rules, ctx, say }: House,
  { people }: { people: readonly PersonRow[] },
  wish: TicketCommand,
): Promise<string[]> {
  if (wish.kind !== 'change-category') return []
  const attach = rules.categories.find(({ id }) => id === wish.category)?.attach
  const account = people.find(({ position }) => position === 0)?.account
  return attach === 'score' && account ? scoreLines(ctx, say, account) : []
}

/** Hands it to the support group that has the ticket. */
export async function tellScore(
  { ctx, say, rules, groups }: House,
  row: TicketRow,
  { ticket, score }: { ticket: Ticket; score: readonly string[] },
): Promise<void> {
  const target = await groups.find(row.group)
  if (!target) return
  const text = [headOf(say, rules, row), ...score].join('\n')
  await post(ctx, [{ key: `${ticket.number}/${ticket.version}/score`, target, text }])
}

function explanationLine(say: Translate, one: Explanation): string {
  const { kind, indicator, actions, counted, points } = one
  const key = kind === 'streak' ? 'score.streak' : counted < actions ? 'score.capped' : 'score.each'
  const longest = kind === 'streak' ? one.longest : 0
  return say(key, { indicator, actions, counted, longest, points: figure(points) })
}

function differenceLines(
  say: Translate,
  snapshot: { day: number; total: number; indicators: Record<string, number> },
  points: (indicators?: readonly string[]) => number,
): string[] {
  const estimate = points()
  const by = snapshot.total - estimate
  const params = { day: formatDay(snapshot.day), total: figure(snapshot.total), estimate: figure(estimate) }
  if (Math.abs(by) < 0.005) return [say('score.same', params)]
  const parts = Object.entries(snapshot.indicators)
    .map(([indicator, theirs]) => ({ indicator, by: theirs - points([indicator]) }))
    .filter((one) => Math.abs(one.by) >= 0.005)
    .sort((a, b) => Math.abs(b.by) - Math.abs(a.by))
    .slice(0, shownDifferences)
    .map((one) => say('score.part', { indicator: one.indicator, by: signed(one.by) }))
  return [say('score.differs', { ...params, by: signed(by), parts: parts.join(say('and')) })]
}

const signed = (value: number) => (value > 0 ? `+${figure(value)}` : figure(value))

async function lastImport(ctx: Context, say: Translate): Promise<string> {
  const history = await ctx.imports.history(operator, 1)
  const [last] = history.ok ? history.value : []
  if (!last) return say('score.no-import')
  const at = formatDate(last.at)
  return say('score.import', { id: last.id, at, until: last.lastDay || at })
}
