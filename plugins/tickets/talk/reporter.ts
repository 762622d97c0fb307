import { solvedByReporter } from '@space-assistant/core/tickets/ticket'
import type { Fragment } from 'koishi'
import type { TicketCommand } from '../acting'
import { history } from './documents'
import { attachments, delivered, isDesk, readTicketNumber, ticketRefusal } from './talk'
import type { TicketDialogue } from './talk'
import { askToErase } from './erase'
import { lookText, rowLine } from './look-text'
import words from '../words.json'

const shown = 10
const recentMs = 30 * 86_400_000

/** The progress command: own open tickets, or one of them; a word behind the number exports or deletes it. */
export async function progress(talk: TicketDialogue, text: string): Promise<Fragment> {
  const { ctx, asker, say } = talk
  const { number, rest } = await readTicketNumber(talk, text.trim())
  if (number === undefined) {
    const rows = await ctx.tickets.mine(asker)
    if (!rows.length) return say('mine.none')
    const more = rows.length > shown ? [say('mine.more', { count: rows.length - shown })] : []
    return [
      say('mine.head', { count: rows.length }),
      ...rows.slice(0, shown).map((row) => rowLine(talk, row)),
      ...more,
    ].join('\n')
  }
  if (words.export.includes(rest)) return history(talk, number)
  const found = await ctx.tickets.look(number, asker)
  if (!found.ok) return ticketRefusal(talk, found)
  if (words.erase.includes(rest)) return askToErase(talk, number)
  // In a group everybody reads along: the history is for the reporter's own chat and for support's places.
  const open = found.value.own || isDesk(talk)
  return open
    ? lookText(talk, found.value)
    : ticketRefusal(talk, { ok: false, code: 'private-only', params: {} })
}

/** Own tickets that can be meant without a number: one only, or the one that support has asked about. */
export async function meantNumber(
  talk: TicketDialogue,
  fits: (state: string) => boolean,
): Promise<number | undefined> {
  const rows = await talk.ctx.tickets.mine(talk.asker, new Date(Date.now() - recentMs))
  const fitting = rows.filter(({ state }) => fits(state))
  if (fitting.length === 1) return fitting[0]?.number
  const asked = fitting.filter(({ state }) => state === 'waiting')
  return asked.length === 1 ? asked[0]?.number : undefined
}

/** What a reporter says to a ticket. */
export async function reply(talk: TicketDialogue, number: number, text: string): Promise<string> {
  const { files, notes } = await attachments(talk)
  if (!text && !files.length) return talk.say('refusal.empty')
  const outcome = await talk.ctx.tickets.act(number, { kind: 'reply', text, files }, talk.asker)
  if (!outcome.ok) return ticketRefusal(talk, outcome)
  return [talk.say('replied', { number: outcome.value.ticket.number }), ...notes].join('\n')
}

/** One of the reporter's short verbs, with or without the number. */
export async function verb(
  talk: TicketDialogue,
  text: string,
  {
    wish,
    key,
    fits,
  }: { wish: (rest: string) => TicketCommand | undefined; key: string; fits: (state: string) => boolean },
): Promise<string> {
  const { ctx, asker, say } = talk
  const split = await readTicketNumber(talk, text.trim())
  const number = split.number ?? (await meantNumber(talk, fits))
  if (number === undefined) return say('which-number')
  const wanted = wish(split.rest)
  if (!wanted) return say('stars-how', { number })
  return delivered(talk, await ctx.tickets.act(number, wanted, asker), key)
}

/** The stars of an evaluation: 5, or with the word for stars behind it, in any width. */
export function starsOf(text: string): number | undefined {
  const typed = text.normalize('NFKC').trim()
  const bare = words.star.reduce((left, word) => left.replace(word, ''), typed).trim()
  return /^\d$/.test(bare) ? Number(bare) : undefined
}

export const solved: TicketCommand = { kind: 'resolve', reason: solvedByReporter }

/** The reporter's ticket becomes part of another one. */
export async function join(talk: TicketDialogue, text: string): Promise<string> {
  const { ctx, asker, say } = talk
  const { number } = await readTicketNumber(talk, text.trim())
  if (number === undefined) return say('which-number')
  const outcome = await ctx.tickets.join(number, asker)
  return outcome.ok ? say('joined', { number: outcome.value.ticket.number }) : ticketRefusal(talk, outcome)
}
