import { formatDay } from '@space-assistant/core/scheme/calendar'
import { operator } from '@space-assistant/core/identity/viewer'
import type { Explanation } from '@space-assistant/core/scoring/explain'
import type { Context } from 'koishi'
import type {} from 'koishi-plugin-space-imports'
import type {} from 'koishi-plugin-space-scoreboard'
import type { Say } from './texts'

const shownIndicators = 12
const shownDifferences = 3
const figure = (value: number) => String(Math.round(value * 100) / 100)

/** What goes with a complaint about a score: where each point comes from, the last import, the platform's own figure. */
export async function scoreLines(ctx: Context, say: Say, account: string): Promise<string[]> {
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

function explanationLine(say: Say, one: Explanation): string {
  const { kind, indicator, actions, counted, points } = one
  const key = kind === 'streak' ? 'score.streak' : counted < actions ? 'score.capped' : 'score.each'
  const longest = kind === 'streak' ? one.longest : 0
  return say(key, { indicator, actions, counted, longest, points: figure(points) })
}

function differenceLines(
  say: Say,
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

async function lastImport(ctx: Context, say: Say): Promise<string> {
  const history = await ctx.imports.history(operator, 1)
  const [last] = history.ok ? history.value : []
  if (!last) return say('score.no-import')
  const at = last.at.toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
  return say('score.import', { id: last.id, at, until: last.lastDay || at })
}
