import { formatDay, dayOf } from '@space-assistant/core/calendar/day'
import { maskName } from '@space-assistant/core/access/masking'
import { banParams } from '../bans'
import { readTicketNumber, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'
import words from '../words.json'

const usualDays = 7
const mostDays = 365
const mostShown = 20

/** Support's frequent answers. */
export function cannedList({ ctx, say }: TicketDialogue): string {
  const { canned } = ctx.tickets
  if (!canned.length) return say('canned.none')
  const lines = canned.map(({ name, text }, index) => say('canned.line', { number: index + 1, name, text }))
  return [say('canned.head'), ...lines].join('\n')
}

/** Keeps whoever reported something from filing, for days and with a reason; without a number the list of those who are. */
export async function ban(talk: TicketDialogue, text: string): Promise<string> {
  const { ctx, asker, say } = talk
  const { number, rest } = await readTicketNumber(talk, text)
  const now = new Date()
  if (number === undefined) return bans(talk, now)
  const [, given = '', reason = ''] = banned.exec(rest.normalize('NFKC')) ?? []
  const days = Math.min(mostDays, Math.max(1, Number(given) || usualDays))
  const outcome = await ctx.tickets.bans.ban(number, asker, { days, reason: reason.trim(), now })
  return outcome.ok ? say('banned', banParams(outcome.value)) : ticketRefusal(talk, outcome)
}

/** Days, if they are said, and the reason. */
const banned = new RegExp(`^(?:(\\d{1,3})\\s*(?:${words.days.join('|')}))?\\s*(.*)$`, 'su')

async function bans(talk: TicketDialogue, now: Date): Promise<string> {
  const { ctx, asker, say } = talk
  const outcome = await ctx.tickets.bans.list(asker, now)
  if (!outcome.ok) return ticketRefusal(talk, outcome)
  const rows = outcome.value
  if (!rows.length) return say('bans.none')
  const lines = rows.slice(0, mostShown).map((row) => {
    const until = formatDay(dayOf(new Date(row.until)))
    return say('bans.line', { ...banParams(row), who: maskName(row.name), until })
  })
  return [say('bans.head', { count: rows.length }), ...lines].join('\n')
}

export async function unban(talk: TicketDialogue, text: string): Promise<string> {
  const { ctx, asker, say } = talk
  const { number } = await readTicketNumber(talk, text)
  if (number === undefined) return say('which-number')
  const outcome = await ctx.tickets.bans.lift(number, asker, new Date())
  return outcome.ok ? say('unbanned', { number: outcome.value }) : ticketRefusal(talk, outcome)
}
